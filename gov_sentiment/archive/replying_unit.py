"""The unit that answered, read from its own reply where no column names it.

The answering unit is, in this order: who signs the reply; who is named as receiving, checking
or answering the letter (A7县城管局高度重视, 经A7县城管局核实); the "we" of the reply (我局, 我镇)
where reply or post name one unit of that kind; the area whose government speaks (我县). A unit
that the letter was passed on to and that does not speak, or that is only mentioned, is not one.
Names such as 县城管局 are completed by the place that reply or post name; without one they are
no answer, since every county has such a bureau.

Patterns have bounded repeats, so the time is linear in the length of the text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

from gov_sentiment.archive.replying_rules import (
    ACTS,
    ANSWERED,
    AREA,
    AREA_WE,
    ASKED,
    BY,
    CODE,
    DOCUMENT,
    FORWARD,
    KIND_END,
    KINDS,
    MANY_OF_KIND,
    NAME_END,
    NEXT_REPLY,
    OTHER,
    PASSED_ON,
    PROVINCE,
    REAL_PLACE,
    REPORTS,
    SIGNATURE,
    SIGNED_WORDS,
    SPHERE_THANKS,
    SPHERES,
    START,
    THANKED,
    THANKS,
    UNIT,
    UTILITY,
    WE,
    WORKS,
)

_LONGEST: Final = 6000  # characters read of a text

_BARE_KINDS: Final = frozenset({"大队", "支队", "中队", "中心", "公司", "集团"})  # whose?

Evidence = Literal["signature", "named", "we", "sphere", "area"]
_Role = Literal["acts", "reports", "thanked", "works", "forward", "plain", "other", "document"]


@dataclass(frozen=True, slots=True)
class ReplyingUnit:
    """The unit that answered.

    evidence: "signature"; "named" as the one that received, checked or answered; "we" and
        "sphere", the we of the reply, named elsewhere in it or by its work; "area", only the
        place whose government answers is known, and `name` is that place.
    """

    name: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class _Mention:
    """A unit or an area named in a text, and what the words around it make of it."""

    name: str
    role: _Role
    is_area: bool


class _Places:
    """The masked places that reply and post name, to complete a name such as 县城管局."""

    def __init__(self, reply: str, post: str) -> None:
        self._reply = _codes(reply)
        self._post = _codes(post)

    def of_level(self, level: str) -> str | None:
        """Return the one place of a level (市, 县, 区), or None where none or several fit."""
        reply, post = (_at_level(codes, level) for codes in (self._reply, self._post))
        # The place that both name. Else the post knows its county, since replies name others as
        # well; for the city the reply decides.
        found = (reply & post) or ((reply or post) if level == "市" else (post or reply))
        return found.pop() if len(found) == 1 else None

    def around(self) -> str | None:
        """Return the one lowest place of the post, else of the reply: where its towns lie."""
        for codes in (self._post, self._reply):
            found = {code for code in codes if code[1].isdigit()} or set(codes)
            if found:
                return found.pop() if len(found) == 1 else None
        return None

    def near(self, name: str) -> bool:
        """Tell whether a place lies in the city of the post's places, or the post names none."""
        return not self._post or any(code[0] in name for code in self._post)

    def agree(self, named: set[str]) -> bool:
        """Tell whether the post is about these places too, or about none."""
        low = {code for code in self._post if code[1].isdigit()} or set(self._post)
        return not low or any(code in area for area in named for code in low)

    @property
    def masked(self) -> bool:
        """Whether any place is named by a code."""
        return bool(self._reply or self._post)


def _at_level(codes: list[str], level: str) -> set[str]:
    found = {code for code in codes if code[-1] == level and code[1].isdigit()}
    # A7县 lies in A市, unless a city of the county's rank (A9市) is named.
    return found or ({code[0] + "市" for code in codes} if level == "市" else set())


def _codes(text: str) -> list[str]:
    return list(dict.fromkeys(re.findall(CODE, text)))


def extract_replying_unit(reply_text: str | None, post_text: str | None = None) -> str | None:
    """Return the unit that answered, as its reply names it, or None where it names none.

    Args:
        reply_text: the official reply, or several of them in a row.
        post_text: title and text of the citizen's post: its places complete the unit's name.
    """
    found = find_replying_unit(reply_text, post_text)
    return found.name if found else None


def find_replying_unit(reply_text: str | None, post_text: str | None = None) -> ReplyingUnit | None:
    """Return the unit that answered with the evidence for it; see `extract_replying_unit`."""
    reply = _compact(reply_text)
    if not reply:
        return None
    post = _compact(post_text)
    places = _Places(reply, post)
    parts = [part for part in NEXT_REPLY.split(reply) if part.strip()]
    for part in parts:
        if signed := _signed(part, places):
            return ReplyingUnit(signed, "signature")
    spoken = [(part, list(_mentions(part, places))) for part in parts]
    answers = [(part, mentions) for part, mentions in spoken if not _only_passes_on(part)]
    if not answers:
        return None
    said = [mention for _, mentions in answers for mention in mentions]
    passed_to = [m for _, mentions in spoken for m in mentions if m.role == "forward"]
    text = " ".join(part for part, _ in answers)
    we = _we_kind(text)
    if named := _first_unit(said, ("acts", "thanked", "reports"), we):
        return ReplyingUnit(named, "named")
    if we and (ours := _we(we, said, passed_to, post, places)):
        return ReplyingUnit(ours, "we")
    if we == "局" and (bureau := _bureau_of_sphere(text, places)):
        return ReplyingUnit(bureau, "sphere")
    if worker := _only_worker(said, we):
        return ReplyingUnit(worker, "named")
    area = _area(text, said, places)
    return ReplyingUnit(area, "area") if area else None


def _first_unit(
    mentions: Iterable[_Mention], roles: tuple[_Role, ...], we: str | None
) -> str | None:
    units = [m for m in mentions if not m.is_area and m.role != "document"]
    if units and units[0].role == "works" and _can_speak(units[0].name, we):
        return units[0].name
    units = [unit for unit in units if _can_speak(unit.name, we)]
    return next((unit.name for role in roles for unit in units if unit.role == role), None)


def _only_worker(mentions: Iterable[_Mention], we: str | None) -> str | None:
    names = {
        unit.name
        for unit in mentions
        if unit.role == "works" and not unit.is_area and _can_speak(unit.name, we)
    }
    return names.pop() if len(names) == 1 else None


def _can_speak(name: str, we: str | None) -> bool:
    # A reply that says "our bureau" is not a company's. Without "we" a utility may answer; any
    # other company in a reply is mostly the one complained of.
    if we is not None:
        return KIND_END[we].search(name) is not None
    return KIND_END["公司"].search(name) is None or UTILITY.search(name) is not None


def _we_kind(text: str) -> str | None:
    found = WE.search(text)
    return KINDS[found.group("kind")] if found else None


def _compact(text: str | None) -> str:
    folded = unicodedata.normalize("NFKC", (text or "")[:_LONGEST]).replace("_x000D_", " ")
    return re.sub(r"\s+", " ", folded).strip()


def _signed(part: str, places: _Places) -> str | None:
    found = SIGNATURE.search(part, max(0, len(part) - 60))
    if found is None:
        return None
    name = found.group("unit")
    if SIGNED_WORDS.search(name) or not NAME_END.search(name):
        return None
    return _complete_signature(name, places)


def _complete_signature(name: str, places: _Places) -> str | None:
    if re.search(CODE, name):
        return name
    if name[0] in "市县区":
        place = places.of_level(name[0])
        return place + name[1:] if place else None
    if REAL_PLACE.match(name) and not places.masked:
        return name
    place = None if name.startswith(PROVINCE) else places.around()
    return place + name if place else name


def _only_passes_on(part: str) -> bool:
    return PASSED_ON.search(part) is not None and ANSWERED.search(part) is None


def _mentions(part: str, places: _Places) -> Iterator[_Mention]:
    for found in UNIT.finditer(part):
        name = _complete(found, places)
        if name is not None:
            role = _role(part, found.start(), found.end())
            yield _Mention(name, role, found.group("area") is not None)


def _complete(found: re.Match[str], places: _Places) -> str | None:
    if branch := found.group("branch"):
        return None if branch[0].isascii() else branch
    if found.group("body") in _BARE_KINDS:
        return None
    if found.group("place") or found.group("area"):
        return found.group()
    if level := found.group("level"):
        place = places.of_level(level)
        return place + found.group("part") if place else None
    place = places.around()
    return place + found.group() if place else None  # a town, a street or a bare bureau


def _role(text: str, start: int, end: int) -> _Role:
    before, after = text[max(0, start - 44) : start], text[end : end + 60]
    if DOCUMENT.search(before):
        return "document"
    if FORWARD.search(before):
        return "forward"
    if THANKED.search(before) and THANKS.match(after):
        return "thanked"
    if ASKED.search(before):
        return "reports" if REPORTS.match(after) else "other"
    if BY.search(before):
        return "reports" if REPORTS.match(after) or ACTS.match(after) else "plain"
    if OTHER.search(before):
        return "other"
    if START.search(before) and ACTS.match(after):
        return "acts"
    if START.search(before) and WORKS.match(after):
        return "works"
    return "plain"


def _we(
    kind: str, said: list[_Mention], passed_to: list[_Mention], post: str, places: _Places
) -> str | None:
    """Name the "we" of a reply by the one unit of that kind which reply or post name."""
    # The bureau that a letter was passed on to is the one that then says "our bureau".
    named = [passed_to, [m for m in said if m.role == "works"]]
    if kind in ("镇", "乡", "街道", "社区"):
        named.append([m for m in said if m.role != "document"])
    if kind not in MANY_OF_KIND:
        named.append([m for m in said if m.role == "plain"])
        named.append(list(_mentions(post, places)))
    return next((name for group in named if (name := _one_of_kind(group, kind))), None)


def _bureau_of_sphere(text: str, places: _Places) -> str | None:
    """Name "our bureau" by the work that the reply thanks for: 感谢您对公安工作的支持."""
    found = SPHERE_THANKS.search(text)
    if found is None:
        return None
    place = found.group("place")
    if place is None and (level := AREA_WE.search(text)):
        place = places.of_level(level.group("level") or level.group("whole"))
    place = place or places.around()
    bureau = next(name for words, name in SPHERES.items() if found.group("sphere") in words.split())
    return place + bureau if place else None


def _one_of_kind(mentions: Iterable[_Mention], kind: str) -> str | None:
    ending = KIND_END[kind]
    names = {m.name for m in mentions if not m.is_area and ending.search(m.name)}
    return names.pop() if len(names) == 1 else None


def _area(text: str, said: list[_Mention], places: _Places) -> str | None:
    acting = ("acts", "reports", "thanked", "works")
    for mention in said:
        if mention.is_area and mention.role in acting and places.near(mention.name):
            return mention.name
    if found := AREA_WE.search(text):
        return places.of_level(found.group("level") or found.group("whole"))
    # An area's board speaks of its own bureaus; the post has to be about that area as well.
    named = {area.group() for m in said if m.role != "document" if (area := AREA.match(m.name))}
    return named.pop() if len(named) == 1 and places.agree(named) else None
