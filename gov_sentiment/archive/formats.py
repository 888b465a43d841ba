"""Which header holds which field: known formats first, then header by header."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import resources
from typing import Any, Final

from gov_sentiment.archive.nested import Level, read_level
from gov_sentiment.errors import AmbiguousColumns, BadArchive, MissingColumns

FIELDS: Final = (
    "exchange_id",
    "agency",
    "post_title",
    "post_text",
    "posted_at",
    "reply_text",
    "first_replied_at",
    "replied_at",
    "n_replies",
    "category",
    "channel",
    "region",
    "status",
    "satisfaction",
)
MESSAGE_FIELDS: Final = (
    "message_id",
    "parent_id",
    "root_id",
    "author",
    "author_type",
    "role",
    "text",
    "title",
    "at",
)
# With a wrong choice here everything after is wrong: two candidates have to be asked about.
_ASKED: Final = frozenset({"post_text", "reply_text"})
_NEEDED: Final = {"messages": ("text",), "accounts": ("author",)}
_PLACE_IN_LIST: Final = re.compile(r"\.\d+\.")  # the second of nested objects: answers.2.text
_SPACES: Final = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Format:
    """An export format known by its headers.

    name: for `--format`; title: what it is, in Chinese; dated: when such exports were seen;
    source: where the headers were seen.
    needs: headers that tell it from others.
    columns: field → headers.
    kind: "exchanges", "messages", "account_posts", or "accounts" (who they are, no posts).
    first_lag_days, last_lag_days: headers of days from post to first and last reply.
    agency_from_file: the account's name is the file's.
    official_authors: whoever wrote these messages is the agency.
    unnamed, unnamed_after: a column that early versions wrote but did not name, and the headers
        behind which its cells stand; every cell after them is shifted by one.
    below: messages that stand as json in a cell of this one (see `nested`).
    """

    name: str
    title: str
    dated: str
    source: str
    needs: tuple[str, ...]
    columns: Mapping[str, tuple[str, ...]]
    kind: str = "exchanges"
    first_lag_days: tuple[str, ...] = ()
    last_lag_days: tuple[str, ...] = ()
    agency_from_file: bool = False
    official_authors: bool = False
    unnamed: str = ""
    unnamed_after: tuple[str, ...] = ()
    below: tuple[Level, ...] = ()


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """How one table's columns become fields; positions in the header row."""

    format: str
    why: str
    fields: Mapping[str, tuple[int, ...]]
    kind: str = "exchanges"
    first_lag: tuple[int, ...] = ()
    last_lag: tuple[int, ...] = ()
    agency_from_file: bool = False
    official_authors: bool = False
    unnamed_after: tuple[int, ...] = ()
    below: tuple[Level, ...] = ()
    below_at: int | None = None
    unused: tuple[str, ...] = field(default=())


@cache
def list_formats() -> tuple[Format, ...]:
    """Return the known formats, in the order in which they are tried."""
    return tuple(_read_format(each) for each in _load("formats.toml")["formats"])


def map_columns(
    where: str,
    header: Sequence[str | None],
    wanted: str | None = None,
    overrides: Mapping[str, str] | None = None,
) -> ColumnMap | None:
    """Return how a header row is read, or None where it holds no posts.

    Args:
        where: file and sheet, for errors.
        header: column names.
        wanted: a format's name; None = detect.
        overrides: field → header, from the user.

    Raises:
        BadArchive: there is no such format or field.
        MissingColumns: a header that was asked for is not there.
        AmbiguousColumns: two headers could hold a field on which everything depends.
    """
    names = [name or "" for name in header]
    places = _places(names)
    chosen = _choose(where, names, places, wanted)
    given = _overrides(where, names, places, overrides or {})
    if chosen is not None:
        mapping = _by_format(chosen, places, wanted is not None)
    else:
        mapping = _by_alias(where, names, places, given)
    fields = {**mapping.fields, **given}
    if not any(name in fields for name in _NEEDED.get(mapping.kind, ("post_text", "post_title"))):
        return None
    if mapping.kind == "exchanges":
        fields = _with_later_replies(names, places, fields)
    used = {i for columns in fields.values() for i in columns}
    used |= {*mapping.first_lag, *mapping.last_lag}
    if mapping.below_at is not None:
        used.add(mapping.below_at)
    unused = tuple(name for i, name in enumerate(names) if name.strip() and i not in used)
    return replace(mapping, fields=fields, unused=unused)


def find_header(rows: Sequence[tuple[int, Sequence[str | None]]]) -> int:
    """Return the position in `rows` of the likeliest header row, 0 where none stands out.

    Title lines and notes above the header hold one or two cells and no known column name.
    """
    known = _known_headers()
    best, best_score = 0, 0
    for position, (_, cells) in enumerate(rows):
        score = sum(1 for cell in cells if cell and _inner(_fold(cell)) in known)
        if score > best_score:
            best, best_score = position, score
    return best


def holds_reply(header: Sequence[str]) -> bool:
    """Tell whether one of the names is a header of replies."""
    replies = {_fold(name) for name in _load("header_aliases.toml")["reply_text"]}
    return any(_fold(name) in replies for name in header)


def headers_known(header: Sequence[str | None]) -> int:
    """Return how many of the names are headers that some export uses."""
    known = _known_headers()
    return sum(1 for name in header if name and _inner(_fold(name)) in known)


@cache
def _known_headers() -> frozenset[str]:
    named = {_fold(h) for each in list_formats() for hs in each.columns.values() for h in hs}
    aliases = {_fold(h) for headers in _load("header_aliases.toml").values() for h in headers}
    return frozenset(named | aliases)


def _with_later_replies(
    names: Sequence[str], places: Mapping[str, int], fields: Mapping[str, tuple[int, ...]]
) -> dict[str, tuple[int, ...]]:
    """Add the columns of further replies: headers that come again, 二次答复, 追问."""
    taken = {i for columns in fields.values() for i in columns}
    folded = [_fold(name) for name in names]

    def find(field_name: str, alias: str) -> tuple[int, ...]:
        own = {folded[i] for i in fields.get(field_name, ())}
        again = [i for i, name in enumerate(folded) if name in own]
        named = [
            places[_fold(h)] for h in _load("header_aliases.toml")[alias] if _fold(h) in places
        ]
        return tuple(i for i in dict.fromkeys([*again, *named]) if i not in taken)

    later = {
        "reply_text": find("reply_text", "later_reply") if "reply_text" in fields else (),
        "later_replied_at": find("replied_at", "later_replied_at"),
        "follow_up": find("follow_up", "follow_up"),
    }
    more = {name: (*fields.get(name, ()), *columns) for name, columns in later.items() if columns}
    return {**fields, **more}


def _places(names: Sequence[str]) -> dict[str, int]:
    """Return where each header stands, the first of two alike.

    Nested json gives names such as thread.content; content alone finds it too, where no other
    header is called so.
    """
    places: dict[str, int] = {}
    for i, name in enumerate(names):
        if name.strip():
            places.setdefault(_fold(name), i)
    inner = {_fold(name): i for i, name in reversed(list(enumerate(names))) if "." in name}
    shared = Counter(map(_inner, inner))
    for name, i in inner.items():
        if shared[_inner(name)] == 1:
            places.setdefault(_inner(name), i)
    return places


def _inner(folded: str) -> str:
    return folded.rpartition(".")[2] or folded


def _overrides(
    where: str, names: Sequence[str], places: Mapping[str, int], asked: Mapping[str, str]
) -> dict[str, tuple[int, ...]]:
    given: dict[str, tuple[int, ...]] = {}
    for name, column in asked.items():
        if name not in FIELDS and name not in MESSAGE_FIELDS:
            raise BadArchive(
                f"--map {name}={column}: there is no field {name}.\nFields: {', '.join(FIELDS)}; "
                f"for one message a row: {', '.join(MESSAGE_FIELDS)}."
            )
        if _fold(column) not in places:
            raise MissingColumns(where, [f"{name} ({column})"], [n for n in names if n.strip()])
        given[name] = (places[_fold(column)],)
    return given


def _choose(
    where: str, names: Sequence[str], places: Mapping[str, int], wanted: str | None
) -> Format | None:
    formats = list_formats()
    if wanted is not None:
        found = next((each for each in formats if each.name == wanted), None)
        if found is None:
            known = ", ".join(each.name for each in formats)
            raise BadArchive(f"--format {wanted}: no such format. There are: {known}.")
        missing = [name for name in found.needs if _fold(name) not in places]
        if missing:
            raise MissingColumns(f"{where} as {wanted}", missing, [n for n in names if n.strip()])
        return found
    fitting = [f for f in formats if all(_fold(name) in places for name in f.needs)]
    return max(fitting, key=lambda f: len(f.needs), default=None)


def _by_format(chosen: Format, places: Mapping[str, int], forced: bool) -> ColumnMap:
    def find(names: Sequence[str]) -> tuple[int, ...]:
        return tuple(places[_fold(name)] for name in names if _fold(name) in places)

    fields = {name: find(headers) for name, headers in chosen.columns.items()}
    return ColumnMap(
        format=chosen.name,
        why="--format" if forced else f"headers {', '.join(chosen.needs)}",
        fields={name: columns for name, columns in fields.items() if columns},
        kind=chosen.kind,
        first_lag=find(chosen.first_lag_days),
        last_lag=find(chosen.last_lag_days),
        agency_from_file=chosen.agency_from_file,
        official_authors=chosen.official_authors,
        unnamed_after=() if _fold(chosen.unnamed) in places else find(chosen.unnamed_after),
        below=chosen.below,
        below_at=next(iter(find([each.split(".")[0] for each in _lists(chosen)])), None),
    )


def _lists(chosen: Format) -> tuple[str, ...]:
    return chosen.below[0].lists if chosen.below else ()


def _by_alias(
    where: str,
    names: Sequence[str],
    places: Mapping[str, int],
    given: Mapping[str, tuple[int, ...]],
) -> ColumnMap:
    """Read the header row name by name; a doubt about text or agency is the user's to settle."""
    aliases = _load("header_aliases.toml")
    taken = {i for columns in given.values() for i in columns}
    fields: dict[str, tuple[int, ...]] = {}
    for name in (*FIELDS, "addressee", "category_type"):
        found = [places[_fold(h)] for h in aliases.get(name, ()) if _fold(h) in places]
        found = [place for place in dict.fromkeys(found) if place not in taken]
        if not found or name in given:
            continue
        if name in _ASKED and len(found) > 1:
            raise AmbiguousColumns(where, name, [names[place] for place in found])
        fields[name] = (found[0],)
        taken.add(found[0])
    if "addressee" in fields:
        fields["agency"] = (*fields.get("agency", ()), *fields.pop("addressee"))
    if "category_type" in fields:
        fields["category"] = (*fields.get("category", ()), *fields.pop("category_type"))
    return ColumnMap("generic", "headers one by one", fields)


def _read_format(raw: dict[str, Any]) -> Format:
    columns = {
        name: (value,) if isinstance(value, str) else tuple(value)
        for name, value in raw["columns"].items()
    }
    return Format(
        name=raw["name"],
        title=raw["title"],
        dated=raw["dated"],
        source=raw["source"],
        needs=tuple(raw["needs"]),
        columns=columns,
        kind=raw.get("kind", "exchanges"),
        first_lag_days=tuple(raw.get("first_lag_days", ())),
        last_lag_days=tuple(raw.get("last_lag_days", ())),
        agency_from_file=bool(raw.get("agency_from_file", False)),
        official_authors=bool(raw.get("official_authors", False)),
        unnamed=raw.get("unnamed", ""),
        unnamed_after=tuple(raw.get("unnamed_after", ())),
        below=tuple(map(read_level, raw.get("below", ()))),
    )


@cache
def _load(name: str) -> dict[str, Any]:
    path = resources.files("gov_sentiment.archive") / "data" / name
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _fold(header: str) -> str:
    name = _SPACES.sub("", unicodedata.normalize("NFKC", header)).casefold().strip("\ufeff'\"")
    return _PLACE_IN_LIST.sub(".", name)
