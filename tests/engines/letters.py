"""Exchanges of our own writing, as many as a test needs."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

AGENCIES = ("青禾市水务局", "青禾市城管局", "白塔区住建局", "白塔区教育局", "柳溪县交通局")
POSTS = (
    ("路灯不亮", "小区门口的路灯坏了两个星期，晚上老人出门很不安全，打过电话没有人来修。"),
    ("感谢清淤", "河道清理得很及时，水变清了，给施工的师傅们点赞。"),
    ("入学咨询", "请问外地户籍的孩子今年报名需要准备哪些材料，什么时候开始？"),
    ("夜间施工", "工地凌晨一点还在打桩，全楼的人都睡不着，已经投诉三次了，太让人失望。"),
    ("建议增设站点", "建议在新建的农贸市场旁边增加一个公交站，方便买菜的居民。"),
)
REPLIES = (
    "您好，来信收悉。经现场查看，线路老化属实，已于6月3日更换灯具12盏，现已恢复照明。",
    "您好，您反映的问题已转相关部门处理，请耐心等待。",
    "您好，根据《义务教育入学办法》第八条，请携带户口簿、居住证于8月15日到学校登记。",
    None,
    "感谢您的关注，我们将尽快研究。",
)
HEADER = (
    "exchange_id",
    "agency",
    "post_title",
    "post_text",
    "posted_at",
    "reply_text",
    "replied_at",
)


def rows(count: int) -> list[dict[str, Any]]:
    """Exchanges that all differ: no two have the same texts and date."""
    made = []
    for i in range(count):
        title, post = POSTS[i % len(POSTS)]
        reply = REPLIES[(i // 5) % len(REPLIES)]
        day = f"2024-{1 + i % 6:02d}-{1 + i % 27:02d}"
        made.append(
            {
                "exchange_id": f"x{i}",
                "agency": AGENCIES[(i // 3) % len(AGENCIES)],
                "post_title": title,
                "post_text": f"{post}地点在第{i}号楼。",
                "posted_at": f"{day} 09:30:00",
                "reply_text": "" if reply is None else f"{reply}（第{i}号）",
                "replied_at": "" if reply is None else f"2024-07-{1 + i % 27:02d} 10:00:00",
            }
        )
    return made


def write_letters(path: Path, count: int) -> None:
    """Write a csv of `count` exchanges in the canonical columns."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, HEADER)
        writer.writeheader()
        writer.writerows(rows(count))
