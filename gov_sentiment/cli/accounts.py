"""`gov-sentiment accounts`: microblog and WeChat archives in, measures of each account out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gov_sentiment.cli import options
from gov_sentiment.cli.words import Language, clip, format_table

if TYPE_CHECKING:
    from gov_sentiment.accounts import AccountsSummary

_SUFFIXES = (".csv", ".xlsx", ".json", ".parquet", ".html")
_SHOWN = 20


def accounts(
    archives: options.Archives,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", help="csv, xlsx, json, parquet, or html; without it, the terminal."
        ),
    ] = None,
    zombie_days: Annotated[
        int,
        typer.Option(
            min=1, metavar="N", help="Days without a post after which an account is a zombie."
        ),
    ] = 14,
    format_name: options.Format = None,
    mapping: options.Map = None,
    as_of: options.AsOf = None,
    official: options.Official = None,
    lang: options.Lang = Language.zh,
) -> None:
    """Measure microblog and WeChat accounts: activity, dialogue, officialese, concentration."""
    from gov_sentiment.accounts import measure_accounts
    from gov_sentiment.archive.messages import read_messages
    from gov_sentiment.cli.outputs import check_suffix

    suffix = None if output is None else check_suffix(output, _SUFFIXES)
    read = options.read_settings(
        archives, format_name, mapping, as_of, official, "keep", False, None
    )
    summary = measure_accounts(read_messages(*read.paths, **read.keywords()), zombie_days)
    for notice in summary.notices:
        typer.echo(notice[0 if lang is Language.zh else 1], err=True)
    if output is None or suffix is None:
        typer.echo(_show(summary, lang))
        return
    _write(summary, output, suffix, lang)
    typer.echo(f"accounts: {len(summary.accounts):,} → {output}", err=True)


def _write(summary: AccountsSummary, path: Path, suffix: str, lang: Language) -> None:
    import pyarrow as pa

    from gov_sentiment.accounts import plain_rows
    from gov_sentiment.cli.outputs import write_table
    from gov_sentiment.cli.pages import write_whole
    from gov_sentiment.report.accounts_page import accounts_json, render_accounts_page

    if suffix in (".html", ".json"):
        text = (
            render_accounts_page(summary, lang.value)
            if suffix == ".html"
            else accounts_json(summary) + "\n"
        )
        write_whole(path, lambda temporary: temporary.write_text(text, encoding="utf-8"))
    else:
        write_table(pa.Table.from_pylist(plain_rows(summary)), path)


def _show(summary: AccountsSummary, lang: Language) -> str:
    from gov_sentiment.accounts.words import LABELS

    shown = ("n_posts", "days_since_last", "zombie", "reply_rate", "monologue", "officialese")
    side = 0 if lang is Language.zh else 1
    head = [LABELS[name][side] for name in ("account", *shown)]
    rows = [
        [clip(account.account, 28), *(_cell(getattr(account, name), side) for name in shown)]
        for account in summary.accounts[:_SHOWN]
    ]
    table = format_table(head, rows)
    rest = len(summary.accounts) - _SHOWN
    return table if rest <= 0 else f"{table}\n… +{rest}"


def _cell(value: object, side: int) -> str:
    from gov_sentiment.accounts import Estimate, Share

    if value is None:
        return "–"
    if isinstance(value, bool):
        return (("是", "yes") if value else ("否", "no"))[side]
    if isinstance(value, Share):
        return f"{100 * value.value:.0f}% [{100 * value.low:.0f}–{100 * value.high:.0f}]"
    if isinstance(value, Estimate):
        return f"{value.value:.0f}"
    return f"{value:.1f}" if isinstance(value, float) else str(value)
