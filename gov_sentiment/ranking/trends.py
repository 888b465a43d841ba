"""Trends: each agency against its own past."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from scipy.special import ndtri

from gov_sentiment.ranking.shrink import wilson
from gov_sentiment.ranking.tallies import MILLION, ints

Float = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

PERIODS: Final = ("month", "quarter", "none")
_RATES: Final = (
    ("response_rate", "n_mature_replied", "n_mature"),
    ("substantive_share", "n_substantive", "n_typed"),
    ("negative_share", "n_negative", "n_sentiment"),
)
_Z: Final = float(ndtri(0.975))

_FIELDS: Final[list[pa.Field[Any]]] = [
    pa.field("agency", pa.string()),
    pa.field("period", pa.string()),
    pa.field("measure", pa.string()),
    pa.field("n", pa.int64()),
    pa.field("value", pa.float64()),
    pa.field("low", pa.float64()),
    pa.field("high", pa.float64()),
    pa.field("change", pa.float64()),
    pa.field("change_low", pa.float64()),
    pa.field("change_high", pa.float64()),
]
TRENDS_SCHEMA: Final = pa.schema(_FIELDS)


def period_trends(months: pa.Table, period: str, agencies: frozenset[str]) -> pa.Table:
    """Return each agency's measures by month or quarter of the post, raw, with 95 % intervals.

    Args:
        months: the section `periods` of the tallies.
        period: "month" or "quarter".
        agencies: whose rows to make.

    Returns:
        `agency, period` (2024-03 or 2024Q1)`, measure, n, value, low, high` (Wilson's interval for
        rates), and `change` against all earlier periods of the same agency taken together, with
        its interval (normal approximation); null where there is no past.
    """
    keep = np.array([name in agencies for name in months["agency"].to_pylist()], dtype=bool)
    months = months.filter(pa.array(keep))
    if period == "none" or not months.num_rows:
        return TRENDS_SCHEMA.empty_table()
    encoded = months["agency"].combine_chunks().dictionary_encode()
    names = encoded.dictionary.to_pylist()
    agency = encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    when = ints(months["month"]) // (1 if period == "month" else 3)
    # One row for each agency and period, in order; dictionary codes follow the sorted input.
    key, place = np.unique(np.column_stack([agency, when]), axis=0, return_inverse=True)
    place = place.ravel()

    def total(column: str) -> Float:
        counts = np.bincount(place, weights=ints(months[column]), minlength=len(key))
        return counts.astype(np.float64)

    parts = []
    for name, successes, trials in _RATES:
        k, n = total(successes), total(trials)
        low, high = wilson(k, n)
        value, spread = _mean_and_variance(k, k, n)
        parts.append((name, n, value, low, high, *_change(key[:, 0], k, k, n, value, spread)))
    sums, squares, n = (
        total("quality_sum") / MILLION,
        total("quality_squares") / MILLION,
        total("quality_n"),
    )
    value, spread = _mean_and_variance(sums, squares, n)
    reach = _Z * np.sqrt(spread)
    change = _change(key[:, 0], sums, squares, n, value, spread)
    parts.append(("quality", n, value, value - reach, value + reach, *change))
    labels = [_label(int(moment), period) for moment in key[:, 1]]
    agencies_of = [names[code] for code in key[:, 0]]
    return pa.concat_tables([_part_table(agencies_of, labels, *part) for part in parts])


def _label(moment: int, period: str) -> str:
    if period == "month":
        return f"{moment // 12:04d}-{moment % 12 + 1:02d}"
    return f"{moment // 4:04d}Q{moment % 4 + 1}"


def _mean_and_variance(sums: Float, squares: Float, n: Float) -> tuple[Float, Float]:
    """Return the mean and the variance of the mean; one half case is added to keep it above 0."""
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = sums / n
        single = np.maximum(squares / n - mean**2, 0.0) + 0.25 / n
        return np.where(n > 0, mean, np.nan), np.where(n > 0, single / n, np.nan)


def _change(
    agency: Ints, sums: Float, squares: Float, n: Float, value: Float, spread: Float
) -> tuple[Float, Float, Float]:
    first = np.flatnonzero(np.append(True, agency[1:] != agency[:-1]))
    lengths = np.diff(np.append(first, len(agency)))

    def earlier(values: Float) -> Float:
        running = np.cumsum(values) - values
        result: Float = running - np.repeat(running[first], lengths)
        return result

    past, past_spread = _mean_and_variance(earlier(sums), earlier(squares), earlier(n))
    change = value - past
    reach = _Z * np.sqrt(spread + past_spread)
    return change, change - reach, change + reach


def _part_table(
    agencies: list[str], labels: list[str], measure: str, n: Float, *values: Float
) -> pa.Table:
    names = TRENDS_SCHEMA.names[4:]
    columns = {
        name: pa.array(np.round(column, 9), mask=~np.isfinite(column))
        for name, column in zip(names, values, strict=True)
    }
    table = pa.table(
        {
            "agency": pa.array(agencies, pa.string()),
            "period": pa.array(labels, pa.string()),
            "measure": pa.array([measure] * len(labels), pa.string()),
            "n": pa.array(n.astype(np.int64)),
            **columns,
        },
        schema=TRENDS_SCHEMA,
    )
    return table.filter(pa.array(n > 0))
