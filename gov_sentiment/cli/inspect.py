"""`gov-sentiment inspect`: what would be read from an archive."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import typer

from gov_sentiment.cli import options
from gov_sentiment.cli.reader_notes import reader_note
from gov_sentiment.cli.words import Language, word


def inspect(
    archives: options.Archives,
    format_name: options.Format = None,
    mapping: options.Map = None,
    as_of: options.AsOf = None,
    official: options.Official = None,
    duplicates: options.Duplicates = "keep",
    keep_personal: options.KeepPersonal = False,
    aliases: options.Aliases = None,
    lang: options.Lang = Language.zh,
) -> None:
    """Show what would be read: format, columns, dates, rejects; nothing is written."""
    from gov_sentiment.archive import open_archive
    from gov_sentiment.cli.progress import Bars
    from gov_sentiment.cli.summary import ledger_line, reject_lines

    read = options.read_settings(
        archives, format_name, mapping, as_of, official, duplicates, keep_personal, aliases
    )
    reader = open_archive(*read.paths, **read.keywords())
    done = 0
    with Bars() as bars:
        for batch in reader.batches():
            done += batch.num_rows
            bars("read", done, None)
    info = reader.info
    for source in info["sources"]:
        typer.echo("\n".join(_source_lines(source, lang)))
        typer.echo()
    ledger = info["ledger"]
    typer.echo(ledger_line(ledger, lang))
    typer.echo("\n".join(_trait_lines(ledger, info, lang)))
    if ledger["rejected"]:
        typer.echo(word("reasons", lang))
        typer.echo("\n".join(reject_lines(ledger)))
    for warning in info["warnings"]:
        typer.echo(f"{word('warnings', lang)}: {reader_note(warning, lang)}")


def _source_lines(source: Mapping[str, Any], lang: Language) -> list[str]:
    none = word("none", lang)
    facts = [
        ("file", source["file"]),
        ("sheet", source["sheet"] or none),
        ("encoding", source["encoding"] or none),
        ("header_row", str(source["header_row"] or none)),
        ("format", f"{source['format']}  ({source['why']})"),
        ("rows", f"{source['rows']:,}"),
        ("posted", _span(source["posted"], none)),
        ("replied", _span(source["replied"], none)),
        ("unused", ", ".join(source["unused"]) or none),
    ]
    lines = [f"{word(key, lang)}: {value}" for key, value in facts]
    mapped = [f"  {name} ← {' + '.join(names)}" for name, names in source["columns"].items()]
    return [*lines, f"{word('columns', lang)}:", *(mapped or [f"  {none}"])]


def _span(span: list[str] | None, none: str) -> str:
    return " – ".join(span) if span else none


def _trait_lines(ledger: Mapping[str, Any], info: Mapping[str, Any], lang: Language) -> list[str]:
    total = ledger["exchanges"]
    lines = []
    for key, name in (("unanswered",) * 2, ("repeated", "duplicates"), ("no_agency",) * 2):
        share = 100 * ledger[key] / total if total else 0.0
        lines.append(f"{word(name, lang)} {ledger[key]:,} ({share:.1f}%)")
    return [*lines, f"{word('as_of', lang)}: {info['as_of'] or word('none', lang)}"]
