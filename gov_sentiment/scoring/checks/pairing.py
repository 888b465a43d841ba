"""How well each reply fits its own post, against how well it fits others of the archive.

Everything is measured relative to the archive: a share of other posts that the reply fits
better, a distance from the mean in standard deviations. So the numbers mean the same in an
archive about one gas company and in one about a whole city.

What "others" are: a sample of the archive, and the same agency's exchanges. An archive is judged
in shards that hold whole agencies (`shards`), each against the same `ArchiveFit`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from gov_sentiment.scoring.checks.association import Association
from gov_sentiment.scoring.checks.pair_texts import PairTexts
from gov_sentiment.scoring.checks.similarity import (
    DenseSimilarity,
    Similarity,
    SparseSimilarity,
)

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

AGENCY_SAMPLE: Final = 1_000  # exchanges of the agency that a pair is held against
_N_SAMPLE: Final = 1_000  # the same of the archive
_BLOCK: Final = 512
_SMALLEST_AGENCY: Final = 4
_FEWEST_DOUBTFUL: Final = 2
_NEARLY_THE_SAME: Final = 0.85
_RARE: Final = 0.8  # of the weight that a term has which the sample does not know

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
    "days_to_reply",
    "rare_words_shared",
    "rare_pairs_shared",
)
FEATURE_NAMES: Final = (
    *(f"{similarity}_{name}" for similarity in SIMILARITIES for name in _FIT_NAMES),
    *_PAIR_NAMES,
)

_PLACE: Final = re.compile(
    r"[一-鿿A-Za-z0-9]{1,3}?(?:大道|街道|小区|花园|花苑|家园|公园|学校|小学|中学|大学|幼儿园|医院"
    r"|大厦|广场|号线|公司|路|街|弄|村|镇|乡|苑|站|桥|河|县|区)"
)


@dataclass(frozen=True, slots=True)
class Pairing:
    """Which reply stands beside each post.

    reply_of: the reply of each exchange, shape (n,).
    date_of: the exchange whose reply date is shown, shape (n,).
    """

    reply_of: Ints
    date_of: Ints

    @classmethod
    def as_it_stands(cls, n: int) -> Pairing:
        """Return the pairs as the archive shows them."""
        return cls(np.arange(n), np.arange(n))


class ArchiveFit:
    """What the features need of the whole archive, learnt from a sample of it.

    Args:
        sample: answered exchanges in an order that has nothing to do with their content.
    """

    def __init__(self, sample: PairTexts) -> None:
        self._word_scale = _rarity(sample.post_words, sample.reply_words)
        self._bigram_scale = _rarity(sample.post_bigrams, sample.reply_bigrams)
        self._association = Association(sample.post_words, sample.reply_words, sample.fold)
        few = sample.rows(np.arange(min(len(sample), 2 * _N_SAMPLE)))
        self._similar = _scaled(few.reply_words, self._word_scale)
        few = few.rows(np.arange(min(len(few), _N_SAMPLE)))
        self._ids, self._fold = few.ids, few.fold
        self._sparse = self._sparse_rows(few)
        self._places = self._association.places(few.post_words, few.reply_words)

    def _sparse_rows(self, texts: PairTexts) -> dict[str, tuple[sp.csr_matrix, sp.csr_matrix]]:
        """Return posts and replies, weighted for each of the similarities by shared terms."""
        title = _scaled(texts.title_words, self._word_scale)
        said = texts.reply_words.copy()
        said.data = np.ones_like(said.data)
        return {
            "words": (
                _scaled(texts.post_words, self._word_scale),
                _scaled(texts.reply_words, self._word_scale),
            ),
            "characters": (
                _scaled(texts.post_bigrams, self._bigram_scale),
                _scaled(texts.reply_bigrams, self._bigram_scale),
            ),
            "title": (title.multiply(title).tocsr(), said),
        }

    def _similarities(self, texts: PairTexts) -> dict[str, Similarity]:
        shard = self._sparse_rows(texts)
        found: dict[str, Similarity] = {
            name: SparseSimilarity(*shard[name], *self._sparse[name]) for name in shard
        }
        places = self._association.places(texts.post_words, texts.reply_words)
        found["association"] = DenseSimilarity(places, texts.fold, self._places, self._fold)
        return found

    def features(self, texts: PairTexts, pairings: Sequence[Pairing], rows: Ints) -> list[Floats]:
        """Return the features of the pairs (post i, reply `reply_of[i]`) of each pairing.

        Args:
            texts: a shard in which the rows of an agency stand together; they are judged
                against its first `AGENCY_SAMPLE`.
            pairings: which reply stands beside each post of the shard.
            rows: the posts to compute for, ascending.

        Returns:
            an array of shape (n_rows, len(FEATURE_NAMES)) for each pairing.
        """
        shown = np.unique(np.concatenate([pairing.reply_of[rows] for pairing in pairings]))
        out = [np.zeros((len(texts), len(FEATURE_NAMES))) for _ in pairings]
        similarities = self._similarities(texts)
        agencies = _agency_runs(texts.agencies)
        for k, name in enumerate(SIMILARITIES):
            at = k * len(_FIT_NAMES)
            blocks = [features[:, at : at + len(_FIT_NAMES)] for features in out]
            for block, pairing in zip(blocks, pairings, strict=True):
                block[:, 0] = similarities[name].own(pairing.reply_of)
            _archive_fit(similarities[name], pairings, rows, shown, blocks)
            for members in agencies:
                _agency_fit(similarities[name], pairings, members, rows, shown, blocks)
        evidence = _Evidence(
            texts, rows, shown, self._log_similar(texts, shown), self._rare_terms(texts)
        )
        for features, pairing in zip(out, pairings, strict=True):
            features[rows, len(SIMILARITIES) * len(_FIT_NAMES) :] = evidence.of(pairing, rows)
        return [features[rows] for features in out]

    def _rare_terms(self, texts: PairTexts) -> list[tuple[sp.csr_matrix, sp.csr_matrix]]:
        """Return which rare words and character pairs stand in posts and replies."""
        return [
            (_rare(posts, scale), _rare(replies, scale))
            for posts, replies, scale in (
                (texts.post_words, texts.reply_words, self._word_scale),
                (texts.post_bigrams, texts.reply_bigrams, self._bigram_scale),
            )
        ]

    def best_of(self, texts: PairTexts, doubtful: Ints, sure: Ints) -> tuple[Ints, Ints]:
        """Return which reply of a doubtful pair fits a post best but its own, and the reverse.

        Args:
            texts: a shard in which the rows of an agency stand together.
            doubtful: rows whose posts and replies may belong to others, ascending.
            sure: rows that are compared with them as well, ascending.

        Returns:
            (row, the doubtful row whose reply its post fits best) and (row, the doubtful row whose
            post its reply fits best), both of shape (n, 2), for the rows of agencies with
            two doubtful ones and more.
        """
        similarities = self._similarities(texts)
        for_post: list[Ints] = []
        for_reply: list[Ints] = []
        for members in _agency_runs(texts.agencies):
            others = _inside(doubtful, members)
            if len(others) < _FEWEST_DOUBTFUL:
                continue
            rows = np.concatenate([others, _inside(sure, members)])
            own = np.arange(len(others))
            for found, fits in (
                (for_post, _likeness(similarities, rows, others)),
                (for_reply, _likeness(similarities, others, rows).T),
            ):
                fits[own, own] = -np.inf
                found.append(np.column_stack([rows, others[fits.argmax(axis=1)]]))
        nothing = np.zeros((0, 2), dtype=np.int64)
        return np.concatenate([nothing, *for_post]), np.concatenate([nothing, *for_reply])

    def better_posts(self, texts: PairTexts, rows: Ints) -> list[str | None]:
        """Return the id of the post that each reply fits best but its own, of shard and sample."""
        shard = self._sparse_rows(texts)
        similarities = {
            name: SparseSimilarity(*shard[name], *self._sparse[name])
            for name in ("words", "characters")
        }
        ids = np.array([*texts.ids, *self._ids], dtype=object)
        better: list[str | None] = []
        for start in range(0, len(rows), _BLOCK):
            some = rows[start : start + _BLOCK]
            fits = similarities["words"].to_posts(some) + similarities["characters"].to_posts(some)
            for fit, row in zip(fits, some.tolist(), strict=True):
                fit[ids == texts.ids[row]] = -1.0
                better.append(ids[fit.argmax()])
        return better

    def _log_similar(self, texts: PairTexts, rows: Ints) -> Floats:
        """Return log(1 + how many sampled replies are nearly the same) for some replies."""
        replies = _scaled(texts.reply_words[rows], self._word_scale)
        sample = self._similar.T.tocsr()
        counts = np.zeros(len(texts))
        for start in range(0, len(rows), _BLOCK):
            product = replies[start : start + _BLOCK] @ sample
            near = np.append(0, np.cumsum(product.data > _NEARLY_THE_SAME))
            counts[rows[start : start + _BLOCK]] = np.diff(near[product.indptr])
        return np.log1p(counts)


def _rarity(posts: sp.csr_matrix, replies: sp.csr_matrix) -> npt.NDArray[np.float32]:
    """Return a weight for each term: how rare it is among posts and among replies.

    A term of the replies' officialese is common there and weighs little, even where citizens
    hardly use it: the weight is the geometric mean of both idf.
    """
    n = posts.shape[0]
    weight = np.ones(posts.shape[1])
    for matrix in (posts, replies):
        frequency = np.bincount(matrix.indices, minlength=posts.shape[1])
        weight *= np.maximum(np.log((n + 1) / (np.maximum(frequency, 1) + 0.5)), 0.0)
    return np.sqrt(weight).astype(np.float32)


def _scaled(counts: sp.csr_matrix, scale: npt.NDArray[np.float32]) -> sp.csr_matrix:
    """Return unit rows of damped counts times the terms' weights."""
    data = (1.0 + np.log(counts.data)) * scale[counts.indices]
    matrix = sp.csr_matrix((data, counts.indices, counts.indptr), shape=counts.shape)
    norms = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    norms[norms == 0] = 1.0
    matrix.data /= np.repeat(norms, np.diff(matrix.indptr))
    return matrix


def _rare(counts: sp.csr_matrix, scale: npt.NDArray[np.float32]) -> sp.csr_matrix:
    """Return ones where a term stands that is in few texts of the sample, zeros elsewhere."""
    data = (scale[counts.indices] >= _RARE * scale.max()).astype(np.float64)
    return sp.csr_matrix((data, counts.indices, counts.indptr), shape=counts.shape)


def _agency_runs(agencies: Sequence[str]) -> list[range]:
    """Return where each agency's rows stand, agencies of too few rows left aside."""
    runs, start = [], 0
    for _, group in groupby(agencies):
        stop = start + sum(1 for _ in group)
        if stop - start >= _SMALLEST_AGENCY:
            runs.append(range(start, stop))
        start = stop
    return runs


def _archive_fit(
    similarity: Similarity,
    pairings: Sequence[Pairing],
    rows: Ints,
    shown: Ints,
    blocks: Sequence[Floats],
) -> None:
    """Fill the features that hold each pair against a sample of the archive."""
    for part in _blocks(rows):
        replies = similarity.to_sample_replies(part)
        size = replies.shape[1]
        centre, spread = replies.mean(axis=1), replies.std(axis=1) + 1e-3
        for block in blocks:
            own = block[part, 0]
            block[part, 3] = (own - centre) / spread
            block[part, 4] = _log_share(replies, own, size)
    for part in _blocks(shown):
        posts = similarity.to_sample_posts(part)
        size = posts.shape[1]
        centre, spread = posts.mean(axis=1), posts.std(axis=1) + 1e-3
        for block, pairing in zip(blocks, pairings, strict=True):
            beside, reply = _beside(pairing.reply_of, rows, part)
            own = block[beside, 0]
            block[beside, 1] = (own - centre[reply]) / spread[reply]
            block[beside, 2] = _log_share(posts[reply], own, size)


def _agency_fit(
    similarity: Similarity,
    pairings: Sequence[Pairing],
    members: range,
    rows: Ints,
    shown: Ints,
    blocks: Sequence[Floats],
) -> None:
    """Fill the features that hold each pair against others of the same agency."""
    rows, shown = _inside(rows, members), _inside(shown, members)
    others = np.arange(members.start, min(members.start + AGENCY_SAMPLE, members.stop))
    sample = slice(int(others[0]), int(others[-1]) + 1)
    posts: Floats | None = None
    for part in _blocks(rows):
        replies = similarity.within(part, sample)
        if np.array_equal(part, others):
            # With all members in one part, replies against posts is the same table, turned.
            posts = replies.T
        for block, pairing in zip(blocks, pairings, strict=True):
            own = block[part, 0]
            values = np.where(pairing.reply_of[part, None] == others, -1.0, replies)
            block[part, 7] = _log_share(values, own, len(others))
            block[part, 8] = own - values.max(axis=1)
    for part in _blocks(shown):
        table = posts if posts is not None and np.array_equal(part, others) else None
        if table is None:
            table = similarity.within(sample, part).T
        for block, pairing in zip(blocks, pairings, strict=True):
            beside, reply = _beside(pairing.reply_of, rows, part)
            own = block[beside, 0]
            values = np.where(beside[:, None] == others, -1.0, table[reply])
            block[beside, 5] = _log_share(values, own, len(others))
            block[beside, 6] = own - values.max(axis=1)


def _likeness(similarities: Mapping[str, Similarity], posts: Ints, replies: Ints) -> Floats:
    """Return how well some posts and some replies fit by shared terms and by association."""
    shared = [similarities[name].within(posts, replies) for name in ("words", "characters")]
    return shared[0] + shared[1] + 0.5 * similarities["association"].within(posts, replies)


def _blocks(rows: Ints) -> Iterator[Ints]:
    return (rows[start : start + _BLOCK] for start in range(0, len(rows), _BLOCK))


def _inside(rows: Ints, members: range) -> Ints:
    """Return those of some ascending rows that lie in a range."""
    first, last = np.searchsorted(rows, [members.start, members.stop])
    return rows[first:last]


def _log_share(others: Floats, own: Floats, size: int) -> Floats:
    """Return the logarithm of the share of others that fit better than the own text."""
    better = np.count_nonzero(others > own[:, None], axis=1)
    return np.asarray(np.log((better + 0.5) / size))


def _beside(reply_of: Ints, posts: Ints, replies: Ints) -> tuple[Ints, Ints]:
    """Return the posts beside which some replies are shown, and each one's place among these."""
    place = np.searchsorted(replies, reply_of[posts])
    found = np.flatnonzero(replies[np.minimum(place, len(replies) - 1)] == reply_of[posts])
    return posts[found], place[found]


class _Evidence:
    """What two texts and their dates say of each other, whatever the archive is like."""

    def __init__(
        self,
        texts: PairTexts,
        posts: Ints,
        shown: Ints,
        log_similar: Floats,
        rare: Sequence[tuple[sp.csr_matrix, sp.csr_matrix]],
    ) -> None:
        self._texts = texts
        self._log_similar = log_similar
        self._post_places = {i: _places(texts.posts[i]) for i in posts.tolist()}
        self._reply_places = {i: _places(texts.replies[i]) for i in shown.tolist()}
        words = np.diff(texts.reply_words.indptr)
        lengths = np.fromiter((len(r) for r in texts.replies), dtype=np.float64, count=len(texts))
        self._log_words, self._log_lengths = np.log1p(words), np.log1p(lengths)
        self._rare = rare

    def of(self, pairing: Pairing, rows: Ints) -> Floats:
        """Return the evidence of some pairs, shape (n_rows, 14)."""
        out = np.zeros((len(rows), len(_PAIR_NAMES)))
        beside = pairing.reply_of[rows]
        for k, (i, j) in enumerate(zip(rows.tolist(), beside.tolist(), strict=True)):
            post_places, reply_places = self._post_places[i], self._reply_places[j]
            shared = len(post_places & reply_places)
            out[k, 0] = min(shared, 3)
            out[k, 1] = bool(post_places) and bool(reply_places) and not shared
            out[k, 2] = min(len(reply_places), 5)
            out[k, 3] = min(len(post_places), 5)
            if self._texts.reply_days[j]:
                out[k, 4:8] = self._dates(i, j, int(pairing.date_of[i]))
        out[:, 8] = self._log_similar[beside]
        out[:, 9] = self._log_words[beside]
        out[:, 10] = self._log_lengths[beside]
        out[:, 11] = self._texts.replied_day[pairing.date_of[rows]] - self._texts.posted_day[rows]
        for column, (posts, replies) in enumerate(self._rare, 12):
            shared = posts[rows].multiply(replies[beside])
            out[:, column] = np.asarray(shared.sum(axis=1)).ravel()
        return out

    def _dates(self, post: int, reply: int, dated: int) -> tuple[bool, bool, bool, bool]:
        """Return what the dates in the reply's text say beside the dates of post and reply."""
        days = self._texts.reply_days[reply]
        posted, replied = self._texts.posted_day[post], self._texts.replied_day[dated]
        before = near = False
        if not np.isnan(posted):
            before = max(days) < posted - 1
            near = min(abs(day - posted) for day in days) <= 2
        distance = np.nan if np.isnan(replied) else abs(days[-1] - replied)
        return before, near, bool(distance <= 5), bool(distance > 30)


def _places(text: str) -> set[str]:
    return {match.group()[-4:] for match in _PLACE.finditer(text)}
