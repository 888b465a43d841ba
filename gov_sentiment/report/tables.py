"""Which columns the page's tables have and how their cells look; the script draws them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Final

from gov_sentiment.report.summary import Row, Summary
from gov_sentiment.report.words import COLUMNS


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table on the page.

    form: rank, index, share, agency, text, int, float1, float2, percent, bool, kind
    or plain.
    A rank, an index and a share are followed by their interval, from the columns `name_low` and
    `name_high` (`low` and `high` for a share that is named `share`).
    """

    name: str
    form: str
    label: tuple[str, str]


_LABELS: Final = {
    "reply": ("答复", "reply"),
    "post": ("留言", "post"),
    "n_replies": ("答复数", "replies"),
    "other_exchange_id": ("更像答复", "fits better"),
    "share": ("转办占比", "share passed on"),
    "n_referred": ("转办件数", "passed on"),
    "procedural_share": ("转办", "passed on"),
}
_FORMS: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "ranking": (
        ("rank", "rank"),
        ("tier", "int"),
        ("agency", "agency"),
        ("n_exchanges", "int"),
        ("index", "index"),
        ("response_rate", "percent"),
        ("median_days", "float1"),
        ("quality", "float2"),
        ("substantive_share", "percent"),
        ("procedural_share", "percent"),
        ("boilerplate_share", "percent"),
        ("mismatch_share", "percent"),
        ("negative_share", "percent"),
        ("satisfaction", "percent"),
    ),
    "passing_on": (
        ("agency", "agency"),
        ("n", "int"),
        ("n_referred", "int"),
        ("share", "share"),
    ),
    "clusters": (
        ("n_replies", "int"),
        ("n_distinct_posts", "int"),
        ("n_agencies", "int"),
        ("agency", "agency"),
        ("similarity", "percent"),
        ("reply", "text"),
    ),
    "mismatches": (
        ("exchange_id", "plain"),
        ("agency", "agency"),
        ("post", "text"),
        ("reply", "text"),
        ("other_exchange_id", "plain"),
    ),
    "referrals": (
        ("source", "agency"),
        ("target", "text"),
        ("kind", "kind"),
        ("n", "int"),
        ("ping_pong", "bool"),
        ("dead_end", "kind"),
    ),
    "promises": (
        ("due", "plain"),
        ("overdue", "bool"),
        ("state", "kind"),
        ("followed_by", "plain"),
        ("agency", "agency"),
        ("exchange_id", "plain"),
        ("promise", "text"),
    ),
    "categories": (
        ("category", "text"),
        ("n", "int"),
        ("negative_share", "percent"),
        ("quality", "float2"),
    ),
}
# Always shown, even where no row has a value.
_ALWAYS: Final = frozenset({"rank", "tier", "agency", "n_exchanges", "index"})
# Measures of a profile: name, form.
MEASURES: Final = (
    ("index", "float1"),
    ("response_rate", "percent"),
    ("on_time_rate", "percent"),
    ("rmst_days", "float1"),
    ("quality", "float2"),
    ("substantive_share", "percent"),
    ("procedural_share", "percent"),
    ("symbolic_share", "percent"),
    ("boilerplate_share", "percent"),
    ("mismatch_share", "percent"),
    ("hollow_share", "percent"),
    ("negative_share", "percent"),
    ("satisfaction", "percent"),
)


def table_columns(summary: Summary) -> dict[str, list[dict[str, Any]]]:
    """Return the columns of each table that has rows; a column without any value is left out."""
    tables = {}
    for name, forms in _FORMS.items():
        rows: tuple[Row, ...] = getattr(summary, name)
        if rows or name == "ranking":
            tables[name] = [
                asdict(Column(column, form, _LABELS.get(column) or COLUMNS[column]))
                for column, form in forms
                if column in _ALWAYS or any(row.get(column) is not None for row in rows)
            ]
    return tables
