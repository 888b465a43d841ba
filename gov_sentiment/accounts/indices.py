"""Published indices of accounts, as dated presets (accounts/presets/*.toml)."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np

from gov_sentiment.accounts.result import IndexInfo
from gov_sentiment.archive.messages import AccountMessage

_FOLDER: Final = Path(__file__).parent / "presets"
BCI: Final = "bci"
WCI: Final = "wci-14.2"


@cache
def load_indices() -> Mapping[str, Mapping[str, Any]]:
    """Return the presets by name, sorted."""
    files = sorted(_FOLDER.glob("*.toml"))
    return {f.stem: tomllib.loads(f.read_text(encoding="utf-8")) for f in files}


def list_indices() -> tuple[IndexInfo, ...]:
    """Return what each preset says of itself."""
    names = ("name", "title", "title_en", "dated", "source", "mark", "note", "note_en")
    return tuple(IndexInfo(**{n: raw[n] for n in names}) for raw in load_indices().values())


def has_counts(posts: Sequence[AccountMessage], needed: Sequence[str]) -> bool:
    """Tell whether every post has the counts that an index needs."""
    return bool(posts) and all(
        (post.headline is not None) if name == "headline" else name in post.counts
        for post in posts
        for name in needed
    )


def bci(posts: Sequence[AccountMessage]) -> float | None:
    """Return (0.2·W1 + 0.8·W2)·160 with the preset's weights; None without the counts."""
    preset = load_indices()[BCI]
    if not has_counts(posts, preset["needs"]):
        return None
    engagement = sum(
        weight * math.log(sum(post.counts[name] for post in posts) + 1)
        for name, weight in preset["weights"].items()
    )
    volume = preset["posts"] * math.log(len(posts) + 1)
    return float((volume + preset["engagement"] * engagement) * preset["scale"])


def wci(posts: Sequence[AccountMessage], days: float) -> float | None:
    """Return WCI V14.2 over a period of `days`; None without reads and places in the push."""
    preset = load_indices()[WCI]
    if not has_counts(posts, preset["needs"]) or not days > 0:
        return None
    heads = [post for post in posts if post.headline]
    names = tuple(preset["weights"])

    def total(which: Sequence[AccountMessage]) -> dict[str, float]:
        return {name: float(sum(post.counts[name] for post in which)) for name in names}

    def per(values: Mapping[str, float], divisor: float) -> dict[str, float]:
        return {name: value / divisor for name, value in values.items()}

    peak = {name: float(max(post.counts[name] for post in posts)) for name in names}
    parts = (
        (preset["per_day"], per(total(posts), days)),
        (preset["per_article"], per(total(posts), len(posts))),
        (preset["headline"], per(total(heads), days)),
        (preset["peak"], peak),
    )
    score = sum(weight * _g(values, preset["weights"]) for weight, values in parts)
    return float(score**2 * preset["scale"])


def _g(values: Mapping[str, float], weights: Mapping[str, float]) -> float:
    return (
        weights["reads"] * math.log(values["reads"] + 1)
        + weights["recommends"] * math.log(10 * values["recommends"] + 1)
        + weights["likes"] * math.log(10 * values["likes"] + 1)
        + weights["reposts"] * math.log(10 * values["reposts"] + 1)
    )


def style_indices(
    spread: Sequence[float | None],
    service: Sequence[float | None],
    interaction: Sequence[float | None],
) -> dict[str, list[float | None]]:
    """Return each weibo-style preset's value per account.

    Parts become percentiles (0–100, mid-ranks) among the accounts that have all three; fewer than
    two such accounts have no percentiles, so no index.
    """
    parts = list(zip(spread, service, interaction, strict=True))
    known = [i for i, part in enumerate(parts) if None not in part]
    values = np.array([parts[i] for i in known], dtype=np.float64).reshape(len(known), 3)
    ranks = np.column_stack([_percentiles(column) for column in values.T]) if len(known) else values
    results: dict[str, list[float | None]] = {}
    for name, preset in load_indices().items():
        if not name.startswith("weibo-style"):
            continue
        weights = np.array(
            [preset["weights"][part] for part in ("spread", "service", "interaction")]
        )
        row: list[float | None] = [None] * len(parts)
        if len(known) > 1:
            for place, rank in zip(known, ranks, strict=True):
                row[place] = float(rank @ weights)
        results[name] = row
    return results


def _percentiles(values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    order = np.sort(values)
    below = np.searchsorted(order, values, "left") + np.searchsorted(order, values, "right")
    result: np.ndarray[Any, Any] = 100.0 * below / (2.0 * len(values))
    return result
