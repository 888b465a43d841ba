"""Draws from the agencies' posteriors, and the ranks that they give.

Every agency has a random stream of its own, keyed by its name and the seed (Philox, a
counter-based generator): neither the order of the input nor the other agencies change its draws.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from gov_sentiment.ranking.correct import ShareCorrection
from gov_sentiment.ranking.shrink import BetaPosterior, Posterior

Float = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Ranks = npt.NDArray[np.int32]
Mask = npt.NDArray[np.bool_]

MOST_DRAWS: Final = 4000
FEWEST_DRAWS: Final = 200
_CELLS: Final = 40_000_000
_CHUNK_CELLS: Final = 2_000_000


@dataclass(frozen=True, slots=True)
class Component:
    """One measure's posterior, and how a draw of it becomes index points.

    Attributes:
        name: of the measure.
        posterior: of each agency.
        correction: carries the classifier's errors into a share; None = none.
        shift: shared draws that are added to a mean, (n_draws,); None = none.
        weight: of the index; 0 = drawn for its own interval alone.
        slope: index points per unit.
        offset: index points at 0.
        expected: how much easier than average each agency's cases are, in units; None = unknown.
    """

    name: str
    posterior: Posterior
    weight: float
    slope: float
    offset: float
    correction: ShareCorrection | None = None
    shift: Float | None = None
    expected: Float | None = None


@dataclass(frozen=True, slots=True)
class Drawn:
    """What the draws say, agencies in the order given.

    Attributes:
        index: draws of the index, (n_agencies, n_draws).
        adjusted: the same for the adjusted index; None where there is no case mix.
        summaries: measure → (mean, low, high) of draws; for corrected measures.
        index_mean: posterior mean of the index.
        adjusted_mean: the same of the adjusted index.
    """

    index: Float
    adjusted: Float | None
    summaries: Mapping[str, tuple[Float, Float, Float]]
    index_mean: Float
    adjusted_mean: Float | None


def choose_draws(n_agencies: int) -> int:
    """Return how many draws to make: 4,000 up to 10,000 agencies, then fewer, at least 200."""
    return int(np.clip(_CELLS // max(n_agencies, 1), FEWEST_DRAWS, MOST_DRAWS))


def agency_keys(names: Sequence[str], seed: int) -> list[int]:
    """Return the key of each agency's stream, from its name and the seed."""
    salt = f"\0{seed}".encode()
    return [
        int.from_bytes(hashlib.blake2b(name.encode() + salt, digest_size=16).digest(), "little")
        for name in names
    ]


def draw_index(
    names: Sequence[str],
    components: Sequence[Component],
    n_draws: int,
    seed: int,
    wanted: Mask | None = None,
) -> Drawn:
    """Draw the index of every agency.

    Args:
        names: agencies.
        components: the measures of the index, and others with weight 0.
        n_draws: draws for each agency.
        seed: of the run.
        wanted: agencies to draw for, (n_agencies,); the others get zeros. None = all.
    """
    rows = np.arange(len(names)) if wanted is None else np.flatnonzero(wanted)
    keys = agency_keys([names[row] for row in rows.tolist()], seed)
    ordered = sorted(components, key=lambda component: component.name)
    index = np.zeros((len(names), n_draws))
    adjusts = any(component.expected is not None for component in components)
    adjusted = np.zeros_like(index) if adjusts else None
    summaries = {
        component.name: (np.zeros(len(names)), np.zeros(len(names)), np.zeros(len(names)))
        for component in ordered
        if component.correction is not None or component.shift is not None
    }
    size = max(1, _CHUNK_CELLS // n_draws)
    for start in range(0, len(rows), size):
        part = rows[start : start + size]
        values = _draw_part(keys[start : start + size], ordered, part, n_draws)
        points, plain = np.zeros_like(values[0]), np.zeros_like(values[0])
        for component, drawn in zip(ordered, values, strict=True):
            if component.name in summaries:
                _summarise(drawn, summaries[component.name], part)
            if component.weight:
                points += component.weight * (component.slope * drawn + component.offset)
                if adjusted is not None:
                    plain += component.weight * (
                        component.slope * _adjust(component, drawn, part) + component.offset
                    )
        index[part] = points
        if adjusted is not None:
            adjusted[part] = plain
    return Drawn(
        index=index,
        adjusted=adjusted,
        summaries=summaries,
        index_mean=index.mean(axis=1),
        adjusted_mean=None if adjusted is None else adjusted.mean(axis=1),
    )


def _draw_part(
    keys: Sequence[int], components: Sequence[Component], part: Ints, n_draws: int
) -> list[Float]:
    """Return the draws of each component for a part of the agencies."""
    values = [np.empty((len(keys), n_draws)) for _ in components]
    tables: list[tuple[bool, Float, Float]] = []
    for component in components:
        posterior = component.posterior
        if isinstance(posterior, BetaPosterior):
            tables.append((True, posterior.a[part], posterior.b[part]))
        else:
            tables.append((False, posterior.center[part], posterior.spread[part]))
    for row, key in enumerate(keys):
        stream = np.random.Generator(np.random.Philox(key=key))
        for target, (is_beta, first, second) in zip(values, tables, strict=True):
            if is_beta:
                target[row] = stream.beta(first[row], second[row], n_draws)
            else:
                target[row] = stream.standard_normal(n_draws) * second[row] + first[row]
    for place, component in enumerate(components):
        if component.correction is not None:
            values[place] = component.correction.apply(values[place])
        if component.shift is not None:
            values[place] += component.shift
        if not isinstance(component.posterior, BetaPosterior):
            np.clip(
                values[place], component.posterior.low, component.posterior.high, out=values[place]
            )
    return values


def _summarise(drawn: Float, into: tuple[Float, Float, Float], part: Ints) -> None:
    into[0][part] = drawn.mean(axis=1)
    into[1][part], into[2][part] = np.quantile(drawn, [0.025, 0.975], axis=1)


def _adjust(component: Component, drawn: Float, part: Ints) -> Float:
    """Take out of the draws what the agency's case mix explains."""
    if component.expected is None:
        return drawn
    easier = component.expected[part][:, None]
    # Differences, not ratios or odds: near 0 and 1 those blow a case or two up to many places.
    posterior = component.posterior
    if isinstance(posterior, BetaPosterior):
        return np.clip(drawn - easier, 0.0, 1.0)
    return np.clip(drawn - easier, posterior.low, posterior.high)


def rank_draws(values: Float) -> Ranks:
    """Return the rank of each agency in each draw, 1 = the highest, (n_agencies, n_draws).

    Equal values share the best of their ranks, so the order of the input does not matter.
    """
    ranks = np.empty(values.shape, dtype=np.int32)
    places = np.arange(1, len(values) + 1, dtype=np.int32)
    first = np.ones(len(values), dtype=bool)
    for draw in range(values.shape[1]):
        column = -values[:, draw]
        order = np.argsort(column)
        first[1:] = np.diff(column[order]) > 0
        ranks[order, draw] = np.maximum.accumulate(np.where(first, places, 0))
    return ranks


@dataclass(frozen=True, slots=True)
class RankSummary:
    """Ranks of agencies over the draws, (n_agencies,) each."""

    median: Ints
    low: Ints
    high: Ints
    low90: Ints
    high90: Ints
    p_top: Float
    p_bottom: Float


def summarise_ranks(ranks: Ranks, k: int) -> RankSummary:
    """Return median ranks, 95 % and 90 % intervals, and how often in the first and last `k`."""
    n, n_draws = ranks.shape
    ordered = np.sort(ranks, axis=1)

    def place(share: float, rounding: Callable[[float], float]) -> Ints:
        at = int(np.clip(rounding(share * (n_draws - 1)), 0, n_draws - 1))
        result: Ints = ordered[:, at].astype(np.int64)
        return result

    return RankSummary(
        median=place(0.5, np.floor),
        low=place(0.025, np.floor),
        high=place(0.975, np.ceil),
        low90=place(0.05, np.floor),
        high90=place(0.95, np.ceil),
        p_top=np.mean(ranks <= k, axis=1),
        p_bottom=np.mean(ranks > n - k, axis=1),
    )
