"""Texts for learning without labels: archives, microblogs, dialogues. Read, never copied."""

from __future__ import annotations

import csv
import hashlib
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook

from gov_sentiment.exchange import NOMINAL_TARGETS, TARGET_NAMES

csv.field_size_limit(sys.maxsize)
WEAK_INTENTS = {
    "投诉": 0,
    "举报": 0,
    "求助": 1,
    "咨询": 2,
    "建议": 3,
    "建言": 3,
    "感谢": 4,
    "表扬": 4,
}
WRITTEN = "written-"  # begins the ids of our own writing
SENTIMENTS = ("negative", "neutral", "positive")


@dataclass(frozen=True)
class Exchange:
    """One exchange; intent: code of the citizen's own tag in the export, −1 without one.

    key: the id in the labelled files and in ours, empty where there is none.
    """

    title: str
    post: str
    reply: str
    source: str
    intent: int = -1
    key: str = ""


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        return list(csv.DictReader(file))


def read_exchanges(data: Path) -> list[Exchange]:
    archives = data / "archives"
    found = [
        Exchange(*texts, "shanghai", key=f"shanghai-{_digest(texts)}")
        for row in read_csv(archives / "shanghai_petitions_2023_24.csv")
        for texts in [(row["标题"], row["信件内容"], row["回复内容"])]
    ]
    for row in read_csv(archives / "liuyan_gas_2022_23.csv"):
        # 投诉/求助 is one tag there, so that it says neither.
        tag = WEAK_INTENTS.get(row["typeNameD"].strip(), -1)
        found.append(
            Exchange(
                row["title"],
                row["replyContentMain"],
                row["handleContent"],
                "lmb",
                tag,
                f"lmb-{row['replyID']}",
            )
        )
    found += [
        Exchange("", row["post_text"], row["reply_text"], "govsite", key=f"govsite-{row['id']}")
        for row in read_csv(archives / "govsite_errors_2023_24.csv")
    ]
    found += [
        Exchange(row["留言主题"], row["留言详情"], row["答复意见"], "taidi")
        for row in _sheet(archives / "hunan_wenzheng_2011_20.xlsx")
    ]
    for row in _sheet(archives / "fuzhou12345_rivers.xlsx"):
        tag = WEAK_INTENTS.get(row["性质"].strip(), -1)
        key = f"fuzhou-{row['id'].removesuffix('.0')}"
        found.append(Exchange(row["标题"], row["投诉件内容"], row["回复1"], "fuzhou", tag, key))
    found += [
        Exchange(
            "",
            row["post_text"],
            row["reply_text"],
            "helpdesk",
            key=f"helpdesk-{row['exchange_id']}",
        )
        for row in read_csv(data / "helpdesk" / "stc3_train.csv")
    ]
    return [item for item in found if (item.title or item.post) and len(item.reply or "") > 3]


def read_labelled(data: Path, extra: Path, written: Path) -> list[dict[str, Any]]:
    """Return the labelled training rows: the file's, those of `extra` by their ids, `written`.

    Args:
        data: folder of the research data.
        extra: csv of ids and labels, a row a coder; see `agreed`.
        written: exchanges of our own writing; those with a reply are taken.

    Raises:
        KeyError: an id of `extra` that no archive has.
    """
    rows = _read_lines(data / "labelled" / "train.jsonl")
    known = {item.key: item for item in read_exchanges(data) if item.key}
    for key, codes in read_codes(extra).items():
        item = known[key]
        texts = {"post_title": item.title, "post_text": item.post, "reply_text": item.reply}
        rows.append({"exchange_id": key, "agency": "", **agreed(codes), **texts})
    return rows + [
        {**row, "exchange_id": f"{WRITTEN}{row['exchange_id']}"}
        for row in _read_lines(written)
        if row["reply_text"]
    ]


def read_codes(path: Path) -> dict[str, list[dict[str, str]]]:
    """Return what each coder called each exchange, by its id; coders in the order they coded."""
    found: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in read_csv(path):
        labels = {name: row[name] for name in TARGET_NAMES}
        found[row["exchange_id"]].append(labels)
    return dict(found)


def agreed(codes: Sequence[dict[str, str]]) -> dict[str, str]:
    """Return the class that most coders gave (if all differ, the last one's), means of levels."""
    labels = {}
    for name in TARGET_NAMES:
        given = [one[name] for one in codes]
        if name in NOMINAL_TARGETS:
            label, times = Counter(given).most_common(1)[0]
            labels[name] = label if times > 1 else given[-1]
        else:
            labels[name] = f"{sum(map(float, given)) / len(given):.2f}"
    return labels


def read_microblogs(data: Path) -> list[tuple[str, int]]:
    """Return (text, sentiment code) of the microblog training sets."""
    names = ("weibo_epidemic_train", "weibo_daily_train", "weibo_ncov_train")
    rows = [row for name in names for row in read_csv(data / "sentiment" / f"{name}.csv")]
    return [
        (row["text"], SENTIMENTS.index(row["sentiment"]))
        for row in rows
        if row["sentiment"] in SENTIMENTS
    ]


def _read_lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _digest(texts: tuple[str, str, str]) -> str:
    """Return an id for an exchange of an export without ids."""
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:16]


def _sheet(path: Path) -> Iterator[dict[str, str]]:
    rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    header = [str(name) for name in rows[0]]
    for row in rows[1:]:
        yield dict(zip(header, map(str, row), strict=True))
