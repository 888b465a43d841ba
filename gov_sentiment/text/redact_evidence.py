"""What speaks for and against reading some letters as the name of a person."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from gov_sentiment.text.redact_words import SURNAMES, frequencies, letters, listed, words
from gov_sentiment.text.tokenizer import Tokenizer

_UNSEEN: Final = -2.0  # log-odds of a letter that stands in no name
_LINKS: Final = frozenset((":", " ", "是", "为", "叫", "系", "“", '"', "(", "'", "「", "【"))
_VERB_LINKS: Final = frozenset(("是", "为", "叫", "系"))
_PAUSE: Final = frozenset(",.。、;:!?/()[]【】\"'“”‘’<>《》…~-—\n\t ")
SHORT_TITLES: Final = frozenset("哥姐总局太生伯叔婶婆爷嫂工队所导姨庭")
_LIST: Final = frozenset(("、", "和", "与", "及", "跟", "同", "以及", "/"))
_OFFICE_END: Final = frozenset("局委院所部厅队站科处室会社司行厂店校府")
_AREA_END: Final = frozenset("省州市盟旗区县镇乡村组路街桥河山")  # and the next name is a place's
# Last letters of places, which no name of a person ends in.
_PLACE_END: Final = frozenset(
    "河镇村县区溪路街巷乡桥岭屯苑湾庄江湖庙社店厂局院楼港站渠塘坝坪坡沟窑亭岛浦府寨峪坳冲郡邸"
)
# Last letters of places and of persons.
_PLACE_LIKE: Final = frozenset(
    "山庭汇洲洞组岗口城园阳州南北东西安源泉宁台井阴水陵泽田家里门海悦翰璞"
)
# Surnames that are far more often other words.
_FUNCTION_SURNAMES: Final = frozenset("于向和别那时任应经从全步成由对路车水")
_NAME_TAGS: Final = frozenset(("nr", "ns"))
_MAX_LINKS: Final = 3
_ERA: Final = re.compile(r"(?:元|[一二三四五六七八九十]{1,3}|)年(?![前来后多间])")  # 明永乐|五年
# What follows the first letters of an estate: 云顶翠|峰小区, 云顶|的业主.
_HOME: Final = re.compile(
    r"[^\W\d的是在说住到从有和与及家对给把被让向同为将因]{0,3}(?:小区|社区|花园|家园|楼盘|片区|公馆|山庄|公寓|华庭"
    r"|的(?:一[名位个])?(?:普通)?(?:业主|住户|居民|村民))"
)
_OFTEN: Final = 2.5  # from this frequency on a word is hardly a name
_WORD_REACH: Final = 6  # letters of the longest cue
_TAGS: Final = frozenset("nvapcdrumqfjt")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place where a name may stand.

    start, end: places in the text, end exclusive.
    n_surname: letters of the surname.
    form: "family", "pet" (小李), "foreign" or "open" (whatever stands behind a cue).
    """

    start: int
    end: int
    n_surname: int
    form: str


class Evidence:
    """A text with its words and their tags."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens, self.tags = Tokenizer().tag(text)
        self.starts: list[int] = []
        place = 0
        for word in self.tokens:
            self.starts.append(place)
            place += len(word)
        self.at = {start: number for number, start in enumerate(self.starts)}
        self.at[place] = len(self.tokens)
        self._left: dict[int, str] = {}
        self._right: dict[int, str] = {}

    def features(self, name: Candidate) -> dict[str, float]:
        """Return what speaks for and against a candidate: feature -> value."""
        found = self._form(name)
        left, right = self.left(name.start), self.right(name.end)
        first, last = self.at[name.start], self.at.get(name.end, self.at[name.start])
        parting = self._parting(name)
        if name.form == "family":
            found[f"words={parting}"] = 1
        else:
            found[f"{name.form}:words={parting}"] = 1
        if self.text[name.start] in _FUNCTION_SURNAMES and name.form == "family":
            found[f"function:{_side(left)}"] = 1
            found[f"function<>{_side(right)}"] = 1
        if _ERA.match(self.text, name.end):
            found["era"] = 1
        if _HOME.match(self.text, name.end):
            found["home"] = 1
        found[f"left={left}"] = 1
        found[f"right={right}"] = 1
        found[f"{_side(left)}<>{_side(right)}"] = 1
        word = self.text[name.start : name.end]
        frequency = frequencies().get(word, 0)
        if frequency:
            found["frequency"] = frequency
            found["often"] = max(0, frequency - _OFTEN)
            found[f"word:{_side(left)}<>{_side(right)}"] = 1
        elif name.end - name.start > 2:
            found["part_frequency"] = max(
                frequencies().get(word[:2], 0), frequencies().get(word[1:], 0)
            )
        figures = words()["figure"]
        if not figures.isdisjoint((word, word[1:])) or (len(word) > 1 and word in listed()):
            found["figure"] = 1
        if word in words()["area"] or (len(word) > 2 and word[:2] in words()["area"]):
            found[f"area{len(word)}"] = 1
        if word[-1] in _PLACE_END and len(word) > 1:
            found["place_end"] = 1
            found[f"place_end:{_side(left)}"] = 1
        elif word[-1] in _PLACE_LIKE and len(word) > 1:
            found[f"place_like:{_side(left)}"] = 1
            found[f"place_like<>{_side(right)}"] = 1
        if part := found.get("part_frequency", 0):
            found[f"{name.form}:part_frequency:{_side(left)}"] = part
        if name.end - name.start > 2 and self._has_word(name):
            found[f"{name.form}:has_word"] = 1
        for number, is_list in ((first - 2, left == "list"), (last + 1, right == "list")):
            if is_list and 0 <= number < len(self.tokens):
                found[f"listed_{'left' if number < first else 'right'}={self._kind(number)}"] = 1
        return found

    def _kind(self, number: int) -> str:
        """Return how name-like a word beside a candidate in a list is."""
        token, tag = self.tokens[number], self.tags[number]
        if tag.startswith("nr") or len(token) == 1:
            return "name" if token in SURNAMES or tag.startswith("nr") else "letter"
        return "place" if tag.startswith("ns") or token[-1] in _PLACE_LIKE | _PLACE_END else "word"

    def _has_word(self, name: Candidate) -> bool:
        """Tell whether a word that is no name lies in a candidate."""
        return any(
            len(token) > 1 and tag[:2] not in ("nr", "nz", "ns", "x")
            for token, tag in self._within(name)
        )

    def _within(self, name: Candidate) -> Iterator[tuple[str, str]]:
        number = self.at[name.start]
        while number < len(self.tokens) and self.starts[number] < name.end:
            yield self.tokens[number], self.tags[number]
            number += 1

    def _form(self, name: Candidate) -> dict[str, float]:
        table = letters()
        given = self.text[name.start + name.n_surname : name.end]
        found: dict[str, float] = {
            f"form={name.form}{name.n_surname}{len(given) if name.form == 'family' else ''}": 1
        }
        if name.form == "pet":
            found["pet"] = table["surname" if given[0] != "阿" else "only"].get(given[1], _UNSEEN)
        elif name.form == "open":
            found["open"] = sum(table["second"].get(letter, _UNSEEN) for letter in given) / len(
                given
            )
        elif name.form == "foreign":
            found["foreign"] = 3 if "·" in given else len(given) - 3
        elif name.form == "family":
            if name.n_surname == 1:
                found["surname"] = table["surname"].get(self.text[name.start], _UNSEEN)
            if len(given) == 2:
                first, second = (
                    table[part].get(letter, _UNSEEN)
                    for part, letter in zip(("first", "second"), given, strict=True)
                )
                found["given2"] = first + second
                found[f"given2:{_side(self.left(name.start))}"] = first + second
                if given[0] == given[1]:
                    found["twice"] = 1
            elif given:
                found["given1"] = table["only"].get(given, _UNSEEN)
                found[f"given1:{_side(self.left(name.start))}"] = found["given1"]
        return found

    def short_title(self, name: Candidate) -> int:
        """Return the letters of a title behind a surname that tells nothing alone: 林姐, 蒋总."""
        is_short = name.end - name.start == name.n_surname and self.right(name.end) == "short_title"
        return int(is_short)

    def _parting(self, name: Candidate) -> str:
        """Return how the words of the dictionary lie in a candidate."""
        first = self.at[name.start]
        token = self.tokens[first]
        length = name.end - name.start
        if name.end not in self.at:
            if self.tags[first].startswith("nr") and self.right(name.end) in ("title", "rank"):
                return "titled"  # 张女士 is one word of the dictionary
            return "within" if len(token) > length else "crossed"
        n = self.at[name.end] - first
        if n == 1 and length > 1:
            tag = self.tags[first][:2]
            return f"whole{length}{tag if tag in _NAME_TAGS else _tag(tag)}"
        if len(token) == 1 or len(token) == name.n_surname:
            return "apart" if n == 2 or length < 3 else "letters"
        return "two_one"

    def is_titled(self, start: int, end: int) -> bool:
        """Tell whether a title or the like follows: 张|女士, also where both are one word."""
        parts = end in self.at or self.tags[self.at[start]].startswith("nr")
        return parts and self.right(end) in ("title", "rank", "short_title")

    def stands_as_person(self, start: int, end: int) -> bool:
        """Tell whether the words around a place are about a person."""
        if start not in self.at:
            return False
        return _side(self.left(start)) in ("cue", "person", "anybody") or self.right(end) == "title"

    def left(self, start: int) -> str:
        """Return what stands before a place."""
        if start not in self._left:
            self._left[start] = self._look_left(start)
        return self._left[start]

    def right(self, end: int) -> str:
        """Return what stands behind a place."""
        if end not in self._right:
            self._right[end] = self._look_right(end)
        return self._right[end]

    def _look_left(self, start: int) -> str:
        number = self.at[start] - 1
        if part := self._person_word(number):
            return part
        tokens = self.tokens
        last = tokens[number] if number >= 0 else ""
        while number >= 0 and tokens[number] in _LINKS and self.at[start] - number <= _MAX_LINKS:
            number -= 1
        if number < 0:
            return "start"
        if number < self.at[start] - 1:
            linked = "is" if last in _VERB_LINKS else "linked"
            return f"{part}+" if (part := self._person_word(number)) else linked
        token = tokens[number]
        if token in _LIST:
            return "list"
        if token in words()["verb"]:
            return "verb"
        if token in _PAUSE:
            return "comma" if token == "," else "start"
        if len(token) > 1 and token[-1] in _OFFICE_END:
            return "office"
        if len(token) > 1 and token[-1] in _AREA_END:
            return "area"
        return "tag_" + _tag(self.tags[number])

    def _person_word(self, number: int) -> str:
        """Return what kind of word for somebody ends with a word of the text, "" for none."""
        if number < 0:
            return ""
        parts = words()
        end = self.starts[number] + len(self.tokens[number])
        before = self.text[max(0, end - _WORD_REACH) : end]
        for part in ("cue", "anybody", "person"):
            if any(before[n:] in parts[part] for n in range(len(before))):
                return part
        token = self.tokens[number]
        return "person_end" if len(token) > 1 and token[-1] in parts["person_end"] else ""

    def _look_right(self, end: int) -> str:
        text = self.text
        if end >= len(text):
            return "end"
        parts = words()
        for n in (4, 3, 2):
            for part in ("title", "rank"):
                if text[end : end + n] in parts[part]:
                    # 李先生牛肉面 is a shop.
                    is_shop = any(text[end + n : end + n + m] in parts["place"] for m in (2, 3))
                    return "place" if is_shop else part
        letter = text[end]
        if letter in _PAUSE:
            if letter in _LIST:
                return "list"
            if any(text[end + 1 : end + 1 + n] in parts["profile"] for n in (4, 3, 2, 1)):
                return "profile"
            return "end"
        token = self.tokens[self.at[end]] if end in self.at else text[end : end + 2]
        if any(
            text[end : end + n] in parts["place"] for n in (4, 3, 2, 1) if n >= min(2, len(token))
        ):
            return "place" if len(token) > 1 else "place_letter"
        if token in parts["said"] or text[end : end + 2] in parts["said"]:
            return "said" if len(token) > 1 else "said_letter"  # also behind any other word
        if letter in SHORT_TITLES and end in self.at and len(token) == 1:
            return "short_title"
        if end not in self.at:
            return "crossed"
        if token in _LIST:
            return "list"
        return "tag_" + _tag(self.tags[self.at[end]])


def _tag(tag: str) -> str:
    return tag[0] if tag[0] in _TAGS else "o"


_SIDES: Final = {
    "cue": "cue",
    "cue+": "cue",
    "person": "person",
    "anybody": "anybody",
    "anybody+": "anybody",
    "person+": "person",
    "person_end": "person",
    "person_end+": "person",
    "start": "pause",
    "comma": "pause",
    "end": "pause",
    "list": "list",
    "title": "title",
    "rank": "title",
    "short_title": "title",
    "said": "verb",
    "said_letter": "letter",
    "tag_v": "verb",
    "tag_d": "verb",
    "tag_p": "verb",
    "tag_c": "verb",
    "tag_t": "verb",
    "verb": "verb",
    "profile": "profile",
    "place": "place",
    "place_letter": "place",
    "area": "area",
    "is": "is",
}


@lru_cache(maxsize=256)
def _side(context: str) -> str:
    return _SIDES.get(context, "other")
