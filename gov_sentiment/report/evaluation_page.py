"""An evaluation as one page: figures with intervals, classes, confusion, parts and baselines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from gov_sentiment.exchange import TARGET_NAMES
from gov_sentiment.model.evaluate import Evaluation, Slice, TargetReport
from gov_sentiment.model.metrics import UNCERTAIN_LEAD
from gov_sentiment.report.html import render
from gov_sentiment.report.words import CLASSES

Pair = tuple[str, str]

KINDS: Final = {
    "nominal": ("类别", "classes"),
    "ordinal": ("等级", "levels"),
    "numeric": ("数值", "numbers"),
}
# Name, and what it tells.
FIGURES: Final[dict[str, tuple[Pair, Pair]]] = {
    "kappa": (
        ("κ", "κ"),
        ("扣除偶然后的一致程度，1 为完全一致", "agreement beyond chance; 1 is full"),
    ),
    "accuracy": (("准确率", "accuracy"), ("判对的比例", "share of rows that are right")),
    "macro_f1": (
        ("宏平均 F1", "macro F1"),
        ("各类 F1 的平均，大类小类同等", "mean F1, all classes alike"),
    ),
    "calibration_error": (
        ("校准误差", "calibration error"),
        ("所报概率与实际判对比例之差，0 最好", "stated probability against share right; 0 is best"),
    ),
    "brier": (
        ("Brier 分", "Brier score"),
        ("概率的平方误差，0 最好", "squared error of probabilities; 0 is best"),
    ),
    "certain_share": (
        ("确定的占比", "certain"),
        (
            f"最可能的类别领先第二位至少 {UNCERTAIN_LEAD} 的比例",
            f"share of rows whose likeliest class leads by {UNCERTAIN_LEAD} or more",
        ),
    ),
    "certain_accuracy": (
        ("确定者的准确率", "accuracy of the certain"),
        ("确定的各行中判对的比例", "share right among those rows"),
    ),
    "spearman": (("Spearman ρ", "Spearman ρ"), ("次序的相关", "correlation of ranks")),
    "pearson": (("Pearson r", "Pearson r"), ("数值的相关", "correlation of values")),
    "mean_error": (
        ("平均误差", "mean error"),
        ("绝对误差的平均，0 最好", "mean absolute error; 0 is best"),
    ),
    "weighted_kappa": (
        ("加权 κ", "weighted κ"),
        ("等级的一致程度，差得越远扣得越多（平方权）", "agreement on levels, quadratic weights"),
    ),
}
GUESSERS: Final = {
    "majority guess": ("总猜最大的一类", "majority guess"),
    "median guess": ("总猜中位数", "median guess"),
}
_UNNAMED: Final = {"(none)": ("（未标明）", "(none)")}


def render_evaluation_page(evaluation: Evaluation, lang: str = "zh") -> str:
    """Return the page's HTML; it holds figures and names of classes and sources, but no texts.

    Args:
        evaluation: what `model.evaluate` returned.
        lang: the language that the page opens in; it holds both.
    """
    return render(
        "evaluation.html.j2",
        lang,
        scripts=("settings.js",),
        data={},
        where=evaluation.where,
        n_rows=evaluation.n_rows,
        targets=[_target(report) for report in evaluation.targets],
    )


def _called(names: dict[str, Pair], name: str) -> Pair:
    return names.get(name, (name, name))


def _figure_name(name: str) -> Pair:
    return FIGURES[name][0] if name in FIGURES else (name, name)


def _target(report: TargetReport) -> dict[str, Any]:
    return {
        "name": _called(TARGET_NAMES, report.target),
        "kind": _called(KINDS, report.kind),
        "n": report.n,
        "main": _figure_name(report.main),
        "best": report.figures[report.main],
        "figures": [
            (*FIGURES.get(name, ((name, name), ("–", "–"))), figure)
            for name, figure in report.figures.items()
        ],
        "per_class": [(_called(CLASSES, name), *row) for name, row in report.per_class.items()],
        "classes": [_called(CLASSES, name) for name in report.classes],
        "confusion": _shaded(report),
        "parts": [
            (title, _parts(slices))
            for title, slices in (
                (("按来源", "By source"), report.by_source),
                (
                    ("按标题、留言与答复的总字数", "By characters of title, post and reply"),
                    report.by_length,
                ),
            )
            if slices
        ],
        "baselines": [
            {
                "name": _called(GUESSERS, other.name),
                "figures": [(_figure_name(name), value) for name, value in other.figures.items()],
                "p_value": other.p_value,
            }
            for other in report.baselines
        ],
    }


def _parts(slices: Sequence[Slice]) -> list[tuple[Pair, float, int]]:
    return [(_called(_UNNAMED, part.name), part.figure, part.n) for part in slices]


def _shaded(report: TargetReport) -> list[tuple[Pair, list[tuple[int, float]]]]:
    """Return for each true class its counts, each with its share of the row in [0, 1]."""
    rows = zip(report.classes, report.confusion, strict=True)
    return [
        (_called(CLASSES, name), [(count, count / max(sum(counts), 1)) for count in counts])
        for name, counts in rows
    ]
