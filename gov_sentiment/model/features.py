"""What the models see of a batch of exchanges; computed once and shared by all of them.

Each exchange has five parts: title and text of the post; head (greeting and restated complaint),
body and closing of the reply. Every part is a bag of hashed features in a namespace of its own
where that matters, because a word of the complaint that a reply repeats means something else
than the same word in the answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Final

import numpy as np
import numpy.typing as npt

from gov_sentiment.model.hashing import (
    Int64,
    SpanHasher,
    UInt64,
    code_points,
    mix,
    powers_of_base,
)

TITLE, POST, HEAD, BODY, CLOSING = range(5)
N_PARTS: Final = 5
SEPARATOR: Final = "\n"
_IS_END: Final = np.zeros(0x10000, dtype=bool)
_IS_END[[ord(mark) for mark in "。！？!?；;\n"]] = True


@dataclass(frozen=True)
class Parts:
    """The texts of a batch as one string; part p of row r is at index r * 5 + p.

    codes: code points, each part followed by a separator, shape (n_codes,).
    part: the part index of each code point.
    starts, lengths: where each part lies, shape (n_rows * 5,).
    tokens: of all parts, in order; token_start, token_end, token_part: shape (n_tokens,).
    """

    codes: npt.NDArray[np.uint32]
    part: Int64
    starts: Int64
    lengths: Int64
    tokens: list[str]
    token_start: Int64
    token_end: Int64
    token_part: Int64

    @cached_property
    def hasher(self) -> SpanHasher:
        """Hashes of any span of the batch."""
        return SpanHasher(self.codes)

    @cached_property
    def sentence(self) -> Int64:
        """The sentence index of each code point; parts never share one."""
        ends = _IS_END.take(self.codes, mode="clip")
        begins = np.zeros(len(self.codes), dtype=bool)
        begins[1:] = ends[:-1] & ~ends[1:]
        begins[self.starts] = True
        return np.cumsum(begins, dtype=np.int64) - 1

    @cached_property
    def word_codes(self) -> UInt64:
        """The polynomial of each token (`SpanHasher.codes`)."""
        return self.hasher.codes(self.token_start, self.token_end)

    @cached_property
    def pairs(self) -> tuple[Int64, UInt64]:
        """The first of each two neighbouring tokens of a part, and the polynomial of both."""
        first = np.flatnonzero(self.token_part[1:] == self.token_part[:-1])
        codes = self.word_codes
        sizes = (self.token_end - self.token_start)[first]
        return first, codes[first] + codes[first + 1] * powers_of_base(sizes)

    @property
    def n_rows(self) -> int:
        """Exchanges in the batch."""
        return len(self.starts) // N_PARTS


def build_parts(texts: Sequence[str], tokens: Sequence[list[str]]) -> Parts:
    """Lay out the parts of a batch.

    Args:
        texts: five normalised parts a row, empty where the row has none.
        tokens: of each part; joined they give the part again.
    """
    lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
    starts = np.concatenate([[0], np.cumsum(lengths + 1)])[:-1].astype(np.int64)
    codes = code_points(SEPARATOR.join([*texts, ""]))
    counts = np.fromiter(map(len, tokens), dtype=np.int64, count=len(tokens))
    flat = list(chain.from_iterable(tokens))
    sizes = np.fromiter(map(len, flat), dtype=np.int64, count=len(flat))
    token_part = np.repeat(np.arange(len(texts)), counts)
    # Tokens cover their part without gaps, so a token's place follows from the lengths before it.
    token_end = np.cumsum(sizes) + token_part
    return Parts(
        codes=codes,
        part=np.repeat(np.arange(len(texts)), lengths + 1),
        starts=starts,
        lengths=lengths,
        tokens=flat,
        token_start=token_end - sizes,
        token_end=token_end,
        token_part=token_part,
    )


@dataclass(frozen=True)
class Spans:
    """Feature occurrences: start, end (code points) and namespace, shape (n,)."""

    start: Int64
    end: Int64
    space: Int64


def char_spans(parts: Parts, sizes: Sequence[int], spaces: npt.NDArray[np.int64]) -> Spans:
    """Return the character n-grams inside each part; `spaces[part kind]` < 0 leaves a part out."""
    kind = parts.part % N_PARTS
    space = spaces[kind]
    place = np.arange(len(parts.codes))
    room = (parts.starts + parts.lengths)[parts.part] - place
    starts, ends, names = [], [], []
    for size in sizes:
        keep = np.flatnonzero((room >= size) & (space >= 0))
        starts.append(keep)
        ends.append(keep + size)
        names.append(space[keep] * 16 + size)
    return Spans(np.concatenate(starts), np.concatenate(ends), np.concatenate(names))


def word_spans(parts: Parts, spaces: npt.NDArray[np.int64], bigrams: bool = True) -> Spans:
    """Return words and pairs of neighbouring words inside each part."""
    space = spaces[parts.token_part % N_PARTS]
    keep = space >= 0
    start, end = parts.token_start, parts.token_end
    singles = Spans(start[keep], end[keep], space[keep] * 16 + 9)
    if not bigrams:
        return singles
    pair = np.flatnonzero(keep[:-1] & (parts.token_part[1:] == parts.token_part[:-1]))
    return Spans(
        np.concatenate([singles.start, start[pair]]),
        np.concatenate([singles.end, end[pair + 1]]),
        np.concatenate([singles.space, space[pair] * 16 + 10]),
    )


def span_hashes(parts: Parts, spans: Spans) -> UInt64:
    """Return the 64-bit hash of each occurrence in its namespace."""
    return parts.hasher.spans(spans.start, spans.end, spans.space.astype(np.uint64))


def word_hashes(parts: Parts, spaces: npt.NDArray[np.int64]) -> tuple[UInt64, Int64]:
    """Return `span_hashes` of `word_spans`, and the part of each, from what views share."""
    space = np.tile(spaces, parts.n_rows)[parts.token_part]
    first, pair_codes = parts.pairs
    single, pair = np.flatnonzero(space >= 0), np.flatnonzero(space[first] >= 0)
    salts = np.concatenate([space[single] * 16 + 9, space[first[pair]] * 16 + 10])
    codes = np.concatenate([parts.word_codes[single], pair_codes[pair]])
    place = np.concatenate([single, first[pair]])
    return mix(codes, salts.astype(np.uint64)), parts.token_part[place]
