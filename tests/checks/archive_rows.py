"""An archive in our own words, of any size."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa

from gov_sentiment.exchange import SCORED_SCHEMA

TOPICS = {
    "路灯": ("路灯 灯泡 照明 夜里 巷子 变压器", "更换灯泡 线路检修 照明恢复"),
    "公交": ("公交 班次 站台 司机 线路 早高峰", "增加班次 调整线路 公交公司"),
    "供水": ("停水 水压 水管 自来水 浑浊 阀门", "抢修水管 恢复供水 水质检测"),
    "噪音": ("广场舞 音响 噪音 工地 夜间 分贝", "劝导音量 夜间停工 现场测分贝"),
    "入学": ("学区 划片 入学 户口 幼儿园 名额", "划片方案 登记入学 教育局公示"),
    "医保": ("医保 报销 异地 药店 缴费 门诊", "报销比例 备案流程 缴费窗口"),
    "养犬": ("流浪狗 遛狗 狗绳 咬伤 疫苗 粪便", "捕捉流浪犬 办理犬证 巡查小区"),
    "停车": ("停车 车位 占道 收费 地库 划线", "新划车位 清理僵尸车 收费公示"),
}


def archive(n: int, seed: int = 1) -> pa.Table:
    """An archive in our own words: posts and replies of one matter share its vocabulary."""
    rng = random.Random(seed)
    rows = []
    names = list(TOPICS)
    for i in range(n):
        topic = names[i % len(names)]
        asked, answered = (part.split() for part in TOPICS[topic])
        place = f"{rng.choice('青云白石花柳')}{rng.choice('溪桥湾岭塘')}{rng.choice(['路', '街', '小区', '村'])}{i}号"
        post = "，".join([place, *rng.sample(asked, 3), f"{topic}的事拖了{rng.randint(2, 30)}天"])
        reply = "，".join(["经核实", f"{place}{topic}", *rng.sample(answered, 2), "已办妥"]) + "。"
        at = datetime(2024, 1, 1) + timedelta(hours=7 * i)
        rows.append(
            {
                "exchange_id": f"e{i}",
                "agency": f"第{i % 5}局",
                "post_title": f"{topic}问题",
                "post_text": post,
                "posted_at": at,
                "reply_text": reply,
                "first_replied_at": at + timedelta(days=3),
                "replied_at": at + timedelta(days=3),
                "n_replies": 1,
                "post_intent": "complaint",
                "reply_type": "resolved",
                "flags": [],
            }
        )
    naive = pa.schema(
        [
            pa.field(f.name, pa.timestamp("s") if pa.types.is_timestamp(f.type) else f.type)
            for f in SCORED_SCHEMA
        ]
    )
    return pa.Table.from_pylist(rows, schema=naive).cast(SCORED_SCHEMA)


def with_replies(table: pa.Table, order: np.ndarray) -> pa.Table:
    place = table.schema.get_field_index("reply_text")
    return table.set_column(place, "reply_text", table["reply_text"].take(pa.array(order)))
