"""Ranking from a table of counts: for those who have the monthly notice and no exchanges."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from gov_sentiment import __version__
from gov_sentiment.errors import BadArchive, BadPreset, BadSettings, MissingColumns
from gov_sentiment.ranking.assemble import Inputs, assemble
from gov_sentiment.ranking.draws import Component
from gov_sentiment.ranking.estimates import COUNTED, Estimate
from gov_sentiment.ranking.measures import MEASURES
from gov_sentiment.ranking.notices import Notice
from gov_sentiment.ranking.peers import RULE, kind_of_agency
from gov_sentiment.ranking.presets import load_preset
from gov_sentiment.ranking.result import Ranking
from gov_sentiment.ranking.shrink import NormalPosterior, shrink_rates
from gov_sentiment.ranking.tabular import read_table
from gov_sentiment.ranking.trends import TRENDS_SCHEMA

Float = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_AGENCY: Final = (
    "agency",
    "unit",
    "单位",
    "受理单位",
    "承办单位",
    "办理单位",
    "责任单位",
    "部门",
    "地区",
)
_TOTAL: Final = (
    "n", "total", "n_exchanges", "交办总量", "派遣案件总数", "派遣总数", "工单量", "受理量",
    "受理总量", "总量", "总数", "办件量", "件数", "转办量",
)  # fmt: skip
_GROUP: Final = ("peer_group", "group", "类别", "分组", "组别")
# measure → headers of its rate, headers of its count, headers of its own denominator
_RATE_HEADERS: Final[Mapping[str, tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]]] = {
    "response_rate": (
        ("response_rate", "回应率", "响应率", "回复率", "答复率", "及时接收率"),
        ("n_replied", "回复数", "答复数", "已回复数"),
        (),
    ),
    "on_time_rate": (
        ("on_time_rate", "按时率", "按时反馈率", "按时结案率", "按时办结率"),
        ("按时办结数", "按时结案数", "按时反馈数"),
        (),
    ),
    "closed_rate": (
        ("closed_rate", "办结率", "结案率"),
        ("办结数", "办结量", "结案数"),
        (),
    ),
    "resolved_share": (
        ("resolved_share", "解决率"),
        ("解决数", "解决量"),
        ("回访数", "有效回访数"),
    ),
    "satisfaction": (
        ("satisfaction", "满意率", "satisfaction_rate", "rate"),
        ("满意数", "满意量", "k"),
        ("rated", "评价数", "回访数", "有效回访数"),
    ),
}
_FAILURES: Final = {"satisfaction": (("不满意率",), ("不满意数", "不满意量"))}
_SCORES: Final = {
    "spread": ("spread", "传播力"),
    "service": ("service", "服务力"),
    "interaction": ("interaction", "互动力"),
}
_TOTAL_ROW: Final = re.compile(r"^(合计|总计|小计|平均|total)", re.IGNORECASE)


def rank_counts(
    counts: pa.Table | str | Path,
    *,
    preset: str | Path | None = None,
    weights: Mapping[str, float] | None = None,
    min_n: int = 10,
    peer_group: str | None = None,
    seed: int = 0,
    simultaneous: bool = False,
) -> Ranking:
    """Return the ranking of a table of counts, one row for each agency.

    Args:
        counts: table or file (csv, xlsx, xls, json, parquet) with the agency, how many cases it
            had, and rates (0.975, 97.5 or 97.5%) or counts: 单位, 交办总量, 办结率, 满意率, …
        preset: an index preset; None = equal weights of the measures that are there.
        weights: measure → weight, in the place of a preset.
        min_n: agencies with fewer cases are not ranked.
        peer_group: a column, "rule" for the kind of unit that the name tells, or None.
        seed: of all random draws.
        simultaneous: also give rank sets that hold for all agencies together.

    Raises:
        MissingColumns: no agency, no total, or no measure.
        BadArchive: a cell that is no number, or an impossible one.
        BadPreset: the preset has no measure that is in the table.
    """
    where = "table" if isinstance(counts, pa.Table) else Path(counts).name
    table = counts if isinstance(counts, pa.Table) else read_table(Path(counts))
    columns = {str(name).strip(): table[name].to_pylist() for name in table.column_names}
    agency = _find(columns, _AGENCY)
    if agency is None:
        raise MissingColumns(where, ["agency"], list(columns))
    rows = [
        row
        for row, name in enumerate(columns[agency])
        if name not in (None, "") and not _TOTAL_ROW.match(str(name).strip())
    ]
    columns = {name: [values[row] for row in rows] for name, values in columns.items()}
    names = [str(name).strip() for name in columns[agency]]
    if len(set(names)) < len(names):
        raise BadArchive(f"{where}: an agency stands there twice.\nAdd its rows up first.")
    groups = _groups(columns, peer_group, names)
    codes = np.unique(groups, return_inverse=True)[1].ravel().astype(np.int64)
    total = _find(columns, _TOTAL)
    n = None if total is None else _numbers(columns[total], where, total)
    estimates = _estimates(columns, n, codes, where)
    chosen, dropped, label = _weights(preset, weights, estimates)
    n_cases = np.maximum.reduce([estimate.n for estimate in estimates.values()]) if n is None else n
    parts = [
        Component(name, estimates[name].posterior, weight, measure.slope(), measure.offset())
        for name, weight in chosen.items()
        for measure in (estimates[name].measure,)
    ]
    tables = assemble(
        Inputs(
            names=names,
            groups=list(groups),
            counts={"n_exchanges": n_cases.astype(np.int64)},
            estimates=estimates,
            components=parts,
            median_days=np.full(len(names), np.nan),
            min_n=min_n if n is not None else 0,
            min_shown=1 if n is not None else 0,
            seed=seed,
            simultaneous=simultaneous,
        )
    )
    return Ranking(
        table=tables.table,
        full=tables.full,
        tiers=tables.tiers,
        pairs=tables.pairs,
        trends=TRENDS_SCHEMA.empty_table(),
        notices=tuple(_notices(estimates, n, dropped)),
        settings={
            "version": __version__,
            "from_counts": True,
            "preset": label,
            "weights": chosen,
            "dropped": dropped,
            "min_n": min_n,
            "peer_group": peer_group,
            "seed": seed,
            "draws": tables.n_draws,
            "top_k": tables.top_k,
            "n_agencies": len(names),
            "n_ranked": len(tables.table["rank"].drop_null()),
        },
        tallies=table,
    )


def _find(columns: Mapping[str, Any], headers: Sequence[str]) -> str | None:
    known = {name.lower(): name for name in columns}
    for header in headers:
        if header.lower() in known:
            return known[header.lower()]
    return None


def _groups(
    columns: Mapping[str, list[Any]], peer_group: str | None, names: Sequence[str]
) -> list[str]:
    if peer_group is None:
        return [""] * len(names)
    if peer_group == RULE:
        return [kind_of_agency(name) for name in names]
    found = peer_group if peer_group in columns else None
    if found is None and peer_group == "group":
        found = _find(columns, _GROUP)
    if found is None:
        raise BadSettings(
            f"peer_group: no column {peer_group}.\nColumns found: {', '.join(columns)}."
        )
    return [str(value or "") for value in columns[found]]


def _numbers(values: Sequence[Any], where: str, header: str, share: bool = False) -> Float:
    """Return cells as numbers; a share may be written 0.975, 97.5 or 97.5%."""
    result = np.full(len(values), np.nan)
    percent = False
    for row, value in enumerate(values):
        text = str(value if value is not None else "").strip().replace(",", "").replace("，", "")
        if text in ("", "-", "–", "—", "/", "nan", "None"):
            continue
        percent = percent or text.endswith(("%", "％"))
        try:
            result[row] = float(text.rstrip("%％"))
        except ValueError:
            raise BadArchive(
                f"{where}: row {row + 1} of column {header} is not a number."
            ) from None
    if share and (percent or np.nanmax(result, initial=0.0) > 1.0):
        # One cell above 1 says that the column counts per hundred.
        result = result / 100.0
    top = 1.0 if share else np.inf
    if np.any(result < 0) or np.any(result > top + 1e-9):
        raise BadArchive(f"{where}: column {header} has impossible values.")
    return result


def _estimates(
    columns: Mapping[str, list[Any]],
    n: Float | None,
    groups: Ints,
    where: str,
) -> dict[str, Estimate]:
    estimates: dict[str, Estimate] = {}
    for name, (rates, numbers, denominators) in _RATE_HEADERS.items():
        base = _find(columns, denominators)
        trials = n if base is None else _numbers(columns[base], where, base)
        if trials is None:
            continue
        k = _successes(columns, name, rates, numbers, trials, where)
        if k is None:
            continue
        seen = np.isfinite(k) & np.isfinite(trials) & (trials > 0)
        if np.any(k[seen] > trials[seen] + 1e-9):
            raise BadArchive(f"{where}: {MEASURES[name].en}: more successes than cases.")
        trials, k = np.where(seen, trials, 0.0), np.where(seen, k, 0.0)
        with np.errstate(invalid="ignore", divide="ignore"):
            raw = np.where(seen, k / trials, np.nan)
        posterior = shrink_rates(k, trials, groups)
        estimates[name] = Estimate(MEASURES[name], raw, trials, posterior, COUNTED)
    for name, headers in _SCORES.items():
        found = _find(columns, headers)
        if found is None:
            continue
        score = _numbers(columns[found], where, found)
        if np.any(score > 100.0 + 1e-9):
            raise BadArchive(f"{where}: column {found} has scores above 100.")
        seen = np.isfinite(score)
        center = np.where(seen, score, np.nanmean(score) if seen.any() else 0.0)
        exact = NormalPosterior(center, np.where(seen, 0.0, np.nanstd(score)), 0.0, 100.0)
        estimates[name] = Estimate(MEASURES[name], score, seen.astype(float), exact, COUNTED)
    if not estimates:
        needed = ["a total (交办总量)", "a rate (满意率, 办结率) or its count"]
        raise MissingColumns(where, needed, list(columns))
    return estimates


def _successes(
    columns: Mapping[str, list[Any]],
    name: str,
    rates: Sequence[str],
    numbers: Sequence[str],
    trials: Float,
    where: str,
) -> Float | None:
    """Return counts of successes from a column of counts, of rates, or of failures."""
    found = _find(columns, numbers)
    if found is not None:
        return _numbers(columns[found], where, found)
    found = _find(columns, rates)
    if found is not None:
        return np.round(_numbers(columns[found], where, found, share=True) * trials)
    bad_rates, bad_numbers = _FAILURES.get(name, ((), ()))
    found = _find(columns, bad_numbers)
    if found is not None:
        return trials - _numbers(columns[found], where, found)
    found = _find(columns, bad_rates)
    if found is not None:
        return np.round((1.0 - _numbers(columns[found], where, found, share=True)) * trials)
    return None


def _weights(
    preset: str | Path | None,
    weights: Mapping[str, float] | None,
    estimates: Mapping[str, Estimate],
) -> tuple[dict[str, float], list[str], str]:
    if weights is not None:
        wanted, label = dict(weights), "given"
    elif preset is not None:
        plan = load_preset(preset)
        wanted, label = dict(plan.weights), plan.name
    else:
        wanted, label = dict.fromkeys(estimates, 1.0), "equal"
    kept = {name: weight for name, weight in wanted.items() if name in estimates and weight > 0}
    if not kept:
        raise BadPreset(
            f"{label}: none of its measures is in the table.\n"
            f"The table has: {', '.join(estimates)}."
        )
    total = sum(kept.values())
    dropped = [name for name in wanted if name not in estimates]
    return {name: weight / total for name, weight in kept.items()}, dropped, label


def _notices(
    estimates: Mapping[str, Estimate], n: Float | None, dropped: Sequence[str]
) -> list[Notice]:
    notices = [
        Notice(
            "denominator",
            "统计表里的总量可能是派单数而不是实际评价数；若是，真实的不确定性比区间所示更大。",
            "The table's totals may be cases dispatched, not cases rated; if so, the true "
            "uncertainty is larger than the intervals show.",
        )
    ]
    if n is None or any(name in _SCORES for name in estimates):
        notices.append(
            Notice(
                "no_error",
                "得分没有分母，无法给出误差：名次只是按公布值排列。",
                "Scores without a denominator carry no error: their ranks only repeat what was "
                "published.",
            )
        )
    if dropped:
        notices.append(
            Notice(
                "dropped",
                f"表中没有{'、'.join(MEASURES[name].zh for name in dropped)}，"
                "其权重按比例分给其余各项。",
                f"The table lacks {', '.join(MEASURES[name].en for name in dropped)}; the other "
                "weights were scaled up.",
            )
        )
    for name, estimate in estimates.items():
        if name == "satisfaction" and np.any((estimate.raw >= 1.0) & (estimate.n >= 100)):
            notices.append(
                Notice(
                    "full_satisfaction",
                    "有单位在 100 件以上仍是 100% 满意：请核实评价如何取得。",
                    "An agency has 100 % satisfaction over 100 cases or more: find out how the "
                    "ratings were collected.",
                )
            )
    return notices
