"""Messages inside a message: comments and their replies as json in a cell of their article."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from gov_sentiment.archive.cell_text import cell_text

_MOST_DEEP: Final = 20


@dataclass(frozen=True, slots=True)
class Level:
    """One level of messages inside a message.

    lists: dotted names of the lists they stand in, the likeliest first; the first name of the
        uppermost level is a header.
    columns: field of a message → names in the object.
    official: name → values, any of which marks a message as the agency's.
    """

    lists: tuple[str, ...]
    columns: Mapping[str, tuple[str, ...]]
    official: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Inner:
    """One message found inside another.

    cells: field → text.
    official: whether the export says that the agency wrote it.
    above: place in the list of inner messages of the one it hangs below; None = the outer one.
    """

    cells: Mapping[str, str | None]
    official: bool
    above: int | None


def read_level(raw: dict[str, Any]) -> Level:
    """Return a level as `formats.toml` writes it."""
    return Level(tuple(raw["lists"]), _listed(raw["columns"]), _listed(raw.get("official", {})))


def _listed(table: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    return {k: (v,) if isinstance(v, str) else tuple(v) for k, v in table.items()}


def inner_messages(cell: str | None, levels: Sequence[Level]) -> list[Inner] | None:
    """Return the messages in a cell, each behind the one it hangs below; None: it is no json."""
    if not cell or not cell.strip():
        return []
    try:
        value = json.loads(cell)
    except (json.JSONDecodeError, RecursionError):
        return None
    header = levels[0].lists[0].split(".")[0]
    found: list[Inner] = []
    _collect({header: value}, levels, None, found)
    return found


def _collect(
    outer: dict[str, Any], levels: Sequence[Level], above: int | None, found: list[Inner]
) -> None:
    if not levels:
        return
    level, *deeper = levels
    lists = (list(_objects(outer, name.split("."))) for name in level.lists)
    for item in next(filter(None, lists), []):
        cells = {
            field: next(filter(None, (cell_text(item.get(name)) for name in names)), None)
            for field, names in level.columns.items()
        }
        official = any(
            name in item and (cell_text(item[name]) or "") in values
            for name, values in level.official.items()
        )
        found.append(Inner(cells, official, above))
        _collect(item, deeper, len(found) - 1, found)


def _objects(value: Any, path: Sequence[str], depth: int = 0) -> Iterator[dict[str, Any]]:
    """Yield the objects that a dotted name leads to, through lists of any number."""
    if isinstance(value, list) and depth < _MOST_DEEP:
        for item in value:
            yield from _objects(item, path, depth + 1)
    elif isinstance(value, dict):
        if not path:
            yield value
        elif path[0] in value:
            yield from _objects(value[path[0]], path[1:], depth)
