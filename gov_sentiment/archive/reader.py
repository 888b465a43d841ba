"""Archives → exchanges, batch by batch in bounded memory, with rejects and a ledger."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal, cast
from zoneinfo import ZoneInfo

import pyarrow as pa

from gov_sentiment.archive import notes
from gov_sentiment.archive.agencies import AgencyAliases
from gov_sentiment.archive.assembly import Assembler, fold_reply
from gov_sentiment.archive.column_facts import look_through, settle_replies
from gov_sentiment.archive.containers import DamagedRow, RawTable, Row, check_paths, open_tables
from gov_sentiment.archive.duplicates import DuplicateFinder
from gov_sentiment.archive.encodings import looks_like_mojibake
from gov_sentiment.archive.formats import ColumnMap, find_header, headers_known, map_columns
from gov_sentiment.archive.ledger import (
    REJECT_SCHEMA,
    REVIEW_SCHEMA,
    DateSpans,
    Ledger,
    Source,
    local_time,
)
from gov_sentiment.archive.message_rows import ACCOUNT, MessageReader
from gov_sentiment.archive.privacy import Guard, author_column, is_personal
from gov_sentiment.archive.rows import NO_POSTS_IN_SHEET, WHO, RowReader
from gov_sentiment.archive.threads import Message, pair_messages
from gov_sentiment.errors import BadArchive
from gov_sentiment.exchange import (
    EXCHANGE_SCHEMA,
    TIME_ZONE,
    run_metadata,
    with_run_info,
)

_BATCH: Final = 2048
# Told of each row that was read: its reader, its cells, and the exchange or message made of it.
Observer = Callable[[RowReader, Sequence[str | None], dict[str, Any] | Message], None]
_HEADER_SEARCH: Final = 15


@dataclass(frozen=True)
class Archive:
    """An archive in memory.

    Attributes:
        exchanges: table of `EXCHANGE_SCHEMA` with its run info.
        rejects: source_file, source_row, reason.
        ledger: counts that add up.
        sources: how each sheet was read.
        as_of: when the archive was exported, as given or as its last date says.
    """

    exchanges: pa.Table
    rejects: pa.Table
    ledger: Ledger
    sources: tuple[Source, ...]
    as_of: datetime | None


@dataclass
class ArchiveReader:
    """Reads archives once; the results stand when `batches` is exhausted.

    Make one with `open_archive`.
    """

    paths: tuple[str | Path, ...]
    format: str | None
    columns: Mapping[str, str]
    given_as_of: datetime | None
    official: tuple[str, ...]
    finder: DuplicateFinder
    aliases: AgencyAliases
    guard: Guard
    ledger: Ledger = field(default_factory=Ledger)
    observer: Observer | None = None
    _rejects: list[tuple[str, int, str]] = field(default_factory=list)
    _sources: list[Source] = field(default_factory=list)
    _messages: list[Message] = field(default_factory=list)
    _official: set[str] = field(default_factory=set)
    _unread: Counter[str] = field(default_factory=Counter)
    _notes: list[str] = field(default_factory=list)
    _latest: int | None = None
    _n_damaged: int = 0
    _n_tables: int = 0

    def __post_init__(self) -> None:
        self._assembler = Assembler(self.finder, self.ledger)

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Yield record batches of `EXCHANGE_SCHEMA` in the order of the files.

        Long exports (one message a row) are paired when all files are read, and come last.

        Raises:
            BadArchive: a file cannot be read, none of its tables holds posts, or rows got lost.
        """
        headers: list[str] = []
        left_out: list[str] = []
        for table in open_tables(self.paths, left_out):
            yield from self._table(table, headers)
        if left_out:
            self._notes.append(notes.left_out(left_out))
        if not self._n_tables:
            raise BadArchive(
                f"{', '.join(map(str, self.paths))}: no column holds the citizens' posts.\n"
                f"Columns found: {', '.join(headers[:60]) or '(none)'}.\n"
                "Name yours with --map post_text=HEADER, or see `gov-sentiment formats`."
            )
        yield from self._threads()
        self.ledger.exchanges = self.finder.n_rows - self.finder.n_dropped
        self.ledger.merged += self.finder.n_dropped
        self.ledger.repeated = self.finder.n_exact + self.finder.n_again
        if not self.ledger.adds_up:
            raise BadArchive(
                "The ledger does not add up: rows were lost while reading. "
                "Please report this; nothing was written."
            )

    @property
    def rejects(self) -> pa.Table:
        """Rows that became no exchange: source_file, source_row, reason."""
        columns = list(zip(*self._rejects, strict=True)) or [(), (), ()]
        return pa.table(
            [pa.array(c, f.type) for c, f in zip(columns, REJECT_SCHEMA, strict=True)],
            schema=REJECT_SCHEMA,
        )

    @property
    def sources(self) -> tuple[Source, ...]:
        """How each sheet was read."""
        return tuple(self._sources)

    @property
    def official_names(self) -> list[str]:
        """The accounts that speak for an agency: as given, and as the files say."""
        return [*self.official, *sorted(self._official)]

    @property
    def as_of(self) -> datetime | None:
        """When the archive was exported: as given, else the last date in it."""
        if self.given_as_of is not None or self._latest is None:
            return self.given_as_of
        return local_time(self._latest)

    @property
    def review(self) -> pa.Table:
        """Which spellings became one agency: agency, spelling, rows."""
        rows = [
            {"agency": merged.agency, "spelling": spelling, "rows": n}
            for merged in self.aliases.merged_names()
            for spelling, n in merged.spellings.items()
        ]
        return pa.Table.from_pylist(rows, schema=REVIEW_SCHEMA)

    @property
    def info(self) -> dict[str, Any]:
        """What the run says of its reading (`exchange.run_info`)."""
        as_of = self.as_of
        return {
            "as_of": as_of.isoformat() if as_of else None,
            "sources": [source.as_dict() for source in self._sources],
            "ledger": self.ledger.as_dict(),
            "warnings": self.warnings,
            "kind": self._kind(),
        }

    @property
    def schema(self) -> pa.Schema:
        """The exchange schema with what the run says of its reading."""
        return EXCHANGE_SCHEMA.with_metadata(run_metadata(self.info))

    @property
    def warnings(self) -> list[str]:
        """What the user should know of this archive, in words."""
        unread = (notes.unread_dates(n, reason) for reason, n in self._unread.most_common())
        cut = [notes.cut_ids(self._n_damaged)] if self._n_damaged else []
        return [*self._notes, *unread, *cut]

    def _kind(self) -> str:
        return (
            "account_posts" if self._assembler.n_own_posts == self.ledger.exchanges else "exchanges"
        )

    def _table(self, table: RawTable, headers: list[str]) -> Iterator[pa.RecordBatch]:
        rows = table.rows()
        head = list(itertools.islice(rows, 1 if table.named else _HEADER_SEARCH))
        if not head:
            return
        at = 0 if table.named else find_header(head)
        header_row, header = head[at]
        where = " ".join(filter(None, (table.path, table.sheet)))
        if any(isinstance(cells, DamagedRow) for _, cells in head[: at + 1]):
            raise BadArchive(
                f"{where}: bytes that are no text in the header row, or above it. Mend that line."
            )
        if looks_like_mojibake("".join(cell for _, cells in head for cell in cells if cell)):
            self._notes.append(notes.mojibake(where))
        body = itertools.chain(head[at + 1 :], rows)
        mapping = self._map(where, header)
        if mapping is None:
            headers += [name for name in header if name]
            self._skip(table, header_row, header, body)
            return
        facts = look_through(table.rows, header_row, mapping.fields)
        if mapping.kind == "exchanges":
            mapping = settle_replies(where, header, mapping, facts)
            if "reply_text" not in mapping.fields:
                self._notes.append(notes.no_reply_text(where))
        self._notes += notes.left_empty(where, self._protected(mapping, header))
        kind = RowReader if mapping.kind in ("exchanges", "account_posts") else MessageReader
        reader = kind(
            mapping, header, self.aliases, self.guard, table.path, self._local_as_of(), facts
        )
        spans = DateSpans()
        unanswered = self.ledger.unanswered
        counter = _Counter(body)
        if not isinstance(reader, MessageReader):
            yield from self._exchanges(reader, counter, spans)
        elif mapping.kind == "accounts":
            self._collect_accounts(reader, counter)
        else:
            self._collect(reader, counter, spans)
        self.ledger.rows_read += counter.rows
        self._unread += reader.n_unread
        self._n_damaged += reader.n_damaged
        self._latest = max(filter(None, (self._latest, spans.latest)), default=None)
        self._n_tables += mapping.kind != "accounts"
        self._sources.append(
            Source(
                **_place(table),
                header_row=header_row,
                format=mapping.format,
                why=mapping.why,
                columns=_named_columns(mapping, header),
                unused=mapping.unused,
                rows=counter.rows,
                unanswered=self.ledger.unanswered - unanswered,
                posted=spans.days("posted_at"),
                replied=spans.days("replied_at"),
            )
        )

    def _map(self, where: str, header: Sequence[str | None]) -> ColumnMap | None:
        # A sheet beside the table of posts need not have the columns that were asked for.
        if (self.columns or self.format) and self._sources and headers_known(header) < 2:
            return None
        return map_columns(where, header, self.format, self.columns)

    def _protected(self, mapping: ColumnMap, header: Sequence[str | None]) -> list[str]:
        """Return the columns that the user asked for and that stay empty: personal ones."""
        if self.guard.protection == "keep":
            return []
        asked = [name for name in self.columns if name in mapping.fields and name not in WHO]
        headers = [header[mapping.fields[name][0]] or "" for name in asked]
        return [name for name in headers if is_personal(name)]

    def _local_as_of(self) -> datetime | None:
        if self.given_as_of is None or self.given_as_of.tzinfo is None:
            return self.given_as_of
        return self.given_as_of.astimezone(ZoneInfo(TIME_ZONE)).replace(tzinfo=None)

    def _exchanges(
        self, reader: RowReader, body: Iterable[Row], spans: DateSpans
    ) -> Iterator[pa.RecordBatch]:
        author = author_column([name or "" for name in reader.header])
        place = list(reader.header).index(author) if author is not None else None
        held: list[dict[str, Any]] = []
        authors: list[str | None] = []
        for number, cells in body:
            row = reader.read(number, cells)
            if isinstance(row, str):
                self._reject(reader.file, number, row)
                continue
            spans.add(row["posted_at"], row["replied_at"])
            if self.observer is not None:
                self.observer(reader, cells, row)
            if held and fold_reply(held[-1], row):
                self.ledger.merged += 1
                continue
            held.append(row)
            who = cells[place] if place is not None and place < len(cells) else None
            authors.append(self.guard.token(who) if who else None)
            if len(held) > _BATCH:  # the last row stays: its next reply may follow
                yield from self._assembler.batch(held[:-1], authors[:-1])
                held, authors = held[-1:], authors[-1:]
        if held:
            yield from self._assembler.batch(held, authors)

    def _collect(self, reader: MessageReader, body: _Counter, spans: DateSpans) -> None:
        for number, cells in body:
            message = reader.read_message(number, cells)
            if isinstance(message, str):
                self._reject(reader.file, number, message)
                continue
            inner = reader.read_inner(number, cells)
            if isinstance(inner, str):
                self._reject(reader.file, number, inner)
                continue
            body.rows += len(inner)
            if reader.columns.official_authors and message.author:
                self._official.add(message.author)
            for each in (message, *inner):
                spans.add(each.at, None)
                self._messages.append(each)
            if self.observer is not None:
                self.observer(reader, cells, message)
                for each in inner:
                    self.observer(reader, (), each)

    def _collect_accounts(self, reader: MessageReader, body: Iterable[Row]) -> None:
        for number, cells in body:
            reason = reader.reject_reason(cells)
            if reason is None and (name := reader.read_account(cells)) is not None:
                self._official.add(name)
            self._reject(reader.file, number, reason or ACCOUNT)

    def _threads(self) -> Iterator[pa.RecordBatch]:
        if not self._messages:
            return
        result = pair_messages(self._messages, self.official_names)
        for reject in result.rejects:
            self._reject(reject.source_file, reject.source_row, reject.reason)
        self.ledger.merged += result.n_merged
        self._notes += result.warnings
        for row in result.rows:
            row["agency"] = self.aliases.normalise(row["agency"])
        for start in range(0, len(result.rows), _BATCH):
            yield from self._assembler.batch(result.rows[start : start + _BATCH], None)

    def _skip(
        self, table: RawTable, header_row: int, header: Sequence[str | None], body: Iterable[Row]
    ) -> None:
        n_rows = 0
        for number, _ in body:
            n_rows += 1
            self._reject(table.path, number, NO_POSTS_IN_SHEET)
        self.ledger.rows_read += n_rows
        self._sources.append(
            Source(
                **_place(table),
                header_row=header_row,
                format="none",
                why="no column of posts",
                columns={},
                unused=tuple(name for name in header if name),
                rows=n_rows,
                unanswered=0,
                posted=None,
                replied=None,
            )
        )

    def _reject(self, file: str, number: int, reason: str) -> None:
        self._rejects.append((file, number, reason))
        self.ledger.rejected[reason] += 1


class _Counter:
    """Counts rows on their way; `rows` may grow by what stands inside a row."""

    def __init__(self, body: Iterable[Row]) -> None:
        self._body = body
        self.rows = 0

    def __iter__(self) -> Iterator[Row]:
        for row in self._body:
            self.rows += 1
            yield row


def _named_columns(mapping: ColumnMap, header: Sequence[str | None]) -> dict[str, tuple[str, ...]]:
    places = dict(mapping.fields)
    if mapping.below_at is not None:
        places["messages below"] = (mapping.below_at,)
    return {name: tuple(header[i] or "" for i in columns) for name, columns in places.items()}


def _place(table: RawTable) -> dict[str, str]:
    return {
        "file": table.path,
        "container": table.container,
        "sheet": table.sheet or "",
        "encoding": table.encoding or "",
        "delimiter": table.delimiter or "",
    }


def open_archive(
    *paths: str | Path,
    format: str | None = None,
    columns: Mapping[str, str] | None = None,
    as_of: datetime | None = None,
    official: Sequence[str] = (),
    duplicates: str = "keep",
    keep_personal: bool = False,
    aliases: str | Path | None = None,
) -> ArchiveReader:
    """Return a reader of archives that streams.

    Args:
        paths: files, folders or zips; "-" is standard input.
        format: name of a format; None = detect it by the headers.
        columns: field → header, over what is detected.
        as_of: when the archive was exported; None = the last date in it.
        official: accounts that speak for an agency.
        duplicates: "keep" or "merge" posts that were sent again.
        keep_personal: leave what names a person as it is; no column of an exchange holds such a
            value but the authors of a long export, which are dropped once replies are paired.
        aliases: the user's own table of agencies' names.

    Raises:
        BadArchive: a file does not exist, or an argument is impossible.
    """
    check_paths(paths)
    table = AgencyAliases.load(Path(aliases) if aliases is not None else None)
    finder = DuplicateFinder(cast(Literal["keep", "merge"], duplicates))
    guard = Guard("keep" if keep_personal else "drop")
    return ArchiveReader(
        tuple(paths), format, columns or {}, as_of, tuple(official), finder, table, guard
    )


def read_archive(*paths: str | Path, **settings: Any) -> Archive:
    """Return an archive in memory; arguments and errors as for `open_archive`."""
    reader = open_archive(*paths, **settings)
    batches = list(reader.batches())
    table = pa.Table.from_batches(batches, schema=EXCHANGE_SCHEMA)
    return Archive(
        with_run_info(table, reader.info),
        reader.rejects,
        reader.ledger,
        reader.sources,
        reader.as_of,
    )
