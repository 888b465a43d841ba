"""Case mix: what the agency does not choose, taken out by indirect standardisation.

A model on the whole table says what an average agency would have done with each exchange, from the
post's intent, category, length, negativity, channel and month; the sum over an agency's
exchanges is what to expect of it. Nothing that the agency controls (wording, speed, staff) is in
the model. The model is fitted on cells of equal exchanges, so it is small whatever the archive.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from scipy.special import expit, logit

from gov_sentiment.ranking.tallies import (
    MILLION,
    SqlEngine,
    Tallies,
    ints,
    section_sql,
    tally_sql,
)

Float = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

FACTORS: Final = ("intent", "sentiment", "channel", "category", "length_class", "month")
ADJUSTED: Final = ("response_rate", "substantive_share", "quality")
_MOST_LEVELS: Final = 40
_RIDGE: Final = 1.0
_STEPS: Final = 25


def expected_values(
    engine: SqlEngine, values: dict[str, int | str], tallies: Tallies
) -> dict[str, Float]:
    """Return how much easier than average each agency's cases are, measure → (n_agencies,).

    Expected minus overall, in the measure's units; 0 where the agency has no such exchange. The
    adjusted value is observed − expected + overall, the additive form of indirect standardisation.
    """
    sql = {**values, "cell_keys": ", ".join(FACTORS), "cell_rows": tally_sql()["cell_rows"]}
    cells = engine.query(section_sql("cells", sql))
    if not cells.num_rows:
        return {}
    codes = [_factor_codes(cells[name], ints(cells["n"])) for name in FACTORS]
    fitted: dict[str, Float] = {}
    overall: dict[str, float] = {}
    for name in ADJUSTED:
        n, k = ints(cells[f"{name}_n"]).astype(float), ints(cells[f"{name}_k"]).astype(float)
        if name == "quality":
            k = k / MILLION
        if n.sum() == 0:
            fitted[name], overall[name] = np.zeros(len(n)), 0.0
            continue
        fitted[name] = fit_cells(codes, n, k, binary=name != "quality")
        overall[name] = float(k.sum() / n.sum())
    exact = {
        name: pa.array(np.floor(fitted[name] * MILLION + 0.5).astype(np.int64)) for name in ADJUSTED
    }
    engine.register("cell_values", pa.table({**{f: cells[f] for f in FACTORS}, **exact}))
    sql["cell_join"] = " AND ".join(f"keyed.{name} = v.{name}" for name in FACTORS)
    expected = engine.query(section_sql("expected", sql))
    return _easier(expected, tallies, overall)


def _easier(expected: pa.Table, tallies: Tallies, overall: dict[str, float]) -> dict[str, Float]:
    trials = {
        "response_rate": tallies.counts("n_mature"),
        "substantive_share": np.sum(
            [tallies.counts(n) for n in tallies.agencies.column_names if n.startswith("type_")],
            axis=0,
        ),
        "quality": tallies.counts("quality_n"),
    }
    result: dict[str, Float] = {}
    for name in ADJUSTED:
        total = ints(expected[f"{name}_e"]) / MILLION
        n = trials[name].astype(float)
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = np.where(n > 0, total / n, overall[name])
        result[name] = mean - overall[name]
    return result


def _factor_codes(column: pa.ChunkedArray[Any], n: Ints) -> tuple[Ints, int]:
    """Return the level of each cell, rare levels taken together, and how many levels there are."""
    encoded = column.combine_chunks().dictionary_encode()
    codes = encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    levels = encoded.dictionary.to_pylist()
    weight = np.bincount(codes, weights=n, minlength=len(levels))
    order = sorted(range(len(levels)), key=lambda level: (-weight[level], str(levels[level])))
    place = np.empty(len(levels), dtype=np.int64)
    for position, level in enumerate(order):
        place[level] = min(position, _MOST_LEVELS - 1)
    return place[codes], min(len(levels), _MOST_LEVELS)


def fit_cells(codes: list[tuple[Ints, int]], n: Float, k: Float, *, binary: bool) -> Float:
    """Return fitted means of the cells: main effects, logistic for rates, else linear.

    Penalised by `1/2 · coefficient²`, by Newton's method (iteratively reweighted least squares).

    Args:
        codes: for each factor the level of each cell, (n_cells,), and the number of levels.
        n: exchanges of each cell.
        k: their successes, or the sum of their values.
        binary: whether the values are 0 and 1.
    """
    offsets = np.cumsum([1] + [size for _, size in codes])
    columns = [np.zeros(len(n), dtype=np.int64)]
    columns += [code + offset for (code, _), offset in zip(codes, offsets[:-1], strict=True)]
    size = int(offsets[-1])
    penalty = np.full(size, _RIDGE)
    penalty[0] = 1e-6
    start = float(k.sum() / n.sum())
    beta = np.zeros(size)
    beta[0] = float(logit(np.clip(start, 1e-6, 1.0 - 1e-6))) if binary else start
    mean = _predict(columns, beta, binary)
    for _ in range(_STEPS if binary else 1):
        weight = n * mean * (1.0 - mean) + 1e-12 if binary else n
        gradient = _cross(columns, k - n * mean, size) - penalty * _free(beta)
        step = np.linalg.solve(_gram(columns, weight, size) + np.diag(penalty), gradient)
        beta += step
        mean = _predict(columns, beta, binary)
        if np.max(np.abs(step)) < 1e-9:
            break
    return mean


def _free(beta: Float) -> Float:
    """Return the coefficients that the penalty draws to zero: all but the constant."""
    result = beta.copy()
    result[0] = 0.0
    return result


def _predict(columns: list[Ints], beta: Float, binary: bool) -> Float:
    line = np.sum([beta[column] for column in columns], axis=0)
    result: Float = expit(line) if binary else line
    return result


def _cross(columns: list[Ints], values: Float, size: int) -> Float:
    result: Float = np.sum(
        [np.bincount(column, weights=values, minlength=size) for column in columns], axis=0
    )
    return result


def _gram(columns: list[Ints], weight: Float, size: int) -> Float:
    """Return Xᵀ W X of the one-hot design without building X."""
    gram = np.zeros(size * size)
    for left in columns:
        for right in columns:
            gram += np.bincount(left * size + right, weights=weight, minlength=size * size)
    return gram.reshape(size, size)
