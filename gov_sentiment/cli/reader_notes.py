"""The reader's own warnings in the reader's language: it speaks English, its users often not."""

from __future__ import annotations

import re
from typing import Final

from gov_sentiment.cli.words import Language

# What the whole message looks like, and the same in Chinese; groups carry the figures over.
_CHINESE: Final = (
    (r"([\d,]+) cells of dates left empty: (.*)\.", r"{0} 个日期单元格未能读出，留空：{1}。"),
    (
        r"([\d,]+) ids were cut by Excel .*",
        "{0} 个编号被 Excel 截断（超过 15 位），已改用按内容生成的编号。请把编号列按文本导出。",
    ),
    (
        r"(.*): the text is UTF-8 that was read as GBK .*",
        "{0}：文字是被当作 GBK 读取又另存的 UTF-8，原文已丢失。请按 UTF-8 重新导出。",
    ),
    (
        r"(.*): no column holds the text of replies, .*",
        "{0}：没有答复正文列，所有留言都算未答复，答复率没有意义。"
        "若有此列，请用 --map reply_text=列名 指明。",
    ),
    (
        r"([\d,]+) files were left out, no known kind of export: (.*)\.",
        "{0} 个文件不是已知的导出格式，未读取：{1}。",
    ),
    (
        r"(.*): (.*) holds personal data and was left out; .*",
        "{0}：{1} 列是个人信息，未读取；用 --keep-personal 可保留。",
    ),
    (
        r"No official account was recognised, .*",
        "没有认出任何官方账号，所有消息都算作群众留言。请用 --official 指明官方账号。",
    ),
    (
        r"(\d+) official replies answer a message that is not in the export; .*",
        "{0} 条官方回复所答的留言不在导出文件中，已列入剔除清单。",
    ),
)
_WHY: Final = {
    "unknown month name": "月份名称不认识",
    "day and month cannot be told apart": "分不清日和月",
    "not a known form of date": "不是已知的日期写法",
    "a relative date, or one without a year, needs --as-of": "相对日期或缺年份，需要 --as-of",
    "no such day or time": "没有这一天或这个时刻",
    "outside the years 1980 to 2099": "不在 1980 至 2099 年之间",
    "a number that is no date": "数字不是日期",
}


def reader_note(message: str, lang: Language) -> str:
    """Return a warning of the archive's reader in the language asked for.

    One that is not known here stays English: better read in English than lost.
    """
    if lang is Language.en:
        return message
    for pattern, chinese in _CHINESE:
        if found := re.fullmatch(pattern, message):
            return chinese.format(*(_WHY.get(part, part) for part in found.groups()))
    return message
