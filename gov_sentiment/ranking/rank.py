"""From a scored table to a ranking."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from gov_sentiment import __version__
from gov_sentiment.errors import BadPreset, BadScores, BadSettings
from gov_sentiment.exchange import TIME_ZONE, run_info
from gov_sentiment.ranking.assemble import Inputs, assemble, corrected_names
from gov_sentiment.ranking.casemix import expected_values
from gov_sentiment.ranking.correct import Calibration, calibrate_on, calibration_of_model
from gov_sentiment.ranking.draws import choose_draws
from gov_sentiment.ranking.estimates import (
    PREDICTED,
    Estimate,
    estimate_measures,
    make_components,
    waiting_times,
)
from gov_sentiment.ranking.measures import MEASURES, PUBLISHED
from gov_sentiment.ranking.notices import Notice, data_notices, setting_notices
from gov_sentiment.ranking.peers import RULE, kind_of_agency
from gov_sentiment.ranking.presets import Preset, load_preset
from gov_sentiment.ranking.result import Ranking
from gov_sentiment.ranking.tallies import (
    DuckDbEngine,
    Source,
    SqlEngine,
    Tallies,
    collect_tallies,
    parquet_files,
    read_overview,
    section_sql,
    source_schema,
)
from gov_sentiment.ranking.trends import PERIODS, TRENDS_SCHEMA, period_trends
from gov_sentiment.ranking.workdays import calendar, years_without_notice

Float = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_DAY: Final = 86_400
_EPOCH: Final = datetime(1970, 1, 1)
_LAST_DAY: Final = 47_482  # 2100-01-01
_FEWEST_TO_JUDGE: Final = 30
_MOST_TRENDS: Final = 20_000
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True, slots=True)
class _Moment:
    """The export's moment in local seconds, and whether it had to be guessed."""

    seconds: int
    guessed: bool

    def text(self) -> str:
        return (_EPOCH + timedelta(seconds=self.seconds)).isoformat()


def rank_agencies(
    scored: Source,
    *,
    preset: str | Path = "default",
    min_n: int = 30,
    peer_group: str | None = None,
    as_of: datetime | None = None,
    calibrate: str | Path | pa.Table | None = None,
    adjust: bool = True,
    seed: int = 0,
    trends: str = "month",
    simultaneous: bool = False,
    min_shown: int = 10,
    threads: int | None = None,
    memory: str | None = None,
    engine: SqlEngine | None = None,
) -> Ranking:
    """Return the ranking of the agencies of a scored table.

    Args:
        scored: a scored table, or Parquet files or folders of them, which are read out of core.
        preset: name of an index preset, or a TOML file.
        min_n: agencies with fewer exchanges are not ranked.
        peer_group: a column of the scored table, or "rule" to read the kind of unit from its
            name; agencies are then shrunk towards and ranked among their peers. None = one group.
        as_of: when the archive was exported, in local time; None = what the table says of itself,
            else the latest time in it.
        calibrate: a labelled sample of this archive, which corrects the classifier's errors; None =
            by the model's card where the table carries it.
        adjust: also rank after taking out case mix (intent, category, length, negativity,
            channel, month).
        seed: of all random draws.
        trends: "month", "quarter" or "none".
        simultaneous: also give rank sets that hold for all agencies together.
        min_shown: agencies with fewer exchanges show counts alone.
        threads: of DuckDB; None = all cores.
        memory: DuckDB's limit, such as "3GB"; None = most of the machine's.
        engine: where the SQL runs; None = DuckDB in this process. Sees a view `scored`.

    Raises:
        BadScores: not a scored table.
        BadPreset: no such preset, or one whose measures a scored table cannot hold.
        BadSettings: a setting that makes no sense.
        BadLabels: the labelled sample does not fit.
    """
    settings = _Settings(
        preset=load_preset(preset),
        min_n=min_n,
        peer_group=peer_group,
        as_of=as_of,
        calibrate=calibrate,
        adjust=adjust,
        seed=seed,
        trends=trends,
        simultaneous=simultaneous,
        min_shown=min_shown,
    )
    _check_settings(settings)
    if engine is not None:
        return _rank(engine, _info(scored), settings)
    with closing(DuckDbEngine(scored, threads, memory)) as own:
        return _rank(own, _info(scored), settings)


@dataclass(frozen=True, slots=True)
class _Settings:
    """The arguments of `rank_agencies`."""

    preset: Preset
    min_n: int
    peer_group: str | None
    as_of: datetime | None
    calibrate: str | Path | pa.Table | None
    adjust: bool
    seed: int
    trends: str
    simultaneous: bool
    min_shown: int


def _check_settings(settings: _Settings) -> None:
    if settings.min_n < 1 or settings.min_shown < 1:
        raise BadSettings("min_n and min_shown must be at least 1.")
    if settings.trends not in PERIODS:
        raise BadSettings(f"trends: {settings.trends!r} is none of {', '.join(PERIODS)}.")
    group = settings.peer_group
    if group is not None and group != RULE and not _NAME.fullmatch(group):
        raise BadSettings(
            f"peer_group: {group!r} is no column of a scored table.\n"
            f'Name one (region, channel, category), or "{RULE}" to go by the agency\'s name.'
        )
    published = [name for name in settings.preset.weights if name in PUBLISHED]
    if published:
        raise BadPreset(
            f"{settings.preset.name}: {', '.join(published)} cannot be measured from exchanges.\n"
            "This preset is for a table of published scores: rank_counts."
        )


def _info(scored: Source) -> dict[str, Any]:
    """Return the run info of a table, or of several files taken together."""
    if isinstance(scored, pa.Table):
        return run_info(scored.schema)
    infos = [run_info(source_schema(file)) for file in parquet_files(scored)]
    moments = sorted(str(info["as_of"]) for info in infos if info.get("as_of"))
    merged = dict(infos[0])
    if moments:
        merged["as_of"] = moments[-1]
    models = {repr(info.get("model")) for info in infos}
    if len(models) > 1:
        raise BadScores(
            "The scored tables come from different models, so their scores do not compare.\n"
            "Score them again with one model."
        )
    return merged


def _rank(engine: SqlEngine, info: Mapping[str, Any], settings: _Settings) -> Ranking:
    preset = settings.preset
    overview = read_overview(engine)
    moment = _moment(settings.as_of, info, overview)
    days = _day_range(overview, moment)
    engine.register("calendar", calendar(*days))
    values = _sql_values(preset, moment)
    tallies = collect_tallies(engine, values, overview)
    names = tallies.names()
    groups = _peer_groups(engine, values, settings.peer_group, names)
    calibration = _calibration(engine, info, settings)
    only_answered = _only_answered(tallies)
    waiting = waiting_times(tallies)
    estimates = estimate_measures(
        tallies, waiting, preset, _codes(groups), calibration, only_answered=only_answered
    )
    weights, dropped = _weights(preset, estimates)
    expected = expected_values(engine, values, tallies) if settings.adjust and names else {}
    components, unstable = make_components(
        estimates, weights, calibration, choose_draws(len(names)), settings.seed, expected
    )
    n = tallies.counts("n_exchanges")
    tables = assemble(
        Inputs(
            names=names,
            groups=groups,
            counts=_count_columns(tallies),
            estimates=estimates,
            components=components,
            median_days=np.full(len(names), np.nan) if waiting is None else waiting.median_days,
            min_n=settings.min_n,
            min_shown=settings.min_shown,
            seed=settings.seed,
            simultaneous=settings.simultaneous,
        )
    )
    predicted = sorted(
        name
        for name, estimate in estimates.items()
        if estimate.status == PREDICTED and name in {*weights, "negative_share"}
    )
    notices = data_notices(tallies, estimates, preset, only_answered=only_answered)
    notices += setting_notices(
        as_of_guessed=moment.guessed,
        years=years_without_notice(*days) if preset.on_time.unit == "working" else (),
        dropped=dropped,
        unstable=unstable,
        predicted=predicted,
        corrected_by=calibration.source,
        n_unranked=int(np.count_nonzero(n < settings.min_n)),
        min_n=settings.min_n,
        names=MEASURES,
    )
    return Ranking(
        table=tables.table,
        full=tables.full,
        tiers=tables.tiers,
        pairs=tables.pairs,
        trends=_trends(engine, values, settings, tallies, notices),
        notices=tuple(notices),
        settings={
            **_describe(settings, info, overview, moment, calibration, weights),
            "corrected": sorted(set(corrected_names(estimates)) - set(unstable)),
            "dropped": dropped,
            "draws": tables.n_draws,
            "top_k": tables.top_k,
            "n_agencies": len(names),
            "n_ranked": int(tables.table["rank"].drop_null().__len__()),
        },
        tallies=tallies.agencies,
    )


def _moment(
    given: datetime | None, info: Mapping[str, Any], overview: Mapping[str, Any]
) -> _Moment:
    moment = given
    if moment is None and info.get("as_of"):
        moment = datetime.fromisoformat(str(info["as_of"]))
    if moment is not None:
        if moment.tzinfo is not None:
            moment = moment.astimezone(ZoneInfo(TIME_ZONE)).replace(tzinfo=None)
        return _Moment(int((moment - _EPOCH).total_seconds()), guessed=False)
    times = [overview["last_posted_s"], overview["last_replied_s"]]
    known = [int(value) for value in times if value is not None]
    return _Moment(max(known, default=0), guessed=bool(known))


def _day_range(overview: Mapping[str, Any], moment: _Moment) -> tuple[int, int]:
    """Return the first and the last day of the calendar, held to 1970–2099."""
    times = [overview[f"{which}_s"] for which in ("first_posted", "last_posted", "last_replied")]
    days = [int(value) // _DAY for value in (*times, moment.seconds) if value is not None]
    kept = [day for day in days if 0 <= day <= _LAST_DAY] or [0]
    return min(kept), max(kept)


def _sql_values(preset: Preset, moment: _Moment) -> dict[str, int | str]:
    # Longer waits than this are all the same to every measure but the median.
    cap = max(preset.rmst_days, preset.on_time.days, 400) + 1
    return {
        "as_of_s": moment.seconds,
        "as_of_day": moment.seconds // _DAY,
        "final_days": preset.final.days,
        "working": int(preset.on_time.unit == "working"),
        "cap_hours": 24 * cap,
        "cap_days": cap,
    }


def _peer_groups(
    engine: SqlEngine, values: dict[str, int | str], peer_group: str | None, names: list[str]
) -> list[str]:
    if peer_group is None:
        return [""] * len(names)
    if peer_group == RULE:
        return [kind_of_agency(name) for name in names]
    columns = engine.query("SELECT * FROM scored LIMIT 0").column_names
    if peer_group not in columns:
        raise BadSettings(
            f"peer_group: the scored table has no column {peer_group}.\n"
            f"Columns found: {', '.join(columns)}."
        )
    found = engine.query(section_sql("groups", {**values, "column": peer_group}))
    known = {row["agency"]: str(row["peer_group"]) for row in found.to_pylist()}
    return [known.get(name, "") for name in names]


def _codes(groups: list[str]) -> Ints:
    places = {group: place for place, group in enumerate(sorted(set(groups)))}
    return np.array([places[group] for group in groups], dtype=np.int64)


def _calibration(engine: SqlEngine, info: Mapping[str, Any], settings: _Settings) -> Calibration:
    if settings.calibrate is None:
        return calibration_of_model(info)
    from gov_sentiment.model.labelled import read_labelled

    data = read_labelled(settings.calibrate)
    keys = pa.table(
        {"label_id": pa.array(map(str, data.columns.get("exchange_id", ())), pa.string())}
    )
    engine.register("label_ids", keys)
    rows = engine.query(
        "SELECT s.* FROM scored s JOIN (SELECT DISTINCT label_id FROM label_ids) l "
        "ON s.exchange_id = l.label_id ORDER BY s.exchange_id"
    )
    return calibrate_on(settings.calibrate, rows)


def _only_answered(tallies: Tallies) -> bool:
    n, replied = tallies.counts("n_exchanges").sum(), tallies.counts("n_replied").sum()
    return bool(n == replied and n >= _FEWEST_TO_JUDGE)


def _weights(
    preset: Preset, estimates: Mapping[str, Estimate]
) -> tuple[dict[str, float], list[str]]:
    """Return the weights of the measures that are there, adding up to 1, and what is missing."""
    kept = {name: weight for name, weight in preset.weights.items() if name in estimates}
    total = sum(kept.values())
    dropped = [name for name in preset.weights if name not in estimates]
    return {name: weight / total for name, weight in kept.items()}, dropped


def _count_columns(tallies: Tallies) -> dict[str, Ints]:
    names = ("n_exchanges", "n_replied", "n_pending", "n_mature", "n_timed", "n_bad_time")
    counts = {name: tallies.counts(name) for name in names}
    own = dict(
        zip(
            tallies.own_posts["agency"].to_pylist(),
            tallies.own_posts["n_own"].to_pylist(),
            strict=True,
        )
    )
    counts["n_own_posts"] = np.array([own.get(name, 0) for name in tallies.names()], dtype=np.int64)
    return counts


def _trends(
    engine: SqlEngine,
    values: dict[str, int | str],
    settings: _Settings,
    tallies: Tallies,
    notices: list[Notice],
) -> pa.Table:
    enough = tallies.counts("n_exchanges") >= settings.min_shown
    agencies = frozenset(name for name, shown in zip(tallies.names(), enough, strict=True) if shown)
    if settings.trends != "none" and len(agencies) > _MOST_TRENDS:
        notices.append(
            Notice(
                "no_trends",
                f"单位超过 {_MOST_TRENDS:,} 个，不计算趋势。",
                f"More than {_MOST_TRENDS:,} agencies: no trends.",
            )
        )
        agencies = frozenset()
    if settings.trends == "none" or not agencies:
        return TRENDS_SCHEMA.empty_table()
    months = engine.query(section_sql("periods", values))
    return period_trends(months, settings.trends, agencies)


def _model_name(info: Mapping[str, Any]) -> dict[str, Any]:
    """Return the model's name and hash; its confusion matrices stay with the scored table."""
    model = info.get("model")
    known = model if isinstance(model, Mapping) else {}
    return {key: known[key] for key in ("name", "hash") if key in known}


def _describe(
    settings: _Settings,
    info: Mapping[str, Any],
    overview: Mapping[str, Any],
    moment: _Moment,
    calibration: Calibration,
    weights: Mapping[str, float],
) -> dict[str, Any]:
    preset = settings.preset
    return {
        "version": __version__,
        "preset": preset.name,
        "preset_dated": preset.dated,
        "weights": dict(weights),
        "on_time": {"days": preset.on_time.days, "unit": preset.on_time.unit},
        "final_days": preset.final.days,
        "rmst_days": preset.rmst_days,
        "as_of": moment.text(),
        "as_of_guessed": moment.guessed,
        "min_n": settings.min_n,
        "min_shown": settings.min_shown,
        "peer_group": settings.peer_group,
        "seed": settings.seed,
        "adjusted": settings.adjust,
        "calibration": calibration.source,
        "model": _model_name(info),
        "rows": overview["n_rows"],
        "no_agency": overview["n_no_agency"],
        "own_posts": overview["n_own"],
    }
