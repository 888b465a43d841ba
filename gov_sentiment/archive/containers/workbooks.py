"""Workbooks: every sheet of xlsx, xls and ods."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from gov_sentiment.archive.cell_text import cell_text
from gov_sentiment.archive.containers.raw import RawTable, Row
from gov_sentiment.errors import BadArchive


def read_sheets(path: Path, name: str) -> Iterator[RawTable]:
    """Yield a table for each sheet.

    Raises:
        BadArchive: the workbook is locked, damaged or of no known kind.
    """
    import python_calamine as calamine

    try:
        book = calamine.CalamineWorkbook.from_path(str(path))
        sheet_names = list(book.sheet_names)
    except calamine.PasswordError:
        raise BadArchive(f"{path}: locked with a password. Save it without one.") from None
    except calamine.CalamineError:
        raise BadArchive(
            f"{path}: a damaged or unknown kind of workbook. Export it again."
        ) from None
    for sheet_name in sheet_names:
        try:
            sheet = book.get_sheet_by_name(sheet_name)
            cells = sheet.to_python(skip_empty_area=False)
            merged = sheet.merged_cell_ranges or []
        except calamine.CalamineError:
            raise BadArchive(
                f"{path}, sheet {sheet_name}: cannot be read. Export it again."
            ) from None
        _fill_merged(cells, merged)
        kind = path.suffix.lstrip(".").lower() or "xlsx"
        yield RawTable(name, kind, _listed(cells), sheet=sheet_name)


def _fill_merged(cells: list[list[Any]], merged: Iterable[Any]) -> None:
    """Give every cell of a merged block its value, but for blocks that span columns (titles)."""
    for (top, left), (bottom, right) in merged:
        if left != right or top >= len(cells):
            continue
        value = cells[top][left] if left < len(cells[top]) else None
        for row in range(top + 1, min(bottom + 1, len(cells))):
            if left < len(cells[row]) and cells[row][left] in ("", None):
                cells[row][left] = value


def _listed(cells: list[list[Any]]) -> Callable[[], Iterator[Row]]:
    def rows() -> Iterator[Row]:
        for number, line in enumerate(cells, 1):
            yield number, [cell_text(cell) for cell in line]

    return rows
