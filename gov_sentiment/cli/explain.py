"""`gov-sentiment explain`: which words and rules made an exchange's scores."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from gov_sentiment.cli import options
from gov_sentiment.cli.names import names
from gov_sentiment.cli.words import Language, word


def explain(
    scored: options.Scored,
    exchange: Annotated[
        str, typer.Option("--exchange", metavar="ID", help="The exchange_id to explain.")
    ],
    model: options.Model = None,
    reasons: Annotated[int, typer.Option(min=1, help="Reasons to show for each score.")] = 8,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Write a page (html) with the evidence highlighted."),
    ] = None,
    lang: options.Lang = Language.zh,
) -> None:
    """Show the words and rules behind each score of one exchange, with their weights.

    Personal data in the texts is redacted.
    """
    from gov_sentiment.cli.outputs import check_suffix
    from gov_sentiment.scoring import Scorer
    from gov_sentiment.scoring.explain import explain_exchange
    from gov_sentiment.text import redact

    if output is not None:
        check_suffix(output, (".html",))
    row = _find(scored, exchange)
    explanation = explain_exchange(Scorer.load(model), row)
    if output is not None:
        from gov_sentiment.cli.pages import write_whole
        from gov_sentiment.report import write_explain_page

        write_whole(output, lambda path: write_explain_page(explanation, row, path, lang.value))
        typer.echo(f"explain → {output}", err=True)
        return
    called = names(lang)
    for key in ("agency", "post_title", "post_text", "reply_text"):
        if row[key]:
            typer.echo(f"{word(key, lang)}: {redact(row[key], reply=key == 'reply_text')}")
    if row["flags"]:
        typer.echo(f"{word('flags', lang)}: {', '.join(map(called, row['flags']))}")
    typer.echo()
    typer.echo(redact(explanation.as_text(lang.value, reasons, called)))


def _find(scored: list[Path], exchange: str) -> dict[str, Any]:
    import pyarrow as pa
    import pyarrow.compute as pc

    from gov_sentiment.cli.tables import read_scored
    from gov_sentiment.errors import BadScores

    table = read_scored(scored)
    found = table.filter(pc.equal(table["exchange_id"], pa.scalar(exchange)))
    if found.num_rows == 0:
        raise BadScores(
            f"{', '.join(map(str, scored))}: no exchange {exchange}.\n"
            "The ids stand in the column exchange_id, and on the report's page."
        )
    row: dict[str, Any] = found.slice(0, 1).to_pylist()[0]
    return row
