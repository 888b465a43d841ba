"""`gov-sentiment evaluate`: how good a model is on labelled exchanges."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer


def evaluate(
    model: Annotated[Path, typer.Argument(metavar="MODEL_DIR", help="A model folder.")],
    labelled: Annotated[
        list[Path], typer.Argument(metavar="LABELLED", help="csv, xlsx, jsonl or parquet.")
    ],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Also write all figures as json here.")
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
        check_suffix(output, (".json",))
    result = evaluate_model(model, labelled, snownlp=snownlp)
    typer.echo(result.as_text())
    if output is not None:
        with whole_file(output) as temporary:
            text = json.dumps(result.as_dict(), ensure_ascii=False, indent=1)
            temporary.write_text(text + "\n", encoding="utf-8")
