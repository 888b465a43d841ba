"""What the measuring of accounts returns: frozen, plain, units stated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Share:
    """k of n; `value`, `low`, `high` are fractions in [0, 1], the interval is Wilson's of 95 %."""

    k: int
    n: int
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with an interval of 95 %; n observations. `low` and `high` may be unknown."""

    n: int
    value: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Account:
    """One account. A measure is None where its input lacks; `missing` then holds the reason's code.

    Attributes:
        account: its name as exported.
        n_posts, first_day, last_day: its own posts; days are ISO, Asia/Shanghai.
        posts_per_week: posts per week from the first post to the export.
        active_weeks: weeks from the first post to the export that have a post.
        longest_gap_days: longest time between two posts, days.
        days_since_last: days from the last post to the export.
        zombie: whether `days_since_last` exceeds the rule's days.
        n_comments: citizens' messages in its threads; n_citizens: their distinct authors.
        answer_share: of all its messages, those that answer a citizen.
        reply_rate: of citizens' comments right below its posts, those that it answered.
        answered_24h, answered_7d: share answered by then, Kaplan–Meier.
        median_hours: time by which half are answered, Kaplan–Meier; None where not reached.
        depth: messages on the longest chain of a thread with comments, the post included; mean.
        deepest: the longest chain of all.
        comeback: of the answered comments, those whose author wrote again below the answer.
        monologue: of its posts, those under which it answered nobody.
        repost_share: of its posts, those that are reposts.
        officialese: mean index of its posts, −100 (plain) to 100.
        gini: inequality of interactions over its posts, 0 (even) to 1.
        top_share: share of interactions that its tenth of posts with the most has.
        likes, comments, reposts: means per post, from the export's own counts.
        indices: preset's name → value.
        missing: measure → code of the reason.
    """

    account: str
    n_posts: int
    first_day: str | None
    last_day: str | None
    posts_per_week: float | None
    active_weeks: Share | None
    longest_gap_days: float | None
    days_since_last: float | None
    zombie: bool | None
    n_comments: int | None
    n_citizens: int | None
    answer_share: Share | None
    reply_rate: Share | None
    answered_24h: Estimate | None
    answered_7d: Estimate | None
    median_hours: float | None
    depth: Estimate | None
    deepest: int | None
    comeback: Share | None
    monologue: Share | None
    repost_share: Share | None
    officialese: Estimate | None
    gini: float | None
    top_share: float | None
    likes: float | None
    comments: float | None
    reposts: float | None
    indices: Mapping[str, float | None]
    missing: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class IndexInfo:
    """A preset of a published index: where its weights come from, and what it cannot say."""

    name: str
    title: str
    title_en: str
    dated: str
    source: str
    mark: str
    note: str
    note_en: str


@dataclass(frozen=True, slots=True)
class AccountsSummary:
    """Everything that the page, the JSON and the tables print.

    Attributes:
        accounts: most posts first, then by name.
        as_of: when the archive was exported, ISO; n_posts, n_messages, n_copies: of the archive.
        zombie_days: the rule's days.
        indices: the presets.
        notices: codes of what the reader must know.
        reasons: code → (Chinese, English), of the codes that occur.
        methods: key → (Chinese, English), how each measure is made.
        run: sources, ledger, warnings, program.
    """

    accounts: tuple[Account, ...]
    as_of: str | None
    n_posts: int
    n_messages: int
    n_copies: int
    zombie_days: int
    indices: tuple[IndexInfo, ...]
    notices: tuple[tuple[str, str], ...]
    reasons: Mapping[str, tuple[str, str]]
    methods: Mapping[str, tuple[str, str]]
    run: Mapping[str, Any]
