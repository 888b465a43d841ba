"""Exchanges in, scored exchanges out: one pure function of a batch and a loaded model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from gov_sentiment.errors import BadModel
from gov_sentiment.exchange import DIMENSIONS, EXCHANGE_SCHEMA, SCORE_SCHEMA
from gov_sentiment.model import Prediction, TextModel, default_targets, load_model
from gov_sentiment.resources import models_folder
from gov_sentiment.scoring.checks import ArchiveChecks, check_archive
from gov_sentiment.scoring.responsiveness import (
    ResponsivenessPreset,
    load_preset,
    responsiveness,
)
from gov_sentiment.scoring.tone import reply_tone


@dataclass(frozen=True)
class Scorer:
    """A loaded model and the preset of the responsiveness score; immutable and picklable."""

    model: TextModel
    preset: ResponsivenessPreset
    probabilities: bool = False

    @classmethod
    def load(
        cls,
        folder: str | Path | None = None,
        *,
        preset: str | Path = "default",
        probabilities: bool = False,
    ) -> Scorer:
        """Return a scorer.

        Args:
            folder: a model folder that has all the codebook's targets; the default model if None.
            preset: name or file of the responsiveness preset.
            probabilities: whether `score_batch` adds one column a class.

        Raises:
            BadModel: the folder holds no model, or one that lacks a target.
            BadPreset: there is no such preset.
        """
        source = Path(folder) if folder is not None else models_folder() / "default"
        model = load_model(source)
        missing = {target.name for target in default_targets()} - {
            target.name for target in model.targets
        }
        if missing:
            raise BadModel(
                f"{source}: the model has no {', '.join(sorted(missing))}; scoring needs all nine "
                "labels of the codebook.\nUse `gov-sentiment evaluate` for a model of one label."
            )
        return cls(model, load_preset(preset), probabilities)


def score_batch(batch: pa.RecordBatch, scorer: Scorer) -> pa.RecordBatch:
    """Return the rows of `batch` with the score columns behind them.

    Pure: a row's scores depend on that row alone. The reply's columns are null where there is no
    reply. Columns that are not of the exchange schema are kept behind the scores.
    """
    replies = batch["reply_text"].to_pylist()
    answered = np.array([bool(reply and reply.strip()) for reply in replies], dtype=bool)
    predicted = scorer.model.predict(
        batch["post_title"].to_pylist(), batch["post_text"].to_pylist(), replies
    )
    columns = {name: batch[name] for name in EXCHANGE_SCHEMA.names}
    columns |= _post_columns(predicted)
    columns |= _reply_columns(predicted, replies, answered)
    columns["responsiveness"] = responsiveness(batch, columns["reply_quality"], scorer.preset)
    columns["flags"] = pa.array([[]] * batch.num_rows, type=pa.list_(pa.string()))
    fields = [*EXCHANGE_SCHEMA, *SCORE_SCHEMA]
    if scorer.probabilities:
        extra = _probability_columns(predicted, answered)
        columns |= extra
        fields += [pa.field(name, pa.float64()) for name in extra]
    for field in batch.schema:
        if field.name not in columns:
            columns[field.name] = batch[field.name]
            fields.append(field)
    schema = pa.schema(fields).with_metadata(batch.schema.metadata)
    return pa.RecordBatch.from_arrays([columns[name] for name in schema.names], schema=schema)


def finish_scores(
    table: pa.Table, as_of: datetime | None, preset: str | Path = "default"
) -> pa.Table:
    """Return the scored table after the pass that needs the whole archive.

    Silence is scored as of the export's date, and the checks that compare rows add their flags.
    """
    return finish_with_evidence(table, as_of, preset)[0]


def finish_with_evidence(
    table: pa.Table, as_of: datetime | None, preset: str | Path = "default"
) -> tuple[pa.Table, ArchiveChecks]:
    """Return what `finish_scores` does, and the evidence behind the flags."""
    checks = check_archive(table, as_of)
    return finish_rows(table, checks.flags, as_of, preset), checks


def finish_rows(
    table: pa.Table,
    flags: Sequence[Sequence[str]],
    as_of: datetime | None,
    preset: str | Path = "default",
) -> pa.Table:
    """Return scored rows with what was found out of them once the whole archive was known.

    Args:
        table: scored rows.
        flags: of each of these rows.
        as_of: when the archive was exported; from then on silence is scored.
        preset: of the responsiveness score.
    """
    scores = responsiveness(table, table["reply_quality"], load_preset(preset), as_of)
    listed = pa.array(flags, pa.list_(pa.string()))
    for name, column in (("responsiveness", scores), ("flags", listed)):
        table = table.set_column(table.schema.get_field_index(name), name, column)
    return table


def _post_columns(predicted: Mapping[str, Prediction]) -> dict[str, pa.Array[Any]]:
    sentiment = predicted["sentiment"]
    assert sentiment.probabilities is not None
    classes = sentiment.target.classes
    positive = sentiment.probabilities[:, classes.index("positive")]
    negative = sentiment.probabilities[:, classes.index("negative")]
    return {
        "post_sentiment": pa.array(sentiment.labels, pa.string()),
        "post_polarity": pa.array(np.round(positive - negative, 6)),
        "post_confidence": pa.array(sentiment.probabilities.max(axis=1)),
        "post_intent": pa.array(predicted["intent"].labels, pa.string()),
    }


def _reply_columns(
    predicted: Mapping[str, Prediction],
    replies: Sequence[str | None],
    answered: npt.NDArray[np.bool_],
) -> dict[str, pa.Array[Any]]:
    kind = predicted["reply_type"]
    assert kind.probabilities is not None
    silent = ~answered
    columns: dict[str, pa.Array[Any]] = {
        "reply_type": pa.array(kind.labels, pa.string(), mask=silent),
        "reply_confidence": pa.array(kind.probabilities.max(axis=1), mask=silent),
    }
    for name in (*DIMENSIONS, "quality"):
        columns[f"reply_{name}"] = pa.array(predicted[name].scores[:, 0], mask=silent)
    tone = reply_tone(replies, predicted["courtesy"].scores[:, 0])
    columns["reply_polarity"] = pa.array(tone, mask=silent)
    return columns


def _probability_columns(
    predicted: Mapping[str, Prediction], answered: npt.NDArray[np.bool_]
) -> dict[str, pa.Array[Any]]:
    columns: dict[str, pa.Array[Any]] = {}
    for name in ("sentiment", "intent", "reply_type"):
        result = predicted[name]
        assert result.probabilities is not None
        mask = ~answered if result.target.text == "pair" else np.zeros(len(answered), dtype=bool)
        for index, label in enumerate(result.target.classes):
            columns[f"p_{name}_{label}"] = pa.array(result.probabilities[:, index], mask=mask)
    return columns
