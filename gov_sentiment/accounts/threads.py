"""Messages → for each account its posts, what citizens wrote to it, and what it answered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from gov_sentiment.archive.messages import AccountMessage, MessageArchive


@dataclass(slots=True)
class Wait:
    """One comment right below an account's post: seconds to its first answer, or to the export."""

    seconds: int | None
    answered: bool
    came_back: bool


@dataclass(slots=True)
class Activity:
    """What one account did.

    posts: its messages at the top of a thread. answers: how many of its messages answer a citizen.
    said: all its messages. comments: citizens' messages below its posts; citizens: their authors.
    waits: the comments right below its posts. depths: messages on the longest chain of each
    post that has comments; answered_posts: posts under which it answered somebody.
    """

    posts: list[AccountMessage] = field(default_factory=list)
    said: int = 0
    answers: int = 0
    comments: int = 0
    citizens: set[str] = field(default_factory=set)
    waits: list[Wait] = field(default_factory=list)
    depths: list[int] = field(default_factory=list)
    answered_posts: set[int] = field(default_factory=set)


def collect_activities(archive: MessageArchive) -> dict[str, Activity]:
    """Return what each account did, by its name."""
    return _Collection(archive).run()


class _Collection:
    def __init__(self, archive: MessageArchive) -> None:
        self.messages: Sequence[AccountMessage] = archive.messages
        self.until = None if archive.as_of is None else int(archive.as_of.timestamp())
        self.parent = _follow_ups_relinked(self.messages)
        self.children = _children(self.parent)
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
        activity.answers += self._answers_citizen(place)
        if message.parent is None and not message.answers_unknown:
            activity.posts.append(message)
            self._follow(place, activity)
            for child in self.children.get(place, ()):
                if not self.messages[child].official:
                    activity.waits.append(self._wait(child, message.author))

    def _answers_citizen(self, place: int) -> bool:
        above = self.parent[place]
        return above is not None and not self.messages[above].official

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
            elif message.author == account and self._answers_citizen(place):
                activity.answered_posts.add(post)
            for child in self.children.get(place, ()):
                if child not in seen:
                    seen.add(child)
                    open_places.append((child, depth + 1))
        activity.comments += n_comments
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


def _children(parents: Sequence[int | None]) -> dict[int, list[int]]:
    children: dict[int, list[int]] = defaultdict(list)
    for place, above in enumerate(parents):
        if above is not None:
            children[above].append(place)
    return children


def _follow_ups_relinked(messages: Sequence[AccountMessage]) -> list[int | None]:
    """Return the parents, a citizen's second word hung below the answer that it follows.

    Exports with flat lists of replies hang all of them below the comment: whoever writes below
    their own comment after an agency's answer goes on from the latest such answer.
    """
    parents = [message.parent for message in messages]
    children = _children(parents)
    for place, message in enumerate(messages):
        above = message.parent
        if above is None or message.official or message.author is None or message.at is None:
            continue
        if messages[above].official or messages[above].author != message.author:
            continue
        answers = [
            (at, sibling)
            for sibling in children[above]
            if messages[sibling].official
            and (at := messages[sibling].at) is not None
            and at <= message.at
            and sibling != place
        ]
        if answers:
            parents[place] = max(answers)[1]
    return parents
