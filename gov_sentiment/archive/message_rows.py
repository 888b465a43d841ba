"""One row of a long export → one message, and those that stand inside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, cast

from gov_sentiment.archive.cleaning import clean_text
from gov_sentiment.archive.containers import BROKEN_JSON
from gov_sentiment.archive.nested import inner_messages
from gov_sentiment.archive.rows import RowReader
from gov_sentiment.archive.threads import Message, Role, is_official_type

ACCOUNT: Final = "list_of_accounts"
_ROLES: Final = {
    "citizen": "citizen",
    "公众": "citizen",
    "市民": "citizen",
    "网民": "citizen",
    "群众": "citizen",
    "用户": "citizen",
    "诉求人": "citizen",
    "official": "official",
    "agency": "official",
    "官方": "official",
    "单位": "official",
    "政府": "official",
    "部门": "official",
    "承办单位": "official",
}


class MessageReader(RowReader):
    """Reads the rows of a table of messages, or of accounts."""

    __slots__ = ()

    def read_message(self, number: int, cells: Sequence[str | None]) -> Message | str:
        """Return one message of a long export, or the reject's reason."""
        cells = self.realigned(cells)
        reason = self.reject_reason(cells)
        if reason is not None:
            return reason
        message_id = self._id(cells, "message_id")
        extra: dict[str, Any] = {
            name: self._text(cells, name)
            for name in ("agency", "category", "channel", "region", "status")
            if name in self.columns.fields
        }
        if "satisfaction" in self.columns.fields:
            extra["satisfaction"] = self._satisfaction(cells)
        return Message(
            message_id=message_id,
            id_is_cut=message_id is not None and self._is_cut(message_id, "message_id"),
            parent_id=self._id(cells, "parent_id"),
            root_id=self._id(cells, "root_id"),
            author=self._author(cells),
            author_type=self._text(cells, "author_type"),
            role=self._role(cells),
            text=self._text(cells, "text") or "",
            title=self._text(cells, "title"),
            at=self._time(cells, "at"),
            source_file=self.file,
            source_row=number,
            extra=extra,
        )

    def read_inner(self, number: int, cells: Sequence[str | None]) -> list[Message] | str:
        """Return the messages that stand inside a message, or why they cannot be read."""
        place = self.columns.below_at
        if place is None or place >= len(cells):
            return []
        found = inner_messages(cells[place], self.columns.below)
        if found is None:
            return BROKEN_JSON
        outer = self._id(cells, "message_id") or f"{self.file}:{number}"
        ids = [f"{outer}/{each.cells.get('message_id') or i}" for i, each in enumerate(found)]
        return [
            Message(
                message_id=ids[i],
                parent_id=outer if each.above is None else ids[each.above],
                root_id=outer,
                author=clean_text(each.cells.get("author")),
                role="official" if each.official else None,
                text=clean_text(each.cells.get("text")) or "",
                at=self._parsed(each.cells.get("at")),
                source_file=self.file,
                source_row=number,
            )
            for i, each in enumerate(found)
        ]

    def read_account(self, cells: Sequence[str | None]) -> str | None:
        """Return the name of an account in a list of accounts where it is an agency's."""
        name = self._text(cells, "author")
        kind = self._text(cells, "author_type")
        return name if name and kind and is_official_type(kind) else None

    def _author(self, cells: Sequence[str | None]) -> str | None:
        author = self._text(cells, "author")
        return self._file_name() if author is None and self.columns.agency_from_file else author

    def _role(self, cells: Sequence[str | None]) -> Role | None:
        if self.columns.official_authors:
            return "official"
        return cast(Role | None, _ROLES.get((self._text(cells, "role") or "").casefold()))
