"""Exchanges of our own writing for the scoring tests."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pyarrow as pa

from gov_sentiment.exchange import EXCHANGE_SCHEMA

ZONE = ZoneInfo("Asia/Shanghai")


def day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def make_batch(*rows: dict[str, object]) -> pa.RecordBatch:
    full = [{name: row.get(name) for name in EXCHANGE_SCHEMA.names} for row in rows]
    return pa.RecordBatch.from_pylist(full, schema=EXCHANGE_SCHEMA)


ROWS: tuple[dict[str, object], ...] = (
    {
        "exchange_id": "1",
        "agency": "甲区城管局",
        "post_title": "夜市油烟扰民",
        "post_text": "楼下夜市每晚油烟呛人，投诉三次没人管，太气人了！",
        "posted_at": day("2024-01-01"),
        "reply_text": "您好，反映的问题收悉，现答复如下：执法人员已于1月3日到场，"
        "商户已更换净化器，油烟已达标。",
        "first_replied_at": day("2024-01-04"),
        "n_replies": 1,
    },
    {
        "exchange_id": "2",
        "agency": "乙县人社局",
        "post_title": "社保转移",
        "post_text": "请问社保转移需要什么材料？",
        "posted_at": day("2024-01-01"),
        "reply_text": None,
        "n_replies": 0,
    },
    {
        "exchange_id": "3",
        "post_title": "表扬",
        "post_text": "感谢窗口工作人员耐心帮忙，点赞！",
        "posted_at": day("2024-03-01"),
        "reply_text": "感谢您的肯定，我们会继续努力。",
        "n_replies": 1,
    },
    {"exchange_id": "4", "post_title": None, "post_text": "", "reply_text": " "},
)
