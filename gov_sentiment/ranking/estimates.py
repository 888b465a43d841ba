"""From tallies to estimates: each measure of each agency, raw and shrunk."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gov_sentiment.ranking.correct import Calibration, correct_share, shared_stream
from gov_sentiment.ranking.draws import Component
from gov_sentiment.ranking.measures import CLASS_SHARES, FLAG_SHARES, MEANS, MEASURES, Measure
from gov_sentiment.ranking.presets import Preset
from gov_sentiment.ranking.shrink import (
    Posterior,
    shrink_means,
    shrink_rates,
    variances_of_means,
)
from gov_sentiment.ranking.survival import (
    Curves,
    answered_by,
    kaplan_meier,
    median_time,
    restricted_mean,
)
from gov_sentiment.ranking.tallies import MILLION, Tallies, ints

Float = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

COUNTED = "counted"
DETECTED = "detected"
PREDICTED = "predicted"
CORRECTED = "corrected"
# Fewer timed answers than this share, and the waiting times are those of a selection.
LEAST_TIMED = 0.5


@dataclass(frozen=True, slots=True)
class Estimate:
    """One measure of all agencies.

    Attributes:
        measure: what it is.
        raw: observed values, NaN where nothing was observed, (n_agencies,).
        n: how many observations, (n_agencies,).
        posterior: after shrinkage within the peer group, before correction.
        status: "counted", "detected" (by rules), "predicted" (by a model) or "corrected".
    """

    measure: Measure
    raw: Float
    n: Float
    posterior: Posterior
    status: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """Waiting times of all agencies: curves in days and in the clock of the deadline."""

    days: Curves
    clock: Curves
    median_days: Float


def waiting_times(tallies: Tallies) -> Waiting | None:
    """Return the curves of all agencies; None where too few answers have both times."""
    replied = int(tallies.counts("n_replied").sum())
    timed = int(tallies.counts("n_timed_replied").sum())
    if timed == 0 or timed < LEAST_TIMED * replied:
        return None
    times = tallies.times
    group, event, n = (ints(times[name]) for name in ("agency_id", "replied", "n"))
    hours = ints(times["hours"]) / 24.0
    clock = ints(times["clock"]).astype(np.float64)
    days = kaplan_meier(group, hours, event, n, tallies.agencies.num_rows)
    terms = kaplan_meier(group, clock, event, n, tallies.agencies.num_rows)
    return Waiting(days, terms, median_time(days))


def estimate_measures(
    tallies: Tallies,
    waiting: Waiting | None,
    preset: Preset,
    groups: Ints,
    calibration: Calibration,
    *,
    only_answered: bool,
) -> dict[str, Estimate]:
    """Return the estimates of every measure that the archive can tell.

    Args:
        tallies: counts and sums.
        waiting: curves of waiting times; None = the archive has no times.
        preset: deadlines.
        groups: peer group of each agency, 0, 1, …
        calibration: the classifier's errors.
        only_answered: the archive holds only answered letters, so it has no response rate.
    """
    estimates: dict[str, Estimate] = {}
    n_replied = tallies.counts("n_replied").astype(np.float64)
    if not only_answered:
        k = tallies.counts("n_mature_replied").astype(np.float64)
        n = tallies.counts("n_mature").astype(np.float64)
        _add_rate(estimates, "response_rate", k, n, groups, COUNTED)
    for name, (target, classes) in CLASS_SHARES.items():
        known = target in calibration.confusions
        prefix = "type" if target == "reply_type" else target
        total = _sum_columns(tallies, prefix)
        k = np.sum([tallies.counts(f"{prefix}_{each}") for each in classes], axis=0)
        _add_rate(
            estimates, name, k.astype(np.float64), total, groups, CORRECTED if known else PREDICTED
        )
    for name, flag in FLAG_SHARES.items():
        k = tallies.counts(f"flag_{flag}").astype(np.float64)
        _add_rate(estimates, name, k, n_replied, groups, DETECTED)
    for name in MEANS:
        _add_mean(estimates, name, tallies, groups, calibration)
    if waiting is not None:
        _add_times(estimates, waiting, tallies, preset, groups)
    return estimates


def _sum_columns(tallies: Tallies, prefix: str) -> Float:
    names = [name for name in tallies.agencies.column_names if name.startswith(f"{prefix}_")]
    total: Float = np.sum([tallies.counts(name) for name in names], axis=0).astype(np.float64)
    return total


def _add_rate(
    into: dict[str, Estimate], name: str, k: Float, n: Float, groups: Ints, status: str
) -> None:
    if not np.any(n > 0):
        return
    with np.errstate(invalid="ignore", divide="ignore"):
        raw = np.where(n > 0, k / n, np.nan)
    into[name] = Estimate(MEASURES[name], raw, n, shrink_rates(k, n, groups), status)


def _add_mean(
    into: dict[str, Estimate],
    name: str,
    tallies: Tallies,
    groups: Ints,
    calibration: Calibration,
) -> None:
    n = tallies.counts(f"{name}_n").astype(np.float64)
    if not np.any(n > 0):
        return
    measure = MEASURES[name]
    mean, variance = variances_of_means(
        tallies.counts(f"{name}_sum") / MILLION, tallies.counts(f"{name}_squares") / MILLION, n
    )
    error = calibration.errors.get(name)
    if error is not None:
        with np.errstate(invalid="ignore", divide="ignore"):
            variance = variance + np.where(n > 0, error.variance / n, np.nan)
    predicted = PREDICTED if error is None else CORRECTED
    status = COUNTED if name == "satisfaction" else predicted
    posterior = shrink_means(mean, variance, groups, measure.low, measure.high)
    into[name] = Estimate(measure, mean, n, posterior, status)


def _add_times(
    into: dict[str, Estimate], waiting: Waiting, tallies: Tallies, preset: Preset, groups: Ints
) -> None:
    n = tallies.counts("n_timed").astype(np.float64)
    rate, variance = answered_by(waiting.clock, preset.on_time.days)
    lost = _censored_before(tallies, preset.on_time.days)
    with np.errstate(invalid="ignore", divide="ignore"):
        # As many exchanges as a plain share with this variance would have come from.
        worth = np.where(variance > 0, rate * (1.0 - rate) / variance, n - lost)
    worth = np.clip(np.nan_to_num(worth), 0.0, n)
    k = np.clip(np.nan_to_num(rate), 0.0, 1.0) * worth
    posterior = shrink_rates(k, worth, groups)
    into["on_time_rate"] = Estimate(MEASURES["on_time_rate"], rate, worth, posterior, COUNTED)
    mean, spread = restricted_mean(waiting.days, preset.rmst_days)
    with np.errstate(invalid="ignore", divide="ignore"):
        # A pooled variance stands in for part of the own one, as with other means.
        total = np.where(n > 0, spread * n, np.nan)
        pooled = np.nansum(total * n) / max(float(np.sum(n)), 1.0)
        spread = np.where(n > 0, (total * n + 10.0 * pooled) / (n + 10.0) / n, np.nan)
    spread = np.where(n > 0, np.maximum(spread, 1e-9), np.nan)
    shrunk = shrink_means(mean, spread, groups, 0.0, float(preset.rmst_days))
    base = MEASURES["rmst_days"]
    measure = Measure(base.name, base.zh, base.en, 0.0, float(preset.rmst_days), base.better)
    into["rmst_days"] = Estimate(measure, mean, n, shrunk, COUNTED)


def _censored_before(tallies: Tallies, limit: int) -> Float:
    """Return how many exchanges of each agency were still open before `limit` had passed."""
    times = tallies.times
    early = (ints(times["replied"]) == 0) & (ints(times["clock"]) < limit)
    counts = np.bincount(
        ints(times["agency_id"]),
        weights=ints(times["n"]) * early,
        minlength=tallies.agencies.num_rows,
    )
    return counts.astype(np.float64)


def make_components(
    estimates: dict[str, Estimate],
    weights: dict[str, float],
    calibration: Calibration,
    n_draws: int,
    seed: int,
    expected: dict[str, Float],
) -> tuple[list[Component], list[str]]:
    """Return what to draw, and the shares that the classifier cannot tell well enough.

    Args:
        estimates: measures with posteriors.
        weights: measure → weight; they add up to 1.
        calibration: the classifier's errors.
        n_draws: draws for each agency.
        seed: of the run.
        expected: measure → how much easier each agency's cases are.
    """
    components, unstable = [], []
    for name, estimate in sorted(estimates.items()):
        measure = estimate.measure
        correction = shift = None
        if estimate.status == CORRECTED and name in CLASS_SHARES:
            target, classes = CLASS_SHARES[name]
            matrix = calibration.confusions[target]
            correction = correct_share(matrix, classes, n_draws, seed, name)
            if correction is None:
                unstable.append(name)
        elif estimate.status == CORRECTED:
            error = calibration.errors[name]
            noise = shared_stream(f"error:{name}", seed).standard_normal(n_draws)
            shift = error.mean + noise * np.sqrt(error.variance / error.n)
        if name in weights or correction is not None or shift is not None:
            components.append(
                Component(
                    name=name,
                    posterior=estimate.posterior,
                    weight=weights.get(name, 0.0),
                    slope=measure.slope(),
                    offset=measure.offset(),
                    correction=correction,
                    shift=shift,
                    expected=expected.get(name),
                )
            )
    return components, unstable
