"""`gov-sentiment evaluate`: how good a model is on labelled exchanges."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from gov_sentiment.cli import options
from gov_sentiment.cli.names import names
from gov_sentiment.cli.words import Language

if TYPE_CHECKING:
    from gov_sentiment.model import Evaluation

_SUFFIXES: Final = (".json", ".html", ".txt")


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
    lang: options.Lang = Language.zh,
) -> None:
    """Print figures with intervals for each class, beside snownlp and a majority guess."""
    from gov_sentiment.cli.outputs import check_suffix
    from gov_sentiment.engines.files import whole_file
    from gov_sentiment.model import evaluate as evaluate_model

    if output is not None:
        check_suffix(output, _SUFFIXES)
    result = evaluate_model(model, labelled, snownlp=snownlp)
    typer.echo(result.as_text(names(lang)))
    if output is not None:
        with whole_file(output) as temporary:
            temporary.write_text(_document(result, output.suffix.lower(), lang), encoding="utf-8")


def _document(result: Evaluation, suffix: str, lang: Language) -> str:
    if suffix == ".json":
        return json.dumps(result.as_dict(), ensure_ascii=False, indent=1) + "\n"
    if suffix == ".txt":
        return result.as_text(names(lang)) + "\n"
    from gov_sentiment.report import render_evaluation_page

    return render_evaluation_page(result, lang.value)
