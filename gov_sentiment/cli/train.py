"""`gov-sentiment train`: a classifier from your own labels."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gov_sentiment.cli import options
from gov_sentiment.cli.names import names, training_line
from gov_sentiment.cli.words import Language, format_table

if TYPE_CHECKING:
    from gov_sentiment.model.train import Adaptation


class Text(StrEnum):
    """What a label is about."""

    post = "post"
    reply = "reply"
    pair = "pair"


def train(
    labelled: Annotated[
        list[Path], typer.Argument(metavar="LABELLED", help="csv, xlsx, jsonl or parquet.")
    ],
    target: Annotated[str, typer.Option(metavar="COLUMN", help="The label column to learn.")],
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="DIR", help="Folder for model and card.")
    ],
    text: Annotated[
        Text | None,
        typer.Option(help="What the label is about; the codebook's own labels know it."),
    ] = None,
    init: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="Start from this model, and say whether that helped on your rows."
        ),
    ] = None,
    name: Annotated[str | None, typer.Option(help="The model's name on its card.")] = None,
    licence: Annotated[
        str, typer.Option(help="Licence of the labelled texts, for the card.")
    ] = "not stated",
    lang: options.Lang = Language.zh,
) -> None:
    """Train a classifier on a column of labels and write it with its card."""
    from gov_sentiment.model import train as train_model
    from gov_sentiment.model.card import CARD_TEXT

    trained = train_model(
        labelled,
        target,
        output,
        text=text.value if text else None,
        init=init,
        name=name,
        licence=licence,
        progress=lambda line: typer.echo(training_line(line, lang), err=True),
    )
    report = trained.report
    called = names(lang)
    head, *rows = [(called(figure), str(value)) for figure, value in report.figures.items()]
    typer.echo(format_table(head, rows, left=(0, 1)))
    if trained.adaptation is not None:
        typer.echo(_compare(trained.adaptation, report.main, lang))
    for warning in trained.checks.warnings:
        note = "注意：" if lang is Language.zh else "note: "
        typer.echo(f"{note}{training_line(warning, lang)}", err=True)
    rows_word, card = ("行", "说明卡") if lang is Language.zh else ("rows", "card")
    typer.echo(
        f"train: {report.n:,} {rows_word} → {output} ({card}: {output / CARD_TEXT})", err=True
    )


def _compare(adaptation: Adaptation, figure: str, lang: Language) -> str:
    """Return in one line what starting from another model did."""
    if lang is Language.zh:
        words = "有帮助" if adaptation.helped else "没有帮助，已只用您的数据训练"
        unchanged = "" if adaptation.as_is is None else f"原模型 {adaptation.as_is:.3f}，"
        return (
            f"从 {adaptation.base} 开始训练：{words}（{names(lang)(figure)}：{unchanged}"
            f"只用您的数据 {adaptation.alone:.3f}，两者结合 {adaptation.adapted:.3f}）"
        )
    words = "helped" if adaptation.helped else "did not help; trained on your rows only"
    unchanged = "" if adaptation.as_is is None else f"unchanged {adaptation.as_is:.3f}, "
    return (
        f"starting from {adaptation.base} {words} ({figure}: {unchanged}"
        f"your rows alone {adaptation.alone:.3f}, both {adaptation.adapted:.3f})"
    )
