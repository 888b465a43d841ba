"""Mismatch: the reply that answers another letter (Yinchuan, April 2025).

The check calibrates itself on the archive that it reads. The pairs as they stand are nearly
all right; pairs whose replies are exchanged within an agency are wrong for certain. A small
gradient boosting learns the difference, each part of the archive judged by a model that has
not seen it, and learns a second time without the pairs that look wrong.
Too small an archive teaches nothing; then the agreement of fixed signs decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import cycle
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits

from gov_sentiment.scoring.checks.pair_texts import N_FOLDS, PairTexts
from gov_sentiment.scoring.checks.pairing import FEATURE_NAMES, ArchiveFit, Floats, Ints, Pairing
from gov_sentiment.scoring.checks.swaps import second_look
from gov_sentiment.scoring.checks.work import Workers

MIN_ARCHIVE: Final = 300  # answered exchanges from which the check learns on the archive
TRAINING: Final = 6_000  # pairs that it learns from at most
_EXCHANGES: Final = 6  # wrong replies for each of these posts
_DISTRUST: Final = 0.80  # pairs that look as wrong as that teach the second round nothing
_CUT: Final = 0.72
_SECOND_CUT: Final = 0.33
_MIN_POWER: Final = 0.75  # share of exchanged pairs above the cut that makes it trustworthy
_WEAK_SHARE: Final = 0.02  # without that power, at most this share of the archive is flagged
_FIXED_CUT: Final = 0.5
_MOST_BY_SIGNS: Final = 0.08
_SEED: Final = 20_250_427


@dataclass(frozen=True, slots=True)
class Mismatches:
    """The exchanges of a shard that look mismatched.

    rows: their positions in the shard, ascending.
    scores: that the reply belongs to another post, in [0, 1], rounded to six digits.
    better_posts: the id of the post that the reply fits best.
    """

    rows: Ints
    scores: Floats
    better_posts: list[str | None]


@dataclass(frozen=True, slots=True)
class MismatchModel:
    """What was learnt from an archive: enough to judge any shard of it, in any process.

    models: one classifier for each fold, learnt without it; none where fixed signs decide.
    priors: right pairs for each wrong one in that classifier's training.
    threshold: the score above which an exchange is flagged, where it gets no second look (`swaps`),
        which has a cut of its own.
    """

    fit: ArchiveFit
    models: tuple[Any, ...]
    priors: tuple[float, ...]
    threshold: float

    @property
    def learnt(self) -> bool:
        """Whether the archive was large enough to learn from."""
        return bool(self.models)

    @property
    def tells_apart(self) -> bool:
        """Whether the archive taught enough for the fixed cut, and so for a second look."""
        return self.learnt and self.threshold == _CUT

    def judge(self, texts: PairTexts, rows: Ints) -> Mismatches:
        """Return which of `rows` of a shard look mismatched."""
        pairing = Pairing.as_it_stands(len(texts))
        (features,) = self.fit.features(texts, [pairing], rows)
        scores, threshold = self._scores(features, texts.fold[rows]), self.threshold
        if self.tells_apart:
            scores = second_look(self.fit, self._scores, texts, rows, scores)
            threshold = _SECOND_CUT
        flagged = np.flatnonzero(scores > threshold)
        rows = rows[flagged]
        better = self.fit.better_posts(texts, rows) if len(rows) else []
        return Mismatches(rows, np.round(scores[flagged], 6), better)

    def _scores(self, features: Floats, fold: Ints) -> Floats:
        if not self.learnt:
            return _fixed_signs(features)
        return _Judges(self.models, self.priors).scores(features, fold)


@dataclass(frozen=True, slots=True)
class Lesson:
    """Features of right and wrong pairs of one shard, and the folds of their posts.

    right, wrong: shapes (n_right, n_features) and (n_wrong, n_features).
    """

    right: Floats
    right_fold: Ints
    wrong: Floats
    wrong_fold: Ints


def make_lesson(fit: ArchiveFit, texts: PairTexts, rows: Ints, number: int) -> Lesson:
    """Return what some pairs of a shard teach, as they stand and exchanged.

    Args:
        fit: of the archive.
        texts: whole agencies.
        rows: the exchanges to learn from, ascending.
        number: of the lesson, for another exchange in each.
    """
    rng = np.random.default_rng([_SEED, number])
    as_it_stands = Pairing.as_it_stands(len(texts))
    # A reply can reach the wrong post with its date or without: teach both.
    moved = [exchange_within_agency(texts.agencies, rng) for _ in range(_EXCHANGES)]
    exchanged = [
        Pairing(order, order if dated else as_it_stands.date_of)
        for order, dated in zip(moved, cycle((False, True)), strict=False)
    ]
    right, *wrong = fit.features(texts, [as_it_stands, *exchanged], rows)
    kept = [pairing.reply_of[rows] != rows for pairing in exchanged]
    fold = texts.fold[rows]
    return Lesson(
        right,
        fold,
        np.concatenate([some[which] for some, which in zip(wrong, kept, strict=True)]),
        np.concatenate([fold[which] for which in kept]),
    )


def learn_signs(fit: ArchiveFit, texts: PairTexts, rows: Ints) -> MismatchModel:
    """Return the model of an archive that is too small to learn from: fixed signs.

    Args:
        fit: of the archive.
        texts: all of it.
        rows: the exchanges that the cut is set on.
    """
    (features,) = fit.features(texts, [Pairing.as_it_stands(len(texts))], rows)
    return MismatchModel(fit, (), (), _fixed_cut(_fixed_signs(features)))


def learn_mismatches(fit: ArchiveFit, lessons: Sequence[Lesson], workers: Workers) -> MismatchModel:
    """Return what an archive teaches of right and wrong pairs.

    Args:
        fit: of the archive.
        lessons: of some of its shards.
        workers: where the classifiers learn.
    """
    lesson = Lesson(
        *(
            np.concatenate([getattr(one, field) for one in lessons])
            for field in ("right", "right_fold", "wrong", "wrong_fold")
        )
    )
    judges = _Judges.learn(lesson, workers)
    # Pairs that look wrong taught the first round that wrong is right; the second does without.
    trusted = judges.scores(lesson.right, lesson.right_fold) < _DISTRUST
    believed = replace(lesson, right=lesson.right[trusted], right_fold=lesson.right_fold[trusted])
    judges = _Judges.learn(believed, workers)
    scores = judges.scores(lesson.right, lesson.right_fold)
    exchanged = judges.scores(lesson.wrong, lesson.wrong_fold)
    return MismatchModel(fit, judges.models, judges.priors, _cut(scores, exchanged))


def exchange_within_agency(agencies: list[str], rng: np.random.Generator) -> Ints:
    """Return for each position another of the same agency (or of the archive, for a lone one).

    Every agency's replies are dealt round in a random cycle, so no reply stays at its post.
    """
    groups: dict[str, list[int]] = {}
    for position, agency in enumerate(agencies):
        groups.setdefault(agency, []).append(position)
    out = np.arange(len(agencies))
    alone: list[int] = []
    for members in groups.values():
        if len(members) == 1:
            alone += members
            continue
        order = rng.permutation(np.array(members))
        out[order] = np.roll(order, 1)
    if len(alone) > 1:
        order = rng.permutation(np.array(alone))
        out[order] = np.roll(order, 1)
    return out


@dataclass(frozen=True, slots=True)
class _Judges:
    """One classifier for each fold, learnt without it, and its training's prior."""

    models: tuple[Any, ...]
    priors: tuple[float, ...]

    @classmethod
    def learn(cls, lesson: Lesson, workers: Workers) -> _Judges:
        found = list(workers.map(_classifier, range(N_FOLDS), lesson))
        return cls(tuple(model for model, _ in found), tuple(prior for _, prior in found))

    def scores(self, features: Floats, fold: Ints) -> Floats:
        """Return the probability of a wrong pair as if right and wrong had been equally many.

        Sample weights would say the same, but make scikit-learn's binning ten times as slow.
        """
        scores = np.zeros(len(features))
        for group, (model, prior) in enumerate(zip(self.models, self.priors, strict=True)):
            held = np.flatnonzero(fold == group)
            if len(held):
                wrong = model.predict_proba(features[held])[:, 1]
                scores[held] = wrong * prior / (wrong * prior + 1.0 - wrong)
        return scores


def _classifier(lesson: Lesson, group: int) -> tuple[Any, float]:
    """Return a classifier learnt without one fold, and right pairs for each wrong one."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    good, bad = lesson.right[lesson.right_fold != group], lesson.wrong[lesson.wrong_fold != group]
    model = HistGradientBoostingClassifier(
        max_iter=120,
        max_leaf_nodes=8,
        learning_rate=0.07,
        l2_regularization=5.0,
        early_stopping=False,
        random_state=_SEED,
    )
    # Its own threads were not known when the others were limited.
    with threadpool_limits(1):
        model.fit(np.concatenate([good, bad]), np.r_[np.zeros(len(good)), np.ones(len(bad))])
    return model, len(good) / max(len(bad), 1)


def _cut(scores: Floats, exchanged: Floats) -> float:
    """Return the score above which a pair is flagged.

    Where the archive tells exchanged pairs apart well, the cut is fixed. Where it does not
    (one topic, bare formulas), only the most striking pairs are flagged.
    """
    if (exchanged > _CUT).mean() >= _MIN_POWER:
        return _CUT
    return max(_CUT, float(np.quantile(scores, 1.0 - _WEAK_SHARE)))


def _fixed_signs(features: Floats) -> Floats:
    """Return scores by fixed signs, for archives too small to learn from.

    All signs have to hold: hardly a word, a character pair or a place is shared with the post,
    nothing of its title stands in the reply, the reply fits it no better than the average post,
    and the reply is long enough to say something.
    """
    column = {name: features[:, k] for k, name in enumerate(FEATURE_NAMES)}
    signs = (
        (column["words_own"] < 0.04)
        & (column["characters_own"] < 0.06)
        & (column["title_own"] < 0.02)
        & (column["words_z_posts"] < 0.5)
        & (column["characters_z_posts"] < 0.8)
        & (column["shared_places"] == 0)
        & (column["log_reply_words"] > np.log(15))
    )
    closeness = column["words_own"] / 0.04 + column["characters_own"] / 0.06
    return np.where(signs, 1.0 - closeness / 4.0, 0.0)


def _fixed_cut(scores: Floats) -> float:
    """Return the cut for fixed signs: where they hold for many, the replies are bare formulas."""
    flagged: npt.NDArray[np.bool_] = scores > _FIXED_CUT
    if flagged.mean() <= _MOST_BY_SIGNS:
        return _FIXED_CUT
    return max(_FIXED_CUT, float(np.quantile(scores, 1.0 - _WEAK_SHARE)))
