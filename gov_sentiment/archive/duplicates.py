"""Posts that were exported twice, and citizens who posted the same again.

Both are found while the archive streams past: of each row only hashes are kept, in sorted
arrays that grow by merging (a small log-structured set), so a row costs 16 bytes for exact
repeats, and 64 more while it stands in the window of the near search. Near repeats are found
by MinHash over character shingles: bands find candidates (Leskovec, Rajaraman & Ullman, Mining
of Massive Datasets, §3.4), b-bit values confirm them (Li & König, WWW 2010).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from gov_sentiment.errors import BadArchive

UInt64s = npt.NDArray[np.uint64]
Bools = npt.NDArray[np.bool_]

NEW: Final = 0
EXACT: Final = 1  # the whole row again: same id, agency, time, post and reply
AGAIN: Final = 2  # the same post by the same citizen, or nearly the same

_SHINGLE: Final = 4
_HASHES: Final = 16
_BANDS: Final = 4
_PER_BAND: Final = _HASHES // _BANDS
_AGREE: Final = 12  # of 16 values: a Jaccard similarity of about 0.75
_LONG_ENOUGH: Final = 20  # characters; below it strangers write the same words by chance
_LONGEST: Final = 1000  # characters looked at
_SLICE: Final = 1024  # rows hashed at once: the arrays stay in the processor's cache
_NEAR_ROWS: Final = 1_000_000  # posts that the near search remembers, about 64 MB
_CANDIDATES: Final = 4  # earlier posts tried per band, so that a crowded bucket costs no more

_MIX: Final = np.random.default_rng(20140218)
_FACTORS: Final = _MIX.integers(1, 2**31, _HASHES, dtype=np.uint32) * np.uint32(2) + np.uint32(1)
_MASKS: Final = _MIX.integers(0, 2**32, _HASHES, dtype=np.uint32)
_PLACES: Final = _MIX.integers(1, 2**31, _SHINGLE, dtype=np.uint32) * np.uint32(2) + np.uint32(1)


@dataclass(frozen=True, slots=True)
class Repeats:
    """What was found in one batch.

    kind: (n_rows,) uint8 of NEW, EXACT and AGAIN.
    drop: (n_rows,) bool, rows that the caller leaves out and counts as merged.
    """

    kind: npt.NDArray[np.uint8]
    drop: Bools


class _HashSet:
    """A set of 64-bit hashes in sorted arrays: 8 bytes each, batches in and out."""

    def __init__(self) -> None:
        self._levels: list[UInt64s] = []

    def contains(self, keys: UInt64s) -> Bools:
        found = np.zeros(len(keys), dtype=bool)
        for level in self._levels:
            at = np.searchsorted(level, keys)
            at[at == len(level)] = 0
            found |= level[at] == keys
        return found

    def add(self, keys: UInt64s) -> None:
        new = np.unique(keys)
        # Merging equal-sized levels keeps their number logarithmic in the rows seen.
        while self._levels and len(self._levels[-1]) <= 2 * len(new):
            new = np.union1d(self._levels.pop(), new)
        if len(new):
            self._levels.append(new)

    def __len__(self) -> int:
        return sum(map(len, self._levels))


def _seen_before(keys: UInt64s, known: _HashSet) -> Bools:
    """Mark the keys that stand in `known` or earlier in the batch, then add them."""
    _, first, inverse = np.unique(keys, return_index=True, return_inverse=True)
    seen: Bools = known.contains(keys) | (first[inverse] != np.arange(len(keys)))
    known.add(keys)
    return seen


def _hash(*parts: object) -> int:
    text = "\x1f".join("" if part is None else str(part) for part in parts)
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).digest())


def _letters() -> Bools:
    # Spaces and punctuation differ between exports of one text; letters and digits do not.
    return np.array([chr(code).isalnum() for code in range(0x10000)])


_IS_LETTER: Final = _letters()


def _sign(texts: Sequence[str]) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.int64]]:
    """Return MinHash values (n_texts, _HASHES) and the number of letters (n_texts,)."""
    cut = [text[: 2 * _LONGEST] for text in texts]
    joined = "".join(cut).encode("utf-32-le", "surrogatepass")
    codes = np.frombuffer(joined, dtype="<u4")
    kept = _IS_LETTER[np.minimum(codes, 0xFFFF)]
    ends = np.concatenate([[0], np.cumsum(kept)])[np.cumsum([0, *map(len, cut)])]
    lengths = np.minimum(np.diff(ends), _LONGEST)
    codes = np.concatenate([codes[kept], np.zeros(_SHINGLE + 1, dtype=np.uint32)])
    codes = codes.astype(np.uint32)
    n = len(codes) - _SHINGLE
    grams = np.zeros(n, dtype=np.uint32)
    for place, factor in enumerate(_PLACES):
        grams = (grams ^ codes[place : place + n]) * factor
    grams ^= grams >> np.uint32(15)
    starts = ends[:-1]
    # reduceat needs a stop for each start; a text without one shingle gets a dummy of one.
    stops = starts + np.maximum(lengths - _SHINGLE + 1, 1)
    bounds = np.minimum(np.stack([starts, stops], axis=1).ravel(), n - 1)
    signs = np.empty((len(texts), _HASHES), dtype=np.uint32)
    for column in range(_HASHES):
        mixed = (grams ^ _MASKS[column]) * _FACTORS[column]
        mixed ^= mixed >> np.uint32(16)
        signs[:, column] = np.minimum.reduceat(mixed, bounds)[::2]
    return signs, lengths


@dataclass(slots=True)
class _Level:
    """A sorted run of one band: keys, and the places of their rows in the window."""

    keys: UInt64s
    rows: npt.NDArray[np.int64]


class _Window:
    """The last posts, findable by any band of their signature."""

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self.size = 0
        self.forgotten = 0
        self._values = np.zeros((0, _HASHES), dtype=np.uint8)
        self._bands: list[list[_Level]] = [[] for _ in range(_BANDS)]

    def matches(self, keys: UInt64s, values: npt.NDArray[np.uint8]) -> Bools:
        """Return which of (n, _BANDS) keys have a near match among the rows remembered."""
        found = np.zeros(len(keys), dtype=bool)
        for band, levels in enumerate(self._bands):
            for level in levels:
                at = np.searchsorted(level.keys, keys[:, band])
                for step in range(_CANDIDATES):
                    place = np.minimum(at + step, len(level.keys) - 1)
                    open_rows = np.flatnonzero(~found & (level.keys[place] == keys[:, band]))
                    if not len(open_rows):
                        break
                    others = self._values[level.rows[place[open_rows]]]
                    agree = (others == values[open_rows]).sum(axis=1)
                    found[open_rows[agree >= _AGREE]] = True
        return found

    def add(self, keys: UInt64s, values: npt.NDArray[np.uint8]) -> None:
        """Remember rows; when the window is full the older half is forgotten."""
        if self.size + len(keys) > self.capacity:
            self._forget_half()
        self._reserve(self.size + len(keys))
        self._values[self.size : self.size + len(keys)] = values
        rows = np.arange(self.size, self.size + len(keys))
        self.size += len(keys)
        for band, levels in enumerate(self._bands):
            order = np.argsort(keys[:, band], kind="stable")
            _push(levels, _Level(keys[order, band], rows[order]))

    def _reserve(self, size: int) -> None:
        if size > len(self._values):
            room = np.zeros((max(size, 2 * len(self._values), 4096), _HASHES), dtype=np.uint8)
            room[: self.size] = self._values[: self.size]
            self._values = room

    def _forget_half(self) -> None:
        cut = self.size // 2
        self._values[: self.size - cut] = self._values[cut : self.size].copy()
        self.size -= cut
        self.forgotten += cut
        for band, levels in enumerate(self._bands):
            kept = [
                _Level(level.keys[level.rows >= cut], level.rows[level.rows >= cut] - cut)
                for level in levels
            ]
            self._bands[band] = [level for level in kept if len(level.keys)]


def _push(levels: list[_Level], new: _Level) -> None:
    while levels and len(levels[-1].keys) <= 2 * len(new.keys):
        old = levels.pop()
        keys = np.concatenate([old.keys, new.keys])
        rows = np.concatenate([old.rows, new.rows])
        order = np.argsort(keys, kind="stable")
        new = _Level(keys[order], rows[order])
    if len(new.keys):
        levels.append(new)


class DuplicateFinder:
    """Finds repeated rows in a stream of exchange batches.

    Args:
        mode: "keep" counts repeats and drops none. "merge" drops whole rows that come again,
            and repeated posts without an answer of their own; a repeated post with its own
            answer stays, since dropping it would lose an official reply.
        near: also look for nearly the same post.
        window: how many posts the near search remembers; older ones are forgotten.

    Attributes:
        n_rows, n_exact, n_again: rows seen, and repeats of either kind, dropped or not.
        n_forgotten: posts that left the near search's window.
    """

    def __init__(
        self,
        mode: Literal["keep", "merge"] = "keep",
        near: bool = True,
        window: int = _NEAR_ROWS,
    ) -> None:
        if mode not in ("keep", "merge"):
            raise BadArchive(f'Duplicates can be "keep" or "merge", not "{mode}".')
        self.mode = mode
        self.near = near
        self.n_rows = self.n_exact = self.n_again = self.n_dropped = 0
        self._rows = _HashSet()
        self._posts = _HashSet()
        self._window = _Window(window)

    @property
    def n_forgotten(self) -> int:
        """Posts that left the near search's window."""
        return self._window.forgotten

    def check(self, batch: pa.RecordBatch, authors: Sequence[str | None] | None = None) -> Repeats:
        """Mark the rows of a batch that repeat an earlier row of this or a former batch.

        Args:
            batch: rows of `EXCHANGE_SCHEMA`.
            authors: who wrote each post (a name, an id or a hash), where known. Two posts of
                different authors are never the same citizen's; where the author is unknown,
                the same long text is taken for the same citizen's.
        """
        columns = {
            name: batch.column(batch.schema.get_field_index(name)).to_pylist()
            for name in ("exchange_id", "agency", "post_title", "post_text", "reply_text")
        }
        posted = batch.column(batch.schema.get_field_index("posted_at")).cast(pa.int64())
        times = posted.to_pylist()
        known: list[str | None] = [None] * batch.num_rows if authors is None else list(authors)
        texts = [
            text or title or ""
            for title, text in zip(columns["post_title"], columns["post_text"], strict=True)
        ]
        rows = [_hash(*cells) for cells in zip(*columns.values(), times, known, strict=True)]
        exact = _seen_before(np.array(rows, dtype=np.uint64), self._rows)
        again = self._find_again(texts, known, times) & ~exact
        kind = np.where(exact, EXACT, np.where(again, AGAIN, NEW)).astype(np.uint8)
        silent = np.array(
            [not (reply or "").strip() for reply in columns["reply_text"]], dtype=bool
        )
        drop = (exact | (again & silent)) & (self.mode == "merge")
        self.n_rows += batch.num_rows
        self.n_exact += int(exact.sum())
        self.n_again += int(again.sum())
        self.n_dropped += int(drop.sum())
        return Repeats(kind, drop)

    def _find_again(
        self, texts: list[str], authors: list[str | None], times: list[int | None]
    ) -> Bools:
        found = np.zeros(len(texts), dtype=bool)
        for start in range(0, len(texts), _SLICE):
            stop = start + _SLICE
            found[start:stop] = self._find_slice(
                self.n_rows + start, texts[start:stop], authors[start:stop], times[start:stop]
            )
        return found

    def _find_slice(
        self,
        first: int,
        texts: list[str],
        authors: list[str | None],
        times: list[int | None],
    ) -> Bools:
        signs, lengths = _sign(texts)
        writers = np.array([_hash(author or "") for author in authors], dtype=np.uint64)
        named = np.array([bool(author) for author in authors], dtype=bool)
        usable = (lengths >= _LONG_ENOUGH) | (named & (lengths >= _SHINGLE))
        whole = [
            # A short post of an unknown citizen is only ever its own: the time keeps it apart.
            _hash(author or "", "".join(text.split()), None if use else (time, place))
            for place, (text, author, time, use) in enumerate(
                zip(texts, authors, times, usable.tolist(), strict=True), start=first
            )
        ]
        found = _seen_before(np.array(whole, dtype=np.uint64), self._posts)
        if self.near:
            rows = np.flatnonzero(usable & ~found)
            found[rows] = self._near(signs[rows], writers[rows])
        return found

    def _near(self, signs: npt.NDArray[np.uint32], writers: UInt64s) -> Bools:
        values = signs.astype(np.uint8)
        keys = np.empty((len(signs), _BANDS), dtype=np.uint64)
        for band in range(_BANDS):
            key = writers.copy()
            for column in range(band * _PER_BAND, (band + 1) * _PER_BAND):
                key = (key ^ signs[:, column]) * np.uint64(0x9E37_79B9_7F4A_7C15)
                key ^= key >> np.uint64(29)
            keys[:, band] = key
        found = self._window.matches(keys, values) | _near_within(keys, values)
        self._window.add(keys[~found], values[~found])
        return found


def _near_within(keys: UInt64s, values: npt.NDArray[np.uint8]) -> Bools:
    """Mark rows that nearly repeat an earlier row of the same batch."""
    found = np.zeros(len(keys), dtype=bool)
    for band in range(_BANDS):
        order = np.argsort(keys[:, band], kind="stable")
        sorted_keys = keys[order, band]
        for step in range(1, _CANDIDATES + 1):
            later, earlier = order[step:], order[:-step]
            same = sorted_keys[step:] == sorted_keys[:-step]
            if not same.any():
                break
            agree = (values[later] == values[earlier]).sum(axis=1)
            found[later[same & (agree >= _AGREE)]] = True
    return found
