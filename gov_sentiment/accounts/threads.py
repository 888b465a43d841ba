"""Messages → for each account its posts, what citizens wrote to it, and what it answered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from gov_sentiment.archive.messages import AccountMessage, MessageArchive


@dataclass(slots=True)
class Wait:
    """One comment addressed to an account: seconds to its first answer, or to the export."""

    seconds: int | None
    answered: bool
    came_back: bool


@dataclass(slots=True)
class Activity:
    """What one account did.

    posts: its messages at the top of a thread. answers: how many of its messages answer a citizen.
    said: all its messages. comments: citizens' messages below its posts; citizens: their authors.
    waits: the comments addressed to it. depths: messages on the longest chain of each post that
    has comments; answered_posts: posts under which it answered somebody.
    """

    posts: list[AccountMessage] = field(default_factory=list)
    said: int = 0
    answers: int = 0
    comments: int = 0
    citizens: set[str] = field(default_factory=set)
    waits: list[Wait] = field(default_factory=list)
    depths: list[int] = field(default_factory=list)
    answered_posts: set[int] = field(default_factory=set)
    post_comments: list[int] = field(default_factory=list)


def collect_activities(archive: MessageArchive) -> dict[str, Activity]:
    """Return what each account did, by its name."""
    return _Collection(archive).run()


class _Collection:
    def __init__(self, archive: MessageArchive) -> None:
        self.messages: Sequence[AccountMessage] = archive.messages
        self.until = None if archive.as_of is None else int(archive.as_of.timestamp())
        self.children: dict[int, list[int]] = defaultdict(list)
        for place, message in enumerate(self.messages):
            if message.parent is not None:
                self.children[message.parent].append(place)
        self.found: dict[str, Activity] = {}

    def run(self) -> dict[str, Activity]:
        for place, message in enumerate(self.messages):
            if message.official and message.author:
                self._count(place, message, self._of(message.author))
        return self.found

    def _of(self, account: str) -> Activity:
        return self.found.setdefault(account, Activity())

    def _count(self, place: int, message: AccountMessage, activity: Activity) -> None:
        activity.said += 1
        activity.answers += self._answers_citizen(message)
        if message.parent is None and not message.answers_unknown:
            activity.posts.append(message)
            self._follow(place, activity)
        for child in self.children.get(place, ()):
            if not self.messages[child].official:
                activity.waits.append(self._wait(child, message.author))

    def _answers_citizen(self, message: AccountMessage) -> bool:
        return message.parent is not None and not self.messages[message.parent].official

    def _follow(self, post: int, activity: Activity) -> None:
        """Go down one thread: comments, authors, the longest chain, whether anyone was answered."""
        account, deepest, n_comments = self.messages[post].author, 1, 0
        open_places, seen = [(post, 1)], {post}
        while open_places:
            place, depth = open_places.pop()
            message = self.messages[place]
            deepest = max(deepest, depth)
            if not message.official:
                n_comments += 1
                if message.author:
                    activity.citizens.add(message.author)
            elif message.author == account and self._answers_citizen(message):
                activity.answered_posts.add(post)
            for child in self.children.get(place, ()):
                if child not in seen:
                    seen.add(child)
                    open_places.append((child, depth + 1))
        activity.comments += n_comments
        activity.post_comments.append(n_comments)
        if n_comments:
            activity.depths.append(deepest)

    def _wait(self, comment: int, account: str | None) -> Wait:
        asked = self.messages[comment]
        own = [c for c in self.children.get(comment, ()) if self.messages[c].author == account]
        came_back = any(
            not self.messages[grandchild].official
            and self.messages[grandchild].author == asked.author
            for child in own
            for grandchild in self.children.get(child, ())
        )
        if own:
            times = [at for child in own if (at := self.messages[child].at) is not None]
            end = min(times, default=None)
        else:
            end = self.until
        seconds = None if end is None or asked.at is None else end - asked.at
        return Wait(seconds, bool(own), came_back)
