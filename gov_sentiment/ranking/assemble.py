"""Estimates and draws → the ranking's tables; scored tables and tables of counts share it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from gov_sentiment.ranking.draws import (
    Component,
    Drawn,
    RankSummary,
    choose_draws,
    draw_index,
    rank_draws,
    summarise_ranks,
)
from gov_sentiment.ranking.estimates import CORRECTED, Estimate
from gov_sentiment.ranking.result import RANKING_SCHEMA
from gov_sentiment.ranking.shrink import BetaPosterior, wilson
from gov_sentiment.ranking.tiers import (
    count_sure,
    make_tiers,
    neighbour_pairs,
    simultaneous_ranks,
    tier_table,
)

Float = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

MOST_SIMULTANEOUS: Final = 600
_SURE_COUNTS: Final = ("n_surely_better", "n_surely_worse")
_LEVELS: Final = (0.025, 0.975)


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a ranking is made from, agencies in one order throughout.

    Attributes:
        names: agencies.
        groups: peer group of each; "" where there is none.
        counts: `n_exchanges`, `n_replied`, `n_pending` and whatever else goes into the full table.
        estimates: measure → estimate.
        components: what to draw; those with a weight make the index.
        median_days: of each agency, NaN where not reached.
        min_n: fewer exchanges than this are not ranked.
        min_shown: fewer than this show no numbers.
        seed: of the draws.
        simultaneous: also make rank sets that hold together.
        notes: agency's row → remarks.
    """

    names: Sequence[str]
    groups: Sequence[str]
    counts: Mapping[str, Ints]
    estimates: Mapping[str, Estimate]
    components: Sequence[Component]
    median_days: Float
    min_n: int
    min_shown: int
    seed: int
    simultaneous: bool = False
    notes: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables of a ranking."""

    table: pa.Table
    full: pa.Table
    tiers: pa.Table
    pairs: pa.Table
    n_draws: int
    top_k: int


def assemble(inputs: Inputs) -> Tables:
    """Draw, rank and lay out."""
    n = inputs.counts["n_exchanges"]
    n_draws = choose_draws(len(inputs.names))
    ranked = (n >= inputs.min_n) & _has_index(inputs)
    hidden = (n < inputs.min_shown) & ~ranked
    # What shows no numbers needs no draws: most agencies of a national archive are like that.
    drawn = draw_index(inputs.names, inputs.components, n_draws, inputs.seed, ~hidden)
    columns = _measure_columns(inputs, drawn)
    columns.update(_index_columns(inputs, drawn))
    top_k = int(np.clip(np.count_nonzero(ranked) // 10, 1, 10))
    ranks = _rank_columns(inputs, drawn, ranked, top_k)
    columns.update(ranks)
    for name, values in columns.items():
        if not name.endswith(("_raw", "_n")) and values.dtype.kind == "f":
            columns[name] = np.where(hidden, np.nan, values)
    full = _full_table(inputs, columns, _note_texts(inputs, ranked, hidden))
    order = _row_order(full)
    full = full.take(order)
    rows = np.flatnonzero(ranked)
    places: list[int] = rows.tolist()
    names = [inputs.names[row] for row in places]
    groups = [inputs.groups[row] for row in places]
    tiers = columns["tier"][rows].astype(np.int64)
    means = drawn.index_mean[rows]
    points = {
        part.name: _points(part, inputs, drawn)[rows] for part in inputs.components if part.weight
    }
    weights = {part.name: part.weight for part in inputs.components if part.weight}
    return Tables(
        table=full.select(RANKING_SCHEMA.names).cast(RANKING_SCHEMA),
        full=full,
        tiers=tier_table(names, groups, tiers, means),
        pairs=neighbour_pairs(names, groups, drawn.index[rows], means, points, weights, inputs.seed)
        if points
        else pa.table({"above": pa.array([], pa.string())}),
        n_draws=n_draws,
        top_k=top_k,
    )


def _has_index(inputs: Inputs) -> Mask:
    """Return whether any part of the index was observed for each agency."""
    result: Mask = np.zeros(len(inputs.names), dtype=bool)
    for part in inputs.components:
        if part.weight:
            result |= inputs.estimates[part.name].n > 0
    return result


def _points(part: Component, inputs: Inputs, drawn: Drawn) -> Float:
    summary = drawn.summaries.get(part.name)
    value = summary[0] if summary is not None else part.posterior.mean()
    return part.slope * value + part.offset


def _measure_columns(inputs: Inputs, drawn: Drawn) -> dict[str, Float]:
    columns: dict[str, Float] = {}
    for name, estimate in inputs.estimates.items():
        summary = drawn.summaries.get(name)
        if summary is not None:
            value, low, high = summary
        else:
            value = estimate.posterior.mean()
            low, high = estimate.posterior.interval()
        columns[name] = value
        columns[f"{name}_raw"] = estimate.raw
        columns[f"{name}_n"] = estimate.n
        columns[f"{name}_low"], columns[f"{name}_high"] = low, high
        if isinstance(estimate.posterior, BetaPosterior):
            k = np.nan_to_num(estimate.raw) * estimate.n
            bounds = wilson(k, estimate.n)
            columns[f"{name}_wilson_low"], columns[f"{name}_wilson_high"] = bounds
    columns["median_days"] = inputs.median_days
    return columns


def _index_columns(inputs: Inputs, drawn: Drawn) -> dict[str, Float]:
    known = _has_index(inputs)
    columns = {"index": np.where(known, drawn.index_mean, np.nan)}
    columns["index_low"], columns["index_high"] = _quantiles(drawn.index, known)
    if drawn.adjusted is not None and drawn.adjusted_mean is not None:
        columns["index_adjusted"] = np.where(known, drawn.adjusted_mean, np.nan)
        low, high = _quantiles(drawn.adjusted, known)
        columns["index_adjusted_low"], columns["index_adjusted_high"] = low, high
    return columns


def _quantiles(draws: Float, known: Mask) -> tuple[Float, Float]:
    low, high = np.full(len(draws), np.nan), np.full(len(draws), np.nan)
    for start in range(0, len(draws), 10_000):
        part = slice(start, start + 10_000)
        low[part], high[part] = np.quantile(draws[part], _LEVELS, axis=1)
    return np.where(known, low, np.nan), np.where(known, high, np.nan)


def _rank_columns(inputs: Inputs, drawn: Drawn, ranked: Mask, top_k: int) -> dict[str, Any]:
    n = len(inputs.names)
    columns: dict[str, Any] = {
        name: np.full(n, -1, dtype=np.int64)
        for name in (
            "rank",
            "rank_low",
            "rank_high",
            "rank_low90",
            "rank_high90",
            "tier",
            *_SURE_COUNTS,
        )
    }
    columns["p_top"], columns["p_bottom"] = np.full(n, np.nan), np.full(n, np.nan)
    names = np.array(inputs.groups, dtype=object)
    for group in sorted({inputs.groups[row] for row in np.flatnonzero(ranked).tolist()}):
        rows = np.flatnonzero(ranked & (names == group))
        _fill_ranks(columns, rows, _ranks(drawn.index, rows, top_k), "rank")
        columns["tier"][rows] = make_tiers(drawn.index[rows], drawn.index_mean[rows])
        columns["n_surely_better"][rows], columns["n_surely_worse"][rows] = count_sure(
            drawn.index[rows]
        )
        if drawn.adjusted is not None:
            summary = _ranks(drawn.adjusted, rows, top_k)
            _fill_ranks(columns, rows, summary, "rank_adjusted")
        if inputs.simultaneous and len(rows) <= MOST_SIMULTANEOUS:
            low, high = simultaneous_ranks(drawn.index[rows])
            for name, values in (("low", low), ("high", high)):
                column = columns.setdefault(f"rank_simultaneous_{name}", np.full(n, -1))
                column[rows] = values
    rows = np.flatnonzero(ranked)
    if len(set(inputs.groups)) > 1 and len(rows):
        # The effect of grouping: where each would stand among all.
        _fill_ranks(columns, rows, _ranks(drawn.index, rows, top_k), "rank_overall")
    return columns


def _ranks(draws: Float, rows: Ints, top_k: int) -> RankSummary:
    return summarise_ranks(rank_draws(draws[rows]), top_k)


def _fill_ranks(columns: dict[str, Any], rows: Ints, summary: RankSummary, name: str) -> None:
    n = len(columns["rank"])
    parts = {name: summary.median, f"{name}_low": summary.low, f"{name}_high": summary.high}
    if name == "rank":
        parts |= {"rank_low90": summary.low90, "rank_high90": summary.high90}
        columns["p_top"][rows], columns["p_bottom"][rows] = summary.p_top, summary.p_bottom
    for column, values in parts.items():
        columns.setdefault(column, np.full(n, -1, dtype=np.int64))[rows] = values


def _note_texts(inputs: Inputs, ranked: Mask, hidden: Mask) -> list[str]:
    n = inputs.counts["n_exchanges"]
    notes = []
    for row in range(len(inputs.names)):
        parts = [inputs.notes[row]] if row in inputs.notes else []
        if hidden[row]:
            parts.append(f"不足{inputs.min_shown}件，不列数值")
        elif n[row] < inputs.min_n:
            parts.append(f"不足{inputs.min_n}件，不排名")
        elif not ranked[row]:
            parts.append("没有可排名的指标")
        elif n[row] < 100:
            parts.append("不足100件，名次不稳")
        if ranked[row]:
            used = [inputs.estimates[part.name] for part in inputs.components if part.weight]
            parts += [
                f"无{each.measure.zh}数据，取同类平均" for each in used if not each.n[row] > 0
            ]
        notes.append("；".join(parts))
    return notes


def _full_table(inputs: Inputs, columns: Mapping[str, Any], notes: list[str]) -> pa.Table:
    n = len(inputs.names)
    arrays: dict[str, Any] = {
        "agency": pa.array(inputs.names, pa.string()),
        "peer_group": pa.array([group or None for group in inputs.groups], pa.string()),
    }
    for name, values in {**inputs.counts, **columns}.items():
        if values.dtype.kind == "f":
            # Nine decimals: what differs beyond is the arithmetic's, not the agencies'.
            rounded = np.round(values, 9)
            arrays[name] = pa.array(rounded, mask=~np.isfinite(rounded))
        else:
            arrays[name] = pa.array(values, pa.int64(), mask=values < 0)
    arrays["note"] = pa.array(notes, pa.string())
    for field_ in RANKING_SCHEMA:
        if field_.name not in arrays:
            arrays[field_.name] = pa.nulls(n, field_.type)
    first = [name for name in RANKING_SCHEMA.names if name != "note"]
    rest = [name for name in arrays if name not in first and name != "note"]
    names = [*first, "note", *rest]
    return pa.table({name: arrays[name] for name in names})


def _row_order(full: pa.Table) -> pa.Int64Array:
    """Return the rows in the order of print: ranked first, by group, rank and index."""
    keys = zip(
        full["rank"].to_pylist(),
        full["peer_group"].to_pylist(),
        full["index"].to_pylist(),
        full["agency"].to_pylist(),
        strict=True,
    )
    rows = [
        (rank is None, group or "", rank or 0, -(index or 0.0), agency, row)
        for row, (rank, group, index, agency) in enumerate(keys)
    ]
    return pa.array([row[-1] for row in sorted(rows)], pa.int64())


def corrected_names(estimates: Mapping[str, Estimate]) -> list[str]:
    """Return the measures that a labelled sample has corrected."""
    return [name for name, estimate in estimates.items() if estimate.status == CORRECTED]
