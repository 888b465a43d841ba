"""Names of people in free text: found by the cue before them or the title behind them.

Where no punctuation ends a name, the words of jieba's dictionary tell its length.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import accumulate
from typing import Final

from gov_sentiment.text import redact_rules as rules
from gov_sentiment.text.tokenizer import Tokenizer

_REACH: Final = 6  # letters before a title in which a name is looked for
_HAN_TAIL: Final = re.compile(rf"[\u4e00-\u9fa5*×]{{1,{_REACH}}}$")


def names(text: str) -> Iterator[tuple[int, int]]:
    """Yield the places (start, end exclusive) of names in half-width text; they may overlap."""
    for start, end in _first_names(text):
        yield start, end
        while beside := rules.NEXT_NAME.match(text, end):
            end = beside.end("it")
            yield beside.span("it")


def _first_names(text: str) -> Iterator[tuple[int, int]]:
    if any(dot in text for dot in "·•・‧"):
        for found in rules.PARTED_NAME.finditer(text):
            yield found.span("it" if found["it"] else "titled")
    for pattern in rules.NAMES:
        for found in pattern.finditer(text):
            yield found.span("it")
    yield from _titled_names(text)
    if rules.SEX.search(text):
        for found in rules.NAME_AND_SEX.finditer(text):
            yield found.span("it")
    yield from _open_names(text)
    yield from _likely_names(text)
    if "、" in text or "和" in text or "与" in text:
        for found in rules.LISTED_NAME.finditer(text):
            yield found.span("it")
    if "*" in text:
        for found in rules.MASKED_NAME.finditer(text):
            yield found.span()


def _titled_names(text: str) -> Iterator[tuple[int, int]]:
    """Yield names before a title: 帮我问问曾女士, 投诉顾大海医生."""
    for title in rules.TITLE.finditer(text):
        end = title.start()
        tail = _HAN_TAIL.search(text[max(0, end - _REACH) : end])
        if tail is None:
            continue
        letters = tail.group()
        start = _name_start(letters, is_calling=title.group() in rules.CALLINGS)
        if start is not None:
            yield end - len(letters) + start, end


def _name_start(letters: str, *, is_calling: bool) -> int | None:
    """Return where in the letters before a title the name starts, None where there is none."""
    if not is_calling and len(letters) < _REACH and rules.NAME_BEFORE.match(letters):
        return 0
    words = _words(letters)
    start = 0
    for place, word in enumerate(words):
        # A name is in no dictionary: its surname stands alone.
        is_surname = len(word) == 1 or rules.COMPOUND.match(word) is not None
        is_cued = place > 0 and words[place - 1] in rules.CUE_WORDS
        if (
            is_surname
            and (is_cued or word not in rules.WORD_SURNAMES)
            and len(letters) - start > is_calling
            and rules.NAME_BEFORE.match(letters[start:])
        ):
            return start
        start += len(word)
    return None


def _open_names(text: str) -> Iterator[tuple[int, int]]:
    """Yield names whose end only the words that follow can tell: 当事人侯勇确有违停."""
    for cue_pattern, sure in ((rules.OPEN_CUE, True), (rules.OPEN_CUE_ANYBODY, False)):
        for cue in cue_pattern.finditer(text):
            found = rules.OPEN_NAME.match(text, cue.end())
            length = _name_length(found["it"], sure=sure) if found else 0
            if found and length and not rules.PLACE_AFTER.match(found["it"], length):
                yield found.start("it"), found.start("it") + length


def _likely_names(text: str) -> Iterator[tuple[int, int]]:
    """Yield names after any word that ends like one for people: 执法人员雷鸣到现场."""
    for cue in rules.PERSON_END.finditer(text):
        found = rules.LIKELY_NAME.match(text, cue.end())
        if found is None:
            continue
        start, end = found.span("it")
        # The words have to part before and behind the name: 工程项目 is nobody called 程.
        floor = max(0, cue.start() - 2)
        ends = list(accumulate(len(word) for word in _words(text[floor : end + 3])))
        if start - floor in ends and start - floor + 1 in ends and end - floor in ends:
            yield start, end


def _name_length(text: str, *, sure: bool) -> int:
    """Return how many letters of a text are a name, 0 where it starts with none."""
    words = _words(text)
    if len(words) < 2:
        return 0
    if rules.COMPOUND.fullmatch(words[0]):
        return 2 + min(2, len(words[1]))
    # After a word for anybody a rare surname is more often the start of a verb: 住户堵校门.
    if not sure and not rules.COMMON_SURNAME.match(text):
        return 0
    # A name is in no dictionary: its surname stands alone, the given name beside it,
    if len(words[0]) == 1 and len(words[1]) < 3:
        length = 1 + len(words[1])
        return length + (length == 2 and len(words) > 2 and len(words[2]) == 1)
    # or its first two letters happen to be a word, and the third is none that could go on.
    if sure and len(words[0]) == 2 and len(words[1]) == 1:
        return 0 if words[1] in rules.ONE_LETTER_WORDS else 3
    return 0


@lru_cache(maxsize=4096)
def _words(text: str) -> list[str]:
    return Tokenizer().cut(text)
