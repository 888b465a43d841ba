"""How good a model is on labelled rows: figures with intervals, beside a baseline."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from gov_sentiment.errors import BadLabels
from gov_sentiment.model.classifier import Prediction, TextModel, from_scores
from gov_sentiment.model.labelled import Labelled, read_labelled
from gov_sentiment.model.metrics import (
    Codes,
    Figure,
    Float,
    accuracy,
    bootstrap,
    brier,
    calibration_error,
    certain_accuracy,
    certain_share,
    class_scores,
    confusion,
    kappa,
    macro_f1,
    mcnemar,
    pearson,
    spearman,
)
from gov_sentiment.model.shown import Called, evaluation_text
from gov_sentiment.model.storage import load_model
from gov_sentiment.model.targets import Target

_BATCH: Final = 512
_MIN_SLICE: Final = 20


@dataclass(frozen=True)
class Slice:
    """The main figure on a part of the rows: κ of a nominal target, Spearman of a scale."""

    name: str
    n: int
    figure: float


@dataclass(frozen=True)
class Baseline:
    """Another guesser on the same rows.

    p_value: of McNemar's exact test that it is right as often; None for a scale.
    """

    name: str
    figures: Mapping[str, float]
    p_value: float | None


@dataclass(frozen=True)
class TargetReport:
    """Figures of one target.

    main: the name of the figure that slices show. per_class: precision, recall, F1, n by class.
    confusion: counts, rows the truth, in the order of `classes`.
    """

    target: str
    kind: str
    n: int
    main: str
    figures: Mapping[str, Figure]
    classes: tuple[str, ...]
    per_class: Mapping[str, tuple[float, float, float, int]]
    confusion: tuple[tuple[int, ...], ...]
    by_source: tuple[Slice, ...]
    by_length: tuple[Slice, ...]
    baselines: tuple[Baseline, ...]


@dataclass(frozen=True)
class Evaluation:
    """Reports of all targets that both the model and the file have."""

    where: str
    n_rows: int
    targets: tuple[TargetReport, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return plain data for JSON."""
        return asdict(self)

    def as_text(self, called: Called = str) -> str:
        """Return the figures as text for a terminal, each name as `called` gives it."""
        return evaluation_text(self, called)


def evaluate(
    model: TextModel | str | Path,
    labelled: Labelled | str | Path | Sequence[str | Path],
    *,
    snownlp: bool = True,
    draws: int = 400,
    seed: int = 0,
) -> Evaluation:
    """Return figures of a model on labelled rows.

    Args:
        model: a model or its folder.
        labelled: rows with at least one of the model's label columns.
        snownlp: whether to run snownlp beside a sentiment target (about 20 posts a second).
        draws: bootstrap resamples.
        seed: of the resampling.

    Raises:
        BadLabels: the file has none of the model's labels, or labels that it does not know.
        BadModel: the folder holds no usable model.
    """
    loaded = model if isinstance(model, TextModel) else load_model(model)
    data = labelled if isinstance(labelled, Labelled) else read_labelled(labelled)
    targets = [target for target in loaded.targets if target.name in data.columns]
    if not targets:
        names = ", ".join(target.name for target in loaded.targets)
        raise BadLabels(
            f"{data.where}: none of the model's label columns ({names}) is in the file.\n"
            f"Columns found: {', '.join(data.columns)}."
        )
    predicted = predict_rows(loaded, data)
    reports = []
    for target in targets:
        rows = np.array(data.label_rows(target.name))
        kept = data.take(rows.tolist())
        truth = target.parse(kept.columns[target.name])
        result = predicted[target.name].take(rows)
        baselines = []
        if snownlp and target.name == "sentiment" and set(target.classes) >= {"negative"}:
            baselines.append(("snownlp", _snownlp_codes(kept, target)))
        reports.append(report_target(kept, truth, result, baselines, draws=draws, seed=seed))
    return Evaluation(data.where, len(data), tuple(reports))


def predict_rows(model: TextModel, data: Labelled) -> dict[str, Prediction]:
    """Return predictions for all rows, computed in batches."""
    titles, posts, replies = data.texts()
    chunks = [
        model.predict(
            titles[start : start + _BATCH],
            posts[start : start + _BATCH],
            replies[start : start + _BATCH],
        )
        for start in range(0, len(data), _BATCH)
    ]
    return {
        target.name: join_predictions([chunk[target.name] for chunk in chunks])
        for target in model.targets
    }


def join_predictions(chunks: Sequence[Prediction]) -> Prediction:
    """Return the predictions of consecutive batches as one."""
    return from_scores(chunks[0].target, np.concatenate([chunk.scores for chunk in chunks]))


def report_target(
    data: Labelled,
    truth: Float,
    result: Prediction,
    baselines: Sequence[tuple[str, Codes]] = (),
    *,
    draws: int = 400,
    seed: int = 0,
) -> TargetReport:
    """Return the figures of one target; `truth` holds codes or values of the rows of `data`."""
    target = result.target
    if target.nominal:
        assert result.probabilities is not None
        measures = _nominal_measures(truth.astype(int), result.probabilities)
        main = "kappa"
    else:
        assert result.values is not None
        measures = _scale_measures(target, truth, result.values)
        main = "spearman"
    everything = np.arange(len(truth))
    figures = {
        name: bootstrap(measure, len(truth), draws=draws, seed=seed)
        for name, measure in measures.items()
    }
    return TargetReport(
        target=target.name,
        kind=target.kind,
        n=len(truth),
        main=main,
        figures=figures,
        classes=class_names(target),
        per_class=_per_class(target, truth, result),
        confusion=_confusion(target, truth, result),
        by_source=_slices(data.sources(), measures[main], everything),
        by_length=_slices(_length_bands(data), measures[main], everything),
        baselines=tuple(_compare(target, truth, result, baselines)),
    )


def class_names(target: Target) -> tuple[str, ...]:
    """Return the classes, or an ordinal target's levels; empty for a numeric one."""
    if target.kind == "ordinal":
        return tuple(str(level) for level in range(int(target.low), int(target.high) + 1))
    return target.classes


def _nominal_measures(
    truth: Codes, probabilities: Float
) -> dict[str, Callable[[npt.NDArray[np.int64]], float]]:
    guess, size = probabilities.argmax(axis=1), probabilities.shape[1]
    return {
        "kappa": lambda rows: kappa(truth[rows], guess[rows], size),
        "accuracy": lambda rows: accuracy(truth[rows], guess[rows]),
        "macro_f1": lambda rows: macro_f1(truth[rows], guess[rows], size),
        "calibration_error": lambda rows: calibration_error(truth[rows], probabilities[rows]),
        "brier": lambda rows: brier(truth[rows], probabilities[rows]),
        "certain_share": lambda rows: certain_share(probabilities[rows]),
        "certain_accuracy": lambda rows: certain_accuracy(truth[rows], probabilities[rows]),
    }


def _scale_measures(
    target: Target, truth: Float, values: Float
) -> dict[str, Callable[[npt.NDArray[np.int64]], float]]:
    measures: dict[str, Callable[[npt.NDArray[np.int64]], float]] = {
        "spearman": lambda rows: spearman(truth[rows], values[rows]),
        "pearson": lambda rows: pearson(truth[rows], values[rows]),
        "mean_error": lambda rows: float(np.abs(truth[rows] - values[rows]).mean()),
    }
    if target.kind == "ordinal":
        size = len(class_names(target))
        codes = (truth - target.low).astype(int)
        guess = _level_codes(target, values)
        measures["weighted_kappa"] = lambda rows: kappa(codes[rows], guess[rows], size, "quadratic")
    return measures


def _level_codes(target: Target, values: Float) -> Codes:
    return (np.floor(values + 0.5) - target.low).astype(int)


def _codes(target: Target, truth: Float, result: Prediction) -> tuple[Codes, Codes]:
    if target.nominal:
        assert result.probabilities is not None
        return truth.astype(int), result.probabilities.argmax(axis=1)
    assert result.values is not None
    return (truth - target.low).astype(int), _level_codes(target, result.values)


def _per_class(
    target: Target, truth: Float, result: Prediction
) -> dict[str, tuple[float, float, float, int]]:
    names = class_names(target)
    if not names:
        return {}
    scores = class_scores(*_codes(target, truth, result), len(names))
    return {
        name: (round(float(p), 4), round(float(r), 4), round(float(f), 4), int(n))
        for name, (p, r, f, n) in zip(names, scores, strict=True)
    }


def _confusion(target: Target, truth: Float, result: Prediction) -> tuple[tuple[int, ...], ...]:
    names = class_names(target)
    if not names:
        return ()
    table = confusion(*_codes(target, truth, result), len(names))
    return tuple(tuple(int(count) for count in row) for row in table)


def _slices(
    names: Sequence[str],
    measure: Callable[[npt.NDArray[np.int64]], float],
    rows: npt.NDArray[np.int64],
) -> tuple[Slice, ...]:
    found = np.asarray(names, dtype=object)
    counts = Counter(names)
    slices = [
        Slice(name or "(none)", n, round(measure(rows[found == name]), 4))
        for name, n in counts.most_common(12)
        if n >= _MIN_SLICE
    ]
    return tuple(slices) if len(counts) > 1 else ()


def _length_bands(data: Labelled) -> list[str]:
    titles, posts, replies = data.texts()
    bands = []
    for title, post, reply in zip(titles, posts, replies, strict=True):
        length = len(title or "") + len(post or "") + len(reply or "")
        bands.append("<150" if length < 150 else "150–399" if length < 400 else "400+")
    return bands


def _compare(
    target: Target, truth: Float, result: Prediction, baselines: Sequence[tuple[str, Codes]]
) -> list[Baseline]:
    if not target.nominal:
        constant = np.full(len(truth), float(np.median(truth)))
        error = float(np.abs(truth - constant).mean())
        return [Baseline("median guess", {"mean_error": round(error, 4)}, None)]
    codes, guess = _codes(target, truth, result)
    majority = np.full(len(codes), int(np.bincount(codes).argmax()))
    size = len(target.classes)
    found = []
    for name, other in (("majority guess", majority), *baselines):
        figures = {
            "kappa": round(kappa(codes, other, size), 4),
            "accuracy": round(accuracy(codes, other), 4),
            "macro_f1": round(macro_f1(codes, other, size), 4),
        }
        found.append(Baseline(name, figures, mcnemar(guess == codes, other == codes)))
    return found


def _snownlp_codes(data: Labelled, target: Target) -> Codes:
    # snownlp is 56 MB and slow to load, so that only an evaluation of sentiment pays for it.
    from snownlp import sentiment

    titles, posts, _ = data.texts()
    scores = np.array(
        [
            sentiment.classify(text) if (text := f"{title or ''} {post or ''}".strip()) else 0.5
            for title, post in zip(titles, posts, strict=True)
        ]
    )
    # snownlp has no neutral class; the middle fifth of its score is the usual stand-in.
    names = np.where(scores < 0.4, "negative", np.where(scores > 0.6, "positive", "neutral"))
    if "neutral" not in target.classes:
        names = np.where(scores < 0.5, "negative", "positive")
    places = {name: code for code, name in enumerate(target.classes)}
    return np.array([places.get(name, 0) for name in names])
