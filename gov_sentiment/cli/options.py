"""Options that several commands share, written once."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from gov_sentiment.cli.words import Language

if TYPE_CHECKING:
    from gov_sentiment.engines.base import ReadSettings


class Engine(StrEnum):
    """Where scoring runs."""

    local = "local"
    spark = "spark"


Archives = Annotated[
    list[Path],
    typer.Argument(metavar="ARCHIVE", help="Exported files, folders or zips; - is stdin."),
]
Scored = Annotated[
    list[Path], typer.Argument(metavar="SCORED", help="Tables that `score` wrote as parquet.")
]
Format = Annotated[
    str | None,
    typer.Option("--format", metavar="NAME", help="Force a format; see `gov-sentiment formats`."),
]
Map = Annotated[
    list[str] | None,
    typer.Option("--map", metavar="FIELD=HEADER", help="Which header holds a field; repeatable."),
]
AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of", metavar="DATE", help="When the archive was exported, such as 2024-06-30."
    ),
]
Official = Annotated[
    list[str] | None,
    typer.Option(metavar="NAME", help="An account that speaks for an agency; repeatable."),
]
Duplicates = Annotated[
    str,
    typer.Option(metavar="keep|merge", help="What to do with a post that was sent again."),
]
KeepPersonal = Annotated[
    bool, typer.Option("--keep-personal", help="Keep columns of phone numbers, names and the like.")
]
Aliases = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Your own table of agency names: alias, name."),
]
Model = Annotated[
    Path | None, typer.Option(metavar="DIR", help="A model folder instead of the default models.")
]
Workers = Annotated[
    int | None, typer.Option(min=1, metavar="N", help="Processes; by default one for each core.")
]
Resume = Annotated[
    bool, typer.Option("--resume", help="Go on where an interrupted run of this command stopped.")
]
EngineName = Annotated[Engine, typer.Option("--engine", help="Where scoring runs.")]
SparkMaster = Annotated[
    str | None,
    typer.Option(
        "--spark-master", metavar="URL", help="local[2], spark://host:7077 or sc://host:15002."
    ),
]
Preset = Annotated[
    str,
    typer.Option(metavar="NAME|FILE", help="Weights and deadlines; see `gov-sentiment presets`."),
]
MinN = Annotated[
    int, typer.Option("--min-n", min=1, metavar="N", help="Exchanges that an agency needs to rank.")
]
RunMinN = Annotated[
    int | None,
    typer.Option(
        "--min-n", min=1, metavar="N", help="Exchanges that an agency needs to rank; 30, sample 5."
    ),
]
PeerGroup = Annotated[
    str | None,
    typer.Option(metavar="COLUMN", help="Rank within the groups of this column, such as region."),
]
Lang = Annotated[Language, typer.Option("--lang", help="Language of what people read.")]


def parse_map(pairs: list[str] | None) -> dict[str, str]:
    """Return {field: header} from FIELD=HEADER options."""
    mapping = {}
    for pair in pairs or ():
        field, equals, header = pair.partition("=")
        if not (field.strip() and equals and header.strip()):
            raise typer.BadParameter(f"{pair!r} is not FIELD=HEADER", param_hint="--map")
        mapping[field.strip()] = header.strip()
    return mapping


def parse_as_of(text: str | None) -> datetime | None:
    """Return the time of an ISO date, in Asia/Shanghai where it names no zone of its own."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(
            f"{text!r} is not a date such as 2024-06-30", param_hint="--as-of"
        ) from None
    zone = ZoneInfo("Asia/Shanghai")
    return moment.replace(tzinfo=zone) if moment.tzinfo is None else moment.astimezone(zone)


def read_settings(
    archives: list[Path],
    format_name: str | None,
    pairs: list[str] | None,
    as_of: str | None,
    official: list[str] | None,
    duplicates: str,
    keep_personal: bool,
    aliases: Path | None,
) -> ReadSettings:
    """Return the settings for reading that these options say."""
    from gov_sentiment.engines.base import ReadSettings

    return ReadSettings(
        tuple(archives),
        format=format_name,
        columns=parse_map(pairs),
        as_of=parse_as_of(as_of),
        official=tuple(official or ()),
        duplicates=duplicates,
        keep_personal=keep_personal,
        aliases=aliases,
    )
