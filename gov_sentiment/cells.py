"""Cells that a spreadsheet shows as text, whatever a citizen wrote into them."""

from __future__ import annotations

from typing import Any, Final

# Excel, WPS and LibreOffice also read the full-width signs as the start of a formula.
_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def inert_cell(value: Any) -> Any:
    """Return a cell of a csv with a quote in front of text that would be run as a formula."""
    if isinstance(value, str) and value.startswith(_STARTS):
        return f"'{value}"
    return value
