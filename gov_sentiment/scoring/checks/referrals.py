"""Who sends citizens on to whom: transfers and redirections named in replies."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

# The body's name: what stands between the verb and the ending that marks an organisation.
_ENDING: Final = (
    r"(?:人民政府|办事处|委员会|管委会|居委会|村委会|公安局|分局|局|支队|大队|总队|派出所|法院|检察院|仲裁委|仲裁院"
    r"|服务中心|中心|有限公司|公司|集团|街道办|街道|镇政府|乡政府|[住建交卫发教]委|建管委|住建委|交通委|教委|卫健委)"
)
_NAME: Final = rf"(?P<name>[一-鿿A-Z0-9]{{2,16}}?{_ENDING})"
_FILLER: Final = r"(?:给|至|到|由|向|请|了|往|交|办)?(?:具体的|有关|相关|属地|主管|责任)?"
_TRANSFERRED: Final = re.compile(
    rf"(?:转(?:交|办|至|送|给|由|达|派)?|移交|移送|交办|交由|派单|函告|批转|转请|反馈至|反馈给|转呈){_FILLER}{_NAME}"
)
_REDIRECTED: Final = re.compile(
    rf"(?:请|建议|可以|可|应)(?:您|你|直接|再|另行|自行|通过|及时|先){{0,3}}(?:向|到|去|至|联系|咨询|致电|拨打|前往|找){_FILLER}{_NAME}"
)
_FEWEST_ANSWERS: Final = 3
_NOT_A_BODY: Final = re.compile(
    r"^(?:相关|有关|上级|属地|责任|职能|主管|各|该|其|我|本|贵|您|你|当地|所在地?|所属|辖区|物业)(?:市|区|县|单位|部门|的)?"
    r"|[了的着过和与并在该我您你]|^(?:给|交|请|向|由|小区|建设单位|施工单位|招)"
)


@dataclass(frozen=True, slots=True)
class Referral:
    """One hand-over that a reply names.

    target: the body as the reply names it; kind: "transferred" (the agency passed the case on)
    or "redirected" (the citizen is told to go there); start, end: span of the name.
    """

    target: str
    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class ReferralEdge:
    """How often one agency sends citizens to another.

    dead_end: why nobody answers at the target, None where somebody does. "outside": the archive
    has no post to it; "silent": it answers none of its posts; "sends_on": it answers none in
    substance, and neither does anybody to whom it sends on.
    """

    source: str
    target: str
    kind: str
    n: int
    ping_pong: bool
    dead_end: str | None


@dataclass(frozen=True, slots=True)
class AgencyAnswers:
    """How many posts of the archive an agency answered, and how many of them in substance."""

    n_answered: int
    n_substantive: int


def find_referrals(reply: str) -> list[Referral]:
    """Return the bodies that the reply passes the case or the citizen to, each once."""
    found: dict[tuple[str, str], Referral] = {}
    for kind, pattern in (("transferred", _TRANSFERRED), ("redirected", _REDIRECTED)):
        for match in pattern.finditer(reply):
            name = match["name"]
            if _NOT_A_BODY.search(name):
                continue
            found.setdefault((name, kind), Referral(name, kind, *match.span("name")))
    return sorted(found.values(), key=lambda referral: referral.start)


def referral_edges(
    referrals: Iterable[tuple[str, str, str]], agencies: Mapping[str, AgencyAnswers]
) -> list[ReferralEdge]:
    """Return the edges of the referral graph, the heaviest first.

    Args:
        referrals: (agency that replied, body that it names, kind). A body whose name ends an
            agency's full name is that agency, where only one agency of the archive fits.
        agencies: every agency to which the archive has a post.
    """
    counts: Counter[tuple[str, str, str]] = Counter()
    full_names: dict[str, str] = {}
    names = sorted(agencies)
    for source, named, kind in referrals:
        if named not in full_names:
            full_names[named] = _full_name(named, names)
        target = full_names[named]
        if target != source:
            counts[source, target, kind] += 1
    pairs = {(source, target) for source, target, _ in counts}
    dead_ends = _dead_ends(pairs, agencies)
    edges = [
        ReferralEdge(source, target, kind, n, (target, source) in pairs, dead_ends.get(target))
        for (source, target, kind), n in counts.items()
    ]
    return sorted(edges, key=lambda edge: (-edge.n, edge.source, edge.target, edge.kind))


def _dead_ends(
    pairs: Iterable[tuple[str, str]], agencies: Mapping[str, AgencyAnswers]
) -> dict[str, str]:
    """Return the bodies at which nobody answers, and why."""
    senders: defaultdict[str, set[str]] = defaultdict(set)
    for source, target in pairs:
        senders[target].add(source)
    # Whoever sends on to somebody who answers is no dead end: walk back from those who answer.
    # A handful of replies shows nothing about an agency: it has the benefit of the doubt.
    reached = [
        name
        for name, answers in agencies.items()
        if answers.n_substantive or 0 < answers.n_answered < _FEWEST_ANSWERS
    ]
    alive = set(reached)
    while reached:
        further = senders.get(reached.pop(), set()) - alive
        alive |= further
        reached += further
    sending = {source for sources in senders.values() for source in sources}
    dead = {}
    for target in senders:
        answers = agencies.get(target)
        if answers is None:
            dead[target] = "outside"
        elif not answers.n_answered:
            dead[target] = "silent"
        elif target in sending and target not in alive:
            dead[target] = "sends_on"
    return dead


def _full_name(named: str, agencies: list[str]) -> str:
    fitting = [agency for agency in agencies if agency.endswith(named)]
    return fitting[0] if len(fitting) == 1 else named
