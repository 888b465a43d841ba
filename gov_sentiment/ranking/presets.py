"""Index presets: dated weights and deadlines, each a TOML file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from gov_sentiment.errors import BadPreset
from gov_sentiment.ranking.measures import MEASURES

FOLDER: Final = Path(__file__).parent / "presets"
_DEADLINES: Final = "deadlines"


@dataclass(frozen=True, slots=True)
class Deadline:
    """A term for an answer: `days` of `unit` ("working" or "calendar") after the post."""

    name: str
    days: int
    unit: str
    dated: str
    title: str
    title_en: str


@dataclass(frozen=True, slots=True)
class Preset:
    """What an index is made of.

    Attributes:
        name: what `--preset` calls it.
        title: one line for people, Chinese.
        title_en: the same in English.
        dated: day of the weights or of their source, ISO.
        source: where the weights come from.
        note: reasons and cautions.
        weights: measure → weight; they add up to 1.
        on_time: the term of the on-time rate.
        final: the term after which an unanswered post counts as unanswered.
        rmst_days: horizon of the restricted mean waiting time, calendar days.
    """

    name: str
    title: str
    title_en: str
    dated: str
    source: str
    note: str
    weights: Mapping[str, float]
    on_time: Deadline
    final: Deadline
    rmst_days: int


def list_presets() -> tuple[Preset, ...]:
    """Return the presets that come with the package, the default first."""
    names = sorted(path.stem for path in FOLDER.glob("*.toml") if path.stem != _DEADLINES)
    return tuple(load_preset(name) for name in sorted(names, key=lambda name: name != "default"))


def list_deadlines() -> tuple[Deadline, ...]:
    """Return the deadlines that a preset can name."""
    path = FOLDER / f"{_DEADLINES}.toml"
    return tuple(_deadline(entry, name, path) for name, entry in _read_toml(path).items())


def load_preset(name_or_path: str | Path = "default") -> Preset:
    """Return a preset by its name, or from a file that ends in .toml.

    Raises:
        BadPreset: there is none of that name, or a setting makes no sense.
    """
    given = str(name_or_path)
    path = Path(given) if given.endswith(".toml") else FOLDER / f"{given}.toml"
    if not path.is_file() or path.stem == _DEADLINES:
        known = sorted(item.stem for item in FOLDER.glob("*.toml") if item.stem != _DEADLINES)
        raise BadPreset(
            f"{given}: no such preset.\nThere are: {', '.join(known)}; or give a .toml file."
        )
    data = _read_toml(path)
    try:
        return Preset(
            name=str(data["name"]),
            title=str(data["title"]),
            title_en=str(data.get("title_en", data["title"])),
            dated=str(data["dated"]),
            source=str(data.get("source", "")),
            note=str(data.get("note", "")).strip(),
            weights=_weights(data["component"], path),
            on_time=_named_deadline(data.get("on_time", "local-15wd"), path),
            final=_named_deadline(data.get("final", "petition-60d"), path),
            rmst_days=_positive(data.get("rmst_days", 60), "rmst_days", path),
        )
    except KeyError as error:
        raise BadPreset(
            f"{path.name}: setting {error} is missing.\nCopy one of the bundled presets."
        ) from error


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadPreset(f"{path.name}: not a TOML file: {error}.") from error


def _weights(components: Any, path: Path) -> dict[str, float]:
    weights: dict[str, float] = {}
    if not isinstance(components, list) or not components:
        raise BadPreset(f"{path.name}: needs at least one [[component]] with measure and weight.")
    for component in components:
        name, weight = component["measure"], component["weight"]
        if name not in MEASURES:
            raise BadPreset(f"{path.name}: no measure {name!r}.\nThere are: {', '.join(MEASURES)}.")
        if isinstance(weight, bool) or not isinstance(weight, int | float) or not weight > 0:
            raise BadPreset(f"{path.name}: the weight of {name} must be a number above 0.")
        if name in weights:
            raise BadPreset(f"{path.name}: {name} stands there twice.")
        weights[name] = float(weight)
    total = sum(weights.values())
    return {name: weight / total for name, weight in weights.items()}


def _named_deadline(value: Any, path: Path) -> Deadline:
    if isinstance(value, dict):
        return _deadline({"title": "own term", "dated": "", **value}, "own", path)
    for deadline in list_deadlines():
        if deadline.name == value:
            return deadline
    known = ", ".join(deadline.name for deadline in list_deadlines())
    raise BadPreset(f"{path.name}: no deadline {value!r}.\nThere are: {known}.")


def _deadline(entry: Mapping[str, Any], name: str, path: Path) -> Deadline:
    if entry.get("unit") not in ("working", "calendar"):
        raise BadPreset(f"{path.name}: deadline {name}: unit must be working or calendar.")
    return Deadline(
        name=name,
        days=_positive(entry.get("days"), f"deadline {name}: days", path),
        unit=str(entry["unit"]),
        dated=str(entry["dated"]),
        title=str(entry["title"]),
        title_en=str(entry.get("title_en", entry["title"])),
    )


def _positive(value: Any, what: str, path: Path) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= 3650:
        raise BadPreset(f"{path.name}: {what} must be a whole number of days, 1 to 3650.")
    return value
