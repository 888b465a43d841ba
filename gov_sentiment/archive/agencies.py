"""Agencies' names: one spelling for one agency, the office and never the person.

The table of spellings is data (`data/agency_names.toml`); users extend it with a file of
their own. Everything that was merged is recorded, for a review file.
"""

from __future__ import annotations

import csv
import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Final

import zhconv_rs

from gov_sentiment.archive.replying_unit import extract_replying_unit
from gov_sentiment.errors import BadArchive
from gov_sentiment.text.redact_words import SURNAMES

__all__ = [
    "AgencyAliases",
    "MergedName",
    "extract_replying_unit",
    "normalise_agency",
]

PERSON_MARK: Final = "（姓名）"
_CACHE_SIZE: Final = 200_000
_BLANK: Final = frozenset(
    {"", "-", "--", "—", "——", "无", "/", "null", "none", "nan", "待回复", "暂无"}
)
_LABEL: Final = re.compile(r"^(?:承办|主办|回复|答复|处理|办理|责任|受理)(?:单位|部门|机构)[:：]")
_INVISIBLE: Final = re.compile(r"[\u200b-\u200f\u2060\ufeff\u00ad\x00-\x08\x0b-\x1f]|_x000[dD]_")
_CJK_SPACE: Final = re.compile(r"(?<=[^\x00-\x7f])\s+|\s+(?=[^\x00-\x7f])")
_BRACKETS: Final = str.maketrans("()", "（）")
_SPACES: Final = re.compile(r"\s+")
_WRAPPERS: Final = "\"'“”‘’「」『』[]【】<>《》.,，。;；:：、 "
_PREFECTURE: Final = re.compile(r"^[^省市县区]{1,12}?(?:市|自治州|州|盟|地区)")
_PARTY: Final = re.compile(r"^(?:中国共产党|中共)(?=.*委)")
_PARTY_FULL: Final = re.compile(r"(?<=[省市区县州盟旗镇乡])委员会$")
_DISTRICT_OFFICE: Final = re.compile(r"(?<=[区县市])人民政府(?=.{2,12}街道)")
_PLACE_END: Final = re.compile(r"(?:[省市区县州盟旗镇乡村]|地区|街道|岛)$")


@dataclass(frozen=True, slots=True)
class MergedName:
    """One agency and the spellings that became it.

    spellings: as exported, a person's name replaced by `PERSON_MARK` → how many rows had it.
    """

    agency: str
    spellings: Mapping[str, int]


@cache
def _bundled() -> dict[str, Any]:
    path = resources.files("gov_sentiment.archive") / "data" / "agency_names.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


class AgencyAliases:
    """The table of spellings, and the record of what it merged.

    Make one with `load`. An instance remembers the names it has seen, so one serves one run.
    """

    def __init__(self, names: Mapping[str, str], endings: Mapping[str, str]) -> None:
        self._names = dict(names)
        self._endings = dict(endings)
        self._longest = max(map(len, self._endings), default=0)
        self._cache: dict[str, tuple[str | None, str]] = {}
        self._counts: Counter[tuple[str, str]] = Counter()

    @classmethod
    def load(cls, extra: Path | None = None) -> AgencyAliases:
        """Return the bundled table, extended by a user's file.

        Args:
            extra: TOML with `[names]` and `[endings]` tables like the bundled one
                (canonical = ["variant", …]), or a csv of two columns: spelling, agency.

        Raises:
            BadArchive: the file cannot be read, or gives one spelling two agencies.
        """
        table = _bundled()
        names, endings = _invert(table["names"]), _invert(table["endings"])
        if extra is not None:
            more_names, more_endings = _read_extra(Path(extra))
            names |= more_names
            endings |= more_endings
        cleaned = {_clean(spelling): agency for spelling, agency in names.items()}
        return cls(cleaned, endings)

    def normalise(self, name: str | None) -> str | None:
        """Return the agency's one name, or None where the cell names none."""
        if name is None:
            return None
        known = self._cache.get(name)
        if known is None:
            known = self._normalise(name)
            if len(self._cache) < _CACHE_SIZE:
                self._cache[name] = known
        agency, spelling = known
        if agency is not None:
            self._counts[agency, spelling] += 1
        return agency

    def merged_names(self) -> list[MergedName]:
        """Return every agency that was spelled otherwise than it is named now, most rows first."""
        groups: dict[str, dict[str, int]] = {}
        for (agency, spelling), count in self._counts.items():
            groups.setdefault(agency, {})[spelling] = count
        merged = [
            MergedName(
                agency, dict(sorted(spellings.items(), key=lambda item: (-item[1], item[0])))
            )
            for agency, spellings in groups.items()
            if set(spellings) != {agency}
        ]
        return sorted(merged, key=lambda group: (-sum(group.spellings.values()), group.agency))

    def _normalise(self, raw: str) -> tuple[str | None, str]:
        """Return the agency, and the spelling as the review file may show it."""
        name = _clean(raw)
        if name.casefold() in _BLANK:
            return None, ""
        if name in self._names:
            return self._names[name], name
        office = _drop_person(name)
        spelling = name if office == name else office + PERSON_MARK
        name = _drop_province(office)
        name = _PARTY_FULL.sub("委", _PARTY.sub("", name))
        name = _DISTRICT_OFFICE.sub("", name)
        name = self._one_ending(name)
        return self._names.get(name, name), spelling

    def _one_ending(self, name: str) -> str:
        for length in range(min(self._longest, len(name) - 1), 0, -1):
            place, ending = name[:-length], name[-length:]
            canonical = self._endings.get(ending)
            if canonical is not None and _fits(place, ending):
                return place + canonical
        return name


def normalise_agency(name: str | None, aliases: AgencyAliases) -> str | None:
    """Return the agency's one name: office instead of person, known spellings merged.

    Masked codes (A市, A7县) stay. A name of one agency under two different places stays two.
    """
    return aliases.normalise(name)


def _fits(place: str, ending: str) -> bool:
    # 高新区 is a place itself, and 镇 ends many names that are no town's: look before it.
    if ending.startswith(("镇", "乡", "街道")):
        return len(place) >= 2
    return _PLACE_END.search(place) is not None


def _clean(raw: str) -> str:
    name = _INVISIBLE.sub("", unicodedata.normalize("NFKC", raw))
    if not name.isascii():
        name = zhconv_rs.zhconv(name, "zh-hans").translate(_BRACKETS)
    name = _SPACES.sub(" ", _CJK_SPACE.sub("", name)).strip()
    return _LABEL.sub("", name).strip(_WRAPPERS)


@cache
def _person_pattern() -> re.Pattern[str]:
    titles = "|".join(sorted(_bundled()["titles"], key=len, reverse=True))
    others = "|".join(_bundled()["not_names"])
    # 上海市长宁区 and 工商银行长沙分行 hold 市长 and 行长 by chance: behind a title of that kind a
    # person's name has to begin with a surname, and none ends like a place or an office.
    begins = rf"(?:(?<!长)|(?=[{''.join(sorted(SURNAMES))}*×某·]|.+·))"
    ends = r"(?<![区县市镇乡局厅委院校行队所站司盟旗道部港])"
    name = r"(?:[\u4e00-\u9fff*×某·]{1,4}|[\u4e00-\u9fff]+(?:·[\u4e00-\u9fff]+)+)"
    person = rf"{begins}(?!.*(?:{others})){name}{ends}"
    return re.compile(rf"^(.+?(?:{titles})(?:、[\u4e00-\u9fff]{{0,6}}?(?:{titles}))*)({person})$")


def _drop_person(name: str) -> str:
    found = _person_pattern().match(name)
    return found.group(1) if found else name


def _drop_province(name: str) -> str:
    for province in _bundled()["provinces"]:
        if name.startswith(province):
            rest = name[len(province) :]
            return rest if _PREFECTURE.match(rest) else name
    return name


def _invert(groups: Mapping[str, Iterable[str]]) -> dict[str, str]:
    return {
        spelling: agency
        for agency, spellings in groups.items()
        for spelling in (agency, *spellings)
    }


def _check_tables(path: Path, tables: Mapping[str, Any]) -> tuple[dict[str, str], dict[str, str]]:
    for name, groups in tables.items():
        if name not in ("names", "endings") or not isinstance(groups, dict):
            raise BadArchive(
                f"{path}: unknown table {name}.\nWrite [names] for whole names and [endings] "
                "for the end of a name behind a place."
            )
        for agency, spellings in groups.items():
            if not isinstance(spellings, list) or not all(isinstance(s, str) for s in spellings):
                raise BadArchive(
                    f"{path}: [{name}] {agency} needs a list of spellings.\n"
                    f'Write "{agency}" = ["…", "…"].'
                )
    return _invert(tables.get("names", {})), _invert(tables.get("endings", {}))


def _read_extra(path: Path) -> tuple[dict[str, str], dict[str, str]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
        if path.suffix.lower() == ".toml":
            return _check_tables(path, tomllib.loads(text))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadArchive(
            f"{path}: cannot be read as a table of agencies ({error}).\n"
            "Give UTF-8 TOML with [names] and [endings], or a csv of two columns."
        ) from error
    names: dict[str, str] = {}
    for number, cells in enumerate(csv.reader(text.splitlines()), start=1):
        filled = [cell.strip() for cell in cells]
        if not any(filled):
            continue
        if len(filled) != 2 or not all(filled):
            raise BadArchive(
                f"{path}, line {number}: {len(filled)} cells instead of two.\n"
                "Each line gives a spelling and the agency's name: 县城管局,A7县城市管理局"
            )
        spelling, agency = filled
        if names.setdefault(spelling, agency) != agency:
            raise BadArchive(
                f"{path}, line {number}: {spelling} is given a second agency.\n"
                "Leave one of the two lines out."
            )
    return names, {}
