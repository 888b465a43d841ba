"""What the terminal says, in Chinese and English, and columns that line up in both."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from enum import StrEnum
from typing import Final


class Language(StrEnum):
    """Language of output for people; column names in files stay English."""

    zh = "zh"
    en = "en"


# key: (Chinese, English)
WORDS: Final[dict[str, tuple[str, str]]] = {
    "rows_read": ("读入行数", "rows read"),
    "exchanges": ("往来", "exchanges"),
    "merged": ("并入", "merged"),
    "rejects": ("剔除", "rejects"),
    "unanswered": ("未回复", "unanswered"),
    "no_agency": ("单位不明", "no agency known"),
    "agencies": ("单位数", "agencies"),
    "ranked": ("列入排名", "ranked"),
    "top": ("排名靠前", "top of the ranking"),
    "bottom": ("排名靠后", "bottom of the ranking"),
    "warnings": ("请注意", "please note"),
    "written": ("已写出", "written"),
    "agency": ("单位", "agency"),
    "n": ("件数", "n"),
    "index": ("指数", "index"),
    "interval": ("95% 区间", "95 % interval"),
    "rank": ("名次", "rank"),
    "rank_interval": ("名次区间", "rank interval"),
    "tier": ("档", "tier"),
    "response_rate": ("回复率", "response rate"),
    "quality": ("质量", "quality"),
    "median_days": ("中位天数", "median days"),
    "file": ("文件", "file"),
    "format": ("格式", "format"),
    "why": ("依据", "why"),
    "encoding": ("编码", "encoding"),
    "sheet": ("工作表", "sheet"),
    "header_row": ("表头行", "header row"),
    "post_title": ("标题", "title"),
    "post_text": ("留言", "post"),
    "reply_text": ("答复", "reply"),
    "flags": ("提示", "flags"),
    "rows": ("行数", "rows"),
    "columns": ("列对应", "columns"),
    "unused": ("未用的列", "columns not used"),
    "posted": ("留言时间", "posted"),
    "replied": ("回复时间", "replied"),
    "as_of": ("截止时间", "as of"),
    "duplicates": ("重复留言", "repeated posts"),
    "reasons": ("剔除原因", "why rows were rejected"),
    "none": ("无", "none"),
    "tie": ("同档之内的先后，数据分不出。", "Within a tier the data cannot tell who is ahead."),
    "too_few": (
        "没有单位达到列入排名的最低件数（--min-n）。",
        "No agency has enough exchanges to be ranked (--min-n).",
    ),
    "sample": ("随附的虚构样例", "the invented sample that comes along"),
}


def word(key: str, lang: Language) -> str:
    """Return a label in the language asked for."""
    return WORDS[key][0 if lang is Language.zh else 1]


def width(text: str) -> int:
    """Return how many terminal columns a text takes; Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def clip(text: str, columns: int) -> str:
    """Return the text, cut with … where it is wider than `columns`."""
    if width(text) <= columns:
        return text
    kept = ""
    for char in text:
        if width(kept) + width(char) > columns - 1:
            break
        kept += char
    return kept + "…"


def format_table(
    head: Sequence[str], rows: Sequence[Sequence[str]], *, left: Sequence[int] = (0,)
) -> str:
    """Return lines with aligned columns; those numbered in `left` are flush left."""
    lines = [list(head), *map(list, rows)]
    widths = [max(width(line[i]) for line in lines) for i in range(len(head))]
    shown = []
    for line in lines:
        cells = []
        for i, cell in enumerate(line):
            gap = " " * (widths[i] - width(cell))
            cells.append(cell + gap if i in left else gap + cell)
        shown.append("  ".join(cells).rstrip())
    return "\n".join(shown)
