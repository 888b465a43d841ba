"""`gov-sentiment models`: which models are there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from gov_sentiment.cli import options
from gov_sentiment.cli.names import names
from gov_sentiment.cli.words import Language

_OTHER_DICTIONARY: Final = (
    "制作时所用的词典与本版本不同。仍可使用，但有些词的切分与训练时不一样："
    "请重新训练，或用 `gov-sentiment evaluate` 测量。",
    "made with another dictionary than this version's. It works, but some words are cut otherwise "
    "than it learnt them: train it again, or measure it with `gov-sentiment evaluate`.",
)


def models(
    folder: Annotated[
        Path | None,
        typer.Argument(metavar="DIR", help="A model, or a folder of models, of your own."),
    ] = None,
    lang: options.Lang = Language.zh,
) -> None:
    """List models with the main figure of each label, as their cards give it."""
    from gov_sentiment.cli.words import format_table
    from gov_sentiment.errors import BadModel
    from gov_sentiment.model import load_model
    from gov_sentiment.model.card import other_dictionary
    from gov_sentiment.model.storage import JSON_FILE
    from gov_sentiment.resources import models_folder

    root = folder if folder is not None else models_folder()
    found = sorted(root.rglob(JSON_FILE))
    if not found:
        raise BadModel(f"{root}: no model there. `gov-sentiment train … -o DIR` makes one.")
    head = (
        ("模型", "标注", "文本", "指标", "文件夹")
        if lang is Language.zh
        else ("model", "label", "text", "figure", "folder")
    )
    called = names(lang)
    rows = []
    for path in found:
        model = load_model(path.parent)
        name = str(model.card.get("name") or path.parent.name)
        if other_dictionary(model.card):
            typer.echo(f"{path.parent}: {_OTHER_DICTIONARY[lang is Language.en]}", err=True)
        rows += [
            (
                name,
                called(target.name),
                called(target.text),
                _figure(model.card, target.name, called),
                str(path.parent),
            )
            for target in model.targets
        ]
    typer.echo(format_table(head, rows, left=(0, 1, 2, 3, 4)))


def _figure(card: Any, target: str, called: Callable[[str], str]) -> str:
    report = card.get("targets", {}).get(target)
    if not report or report.get("main") not in report.get("figures", {}):
        return "–"
    figure = report["figures"][report["main"]]
    interval = f"({figure['low']:.2f}–{figure['high']:.2f})"
    return f"{called(report['main'])} {figure['value']:.2f} {interval}"
