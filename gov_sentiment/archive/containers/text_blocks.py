"""Text blocks: one record after another as "label：value" lines, parted by lines of ====.

Crawlers of message boards write such files (domain notes §4.2, variant D). A value may run over
several lines; a line begins a new field only with a label that most blocks have.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from gov_sentiment.archive.containers.raw import (
    BROKEN_BYTES,
    DamagedRow,
    RawTable,
    Row,
    has_broken_bytes,
)
from gov_sentiment.archive.encodings import TextEncoding

_PARTING: Final = re.compile(r"^\s*={4,}\s*$")
_LABEL: Final = re.compile(r"^\s*([^\s:：,，]{2,12})[:：]")
_BLOCKS_LOOKED_AT: Final = 200
_FEWEST_LABELS: Final = 3

Block = tuple[int, list[str]]  # number of its first line, lines without their ends
Lines = Callable[[Any, str], Iterator[str]]


def is_block_text(sample: str) -> bool:
    """Tell whether a file's beginning is blocks of labelled lines."""
    lines = [line for line in sample.splitlines() if line.strip()]
    first = next((line for line in lines if not _PARTING.match(line)), "")
    if len(lines) < 2 or not _LABEL.match(first) or not any(map(_PARTING.match, lines)):
        return False
    return len(_labels(_blocks(lines))) >= _FEWEST_LABELS


def read_blocks(path: Path, name: str, encoding: TextEncoding, lines: Lines) -> RawTable:
    """Return the table of a file of blocks: a column a label, a row a block."""

    def blocks() -> Iterator[Block]:
        with path.open(encoding=encoding.codec, errors=encoding.errors) as file:
            yield from _blocks(line.rstrip("\r\n") for line in lines(file, str(path)))

    labels = _labels(blocks())

    def rows() -> Iterator[Row]:
        yield 0, list(labels)
        for number, block in _joined(blocks(), labels):
            if encoding.n_broken and any(map(has_broken_bytes, block)):
                yield number, DamagedRow(BROKEN_BYTES)
            else:
                yield number, _cells(block, labels)

    return RawTable(name, "blocks", rows, encoding=encoding.codec, named=True)


def _blocks(lines: Iterable[str]) -> Iterator[Block]:
    start = 1
    block: list[str] = []
    for number, line in enumerate(lines, 1):
        if _PARTING.match(line):
            if any(map(str.strip, block)):
                yield start, block
            start, block = number + 1, []
        else:
            block.append(line)
    if any(map(str.strip, block)):
        yield start, block


def _labels(blocks: Iterable[Block]) -> tuple[str, ...]:
    """Return the labels that at least half of the first blocks have, in their order."""
    counts: Counter[str] = Counter()
    n_blocks = 0
    for _, block in blocks:
        n_blocks += 1
        counts.update(
            list(
                dict.fromkeys(
                    m[1]
                    for line in block
                    if (m := _LABEL.match(line)) and not has_broken_bytes(m[1])
                )
            )
        )
        if n_blocks == _BLOCKS_LOOKED_AT:
            break
    # Replies and their times stand in the answered blocks alone, so half is not asked of them.
    return tuple(label for label, n in counts.items() if 2 * n >= n_blocks or _of_reply(label, n))


def _of_reply(label: str, n: int) -> bool:
    return n > 1 and any(word in label for word in ("回复", "答复", "办理", "评价", "满意"))


def _joined(blocks: Iterable[Block], labels: tuple[str, ...]) -> Iterator[Block]:
    """Yield whole blocks: a part that repeats no label was cut off by ==== inside a value."""
    held: Block | None = None
    seen: set[str] = set()
    for number, block in blocks:
        fields = {label for line in block if (label := _field(line, labels)) is not None}
        if held is None or fields & seen:
            if held is not None:
                yield held
            held, seen = (number, block), fields
        else:
            held[1].extend(["====", *block])
            seen |= fields
    if held is not None:
        yield held


def _field(line: str, labels: tuple[str, ...]) -> str | None:
    found = _LABEL.match(line)
    return found[1] if found is not None and found[1] in labels else None


def _cells(block: list[str], labels: tuple[str, ...]) -> list[str | None]:
    """Return the values by label; lines before the first label stand in a column of no name."""
    values: dict[str, list[str]] = {}
    current = ""
    for line in block:
        label = _field(line, labels)
        if label is not None and label not in values:
            current = label
            line = _LABEL.sub("", line, count=1)
        values.setdefault(current, []).append(line)
    texts = {label: "\n".join(lines).strip() or None for label, lines in values.items()}
    return [*(texts.get(label) for label in labels), *([texts[""]] if texts.get("") else [])]
