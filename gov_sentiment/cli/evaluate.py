"""`gov-sentiment evaluate`: how good a model is on labelled exchanges."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

if TYPE_CHECKING:
    from gov_sentiment.model import Evaluation


def evaluate(
    model: Annotated[Path, typer.Argument(metavar="MODEL_DIR", help="A model folder.")],
    labelled: Annotated[
        list[Path], typer.Argument(metavar="LABELLED", help="csv, xlsx, jsonl or parquet.")
    ],
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Also write the figures here: .json, .html or .txt."),
    ] = None,
    snownlp: Annotated[
        bool,
        typer.Option(help="Run snownlp beside the model: about 20 posts a second."),
    ] = True,
) -> None:
    """Print figures with intervals for each class, beside snownlp and a majority guess."""
    from gov_sentiment.cli.outputs import check_suffix
    from gov_sentiment.engines.files import whole_file
    from gov_sentiment.model import evaluate as evaluate_model

    if output is not None:
        check_suffix(output, tuple(_FORMS))
    result = evaluate_model(model, labelled, snownlp=snownlp)
    typer.echo(result.as_text())
    if output is not None:
        with whole_file(output) as temporary:
            temporary.write_text(_FORMS[output.suffix.lower()](result), encoding="utf-8")


def _as_json(result: Evaluation) -> str:
    return json.dumps(result.as_dict(), ensure_ascii=False, indent=1) + "\n"


def _as_text(result: Evaluation) -> str:
    return result.as_text() + "\n"


def _as_page(result: Evaluation) -> str:
    from gov_sentiment.model.evaluation_page import evaluation_page

    return evaluation_page(result)


_FORMS: Final = {".json": _as_json, ".html": _as_page, ".txt": _as_text}
