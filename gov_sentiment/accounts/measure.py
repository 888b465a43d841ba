"""Messages → measures of each account, each with its n, or with the reason why it is none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any, Final

from gov_sentiment import __version__
from gov_sentiment.accounts.indices import BCI, WCI, bci, list_indices, style_indices, wci
from gov_sentiment.accounts.officialese import measure_style
from gov_sentiment.accounts.result import Account, AccountsSummary
from gov_sentiment.accounts.statistics import gini, mean, share, top_share, waiting
from gov_sentiment.accounts.threads import Activity, collect_activities
from gov_sentiment.accounts.words import METHODS, NOTICES, REASONS
from gov_sentiment.archive.messages import AccountMessage, MessageArchive
from gov_sentiment.errors import BadArchive
from gov_sentiment.text import Tokenizer

ZOMBIE_DAYS: Final = 14  # 国办秘函〔2019〕19号: no update within two weeks
_DAY: Final = 86_400
_SHANGHAI: Final = 8 * 3_600
_OF_COMMENTS: Final = (
    "n_comments",
    "n_citizens",
    "answer_share",
    "reply_rate",
    "answered_24h",
    "answered_7d",
    "median_hours",
    "depth",
    "deepest",
    "comeback",
    "monologue",
)
_OF_TIME: Final = (
    "posts_per_week",
    "active_weeks",
    "longest_gap_days",
    "days_since_last",
    "zombie",
)


def measure_accounts(archive: MessageArchive, zombie_days: int = ZOMBIE_DAYS) -> AccountsSummary:
    """Return the measures of every account of an archive.

    Args:
        archive: what `archive.read_messages` returned.
        zombie_days: an account whose last post is older than this at the export is a zombie.

    Raises:
        BadArchive: no message is known to be an agency's.
    """
    activities = {
        name: activity for name, activity in collect_activities(archive).items() if activity.posts
    }
    if not activities:
        raise BadArchive(_no_accounts(archive))
    any_comments = any(activity.comments for activity in activities.values())
    names = sorted(activities, key=lambda name: (-len(activities[name].posts), name))
    tokenizer = Tokenizer()
    rows = [
        _Measuring(activities[name], archive, zombie_days, any_comments, tokenizer).measures()
        for name in names
    ]
    _add_style_indices(rows, [activities[name] for name in names])
    accounts = tuple(Account(account=n, **row) for n, row in zip(names, rows, strict=True))
    codes = {code for account in accounts for code in account.missing.values()}
    return AccountsSummary(
        accounts=accounts,
        as_of=None if archive.as_of is None else archive.as_of.isoformat(),
        n_posts=sum(account.n_posts for account in accounts),
        n_messages=len(archive.messages),
        n_copies=archive.n_copies,
        zombie_days=zombie_days,
        indices=list_indices(),
        notices=_notices(archive, accounts, any_comments),
        reasons={code: REASONS[code] for code in sorted(codes)},
        methods=METHODS,
        run={**archive.info, "program": __version__},
    )


class _Measuring:
    """One account on its way to its measures."""

    def __init__(
        self,
        activity: Activity,
        archive: MessageArchive,
        zombie_days: int,
        any_comments: bool,
        tokenizer: Tokenizer,
    ) -> None:
        self.activity = activity
        self.posts = activity.posts
        self.searched = archive.searched
        self.until = None if archive.as_of is None else int(archive.as_of.timestamp())
        self.zombie_days = zombie_days
        self.tokenizer = tokenizer
        self.missing: dict[str, str] = {}
        self.any_comments = any_comments

    def measures(self) -> dict[str, Any]:
        values: dict[str, Any] = {"n_posts": len(self.posts)}
        values |= self._times() | self._dialogue() | self._posts_themselves() | self._reach()
        for name, value in values.items():
            if value is None and name not in self.missing:
                self.missing[name] = "too_little"
        for name in ("first_day", "last_day"):
            self.missing.pop(name, None)
        return values | {"missing": self.missing}

    def _lack(self, names: Sequence[str], code: str) -> dict[str, Any]:
        self.missing |= dict.fromkeys(names, code)
        return dict.fromkeys(names)

    def _times(self) -> dict[str, Any]:
        times = sorted(post.at for post in self.posts if post.at is not None)
        if not times or self.until is None:
            return {"first_day": None, "last_day": None} | self._lack(_OF_TIME, "no_times")
        days = {"first_day": _local(times[0]), "last_day": _local(times[-1])}
        values = {name: day.date().isoformat() for name, day in days.items()}
        if self.searched:  # hits of a search: an account may have posted all the while
            self.missing["zombie"] = "searched"
        until = max(self.until, times[-1])
        weeks = {_week(time) for time in times}
        since = (until - times[-1]) / _DAY
        gaps = [(b - a) / _DAY for a, b in pairwise(times)]
        return values | {
            "posts_per_week": len(times) / max(1.0, (until - times[0]) / (7 * _DAY)),
            "active_weeks": share(len(weeks), _week(until) - _week(times[0]) + 1),
            "longest_gap_days": max(gaps, default=None),
            "days_since_last": since,
            "zombie": None if self.searched else since > self.zombie_days,
        }

    def _dialogue(self) -> dict[str, Any]:
        activity = self.activity
        exported = [post.counts["comments"] for post in self.posts if "comments" in post.counts]
        if not activity.comments and (not self.any_comments or any(exported)):
            return self._lack(_OF_COMMENTS, "no_comments")
        waits = activity.waits
        answered = sum(wait.answered for wait in waits)
        timed = [w for w in waits if w.seconds is not None and w.seconds >= 0]
        day, week, median = waiting(
            [(w.seconds or 0) / 3600 for w in timed], [w.answered for w in timed]
        )
        if timed and median is None:
            self.missing["median_hours"] = "not_reached"
        known = bool(activity.citizens) or not activity.comments
        if not known:
            self.missing["n_citizens"] = "no_authors"
        return {
            "n_comments": activity.comments,
            "n_citizens": len(activity.citizens) if known else None,
            "answer_share": share(activity.answers, activity.said),
            "reply_rate": share(answered, len(waits)),
            "answered_24h": day,
            "answered_7d": week,
            "median_hours": median,
            "depth": mean(activity.depths, 1, float("inf")),
            "deepest": max(activity.depths, default=None),
            "comeback": share(sum(w.answered and w.came_back for w in waits), answered),
            "monologue": share(len(self.posts) - len(activity.answered_posts), len(self.posts)),
        }

    def _posts_themselves(self) -> dict[str, Any]:
        flags = [post.is_repost for post in self.posts if post.is_repost is not None]
        if not flags:
            self.missing["repost_share"] = "no_repost_flag"
        own = [post.text for post in self.posts]
        styles = [style for text in own if (style := measure_style(text, self.tokenizer))]
        return {
            "repost_share": share(sum(flags), len(flags)),
            "officialese": mean([style.index for style in styles], -100, 100),
        }

    def _reach(self) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for name in ("likes", "comments", "reposts"):
            counts = [post.counts[name] for post in self.posts if name in post.counts]
            values[name] = sum(counts) / len(counts) if counts else None
            if not counts:
                self.missing[name] = "no_counts"
        totals = [interactions(post) for post in self.posts]
        known = [total for total in totals if total is not None]
        values |= {"gini": gini(known), "top_share": top_share(known)}
        if not known:
            self.missing |= dict.fromkeys(("gini", "top_share"), "no_counts")
        values["indices"] = {BCI: bci(self.posts), WCI: self._wci()}
        if values["indices"][BCI] is None:
            self.missing[BCI] = "no_counts"
        if values["indices"][WCI] is None:
            self.missing[WCI] = "searched" if self.searched else "no_reads"
        return values

    def _wci(self) -> float | None:
        times = [post.at for post in self.posts if post.at is not None]
        if not times or self.until is None or self.searched:
            return None
        return wci(self.posts, max(1.0, (max(self.until, *times) - min(times)) / _DAY))


def interactions(post: AccountMessage) -> int | None:
    """Return a post's likes, comments and reposts together; None where none is exported."""
    found = [post.counts[n] for n in ("likes", "comments", "reposts") if n in post.counts]
    return sum(found) if found else None


def _add_style_indices(rows: Sequence[dict[str, Any]], activities: Sequence[Activity]) -> None:
    spread: list[float | None] = []
    for row in rows:
        means = [row[name] for name in ("likes", "comments", "reposts")]
        spread.append(None if None in means else sum(means))
    service = [row["reply_rate"].value if row["reply_rate"] else None for row in rows]
    interaction = [
        None if row["n_citizens"] is None else row["n_citizens"] / len(activity.posts)
        for row, activity in zip(rows, activities, strict=True)
    ]
    for name, values in style_indices(spread, service, interaction).items():
        for row, value in zip(rows, values, strict=True):
            row["indices"][name] = value
            if value is None:
                row["missing"][name] = "no_parts"


def _notices(
    archive: MessageArchive, accounts: Sequence[Account], any_comments: bool
) -> tuple[tuple[str, str], ...]:
    codes = ["always"]
    if archive.searched:
        codes.append("searched")
    if not any_comments:
        codes.append("no_comments")
    elif _exported_part(archive, accounts) < 0.9:
        codes.append("comments_cut")
    if any(account.n_posts < 30 for account in accounts):
        codes.append("few_posts")
    return tuple(NOTICES[code] for code in codes)


def _exported_part(archive: MessageArchive, accounts: Sequence[Account]) -> float:
    """Return what part of the comments that the platform counted stands in the archive."""
    counted = sum((a.comments or 0) * a.n_posts for a in accounts if a.n_comments is not None)
    exported = sum(1 for message in archive.messages if message.parent is not None)
    return exported / counted if counted else 1.0


def _no_accounts(archive: MessageArchive) -> str:
    files = ", ".join(source["file"] for source in archive.info["sources"])
    if not archive.messages:
        return (
            f"{files}: no account's posts. `accounts` reads exports of microblog or WeChat "
            "accounts; posts with their replies in one row are for `run`."
        )
    return (
        f"{files}: {len(archive.messages):,} messages, but no account is known to be an agency's, "
        "or none of its posts is there. Name the accounts with --official, add the crawler's "
        "users file, or name the column with --map author=HEADER."
    )


def _local(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC) + timedelta(hours=8)


def _week(seconds: int) -> int:
    """Return the number of the week, Monday to Sunday in Shanghai (1970-01-01 was a Thursday)."""
    return ((seconds + _SHANGHAI) // _DAY + 3) // 7


def plain_rows(summary: AccountsSummary) -> list[dict[str, Any]]:
    """Return one flat row an account: shares as value, low, high, k and n in columns beside."""
    return [_flat(account) for account in summary.accounts]


def _flat(account: Account) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for name in Account.__dataclass_fields__:
        value: Any = getattr(account, name)
        if name in SHARES or name in ESTIMATES:
            row[name] = None if value is None else value.value
            for part in ("low", "high", *(("k",) if name in SHARES else ()), "n"):
                row[f"{name}_{part}"] = None if value is None else getattr(value, part)
        elif name == "indices":
            row |= {key.replace("-", "_").replace(".", "_"): v for key, v in value.items()}
        elif name == "missing":
            row["note"] = _note(value)
        else:
            row[name] = value
    return row


def _note(missing: Mapping[str, str]) -> str | None:
    return "; ".join(f"{name}: {code}" for name, code in sorted(missing.items())) or None


SHARES: Final = (
    "active_weeks",
    "answer_share",
    "reply_rate",
    "comeback",
    "monologue",
    "repost_share",
)
ESTIMATES: Final = ("answered_24h", "answered_7d", "depth", "officialese")
