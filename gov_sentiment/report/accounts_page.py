"""Accounts' summary → one self-contained HTML page. Nothing is computed here or in the template."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any, Final

from markupsafe import Markup

from gov_sentiment.accounts import AccountsSummary
from gov_sentiment.accounts.words import GROUPS, LABELS
from gov_sentiment.report.html import template_environment

_FOLDER: Final = Path(__file__).parent
OVERVIEW: Final = (
    "n_posts",
    "posts_per_week",
    "days_since_last",
    "zombie",
    "n_comments",
    "reply_rate",
    "median_hours",
    "answer_share",
    "monologue",
    "repost_share",
    "officialese",
)
FORMS: Final = {
    **dict.fromkeys(
        ("active_weeks", "answer_share", "reply_rate", "answered_24h", "answered_7d"), "percent"
    ),
    **dict.fromkeys(("comeback", "monologue", "repost_share", "top_share"), "percent"),
    **dict.fromkeys(("n_posts", "n_comments", "n_citizens", "deepest"), "int"),
    **dict.fromkeys(("first_day", "last_day"), "text"),
    "zombie": "yes",
    "gini": "two",
    "posts_per_week": "two",
}


def accounts_json(summary: AccountsSummary) -> str:
    """Return the summary as json, every number of the page in it."""
    return json.dumps(
        dataclasses.asdict(summary), ensure_ascii=False, default=str, allow_nan=False, indent=1
    )


def render_accounts_page(summary: AccountsSummary, lang: str = "zh") -> str:
    """Return the page's HTML; it needs no network and no script.

    Args:
        summary: what `accounts.measure_accounts` returned.
        lang: "zh" or "en"; words of the other language are not on the page.
    """
    environment = template_environment()
    environment.globals["t"] = lambda pair: pair[0] if lang == "zh" else pair[1]
    data: dict[str, Any] = dataclasses.asdict(summary)
    return environment.get_template("accounts.html.j2").render(
        lang=lang,
        summary=data,
        groups=GROUPS,
        labels=LABELS,
        forms=FORMS,
        overview=OVERVIEW,
        css=Markup((_FOLDER / "assets" / "page.css").read_text(encoding="utf-8")),
        own_css=Markup((_FOLDER / "assets" / "accounts.css").read_text(encoding="utf-8")),
    )
