"""What only a whole column can tell: order of day and month, cut ids, replies that are none."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from gov_sentiment.archive.cell_text import says_nothing
from gov_sentiment.archive.containers import Row
from gov_sentiment.archive.dates import Order, has_year_last, year_last_order
from gov_sentiment.archive.formats import ColumnMap
from gov_sentiment.errors import BadArchive

_SAMPLE: Final = 2_000
_DATE_SCAN: Final = 200_000
_DATES: Final = ("posted_at", "replied_at", "at")
_IDS: Final = ("exchange_id", "message_id", "parent_id", "root_id")
_LONG_ID: Final = re.compile(r"\d{16,}")
# Excel keeps 15 digits: longer numbers end in zeros, or become 4.47E+15.
_ZERO_END: Final = re.compile(r"\d{15}0+")
_SCIENTIFIC: Final = re.compile(r"\d(?:\.\d+)?[eE]\+?\d{2}")
_YES_OR_NO: Final = frozenset(
    {"是", "否", "有", "已回复", "已答复", "未答复", "已办结", "未办结", "办理中"}
    | {"已办理", "未办理", "true", "false", "yes", "no", "y", "n", "0", "1"}
)

Fields = Mapping[str, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class ColumnFacts:
    """What a look through a table's columns found.

    order: of day and month in 03/04/2021; None where no date needs it, or none tells.
    cut_ids: fields whose long numbers all end in zeros, so that Excel cut them.
    yes_or_no: places of reply columns that say whether there is a reply, and not which.
    lists: places of reply columns with json lists in their cells.
    """

    order: Order | None = None
    cut_ids: frozenset[str] = frozenset()
    yes_or_no: frozenset[int] = frozenset()
    lists: frozenset[int] = frozenset()


def is_scientific(cell: str) -> bool:
    """Tell whether an id is a number such as 4.47E+15, most digits of which are lost."""
    return _SCIENTIFIC.fullmatch(cell) is not None


def ends_in_zeros(cell: str) -> bool:
    """Tell whether an id is a number of more than 15 digits with nothing but zeros behind them."""
    return _ZERO_END.fullmatch(cell) is not None


def look_through(rows: Callable[[], Iterator[Row]], header_row: int, fields: Fields) -> ColumnFacts:
    """Return what the columns tell.

    Args:
        rows: the table's rows, anew for each call.
        header_row: number of the header row; what stands above it is not looked at.
        fields: field → places in the row.
    """
    first = itertools.islice(rows(), _SAMPLE)
    sample = [cells for number, cells in first if number > header_row]
    replies = {i: list(_at(sample, i)) for i in fields.get("reply_text", ())}
    return ColumnFacts(
        order=_order(rows, sample, [i for name in _DATES for i in fields.get(name, ())]),
        cut_ids=frozenset(
            name
            for name in _IDS
            if _is_cut([c for i in fields.get(name, ()) for c in _at(sample, i)])
        ),
        yes_or_no=frozenset(i for i, cells in replies.items() if _says_yes_or_no(cells)),
        lists=frozenset(i for i, cells in replies.items() if any(map(_is_list, cells))),
    )


def settle_replies(
    where: str, header: Sequence[str | None], mapping: ColumnMap, facts: ColumnFacts
) -> ColumnMap:
    """Return the mapping with the columns of replies that hold the replies' text alone.

    One that says only whether there is a reply is a status.

    Raises:
        BadArchive: a column holds lists of replies, in which no text can be told.
    """
    if facts.lists:
        names = ", ".join(header[i] or "" for i in sorted(facts.lists))
        raise BadArchive(
            f"{where}: the replies in {names} are lists of objects, in which nothing is known "
            "to be the text. Export one row for each reply, or name their text reply_text."
        )
    fields = dict(mapping.fields)
    if facts.yes_or_no:
        fields.setdefault("status", tuple(sorted(facts.yes_or_no)))
    fields["reply_text"] = tuple(
        i for i in fields.get("reply_text", ()) if i not in facts.yes_or_no
    )
    if not fields["reply_text"]:
        del fields["reply_text"]
    return replace(mapping, fields=fields)


def _at(rows: Iterable[Sequence[str | None]], place: int) -> Iterator[str]:
    for cells in rows:
        cell = cells[place] if place < len(cells) else None
        if cell and cell.strip():
            yield cell.strip()


def _order(
    rows: Callable[[], Iterator[Row]], sample: list[list[str | None]], places: list[int]
) -> Order | None:
    """Look through the dates once more where they put the year last; few exports do."""
    if not any(has_year_last(cell) for place in places for cell in _at(sample, place)):
        return None
    more = itertools.islice(rows(), _DATE_SCAN)
    return year_last_order(
        cells[place] for _, cells in more for place in places if place < len(cells)
    )


def _is_cut(cells: Sequence[str]) -> bool:
    """Tell whether long numbers were cut: of whole ones, one in ten ends in a zero."""
    if any(map(is_scientific, cells)):
        return True
    long_ids = [cell for cell in cells if _LONG_ID.fullmatch(cell)]
    zeros = sum(map(ends_in_zeros, long_ids))
    return zeros >= 2 and 2 * zeros > len(long_ids)


def _says_yes_or_no(cells: Sequence[str]) -> bool:
    said = [cell for cell in cells if not says_nothing(cell)]
    return bool(said) and all(cell.casefold() in _YES_OR_NO for cell in said)


def _is_list(cell: str) -> bool:
    return cell.startswith('[{"') and cell.endswith("}]")
