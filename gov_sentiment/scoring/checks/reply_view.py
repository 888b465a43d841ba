"""What the rules read of one answered exchange, and what they return."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from gov_sentiment.text import split_reply


@dataclass(frozen=True, slots=True)
class Hit:
    """One flag on one exchange.

    flag: its name in the `flags` column.
    rule: which sign fired.
    start, end: character span in `reply_text` (0, 0 where the sign is not in the text).
    """

    flag: str
    rule: str
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class ReplyView:
    """What the rules need of one answered exchange.

    body_start, body_end: span of the reply between courtesy and the restated post.
    """

    post: str
    reply: str
    body_start: int
    body_end: int
    post_intent: str | None
    reply_type: str | None
    status: str | None
    posted_at: datetime | None
    replied_at: datetime | None

    @property
    def body(self) -> str:
        """The reply without courtesy and restated post."""
        return self.reply[self.body_start : self.body_end]


def body_span(reply: str) -> tuple[int, int]:
    """Return where the substance of a reply begins and ends."""
    return split_reply(reply).body_span
