"""One exchange's responsiveness: how good the answer was, how soon it came, 0 for silence.

score = 100 · gᵃ · tᵇ with goodness g = (quality − 1) / 4, timeliness t in [0, 1] and the weights
a + b = 1 of the preset: a weighted geometric mean, so that speed cannot buy off an empty answer.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from gov_sentiment.errors import BadPreset
from gov_sentiment.exchange import AGENCY_POST, TIME_ZONE

PRESETS: Final = Path(__file__).parent / "presets"
_DAY: Final = 86_400.0
Float = npt.NDArray[np.float64]


@dataclass(frozen=True)
class ResponsivenessPreset:
    """Weights and deadlines, in days; see `presets/default.toml`."""

    name: str
    dated: str
    quality: float
    timeliness: float
    on_time_days: float
    deadline_days: float
    late_value: float
    silence_days: float


@lru_cache(maxsize=16)
def load_preset(name: str | Path = "default") -> ResponsivenessPreset:
    """Return a preset by its name, or from a TOML file.

    Raises:
        BadPreset: no such preset, or values that make no sense.
    """
    path = Path(name) if str(name).endswith(".toml") else PRESETS / f"{name}.toml"
    if not path.is_file():
        known = ", ".join(sorted(item.stem for item in PRESETS.glob("*.toml")))
        raise BadPreset(f"{path}: no such preset. There are: {known}; or give a .toml file.")
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        return _read_preset(data, path)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadPreset(f"{path}: not a TOML file: {error}.") from error
    except (KeyError, TypeError, ValueError) as error:
        raise BadPreset(f"{path}: setting missing or not a number: {error}.") from error


def _read_preset(data: dict[str, Any], path: Path) -> ResponsivenessPreset:
    preset = ResponsivenessPreset(
        name=str(data["name"]),
        dated=str(data["dated"]),
        quality=float(data["weights"]["quality"]),
        timeliness=float(data["weights"]["timeliness"]),
        on_time_days=float(data["timeliness"]["on_time_days"]),
        deadline_days=float(data["timeliness"]["deadline_days"]),
        late_value=float(data["timeliness"]["late_value"]),
        silence_days=float(data["silence"]["deadline_days"]),
    )
    if min(preset.quality, preset.timeliness) < 0:
        raise BadPreset(f"{path}: weights must not be negative.")
    if abs(preset.quality + preset.timeliness - 1) > 1e-9:
        raise BadPreset(f"{path}: the weights of quality and timeliness must add up to 1.")
    if not 0 <= preset.on_time_days < preset.deadline_days or not 0 <= preset.late_value <= 1:
        raise BadPreset(f"{path}: needs 0 <= on_time_days < deadline_days, late_value in 0-1.")
    return preset


def timeliness(days: Float, preset: ResponsivenessPreset) -> Float:
    """Return how timely answers after `days` are, in [late_value, 1]; NaN where unknown."""
    span = preset.deadline_days - preset.on_time_days
    late = np.clip((days - preset.on_time_days) / span, 0.0, 1.0)
    result: Float = 1.0 - late * (1.0 - preset.late_value)
    return result


def responsiveness(
    batch: pa.RecordBatch | pa.Table,
    quality: pa.Array[Any] | pa.ChunkedArray[Any],
    preset: ResponsivenessPreset,
    as_of: datetime | None = None,
) -> pa.Array[Any]:
    """Return the scores, float64 in [0, 100], null where there is nothing to judge yet.

    Args:
        batch: exchanges.
        quality: `reply_quality`, null where unanswered.
        preset: weights and deadlines.
        as_of: when the archive was exported; without it silence is never scored.

    A reply without both dates is judged by quality alone; an agency's own post by nothing.
    """
    good = np.clip((_floats(quality) - 1.0) / 4.0, 0.0, 1.0)
    posted = seconds(batch["posted_at"])
    days = (seconds(batch["first_replied_at"]) - posted) / _DAY
    timely = timeliness(np.maximum(days, 0.0), preset)
    with np.errstate(invalid="ignore"):
        scored = 100.0 * good**preset.quality * timely**preset.timeliness
    scored = np.where(np.isnan(days), 100.0 * good, scored)
    if as_of is not None:
        local = as_of if as_of.tzinfo else as_of.replace(tzinfo=ZoneInfo(TIME_ZONE))
        waited = (local.timestamp() - posted) / _DAY
        silent = np.isnan(_floats(quality)) & (waited > preset.silence_days)
        scored = np.where(silent, 0.0, scored)
    own = np.array([name == AGENCY_POST for name in batch["channel"].to_pylist()], dtype=bool)
    scored = np.where(own, np.nan, scored)
    return pa.array(np.round(scored, 4), mask=np.isnan(scored))


def seconds(column: pa.Array[Any] | pa.ChunkedArray[Any]) -> Float:
    """Return a timestamp column as seconds since 1970, NaN where null."""
    return _floats(column.cast(pa.timestamp("s")).cast(pa.int64()))


def _floats(column: pa.Array[Any] | pa.ChunkedArray[Any]) -> Float:
    # Arrow turns nulls into NaN by itself when a column of numbers leaves it.
    return np.asarray(column.cast(pa.float64()), dtype=np.float64)
