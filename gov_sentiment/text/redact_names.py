"""Names of people in running text: places where one can stand, weighed by a linear score.

A candidate is a surname with at most two letters more, a form like 小李 or 阿强, letters that
write a foreign name, or whatever stands alone behind a cue such as 我叫. `redact_evidence` tells
what speaks for and against it; the weights are fitted by `scripts/fit_redaction.py`. Of candidates
that overlap, the one that scores best is the name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from gov_sentiment.text.redact_evidence import Candidate, Evidence
from gov_sentiment.text.redact_words import COMPOUND_SURNAMES, SURNAMES, listed, weights, words

THRESHOLD: Final = -0.4  # lower finds a few names more, and many words of real texts
SURE: Final = 0.0  # from here on a name is one wherever else it stands in the text
BESIDE: Final = 1.5  # who is named beside somebody is a person too,
BESIDE_FROM: Final = -1.0  # if the neighbour scores as much

_BETWEEN: Final = re.compile(r"(?:\(.{1,6}\))?[、和与及,/ ]{1,2}")
_BETWEEN_REACH: Final = 10
_NOT_GIVEN: Final = re.compile(
    r"[^\u4e00-\u9fa5]|[了着过的我你您他她它们这是个啥吗呢吧嘛呀咧咯么没不都也就又还把给被及或但姓说]|家[庄村湾屯沟坡店桥]|[镇县区街巷厂店局院站]$"
)
# Surnames that are mostly other words: 和某, 占某.
_FAMILY: Final = "".join(
    sorted(SURNAMES.difference("路和于向对由从在时任应那全步别都成经占修满国代"))
)
_COMPOUND: Final = "|".join(sorted(COMPOUND_SURNAMES))
# What is masked already still tells the surname: 张某某, 李*, 王××.
_MASKED: Final = re.compile(
    rf"(?:{_COMPOUND}|[{_FAMILY}])(?:某{{1,2}}(?:[甲乙丙丁]|(?![些种个类天地处人单小公弄路]))"
    r"|\*{1,2}(?![*\d弄苑路小号])|[×xX]{1,2}(?![A-Za-z]))"
)
_FOREIGN_LETTERS: Final = (
    "阿布尔提买古丽娜扎西卓玛巴特哈斯根库班达江吐力克拉木努迪那热艾山合孜次仁洛桑旦增多吉央宗"
    "依麦沙吾罕曼苏莱米其格图雅乌日诺德索南尼才让逊海亚不都"
)
_DOTTED_LETTERS: Final = (
    _FOREIGN_LETTERS + "卜杜里汗萨帕丹穆默希塔伊牙玉素甫肉坎排如祖姆赛凯胡来沁才旺措仓"
)
_FOREIGN: Final = re.compile(
    rf"(?:[{_DOTTED_LETTERS}]{{2,8}}|(?<=[人叫民:、\n])[\u4e00-\u9fa5]{{2,8}})(?:·[{_DOTTED_LETTERS}]{{2,8}}){{1,2}}"
    rf"|(?!不|都|才|让|多次|其[不他])[{_FOREIGN_LETTERS}]{{3,8}}"
)
_LATIN: Final = re.compile(
    r"(?<![A-Za-z@.\-_/])[A-Z][a-z]{1,14}(?: [A-Z][a-z]{1,14}){0,2}(?![A-Za-z0-9@_\-])"
)
_OPENERS: Final = frozenset(":叫“")
_OPEN: Final = re.compile(r"[\u4e00-\u9fa5]{2,4}")


def names(text: str) -> Iterator[tuple[int, int]]:
    """Yield the places (start, end exclusive) of names in half-width text, without overlaps."""
    evidence = Evidence(text)
    covered = bytearray(len(text))
    for start, end in _in_order(evidence):
        if not any(covered[start:end]):
            covered[start:end] = b"\1" * (end - start)
            yield start, end


def candidates(evidence: Evidence) -> Iterator[Candidate]:
    """Yield the places where a name may stand."""
    text = evidence.text
    for start in evidence.starts:
        letter = text[start]
        if letter in SURNAMES:
            yield from _with_surname(evidence, start, 1)
        if text[start : start + 2] in COMPOUND_SURNAMES:
            yield from _with_surname(evidence, start, 2)
        second = text[start + 1 : start + 2]
        if second and (
            (letter in "老小" and second in SURNAMES)
            or (letter == "阿" and not _NOT_GIVEN.search(second))
        ):
            yield Candidate(start, start + 2, 0, "pet")
        if (end := _open_end(evidence, start)) is not None:
            yield Candidate(start, end, 0, "open")
    for found in _FOREIGN.finditer(text):
        if found.start() in evidence.at:
            yield Candidate(*found.span(), 0, "foreign")


def _with_surname(evidence: Evidence, start: int, n_surname: int) -> Iterator[Candidate]:
    text = evidence.text
    if text[start : start + 2] in listed():
        return
    first = start + n_surname
    if evidence.is_titled(start, first) and text[start : first + 1] not in words()["figure"]:
        yield Candidate(start, first, n_surname, "family")
    for end in (first + 1, first + 2):
        if end <= len(text) and not _NOT_GIVEN.search(text[first:end]):
            yield Candidate(start, end, n_surname, "family")


def _open_end(evidence: Evidence, start: int) -> int | None:
    """Return where a name without a surname ends: 我叫扎西次仁, 姓名:腾格尔."""
    if evidence.text[start - 1 : start] not in _OPENERS:
        return None
    if evidence.left(start) not in ("cue", "cue+"):
        return None
    found = _OPEN.match(evidence.text, start)
    if (
        not found
        or _NOT_GIVEN.search(found.group())
        or evidence.right(found.end()) not in ("end", "profile", "list")
    ):
        return None
    is_place = found.group()[-2:] in words()["place"] or found.group()[-1] in words()["place"]
    return None if is_place else found.end()


def _in_order(evidence: Evidence) -> Iterator[tuple[int, int]]:
    """Yield what may be names, the surest first."""
    text, table = evidence.text, weights()
    for found in _MASKED.finditer(text):
        if found.start() in evidence.at:
            yield found.span()
    for found in _LATIN.finditer(text):
        if evidence.stands_as_person(*found.span()):
            yield found.span()
    scored = []
    for candidate in candidates(evidence):
        value = table["always"] + sum(
            table.get(feature, 0.0) * number
            for feature, number in evidence.features(candidate).items()
        )
        if value > THRESHOLD - 2 * BESIDE:
            scored.append((value, candidate))
    again: set[str] = set()
    for value, candidate in sorted(_with_neighbours(text, scored), key=lambda pair: -pair[0]):
        if value > THRESHOLD:
            yield candidate.start, candidate.end + evidence.short_title(candidate)
            if value > SURE and candidate.end - candidate.start > 1:
                again.add(text[candidate.start : candidate.end])
    for name in again:
        for found in re.finditer(re.escape(name), text):
            if found.start() in evidence.at and (len(name) > 2 or found.end() in evidence.at):
                yield found.span()


def _with_neighbours(
    text: str, scored: list[tuple[float, Candidate]]
) -> Iterator[tuple[float, Candidate]]:
    """Yield candidates with what their neighbours in a list add to their score."""
    likely = [candidate for value, candidate in scored if value > BESIDE_FROM]
    starts = {candidate.start for candidate in likely}
    goes_on = set()  # where what stands beside a likely name starts
    for candidate in likely:
        if between := _BETWEEN.match(text, candidate.end, candidate.end + _BETWEEN_REACH):
            goes_on.add(between.end())
    for value, candidate in scored:
        value += BESIDE * (candidate.start in goes_on)
        between = _BETWEEN.match(text, candidate.end, candidate.end + _BETWEEN_REACH)
        yield value + BESIDE * (between is not None and between.end() in starts), candidate
