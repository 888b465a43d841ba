"""Exchanges of our own writing, made from parts so that labels follow from words."""

from __future__ import annotations

import random

import pyarrow as pa

_GRIEVANCES = ("太气人了，噪声整夜不停", "拖欠工资没人管", "垃圾堆成山臭气熏天", "乱收费还态度恶劣")
_QUESTIONS = (
    "请问医保怎么办理",
    "想了解落户需要哪些材料",
    "咨询公积金提取流程",
    "请问图书馆几点开门",
)
_THANKS = ("感谢工作人员耐心帮忙", "给窗口的同志点赞", "非常满意，谢谢你们")
_PLACES = ("东门", "河西路", "三号楼", "老街", "北站", "新桥", "南苑", "湖滨")
_DONE = ("已于昨日清理完毕并恢复原状", "已修复到位，现已正常使用", "已责令退还费用并全部发放")
_EXPLAINED = (
    "根据《条例》第五条规定，需携带身份证到窗口办理",
    "经查，该收费符合标准，依据为文件第三条",
)
_EMPTY = ("我们高度重视，会认真研究", "您的建议很好，我们会尽快处理", "已收悉，感谢关注")


def make_rows(n: int = 120, seed: int = 0) -> list[dict[str, object]]:
    """Return labelled exchanges; the labels follow from the phrases with a little noise."""
    rng = random.Random(seed)
    rows: list[dict[str, object]] = []
    for i in range(n):
        mood = rng.choice(("negative", "negative", "neutral", "positive"))
        said = {"negative": _GRIEVANCES, "neutral": _QUESTIONS, "positive": _THANKS}[mood]
        kind = rng.choice(("resolved", "explained", "perfunctory"))
        answer = {"resolved": _DONE, "explained": _EXPLAINED, "perfunctory": _EMPTY}[kind]
        place = rng.choice(_PLACES)
        quality = {"resolved": 5, "explained": 4, "perfunctory": 1}[kind]
        rows.append(
            {
                "exchange_id": f"{'abcdefghij'[i % 10]}-{i}",
                "post_title": f"{place}第{i}件事",
                "post_text": f"{place}{rng.choice(said)}。编号{i}，住户{rng.randint(1, 99)}户。",
                "reply_text": f"您好，您反映的{place}的问题收悉，现答复如下：{rng.choice(answer)}，"
                f"涉及{place}{rng.randint(2, 60)}处。感谢您的关注！",
                "sentiment": mood,
                "reply_type": kind,
                "quality": quality,
                "rating": quality / 2 + rng.random() / 4,
            }
        )
    return rows


def as_table(rows: list[dict[str, object]]) -> pa.Table:
    return pa.Table.from_pylist(rows)
