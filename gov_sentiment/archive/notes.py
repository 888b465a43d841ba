"""What the user should know of an archive, in words; `cli.reader_notes` has them in Chinese."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def mojibake(where: str) -> str:
    """Say that a text was decoded wrongly before it was exported."""
    return (
        f"{where}: the text is UTF-8 that was read as GBK and saved again; its words are "
        "lost. Export it again with the encoding UTF-8."
    )


def no_reply_text(where: str) -> str:
    """Say that silence and an answer cannot be told apart."""
    return (
        f"{where}: no column holds the text of replies, so every post counts as unanswered "
        "and no rate of response means anything. Name the column with "
        "--map reply_text=HEADER if there is one."
    )


def left_empty(where: str, headers: Iterable[str]) -> list[str]:
    """Say which columns were asked for and not read."""
    return [
        f"{where}: {header} holds personal data and was left out; --keep-personal reads it."
        for header in headers
    ]


def left_out(names: Sequence[str]) -> str:
    """Say which files were not read."""
    shown = ", ".join(names[:5]) + (", …" if len(names) > 5 else "")
    return f"{len(names):,} files were left out, no known kind of export: {shown}."


def unread_dates(count: int, reason: str) -> str:
    """Say how many cells should hold a date and do not."""
    return f"{count:,} cells of dates left empty: {reason}."


def cut_ids(count: int) -> str:
    """Say that digits of ids are lost."""
    return (
        f"{count:,} ids were cut by Excel (more than 15 digits); ids made from "
        "the content stand in their place. Export ids as text to keep them."
    )
