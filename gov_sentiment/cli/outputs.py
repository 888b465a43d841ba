"""Tables as csv, xlsx, json or parquet, chosen by the output's suffix."""

from __future__ import annotations

import csv
import json
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gov_sentiment.cells import inert_cell
from gov_sentiment.errors import BadSettings

if TYPE_CHECKING:
    import pyarrow as pa

SUFFIXES = (".csv", ".xlsx", ".json", ".parquet")


def check_suffix(path: Path, allowed: tuple[str, ...] = SUFFIXES) -> str:
    """Return the suffix in lower case.

    Raises:
        BadSettings: it is none of those allowed; said before any work is done.
    """
    suffix = path.suffix.lower()
    if suffix not in allowed:
        raise BadSettings(
            f"{path.name}: cannot write {suffix or 'a file without a suffix'}.\n"
            f"End the name in {', '.join(allowed)}."
        )
    return suffix


def write_table(table: pa.Table, path: Path) -> None:
    """Write a small table in the form that the suffix names; whole or not at all.

    csv carries a byte-order mark, without which Excel shows Chinese as garbage.

    Raises:
        BadSettings: the suffix is unknown, or the folder cannot be written to.
    """
    from gov_sentiment.engines.files import whole_file

    suffix = check_suffix(path)
    with whole_file(path) as temporary:
        if suffix == ".parquet":
            import pyarrow.parquet as pq

            pq.write_table(table, temporary, compression="zstd")
        elif suffix == ".json":
            rows = [{key: plain(value) for key, value in row.items()} for row in table.to_pylist()]
            temporary.write_text(json.dumps(rows, ensure_ascii=False, indent=1), encoding="utf-8")
        elif suffix == ".csv":
            _write_csv(table, temporary)
        else:
            _write_xlsx(table, temporary)


def plain(value: Any) -> Any:
    """Return a value as json knows it: times as ISO text, not-a-number as null."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value.isoformat() if hasattr(value, "isoformat") else value


def _cell(value: Any) -> Any:
    value = plain(value)
    return ";".join(map(str, value)) if isinstance(value, list) else value


def _write_csv(table: pa.Table, path: Path) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(table.column_names)
        for row in table.to_pylist():
            writer.writerow([inert_cell(_cell(row[name])) for name in table.column_names])


def _write_xlsx(table: pa.Table, path: Path) -> None:
    import xlsxwriter

    options = {"strings_to_formulas": False, "strings_to_urls": False, "constant_memory": True}
    with xlsxwriter.Workbook(str(path), options) as book:
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, table.column_names)
        for number, row in enumerate(table.to_pylist(), start=1):
            for column, name in enumerate(table.column_names):
                sheet.write(number, column, _cell(row[name]))
