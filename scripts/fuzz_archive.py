"""Damage small archives at random and read them: an archive, or our own error, nothing else.

python scripts/fuzz_archive.py --cases 20000 --seed 1
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import random
import resource
import sqlite3
import sys
import tempfile
import time
import warnings
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

from gov_sentiment.archive import read_archive
from gov_sentiment.errors import GovSentimentError

HEADER = ["编号", "留言标题", "留言内容", "留言时间", "办理单位", "回复内容", "回复时间"]
ROWS = [
    [
        "F1",
        "井盖",
        "柳条巷井盖松动,半夜响",
        "2024-03-01 08:00",
        "云陵市城管局",
        "已换",
        "2024-03-02",
    ],
    ["F2", "校车", "校车晚点\n已三周", "2024年3月2日", "云陵市教育局", "", "待回复"],
    ["F3", "供暖", "“十九度”都不到", "45353.5", "云陵市住建局", "正在查管网", "2024/3/9 10:00"],
    ["合计", "3", "", "", "", "", ""],
]
MESSAGES = [
    "消息编号,上级编号,角色,作者,内容,时间",
    "1,,市民,甲,灯不亮,2024-03-01",
    "2,1,单位,城管,已修,2024-03-02",
]
BLOCKS = "\n".join(
    f"问题标题：题{i}\n回复状态：待回复\n留言ID：{i}\n"
    f"留言时间：2024-03-0{i}\n留言内容：灯不亮\n{'=' * 20}"
    for i in (1, 2, 3)
)
ARTICLE = {
    "aid": "1",
    "title": "停水",
    "link": "u",
    "_accountName": "云陵发布",
    "create_time": 1709251200,
    "comments": [
        {
            "content_id": "7",
            "nick_name": "甲",
            "content": "几点",
            "create_time": 1709254800,
            "reply_new": {"reply_list": [{"reply_id": 1, "content": "六点", "is_from": 2}]},
        }
    ],
}
COMMENTS = [
    "id,weibo_id,created_at,user_screen_name,text,pic_url,like_count",
    "1,44,Fri Mar 01 09:00:00 +0800 2024,甲,几点？,,0",
    "2,44,Fri Mar 01 10:00:00 +0800 2024,水务,回复@甲:六点,,0",
]
WORDS = [
    b",",
    b'"',
    b"\n",
    b"\0",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"[[[",
    b"{",
    b"</table>",
    b"9" * 40,
    b"1e999",
    b"-1",
    "合计".encode(),
    "留言内容".encode("gb18030"),
    b"\xed\xa0\x80",
    b"NaN",
]


PIECES = [
    *",，;\t|\"'\n\r\0{}[]<>:&\u200b\ufeff\ufffd=-+@",
    "合计",
    "留言内容",
    "回复内容",
    "<td rowspan=9>",
    "9" * 40,
    "1e999",
    "昨天",
    "2024-13-45",
    "12/31/2016",
    "99999999999999",
    "null",
    "\\ud800",
    "</table>",
]


def _delimited(delimiter: str) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows([HEADER, *ROWS])
    return out.getvalue()


def _workbook() -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    for name in ("甲", "乙"):
        sheet = book.add_worksheet(name)
        for number, row in enumerate([["云陵市工单明细"], HEADER, *ROWS]):
            sheet.write_row(number, 0, row)
    book.close()
    return out.getvalue()


def _spreadsheet_xml() -> bytes:
    rows = "".join(
        "<Row>" + "".join(f"<Cell><Data>{cell}</Data></Cell>" for cell in row) + "</Row>"
        for row in [HEADER, *ROWS]
    )
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    sheet = f"<Worksheet><Table>{rows}</Table></Worksheet>"
    return f'<?xml version="1.0"?><Workbook xmlns="{space}">{sheet}</Workbook>'.encode()


def _database(folder: Path) -> bytes:
    path = folder / "seed.db"
    base = sqlite3.connect(path)
    base.execute(f"CREATE TABLE letters ({', '.join(HEADER)})")
    base.executemany(f"INSERT INTO letters VALUES ({', '.join('?' * len(HEADER))})", ROWS)
    base.commit()
    base.close()
    return path.read_bytes()


def samples(folder: Path) -> dict[str, bytes]:
    """Return whole files by suffix and kind, all of our own writing."""
    records: list[dict[str, Any]] = [dict(zip(HEADER, row, strict=True)) for row in ROWS]
    table, packed = io.BytesIO(), io.BytesIO()
    pq.write_table(pa.Table.from_pylist(records), table)
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../a.csv", _delimited(","))
        archive.writestr("b.json", json.dumps(records, ensure_ascii=False))
    cells = "".join("<tr>" + "".join(f"<td>{c}" for c in row) for row in [HEADER, *ROWS])
    text = _delimited(",")
    return {
        "utf8.csv": text.encode(),
        "bom.csv": text.encode("utf-8-sig"),
        "gbk.csv": text.encode("gb18030"),
        "utf16.csv": _delimited("\t").encode("utf-16"),
        "long.csv": "\n".join(MESSAGES).encode(),
        "comments.csv": "\n".join(COMMENTS).encode(),
        "blocks.txt": BLOCKS.encode(),
        "article.json": json.dumps([ARTICLE], ensure_ascii=False).encode(),
        "book.xlsx": _workbook(),
        "web.xls": f"<html><table>{cells}</table></html>".encode(),
        "sheet.xml": _spreadsheet_xml(),
        "array.json": json.dumps({"data": records}, ensure_ascii=False).encode(),
        "lines.jsonl": "\n".join(json.dumps(r, ensure_ascii=False) for r in records).encode(),
        "table.parquet": table.getvalue(),
        "base.db": _database(folder),
        "pack.zip": packed.getvalue(),
    }


def _damage_text(data: bytes, chance: random.Random) -> bytes:
    """Change whole characters, so that the damage gets past the encoding; a BOM is kept."""
    encoding = next((e for e in ("utf-8", "utf-16", "gb18030") if _fits(data, e)), "latin-1")
    text = data.decode(encoding)
    for _ in range(chance.choice((1, 2, 8, 40))):
        at, to = sorted((chance.randrange(len(text) + 1), chance.randrange(len(text) + 1)))
        kind = chance.randrange(4)
        if kind == 0:
            text = text[:at] + chance.choice(PIECES) + text[at:]
        elif kind == 1:
            text = text[:at] + text[min(to, at + 30) :]
        elif kind == 2:
            text = text[:to] + text[at : min(to, at + 200)] + text[to:]
        else:
            text = text[:at] + chance.choice(PIECES) + text[at + 1 :]
    return text.encode(encoding, "replace") or b" "


def _fits(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def damage(data: bytes, other: bytes, chance: random.Random) -> bytes:
    """Return bytes that are random, cut, spliced with another file, or changed in places."""
    kind = chance.randrange(10)
    if kind >= 6:
        return _damage_text(data, chance)
    if kind == 0:
        return chance.randbytes(chance.randrange(1, 400))
    if kind == 1:
        return data[: chance.randrange(1, len(data))]
    if kind == 2:
        return data[: chance.randrange(len(data))] + other[chance.randrange(len(other)) :] or b" "
    changed = bytearray(data)
    for _ in range(chance.choice((1, 2, 8, 40))):
        at = chance.randrange(len(changed) + 1)
        if kind == 3:
            changed[at : at + 1] = bytes([chance.randrange(256)])
        elif kind == 4:
            changed[at:at] = chance.choice(WORDS)
        else:
            del changed[at : at + chance.randrange(1, 30)]
            changed = changed or bytearray(b" ")
    return bytes(changed)


def cases(number: int, seed: int, folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield (file name, bytes) of damaged archives; the same for the same seed."""
    chance = random.Random(seed)
    whole = samples(folder)
    names = list(whole)
    for _ in range(number):
        name = chance.choice(names)
        yield name, damage(whole[name], whole[chance.choice(names)], chance)


def outcome(path: Path) -> str:
    """Return "read", the name of our error, or "WRONG: …" for anything else."""
    try:
        archive = read_archive(path)
    except GovSentimentError as error:
        return type(error).__name__
    except BaseException as error:  # a library may panic with what is no Exception
        if isinstance(error, KeyboardInterrupt):
            raise
        return f"WRONG: {type(error).__name__}: {str(error)[:120]}"
    if not archive.ledger.adds_up or archive.exchanges.num_rows != archive.ledger.exchanges:
        return "WRONG: the ledger does not add up"
    return "read"


def main() -> int:
    """Run the cases; exit code 1 where one went wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="folder for the files that went wrong")
    options = parser.parse_args()
    warnings.simplefilter("error")
    counts: Counter[str] = Counter()
    slowest = 0.0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number, (kind, data) in enumerate(cases(options.cases, options.seed, folder)):
            path = folder / f"case_{kind}"
            path.write_bytes(data)
            start = time.perf_counter()
            result = outcome(path)
            slowest = max(slowest, time.perf_counter() - start)
            counts[result] += 1
            if result.startswith("WRONG") and options.keep:
                options.keep.mkdir(parents=True, exist_ok=True)
                (options.keep / f"{number}_{kind}").write_bytes(data)
    for result, n in counts.most_common():
        print(f"{n:>8,}  {result}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"slowest {slowest:.2f} s, peak memory {peak:,.0f} MB")
    return int(any(result.startswith("WRONG") for result in counts))


if __name__ == "__main__":
    sys.exit(main())
