"""A typed cell → its text."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any, Final

# What stands in a cell that holds nothing: exporters write it for a reply, a date, a name.
_NOTHING: Final = frozenset(
    {"", "-", "--", "—", "——", "/", "无", "暂无", "暂无回复", "待回复", "未回复"}
    | {"null", "none", "nan", "nat"}
)


def says_nothing(text: str) -> bool:
    """Tell whether a cell's text only stands for an empty one."""
    return text.strip().casefold() in _NOTHING


def cell_text(cell: Any) -> str | None:
    """Return a typed cell as text: whole numbers without a point, dates in ISO form."""
    if cell is None or cell == "":
        return None
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return _number_text(cell)
    if isinstance(cell, dt.datetime):
        return cell.isoformat(sep=" ")
    if isinstance(cell, bytes):
        # A picture in a database is no text; where a text was meant, the marks can be seen.
        return cell.decode("utf-8", "backslashreplace")
    if isinstance(cell, list | dict):
        return whole(json.dumps(cell, ensure_ascii=False, default=str))
    return whole(str(cell))


def _number_text(cell: float) -> str | None:
    if cell != cell:
        return None
    # Beyond 1e21 nobody writes an id; digits that a float invents would look like some.
    return str(int(cell)) if cell.is_integer() and abs(cell) < 1e21 else repr(cell)


def whole(text: str) -> str:
    """Return text that can be stored: json may escape half a character (a lone surrogate)."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text
