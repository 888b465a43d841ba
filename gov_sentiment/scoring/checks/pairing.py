"""How well each reply fits its own post, against how well it fits others of the archive.

Everything is measured relative to the archive: a share of other posts that the reply fits
better, a distance from the mean in standard deviations. So the numbers mean the same in an
archive about one gas company and in one about a whole city.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from scipy.sparse.linalg import LinearOperator, svds

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_CONTENT_WORD: Final = re.compile(r"[一-鿿]{2,}|[0-9A-Za-z]{2,}")
_NOT_CONTENT: Final = re.compile(r"[^一-鿿0-9A-Za-z]+")
_PLACE: Final = re.compile(
    r"[一-鿿A-Za-z0-9]{1,3}?(?:大道|街道|小区|花园|花苑|家园|公园|学校|小学|中学|大学|幼儿园|医院"
    r"|大厦|广场|号线|公司|路|街|弄|村|镇|乡|苑|站|桥|河|县|区)"
)
_N_BIGRAMS: Final = 1 << 18
_N_SAMPLE: Final = 1_000  # other posts (replies) that a reply (post) is held against
_N_AGENCY: Final = 300  # the same within the agency
_N_TOPICS: Final = 64

SIMILARITIES: Final = ("words", "characters", "title", "association")
_FIT_NAMES: Final = (
    "own",
    "z_posts",
    "log_share_posts",
    "z_replies",
    "log_share_replies",
    "agency_log_share_posts",
    "agency_margin_posts",
    "agency_log_share_replies",
    "agency_margin_replies",
)
_PAIR_NAMES: Final = (
    "shared_places",
    "no_shared_place",
    "reply_places",
    "post_places",
    "reply_dated_before_post",
    "cites_post_date",
    "signed_on_reply_date",
    "signed_on_another_date",
    "log_similar_replies",
    "log_reply_words",
    "log_reply_characters",
)
FEATURE_NAMES: Final = (
    *(f"{similarity}_{name}" for similarity in SIMILARITIES for name in _FIT_NAMES),
    *_PAIR_NAMES,
)


@dataclass(frozen=True, slots=True)
class PairTexts:
    """What the features need of n exchanges.

    posts, titles, replies: text and its content words; agencies: any hashable label.
    posted_day, replied_day: days since 1970-01-01, NaN where unknown.
    reply_days: the dates that stand in each reply's text, same unit.
    """

    posts: list[str]
    titles: list[str]
    replies: list[str]
    post_words: list[list[str]]
    title_words: list[list[str]]
    reply_words: list[list[str]]
    agencies: list[str]
    posted_day: Floats
    replied_day: Floats
    reply_days: list[list[int]]

    def __len__(self) -> int:
        return len(self.posts)


def content_words(tokens: Sequence[str]) -> list[str]:
    """Return the tokens that can tell one matter from another: two characters or more."""
    return [token for token in tokens if _CONTENT_WORD.fullmatch(token)]


# ------------------------------------------------------------------ matrices


def _count_matrix(rows: Sequence[Sequence[int]], n_columns: int) -> sp.csr_matrix:
    indptr = np.zeros(len(rows) + 1, dtype=np.int64)
    np.cumsum([len(row) for row in rows], out=indptr[1:])
    indices = np.fromiter((i for row in rows for i in row), dtype=np.int64, count=int(indptr[-1]))
    matrix = sp.csr_matrix(
        (np.ones(len(indices)), indices, indptr), shape=(len(rows), n_columns), dtype=np.float64
    )
    matrix.sum_duplicates()
    return matrix


def _word_rows(documents: Sequence[Sequence[str]], vocabulary: dict[str, int]) -> list[list[int]]:
    return [
        [vocabulary.setdefault(word, len(vocabulary)) for word in document]
        for document in documents
    ]


def _bigram_matrix(texts: Sequence[str]) -> sp.csr_matrix:
    """Return counts of hashed character bigrams, shape (n_texts, 2**18)."""
    cleaned = [_NOT_CONTENT.sub("", text) for text in texts]
    lengths = np.fromiter((len(text) for text in cleaned), dtype=np.int64, count=len(texts))
    joined = "".join(cleaned)
    codes = np.frombuffer(joined.encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    if len(codes) < 2:
        return sp.csr_matrix((len(texts), _N_BIGRAMS), dtype=np.float64)
    hashed = (codes[:-1] * np.uint64(0x9E3779B97F4A7C15)) ^ (
        codes[1:] * np.uint64(0xC2B2AE3D27D4EB4F)
    )
    columns = (hashed >> np.uint64(46)).astype(np.int64)
    owner = np.repeat(np.arange(len(texts)), lengths)
    inside = owner[:-1] == owner[1:]
    matrix = sp.csr_matrix(
        (np.ones(int(inside.sum())), (owner[:-1][inside], columns[inside])),
        shape=(len(texts), _N_BIGRAMS),
    )
    matrix.sum_duplicates()
    return matrix


def _unit_rows(matrix: sp.csr_matrix) -> sp.csr_matrix:
    norms = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    norms[norms == 0] = 1.0
    return (sp.diags(1.0 / norms) @ matrix).tocsr()


def _weighted_pair(
    posts: sp.csr_matrix, replies: sp.csr_matrix
) -> tuple[sp.csr_matrix, sp.csr_matrix]:
    """Return unit rows weighted by how rare a term is among posts and among replies.

    A term of the replies' officialese is common there and weighs little, even where citizens
    hardly use it: the weight is the geometric mean of both idf.
    """
    n = posts.shape[0]
    weight = np.ones(posts.shape[1])
    for matrix in (posts, replies):
        frequency = np.asarray((matrix > 0).sum(axis=0)).ravel()
        weight *= np.maximum(np.log((n + 1) / (np.maximum(frequency, 1) + 0.5)), 0.0)
    scale = sp.diags(np.sqrt(weight))
    damped = []
    for matrix in (posts, replies):
        logged = matrix.copy()
        logged.data = 1.0 + np.log(logged.data)
        damped.append(_unit_rows((logged @ scale).tocsr()))
    return damped[0], damped[1]


# ------------------------------------------------------------------ similarities

Similarity = Callable[[Ints, Ints], Floats]  # (posts, replies) → (n_posts, n_replies)


def _sparse_similarity(posts: sp.csr_matrix, replies: sp.csr_matrix) -> Similarity:
    transposed = replies.T.tocsc()

    def similarity(rows: Ints, columns: Ints) -> Floats:
        return np.asarray((posts[rows] @ transposed[:, columns]).toarray())

    return similarity


def _dense_similarity(posts: Floats, replies: Floats) -> Similarity:
    def similarity(rows: Ints, columns: Ints) -> Floats:
        return np.asarray(posts[rows] @ replies[columns].T)

    return similarity


class Fit:
    """The four similarities between any post and any reply of one archive.

    Args:
        texts: the exchanges as the archive shows them.
        fold: group 0, 1, 2 of each exchange; the word association that judges a group is
            learnt from the other two, so that no pair vouches for itself.
    """

    def __init__(self, texts: PairTexts, fold: Ints) -> None:
        self.texts = texts
        vocabulary: dict[str, int] = {}
        rows = [
            _word_rows(documents, vocabulary)
            for documents in (texts.post_words, texts.reply_words, texts.title_words)
        ]
        posts, replies, titles = (_count_matrix(r, len(vocabulary)) for r in rows)
        self.reply_words_unit: sp.csr_matrix
        posts_unit, self.reply_words_unit = _weighted_pair(posts, replies)
        titles_unit, _ = _weighted_pair(titles, replies)
        titles_squared = titles_unit.multiply(titles_unit).tocsr()
        bigrams = _weighted_pair(_bigram_matrix(texts.posts), _bigram_matrix(texts.replies))
        self.by_name: dict[str, Similarity] = {
            "words": _sparse_similarity(posts_unit, self.reply_words_unit),
            "characters": _sparse_similarity(*bigrams),
            "title": _sparse_similarity(titles_squared, (replies > 0).astype(np.float64).tocsr()),
        }
        self._association = _associations(posts, replies, fold)
        self.fold = fold
        self.log_reply_words = np.log1p(np.asarray((replies > 0).sum(axis=1)).ravel())
        self.log_similar_replies = self._similar_replies()

    def similarity(self, name: str, posts: Ints, replies: Ints) -> Floats:
        """Return the similarities of the given posts and replies, shape (n_posts, n_replies)."""
        if name != "association":
            return self.by_name[name](posts, replies)
        out = np.zeros((len(posts), len(replies)))
        for group, function in enumerate(self._association):
            columns = np.flatnonzero(self.fold[replies] == group)
            if len(columns):
                out[:, columns] = function(posts, replies[columns])
        return out

    def _similar_replies(self) -> Floats:
        """Return log(1 + how many sampled replies are nearly the same), shape (n,)."""
        n = len(self.texts)
        sample = _even_sample(n, 2 * _N_SAMPLE)
        counts = np.zeros(n)
        transposed = self.reply_words_unit[sample].T.tocsc()
        for start in range(0, n, 2_000):
            block = self.reply_words_unit[start : start + 2_000] @ transposed
            counts[start : start + 2_000] = np.asarray((block > 0.85).sum(axis=1)).ravel()
        return np.log1p(counts)


def _associations(posts: sp.csr_matrix, replies: sp.csr_matrix, fold: Ints) -> list[Similarity]:
    """Return one learnt similarity per fold, each from the pairs of the other folds.

    The words of posts and replies are placed in one space by the singular vectors of their
    whitened cross-covariance (canonical correlation with a diagonal whitening): "noise" in a
    post and "decibels" in a reply come to lie together without sharing a word.
    """
    frequency = np.asarray((posts > 0).sum(axis=0) + (replies > 0).sum(axis=0)).ravel()
    kept = np.flatnonzero(frequency >= 4)
    n = posts.shape[0]
    functions: list[Similarity] = []
    if len(kept) <= 2 * _N_TOPICS or n < 6 * _N_TOPICS:
        nothing = np.zeros((n, 1))
        return [_dense_similarity(nothing, nothing)] * 3
    scale = sp.diags(np.maximum(np.log(2 * n / (frequency[kept] + 1)), 0.0))
    p = _unit_rows(((posts[:, kept] > 0).astype(np.float64) @ scale).tocsr())
    r = _unit_rows(((replies[:, kept] > 0).astype(np.float64) @ scale).tocsr())
    for group in range(3):
        rows = np.flatnonzero(fold != group)
        rows = rows[_even_sample(len(rows), 20_000)]
        left, right = _cross_space(p[rows], r[rows])
        functions.append(_dense_similarity(_centred_unit(p @ left), _centred_unit(r @ right)))
    return functions


def _cross_space(p: sp.csr_matrix, r: sp.csr_matrix) -> tuple[Floats, Floats]:
    mean_p, mean_r = (np.asarray(m.mean(axis=0)).ravel() for m in (p, r))
    scale_p, scale_r = (
        1.0 / np.sqrt(np.asarray(m.multiply(m).sum(axis=0)).ravel() + 1.0) for m in (p, r)
    )
    n = p.shape[0]

    def forward(vector: Floats) -> Floats:
        v = np.ravel(vector) * scale_r
        return np.asarray((p.T @ (r @ v) - n * mean_p * (mean_r @ v)) * scale_p)

    def backward(vector: Floats) -> Floats:
        v = np.ravel(vector) * scale_p
        return np.asarray((r.T @ (p @ v) - n * mean_r * (mean_p @ v)) * scale_r)

    size = p.shape[1]
    operator = LinearOperator((size, size), matvec=forward, rmatvec=backward, dtype=np.float64)
    start = np.ones(size) / np.sqrt(size)
    u, values, vt = svds(operator, k=_N_TOPICS, v0=start)
    root = np.sqrt(values)
    return scale_p[:, None] * u * root, scale_r[:, None] * vt.T * root


def _centred_unit(matrix: Any) -> Floats:
    dense = np.asarray(matrix)
    dense = dense - dense.mean(axis=0)
    norms = np.linalg.norm(dense, axis=1, keepdims=True)
    return np.asarray(dense / np.maximum(norms, 1e-9))


def _even_sample(n: int, size: int) -> Ints:
    """Return at most `size` positions spread evenly over range(n)."""
    if n <= size:
        return np.arange(n)
    return np.linspace(0, n - 1, size).astype(np.int64)


# ------------------------------------------------------------------ features


def pair_features(
    fit: Fit, reply_of: Ints, rows: Ints | None = None, date_of: Ints | None = None
) -> Floats:
    """Return the features of the pairs (post i, reply `reply_of[i]`).

    Args:
        fit: the archive's similarities.
        reply_of: for each post, the reply that stands beside it, shape (n,).
        rows: the posts to compute for; all where None.
        date_of: for each post, the exchange whose reply date is shown; the post's own where None.

    Returns:
        shape (n_rows, len(FEATURE_NAMES)).
    """
    n = len(fit.texts)
    rows = np.arange(n) if rows is None else rows
    out = np.zeros((len(rows), len(FEATURE_NAMES)))
    agency_rows = _positions_by_agency(fit.texts.agencies)
    for k, name in enumerate(SIMILARITIES):
        block = out[:, k * len(_FIT_NAMES) : (k + 1) * len(_FIT_NAMES)]
        _archive_fit(fit, name, reply_of, rows, block)
        _agency_fit(fit, name, reply_of, rows, agency_rows, block)
    dated = np.arange(n) if date_of is None else date_of
    out[:, len(SIMILARITIES) * len(_FIT_NAMES) :] = _pair_evidence(fit, reply_of, rows, dated)
    return out


def _archive_fit(fit: Fit, name: str, reply_of: Ints, rows: Ints, block: Floats) -> None:
    sample = _even_sample(len(fit.texts), _N_SAMPLE)
    for start in range(0, len(rows), 1_000):
        part = rows[start : start + 1_000]
        replies = reply_of[part]
        own = _own(fit, name, part, replies)
        against_posts = fit.similarity(name, sample, replies).T
        against_replies = fit.similarity(name, part, reply_of[sample])
        chunk = block[start : start + 1_000]
        chunk[:, 0] = own
        for offset, others in ((1, against_posts), (3, against_replies)):
            spread = others.std(axis=1) + 1e-3
            chunk[:, offset] = (own - others.mean(axis=1)) / spread
            better = (others > own[:, None]).sum(axis=1)
            chunk[:, offset + 1] = np.log((better + 0.5) / len(sample))


def _own(fit: Fit, name: str, posts: Ints, replies: Ints) -> Floats:
    own = np.zeros(len(posts))
    # In squares of 100, the waste off the diagonal is small and no per-row call is needed.
    for start in range(0, len(posts), 100):
        stop = start + 100
        own[start:stop] = np.diag(fit.similarity(name, posts[start:stop], replies[start:stop]))
    return own


def _positions_by_agency(agencies: Sequence[str]) -> dict[str, Ints]:
    positions: dict[str, list[int]] = {}
    for position, agency in enumerate(agencies):
        positions.setdefault(agency, []).append(position)
    return {agency: np.array(where, dtype=np.int64) for agency, where in positions.items()}


def _agency_fit(
    fit: Fit, name: str, reply_of: Ints, rows: Ints, agency_rows: dict[str, Ints], block: Floats
) -> None:
    place = np.full(len(fit.texts), -1)
    place[rows] = np.arange(len(rows))
    for members in agency_rows.values():
        if len(members) < 4:
            continue
        others = members[_even_sample(len(members), _N_AGENCY)]
        wanted = members[place[members] >= 0]
        for start in range(0, len(wanted), 1_000):
            part = wanted[start : start + 1_000]
            at = place[part]
            own = block[at, 0]
            itself = part[:, None] == others[None, :]
            posts = np.where(itself, -1.0, fit.similarity(name, others, reply_of[part]).T)
            replies = np.where(itself, -1.0, fit.similarity(name, part, reply_of[others]))
            for offset, values in ((5, posts), (7, replies)):
                better = (values > own[:, None]).sum(axis=1)
                block[at, offset] = np.log((better + 0.5) / len(others))
                block[at, offset + 1] = own - values.max(axis=1)


def _pair_evidence(fit: Fit, reply_of: Ints, rows: Ints, date_of: Ints) -> Floats:
    texts = fit.texts
    post_places = [_places(texts.posts[i]) for i in rows]
    reply_places = [_places(texts.replies[j]) for j in reply_of[rows]]
    out = np.zeros((len(rows), len(_PAIR_NAMES)))
    for k, (i, j) in enumerate(zip(rows.tolist(), reply_of[rows].tolist(), strict=True)):
        shared = len(post_places[k] & reply_places[k])
        out[k, 0] = min(shared, 3)
        out[k, 1] = bool(post_places[k]) and bool(reply_places[k]) and not shared
        out[k, 2] = min(len(reply_places[k]), 5)
        out[k, 3] = min(len(post_places[k]), 5)
        days = texts.reply_days[j]
        posted, replied = texts.posted_day[i], texts.replied_day[date_of[i]]
        if days and not np.isnan(posted):
            out[k, 4] = max(days) < posted - 1
            out[k, 5] = min(abs(day - posted) for day in days) <= 2
        if days and not np.isnan(replied):
            distance = abs(days[-1] - replied)
            out[k, 6] = distance <= 5
            out[k, 7] = distance > 30
    out[:, 8] = fit.log_similar_replies[reply_of[rows]]
    out[:, 9] = fit.log_reply_words[reply_of[rows]]
    lengths = np.fromiter((len(r) for r in texts.replies), dtype=np.float64, count=len(texts))
    out[:, 10] = np.log1p(lengths[reply_of[rows]])
    return out


def _places(text: str) -> set[str]:
    return {match.group()[-4:] for match in _PLACE.finditer(text)}
