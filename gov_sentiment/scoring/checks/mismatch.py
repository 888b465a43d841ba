"""Mismatch: the reply that answers another letter (Yinchuan, April 2025).

The check calibrates itself on the archive that it reads. The pairs as they stand are nearly
all right; pairs whose replies are exchanged within an agency are wrong for certain. A small
gradient boosting learns the difference, each part of the archive judged by a model that has
not seen it, and learns a second time without the pairs that look wrong.
Too small an archive teaches nothing; then the agreement of fixed signs decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from gov_sentiment.scoring.checks.pairing import (
    FEATURE_NAMES,
    Fit,
    Floats,
    Ints,
    PairTexts,
    pair_features,
)

MIN_ARCHIVE: Final = 300  # answered exchanges from which the check learns on the archive
_TRAINING: Final = 6_000
_CUT: Final = 0.80
_MIN_POWER: Final = 0.75  # share of exchanged pairs above the cut that makes it trustworthy
_WEAK_SHARE: Final = 0.02  # without that power, at most this share of the archive is flagged
_FIXED_CUT: Final = 0.5
_MOST_BY_SIGNS: Final = 0.08
_SEED: Final = 20_250_427


@dataclass(frozen=True, slots=True)
class Mismatches:
    """What the check says of n answered exchanges.

    score: that the reply belongs to another post, in [0, 1], shape (n,).
    flagged: shape (n,), bool.
    better_post: position of the post that the reply fits best, shape (n,).
    threshold: the score from which an exchange is flagged.
    learnt: whether the archive was large enough to learn from.
    """

    score: Floats
    flagged: npt.NDArray[np.bool_]
    better_post: Ints
    threshold: float
    learnt: bool


def find_mismatches(texts: PairTexts) -> Mismatches:
    """Return which replies seem to answer another post of the archive.

    Args:
        texts: answered exchanges in an order that does not depend on how they were read.
    """
    n = len(texts)
    if n < 2:
        nothing = np.zeros(n)
        return Mismatches(nothing, nothing > 1, np.zeros(n, dtype=np.int64), 1.0, False)
    rng = np.random.default_rng(_SEED)
    fold = rng.permutation(n) % 3
    fit = Fit(texts, fold)
    shown = np.arange(n)
    features = pair_features(fit, shown)
    if n >= MIN_ARCHIVE:
        score, exchanged = _learn(fit, features, rng)
        threshold = _cut(score, exchanged)
    else:
        score, threshold = _fixed_signs(features)
    flagged = score > threshold
    return Mismatches(score, flagged, _better_posts(fit, flagged), threshold, n >= MIN_ARCHIVE)


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


def _learn(fit: Fit, features: Floats, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Return scores of the archive's pairs and of exchanged pairs, none judged by its own model."""
    n = len(features)
    rows = np.sort(rng.permutation(n)[:_TRAINING])
    own_dates = np.arange(n)
    wrong, wrong_fold = [], []
    agencies = fit.texts.agencies
    # A reply can reach the wrong post with its date or without: teach both.
    for with_date in (False, True):
        moved = exchange_within_agency(agencies, rng)
        dates = moved if with_date else own_dates
        kept = rows[moved[rows] != rows]
        wrong.append(pair_features(fit, moved, kept, dates))
        wrong_fold.append(fit.fold[kept])
    wrong_features, folds = np.concatenate(wrong), np.concatenate(wrong_fold)
    trusted = np.zeros(n, dtype=bool)
    trusted[rows] = True
    score, _ = _cross_fit(features, trusted, fit.fold, wrong_features, folds)
    # Pairs that look wrong taught the first round that wrong is right; the second does without.
    trusted &= score < _CUT
    return _cross_fit(features, trusted, fit.fold, wrong_features, folds)


def _cross_fit(
    features: Floats,
    trusted: npt.NDArray[np.bool_],
    fold: Ints,
    wrong_features: Floats,
    wrong_fold: Ints,
) -> tuple[Floats, Floats]:
    from sklearn.ensemble import HistGradientBoostingClassifier

    score, exchanged = np.zeros(len(features)), np.zeros(len(wrong_features))
    for group in range(3):
        right = features[trusted & (fold != group)]
        bad = wrong_features[wrong_fold != group]
        model = HistGradientBoostingClassifier(
            max_iter=120,
            max_leaf_nodes=8,
            learning_rate=0.07,
            l2_regularization=5.0,
            early_stopping=False,
            random_state=_SEED,
        )
        model.fit(np.concatenate([right, bad]), np.r_[np.zeros(len(right)), np.ones(len(bad))])
        prior = len(right) / max(len(bad), 1)
        held, wrong_held = fold == group, wrong_fold == group
        score[held] = _even_odds(model.predict_proba(features[held])[:, 1], prior)
        exchanged[wrong_held] = _even_odds(
            model.predict_proba(wrong_features[wrong_held])[:, 1], prior
        )
    return score, exchanged


def _even_odds(probability: Floats, prior: float) -> Floats:
    """Return the probability as if right and wrong pairs had been equally many in training.

    Sample weights would say the same, but make scikit-learn's binning ten times as slow.
    """
    scaled = probability * prior
    return np.asarray(scaled / (scaled + 1.0 - probability))


def _cut(score: Floats, exchanged: Floats) -> float:
    """Return the score from which a pair is flagged.

    Where the archive tells exchanged pairs apart well, the cut is fixed. Where it does not
    (one topic, bare formulas), only the most striking pairs are flagged.
    """
    if (exchanged > _CUT).mean() >= _MIN_POWER:
        return _CUT
    return max(_CUT, float(np.quantile(score, 1.0 - _WEAK_SHARE)))


def _fixed_signs(features: Floats) -> tuple[Floats, float]:
    """Return scores and cut by fixed signs, for archives too small to learn from.

    All signs have to hold: hardly a word, a character pair or a place is shared with the post,
    nothing of its title stands in the reply, the reply fits it no better than the average post,
    and the reply is long enough to say something. Where that holds for many, the replies are
    bare formulas, and only the most striking are flagged.
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
    score = np.where(signs, 1.0 - closeness / 4.0, 0.0)
    flagged = float((score > _FIXED_CUT).mean())
    if flagged <= _MOST_BY_SIGNS:
        return score, _FIXED_CUT
    return score, max(_FIXED_CUT, float(np.quantile(score, 1.0 - _WEAK_SHARE)))


def _better_posts(fit: Fit, flagged: npt.NDArray[np.bool_]) -> Ints:
    n = len(fit.texts)
    better = np.arange(n)
    everything = np.arange(n) if n <= 20_000 else np.linspace(0, n - 1, 20_000).astype(np.int64)
    rows = np.flatnonzero(flagged)
    for start in range(0, len(rows), 200):
        part = rows[start : start + 200]
        fits = fit.similarity("words", everything, part)
        fits = fits + fit.similarity("characters", everything, part)
        fits[everything[:, None] == part[None, :]] = -1.0
        better[part] = everything[fits.argmax(axis=0)]
    return better
