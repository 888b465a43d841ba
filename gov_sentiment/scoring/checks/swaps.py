"""A second look at doubtful pairs: would they do better with each other's posts?

Where a reply went to the wrong post, the right reply of that post is missing as well, and stands
beside a third one. So the replies of an agency's doubtful pairs are tried beside the posts of the
others: a post that finds a fitting reply there, and a reply that finds a fitting post, were
probably exchanged. How much that means differs: where one topic is all there is, every reply fits
every post. It is measured on pairs that nobody doubts.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from gov_sentiment.scoring.checks.pair_texts import PairTexts
from gov_sentiment.scoring.checks.pairing import ArchiveFit, Floats, Ints, Pairing

_DOUBTFUL: Final = 0.3
_SURE: Final = 0.1
_N_SURE: Final = 200  # pairs of a shard by which chance is measured
_ROUNDS: Final = 6
# A logistic regression on pairs of three archives (petitions, a message board, a hotline), a tenth
# of their replies exchanged; fitted on any two of them the weights are nearly the same, and so is
# what they find in the third (docs/flags.md).
_OF_SCORE: Final = 1.28
_OF_POST: Final = 0.135
_OF_REPLY: Final = 0.125
_START: Final = -3.4

Score = Callable[[Floats, Ints], Floats]


def second_look(
    fit: ArchiveFit, score: Score, texts: PairTexts, rows: Ints, scores: Floats
) -> Floats:
    """Return the probability that each pair is wrong, 0 for pairs that nobody doubts.

    Args:
        fit: of the archive.
        score: from features and folds of pairs to the probability that they are wrong.
        texts: a shard in which the rows of an agency stand together.
        rows: the pairs to judge, ascending.
        scores: of these pairs at first sight.
    """
    doubtful, sure = rows[scores > _DOUBTFUL], rows[scores <= _SURE]
    sure = sure[:: -(-len(sure) // _N_SURE)] if len(sure) else sure
    found = np.zeros(len(rows))
    if not len(doubtful):
        return found
    for_post, for_reply = fit.best_of(texts, doubtful, sure)
    posts = Tries.of(for_post, _try_out(fit, score, texts, for_post), sure)
    turned = for_reply[:, ::-1]
    replies = Tries.of(for_reply, _try_out(fit, score, texts, turned), sure)
    first = np.minimum(scores[scores > _DOUBTFUL], 1.0 - 1e-3)
    logit = (
        _START
        + _OF_SCORE * np.log(first / (1.0 - first))
        + _OF_POST * posts.evidence(doubtful)
        + _OF_REPLY * replies.evidence(doubtful)
    )
    found[scores > _DOUBTFUL] = 1.0 / (1.0 + np.exp(-logit))
    return found


class Tries:
    """How wrong the best try of each row looked, against the tries of rows that nobody doubts."""

    def __init__(self, wrong: dict[int, float], chance: Floats) -> None:
        self._wrong, self._chance = wrong, chance

    @classmethod
    def of(cls, pairs: Ints, scores: Floats, sure: Ints) -> Tries:
        """Read the tries of the rows `pairs[:, 0]`."""
        by_chance = np.isin(pairs[:, 0], sure)
        return cls(
            dict(zip(pairs[:, 0].tolist(), scores.tolist(), strict=True)),
            np.sort(scores[by_chance]),
        )

    def evidence(self, rows: Ints) -> Floats:
        """Return the log-odds that a try fits, times how rarely one fits so well by chance."""
        wrong = np.array([self._wrong.get(row, 1.0) for row in rows.tolist()])
        below = np.searchsorted(self._chance, wrong, side="right")
        rarity = -np.log(np.maximum((1 + below) / (1 + len(self._chance)), 0.01))
        wrong = np.clip(wrong, 1e-3, 0.5)
        result: Floats = rarity * np.log((1.0 - wrong) / wrong)
        return result


def _try_out(fit: ArchiveFit, score: Score, texts: PairTexts, pairs: Ints) -> Floats:
    """Return how wrong pairs (post, reply) look; with the reply's date, or the own reply's.

    A post is tried with one reply after another, in a few rounds; what is left after them looks
    wrong for certain.
    """
    found, left = np.ones(len(pairs)), np.arange(len(pairs))
    own = np.arange(len(texts))
    for _ in range(_ROUNDS):
        if not len(left):
            break
        posts, first = np.unique(pairs[left, 0], return_index=True)
        now = left[first]
        left = np.setdiff1d(left, now)
        beside = own.copy()
        beside[posts] = pairs[now, 1]
        tried = fit.features(texts, [Pairing(beside, own), Pairing(beside, beside)], posts)
        scores = [score(features, texts.fold[posts]) for features in tried]
        found[now] = np.minimum(*scores)
    return found
