"""`train`: labelled rows in, a checked, calibrated model with its card out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa

from gov_sentiment.errors import BadLabels
from gov_sentiment.model.card import make_card, write_card
from gov_sentiment.model.checks import LabelChecks, check_labels, group_rows
from gov_sentiment.model.classifier import Prediction, TextModel
from gov_sentiment.model.evaluate import TargetReport, predict_rows, report_target
from gov_sentiment.model.features import Parts
from gov_sentiment.model.fitting import Settings, make_design
from gov_sentiment.model.labelled import Labelled, read_labelled
from gov_sentiment.model.prepare import prepare
from gov_sentiment.model.readings import Readings, make_readings
from gov_sentiment.model.storage import load_model, save_model
from gov_sentiment.model.targets import Target, Text, infer_target
from gov_sentiment.model.tuning import (
    Choice,
    calibrated_model,
    choose_settings,
    main_figure,
    nested_scores,
)
from gov_sentiment.model.views import Float

MIN_ROWS: Final = 40
MANY_ROWS: Final = 20_000
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Adaptation:
    """Whether starting from another model helped: the main figure of three ways.

    as_is: the other model unchanged, None where it has not this target. alone: trained on these
    rows only. adapted: trained on these rows from the other model.
    """

    base: str
    as_is: float | None
    alone: float
    adapted: float

    @property
    def helped(self) -> bool:
        """Whether the adapted model is the better one."""
        return self.adapted > self.alone


@dataclass(frozen=True)
class Training:
    """What `train` made: the model (its card inside), the checks and the honest figures."""

    model: TextModel
    target: Target
    checks: LabelChecks
    report: TargetReport
    adaptation: Adaptation | None


def train(
    source: str | Path | pa.Table | Labelled | Sequence[str | Path],
    target: str,
    out: str | Path | None = None,
    *,
    text: Text | None = None,
    init: str | Path | None = None,
    name: str | None = None,
    licence: str = "not stated",
    settings: Settings | None = None,
    progress: Progress | None = None,
) -> Training:
    """Learn a label column and write the model with its card.

    Figures come from nested cross-validation by group: settings are chosen anew inside each
    outer fold, and near-duplicate texts never stand on both sides. Of many rows with a nominal
    label of one text a recurrent net is learnt beside the linear layers, for each fold anew, and
    kept where cross-validation says that it helps.

    Args:
        source: labelled file(s) or table.
        target: the label column.
        out: folder to write; None writes nothing.
        text: what the label is about; the codebook's own for its labels, else the pair.
        init: folder of a model to start from, such as the default one.
        name: of the model, for its card; the target's by default.
        licence: of the labelled data, for the card.
        settings: where not the defaults.
        progress: called with a line about each step.

    Raises:
        BadLabels: unusable labels, or fewer than 40 rows.
        MissingColumns: the file lacks the column.
        BadModel: `init` holds no model.
    """
    say = progress or (lambda line: None)
    data = source if isinstance(source, Labelled) else read_labelled(source)
    data = data.take(data.label_rows(target))
    if len(data) < MIN_ROWS:
        raise BadLabels(
            f"{data.where}: {len(data)} labelled rows; training needs {MIN_ROWS}.\n"
            "Label more rows, or adapt the default model by rules of your own."
        )
    wanted = infer_target(target, data.columns[target], text)
    data = data.take(_rows_with_text(data, wanted))
    labels = wanted.parse(data.columns[target])
    checks = check_labels(data, wanted, labels)
    groups = group_rows(data, wanted)
    settings = settings or _settings_for(len(data))
    base = load_model(init) if init is not None else None
    say(f"{target}: {len(data):,} rows, {len(set(groups)):,} groups")
    parts = prepare(*data.texts())
    readings = None
    if len(data) >= MANY_ROWS and wanted.nominal and wanted.text != "pair":
        readings = make_readings(parts, wanted, labels, groups, settings)
    learn = partial(_learn, parts, wanted, labels, groups, settings, readings, say)
    model, held_out = learn(None)
    adaptation = None
    if base is not None:
        say("again, starting from the other model")
        adapted, adapted_held_out = learn(base)
        adaptation = _compare(str(init), base, data, wanted, labels, held_out, adapted_held_out)
        if adaptation.helped:
            model, held_out = adapted, adapted_held_out
    report = report_target(data, labels, held_out)
    card = make_card(name or target, data, wanted, checks, report, adaptation, licence, model)
    model = replace(model, card=card)
    if out is not None:
        save_model(model, out)
        write_card(card, out)
    return Training(model, wanted, checks, report, adaptation)


def _settings_for(n_rows: int) -> Settings:
    """Return the settings that suit the size: many rows need a larger table and fewer folds."""
    if n_rows < MANY_ROWS:
        return Settings()
    return Settings(bits=20, min_rows=3, folds=3)


def _rows_with_text(data: Labelled, target: Target) -> list[int]:
    titles, posts, replies = data.texts()
    needed = (
        replies if target.text == "reply" else [t or p for t, p in zip(titles, posts, strict=True)]
    )
    rows = [row for row, value in enumerate(needed) if value]
    if not rows:
        raise BadLabels(
            f"{data.where}: no row has the text of the {target.text}.\n"
            "Name the columns post_title, post_text and reply_text."
        )
    return rows


def _learn(
    parts: Parts,
    target: Target,
    labels: Float,
    groups: Sequence[Any],
    settings: Settings,
    readings: Readings | None,
    say: Progress,
    base: TextModel | None,
) -> tuple[TextModel, Prediction]:
    """Return the model of all rows, and predictions of each row by models without it."""
    rows = np.arange(len(labels))
    tried = []
    for chars in (False, True) if base is None else (settings.chars,):
        say("words and characters" if chars else "words")
        some = replace(settings, chars=chars)
        design = make_design(parts, [target], some, base=base)
        chosen = choose_settings(design, target, labels, groups, some, rows)
        tried.append((chosen.figure, design, some, chosen))
    _, design, some, chosen = max(tried, key=lambda item: item[0])
    redesign = None
    if readings is not None:
        say("a recurrent net")
        with_nets = choose_settings(readings.try_out(design), target, labels, groups, some, rows)
        if _helps(chosen, with_nets):
            chosen = with_nets
            redesign = partial(readings.for_fold, design)
    say("cross-validation")
    held_out = nested_scores(design, target, labels, groups, some, redesign)
    say("final model")
    if readings is not None and redesign is not None:
        design = readings.extend(design)
    return calibrated_model(design, target, labels, groups, chosen, rows), held_out


def _helps(chosen: Choice, other: Choice) -> bool:
    """Return whether the other choice is worth its cost."""
    return other.figure > chosen.figure


def _compare(
    name: str,
    base: TextModel,
    data: Labelled,
    target: Target,
    labels: Float,
    alone: Prediction,
    adapted: Prediction,
) -> Adaptation:
    as_is = None
    known = {item.name: item for item in base.targets}.get(target.name)
    if known is not None and known.classes == target.classes:
        as_is = round(main_figure(target, labels, predict_rows(base, data)[target.name].scores), 4)
    return Adaptation(
        name,
        as_is,
        round(main_figure(target, labels, alone.scores), 4),
        round(main_figure(target, labels, adapted.scores), 4),
    )
