"""Answered exchanges as counts of words and of character pairs."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import scipy.sparse as sp

from gov_sentiment.scoring.responsiveness import seconds
from gov_sentiment.text import Tokenizer

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

COLUMNS: Final = (
    "exchange_id",
    "agency",
    "post_title",
    "post_text",
    "reply_text",
    "posted_at",
    "replied_at",
)
N_FOLDS: Final = 3
_WORD_BITS: Final = 20
_BIGRAM_BITS: Final = 18
_MOST_WORDS_KNOWN: Final = 500_000
_CONTENT_WORD: Final = re.compile(r"[一-鿿]{2,}|[0-9A-Za-z]{2,}")
_NOT_CONTENT: Final = re.compile(r"[^一-鿿0-9A-Za-z]+")
_TEXT_DATE: Final = re.compile(r"(20\d\d)\s*[年.\-/]\s*(\d{1,2})\s*[月.\-/]\s*(\d{1,2})")
_TITLE_CHARACTERS: Final = 25
_SHANGHAI_SECONDS: Final = 8 * 3_600
_DAY_SECONDS: Final = 86_400


@dataclass(frozen=True, slots=True)
class PairTexts:
    """What the mismatch check needs of n exchanges.

    ids, posts, replies, agencies: as the table has them, no nulls.
    posted_day, replied_day: days since 1970-01-01, NaN where unknown.
    reply_days: the dates that stand in each reply's text, same unit.
    fold: 0, 1 or 2, by the exchange's key.
    *_words, *_bigrams: counts, shape (n, 2**20) and (n, 2**18), terms by their hash.
    """

    ids: list[str | None]
    posts: list[str]
    replies: list[str]
    agencies: list[str]
    posted_day: Floats
    replied_day: Floats
    reply_days: list[list[int]]
    fold: Ints
    post_words: sp.csr_matrix
    title_words: sp.csr_matrix
    reply_words: sp.csr_matrix
    post_bigrams: sp.csr_matrix
    reply_bigrams: sp.csr_matrix

    def __len__(self) -> int:
        return len(self.posts)

    @classmethod
    def of(cls, table: pa.Table, keys: npt.NDArray[np.uint64]) -> PairTexts:
        """Return the texts of a table that has `COLUMNS`; `keys` as `row_keys` gives them."""
        columns = {name: table[name].to_pylist() for name in COLUMNS[:5]}
        pairs = list(zip(columns["post_title"], columns["post_text"], strict=True))
        posts = [f"{title or ''}\n{text or ''}" for title, text in pairs]
        titles = [title or (text or "")[:_TITLE_CHARACTERS] for title, text in pairs]
        replies = [reply or "" for reply in columns["reply_text"]]
        return cls(
            ids=columns["exchange_id"],
            posts=posts,
            replies=replies,
            agencies=[agency or "" for agency in columns["agency"]],
            posted_day=_days(table["posted_at"]),
            replied_day=_days(table["replied_at"]),
            reply_days=[_text_days(reply) for reply in replies],
            fold=(keys % np.uint64(N_FOLDS)).astype(np.int64),
            post_words=word_counts(posts),
            title_words=word_counts(titles),
            reply_words=word_counts(replies),
            post_bigrams=bigram_counts(posts),
            reply_bigrams=bigram_counts(replies),
        )

    def rows(self, rows: Ints) -> PairTexts:
        """Return some of the exchanges."""

        def some(values: list[Any]) -> list[Any]:
            return [values[i] for i in rows.tolist()]

        return PairTexts(
            ids=some(self.ids),
            posts=some(self.posts),
            replies=some(self.replies),
            agencies=some(self.agencies),
            posted_day=self.posted_day[rows],
            replied_day=self.replied_day[rows],
            reply_days=some(self.reply_days),
            fold=self.fold[rows],
            post_words=self.post_words[rows],
            title_words=self.title_words[rows],
            reply_words=self.reply_words[rows],
            post_bigrams=self.post_bigrams[rows],
            reply_bigrams=self.reply_bigrams[rows],
        )


class _WordColumns(dict[str, int]):
    """Word → column by a stable hash; −1 for tokens that tell no matter from another."""

    def __missing__(self, word: str) -> int:
        if _CONTENT_WORD.fullmatch(word):
            column = zlib.crc32(word.encode()) >> (32 - _WORD_BITS)
        else:
            column = -1
        if len(self) < _MOST_WORDS_KNOWN:
            self[word] = column
        return column


_word_columns = _WordColumns()


def word_counts(texts: Sequence[str]) -> sp.csr_matrix:
    """Return counts of the words of two characters or more, shape (n_texts, 2**20)."""
    tokens = Tokenizer().cut_batch(texts)
    lengths = np.fromiter(map(len, tokens), dtype=np.int64, count=len(tokens))
    columns = np.fromiter(
        map(_word_columns.__getitem__, chain.from_iterable(tokens)),
        dtype=np.int64,
        count=int(lengths.sum()),
    )
    owner = np.repeat(np.arange(len(texts)), lengths)
    kept = columns >= 0
    return _counts(owner[kept], columns[kept], (len(texts), 1 << _WORD_BITS))


def bigram_counts(texts: Sequence[str]) -> sp.csr_matrix:
    """Return counts of hashed pairs of neighbouring characters, shape (n_texts, 2**18)."""
    cleaned = [_NOT_CONTENT.sub("", text) for text in texts]
    shape = (len(texts), 1 << _BIGRAM_BITS)
    lengths = np.fromiter(map(len, cleaned), dtype=np.int64, count=len(texts))
    codes = np.frombuffer("".join(cleaned).encode("utf-32-le"), dtype=np.uint32)
    codes = codes.astype(np.uint64)
    if len(codes) < 2:
        return sp.csr_matrix(shape, dtype=np.float64)
    hashed = (codes[:-1] * np.uint64(0x9E3779B97F4A7C15)) ^ (
        codes[1:] * np.uint64(0xC2B2AE3D27D4EB4F)
    )
    columns = (hashed >> np.uint64(64 - _BIGRAM_BITS)).astype(np.int64)
    owner = np.repeat(np.arange(len(texts)), lengths)
    inside = owner[:-1] == owner[1:]
    return _counts(owner[:-1][inside], columns[inside], shape)


def _counts(owner: Ints, columns: Ints, shape: tuple[int, int]) -> sp.csr_matrix:
    # One sort of one integer for each term; scipy's way through COO takes twice as long.
    cells = np.sort(owner * shape[1] + columns)
    first = np.concatenate([[True], cells[1:] != cells[:-1]]) if len(cells) else cells > 0
    starts = np.flatnonzero(first)
    counts = np.diff(np.append(starts, len(cells))).astype(np.float64)
    rows, indices = np.divmod(cells[starts], shape[1])
    indptr = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=shape[0]))])
    return sp.csr_matrix((counts, indices, indptr), shape=shape)


def _days(column: pa.ChunkedArray[Any]) -> Floats:
    """Return the days of China's calendar since 1970, NaN where the time is not known."""
    return np.asarray((seconds(column) + _SHANGHAI_SECONDS) // _DAY_SECONDS)


def _text_days(text: str) -> list[int]:
    epoch = date(1970, 1, 1)
    days = []
    for year, month, day in _TEXT_DATE.findall(text):
        try:
            days.append((date(int(year), int(month), int(day)) - epoch).days)
        except ValueError:  # "2023年2月31日": a slip of the clerk's, no date
            continue
    return days
