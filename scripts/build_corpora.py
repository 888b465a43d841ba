r"""Write the sample archive and the labelled files from corpora/source/*.txt.

    python scripts/build_corpora.py

The source is written by hand, one record an exchange:

    @ part | platform | agency | posted | category | status | satisfaction | sentiment intent
    T title (optional)
    P post, on one line; "\n" is a line break
    R time | official reply (may be repeated: later replies); - for no time
    L reply_type relevance completeness explanation actionability courtesy quality
    F gold flags (optional)

A line "= flags not coded" says so of the records below it in the file.

sentiment: neg, neu, pos. Everything else in corpora/ is made from it.
"""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openpyxl

CORPORA = Path(__file__).resolve().parent.parent / "corpora"
SENTIMENTS = {"neg": "negative", "neu": "neutral", "pos": "positive"}
DIMENSIONS = ("relevance", "completeness", "explanation", "actionability", "courtesy")
MAILBOX = tuple(
    "编号 留言标题 留言内容 留言时间 留言类型 领域 来源渠道 办理单位 办理状态 回复内容 回复时间 满意度".split()
)
HOTLINE = tuple(
    "工单编号 标题 主要内容 受理时间 问题分类 承办单位 工单状态 处理受理方式 回复内容 办结时间 是否满意 "
    "是否解决".split()
)
INTENT_ZH = {
    "complaint": "投诉",
    "help": "求助",
    "inquiry": "咨询",
    "suggestion": "建议",
    "praise": "表扬",
}


@dataclass
class Exchange:
    """One record of the source."""

    exchange_id: str
    part: str
    platform: str
    agency: str
    posted_at: str
    category: str
    status: str
    satisfaction: str
    sentiment: str
    intent: str
    title: str = ""
    post: str = ""
    replies: list[tuple[str, str]] = field(default_factory=list)
    labels: dict[str, Any] = field(default_factory=dict)
    flags: list[str] | None = field(default_factory=list)

    @property
    def reply_text(self) -> str | None:
        """All replies in time order, blank line between; None where there is none."""
        return "\n\n".join(text for _, text in self.replies) or None

    def labelled(self) -> dict[str, Any]:
        """Return the row of a labelled file."""
        return {
            "exchange_id": self.exchange_id,
            "agency": self.agency,
            "post_title": self.title or None,
            "post_text": self.post,
            "posted_at": self.posted_at or None,
            "reply_text": self.reply_text,
            "replied_at": (self.replies[-1][0] or None) if self.replies else None,
            "category": self.category or None,
            "channel": self.platform,
            "status": self.status or None,
            "satisfaction": self.satisfaction or None,
            "sentiment": SENTIMENTS[self.sentiment],
            "intent": self.intent,
            **{name: self.labels.get(name) for name in ("reply_type", *DIMENSIONS, "quality")},
            "gold_flags": self.flags,
        }


def read_source(folder: Path = CORPORA / "source") -> list[Exchange]:
    """Return the exchanges of all source files, numbered by part."""
    exchanges: list[Exchange] = []
    counts: dict[str, int] = {}
    for path in sorted(folder.glob("*.txt")):
        coded = True
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if not line.strip() or line.startswith("#"):
                continue
            if line == "= flags not coded":
                coded = False
                continue
            kind, _, rest = line.partition(" ")
            try:
                _read_line(exchanges, counts, kind, rest.strip())
            except (ValueError, IndexError, KeyError) as error:
                raise SystemExit(f"{path.name}, line {number}: {error!r}") from error
            if not coded:
                exchanges[-1].flags = None
    return exchanges


def _read_line(exchanges: list[Exchange], counts: dict[str, int], kind: str, rest: str) -> None:
    if kind == "@":
        cells = [cell.strip() for cell in rest.split("|")]
        part, platform, agency, posted, category, status, satisfaction, coded = cells
        sentiment, intent = coded.split()
        if sentiment not in SENTIMENTS or intent not in INTENT_ZH:
            raise ValueError(coded)
        counts[part] = counts.get(part, 0) + 1
        name = f"{part[:2].upper()}{counts[part]:04d}"
        exchanges.append(
            Exchange(
                name,
                part,
                platform,
                agency,
                posted,
                category,
                status,
                satisfaction,
                sentiment,
                intent,
            )
        )
        return
    last = exchanges[-1]
    text = rest.replace("\\n", "\n")
    if kind == "T":
        last.title = text
    elif kind == "P":
        last.post = text
    elif kind == "R":
        at, _, reply = text.partition(" | ")
        last.replies.append((at.strip(" -"), reply.strip()))
    elif kind == "L":
        values = rest.split()
        numbers = [int(value) for value in values[1:]]
        last.labels = {
            "reply_type": values[0],
            **dict(zip((*DIMENSIONS, "quality"), numbers, strict=True)),
        }
    elif kind == "F":
        last.flags = rest.split()
    else:
        raise ValueError(f"unknown line {kind!r}")


def write_all(folder: Path = CORPORA) -> dict[str, int]:
    """Write every made file below `folder`; return how many exchanges each part has."""
    exchanges = read_source()
    demo = [e for e in exchanges if e.part == "demo"]
    (folder / "demo").mkdir(parents=True, exist_ok=True)
    (folder / "labels").mkdir(exist_ok=True)
    _write_mailbox([e for e in demo if e.platform != "12345热线"], folder / "demo" / "mailbox.csv")
    _write_hotline(
        [e for e in demo if e.platform == "12345热线"], folder / "demo" / "hotline_12345.xlsx"
    )
    _write_lines(demo, folder / "labels" / "demo.jsonl")
    for part in ("train", "test"):
        _write_lines([e for e in exchanges if e.part == part], folder / f"{part}.jsonl")
    return {part: sum(e.part == part for e in exchanges) for part in ("demo", "train", "test")}


def _write_lines(exchanges: list[Exchange], path: Path) -> None:
    lines = [json.dumps(e.labelled(), ensure_ascii=False) for e in exchanges]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _write_mailbox(exchanges: list[Exchange], path: Path) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(MAILBOX)
        for e in exchanges:
            replied = e.replies[-1][0] if e.replies else ""
            writer.writerow(
                [
                    e.exchange_id,
                    e.title,
                    e.post,
                    e.posted_at,
                    INTENT_ZH[e.intent],
                    e.category,
                    e.platform,
                    e.agency,
                    e.status,
                    e.reply_text or "",
                    replied,
                    e.satisfaction,
                ]
            )


def _write_hotline(exchanges: list[Exchange], path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "工单"
    sheet.append(["云陵等地12345热线工单明细表（虚构）"])
    sheet.append(HOTLINE)
    for e in exchanges:
        replied = e.replies[-1][0] if e.replies else None
        solved = {"resolved": "解决"}.get(e.labels.get("reply_type", ""), "未解决")
        sheet.append(
            [
                e.exchange_id,
                e.title or None,
                e.post,
                e.posted_at or None,
                e.category or None,
                e.agency,
                e.status or None,
                "电话",
                e.reply_text,
                replied,
                e.satisfaction or "未评价",
                solved if e.replies else None,
            ]
        )
    sheet.append(["合计", len(exchanges)])
    # A fixed time in the properties; only the times inside the zip differ from run to run.
    import datetime as dt

    book.properties.created = book.properties.modified = dt.datetime(2026, 1, 1)
    book.save(path)


if __name__ == "__main__":
    print(write_all())
