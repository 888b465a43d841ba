"""An evaluation as text for a terminal, in columns that line up with Chinese words too."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gov_sentiment.model.evaluate import Evaluation, TargetReport

# Gives what people call a target, class, figure or word of the text; `str` leaves it English.
Called = Callable[[str], str]


def pad(text: str, columns: int, *, right: bool = False) -> str:
    """Return the text filled up with spaces; Chinese characters take two terminal columns.

    Args:
        text: what to show.
        columns: the width to reach; a wider text stays whole.
        right: whether the text stands at the right end.
    """
    taken = sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
    gap = " " * (columns - taken)
    return gap + text if right else text + gap


def evaluation_text(evaluation: Evaluation, called: Called = str) -> str:
    """Return the figures of all targets, each named by `called`."""
    return "\n\n".join(_target(report, called) for report in evaluation.targets)


def _target(report: TargetReport, called: Called) -> str:
    lines = [f"{called(report.target)} ({called(report.kind)}, {report.n} {called('rows')})"]
    lines += [f"  {pad(called(name), 18)} {figure}" for name, figure in report.figures.items()]
    if report.per_class:
        head = (("precision", 9), ("recall", 7), ("F1", 6), ("n", 6))
        cells = [pad(called(name), columns, right=True) for name, columns in head]
        lines.append(f"  {pad(called('class'), 18)} {' '.join(cells)}")
        lines += [
            f"  {pad(called(name), 18)} {p:9.3f} {r:7.3f} {f:6.3f} {n:6d}"
            for name, (p, r, f, n) in report.per_class.items()
        ]
    for title, slices in (("source", report.by_source), ("length", report.by_length)):
        lines += [
            f"  {called(title)} {pad(called(part.name), 14)} "
            f"{called(report.main)} {part.figure:.3f} (n {part.n})"
            for part in slices
        ]
    for other in report.baselines:
        figures = ", ".join(f"{called(name)} {value:.3f}" for name, value in other.figures.items())
        p = "" if other.p_value is None else f"; McNemar p {other.p_value:.3g}"
        lines.append(f"  {called('beside')}: {called(other.name)}: {figures}{p}")
    return "\n".join(lines)
