"""Measure how well the answering unit is read from replies, on real archives.

    python scripts/measure_agencies.py ARCHIVES                    figures
    python scripts/measure_agencies.py ARCHIVES --sample 50 --seed 1   replies to look at

ARCHIVES is a folder with hunan_wenzheng_2011_20.xlsx and shanghai_petitions_2023_24.csv. The
Shanghai file names the unit in a column, so precision and recall are counted there; the Hunan
file does not, so a person looks at a sample. A name is right when both are the same agency
after the table of spellings, or one is the other without its upper place.
"""

from __future__ import annotations

import argparse
import csv
import random
import time
from collections import Counter
from pathlib import Path

from python_calamine import CalamineWorkbook

from gov_sentiment.archive.agencies import AgencyAliases, normalise_agency
from gov_sentiment.archive.replying_unit import ReplyingUnit, find_replying_unit

HUNAN = "hunan_wenzheng_2011_20.xlsx"
SHANGHAI = "shanghai_petitions_2023_24.csv"


def read_hunan(folder: Path) -> list[tuple[str, str]]:
    rows = CalamineWorkbook.from_path(str(folder / HUNAN)).get_sheet_by_index(0).to_python()
    return [(str(row[5]), f"{row[2]} {row[4]}") for row in rows[1:]]


def read_shanghai(folder: Path) -> list[tuple[str, str, str]]:
    with (folder / SHANGHAI).open(encoding="utf-8-sig", newline="") as lines:
        return [
            (row["回复内容"], row["信件内容"], row["回复单位"]) for row in csv.DictReader(lines)
        ]


def print_hunan(pairs: list[tuple[str, str]]) -> list[ReplyingUnit | None]:
    start = time.perf_counter()
    found = [find_replying_unit(reply, post) for reply, post in pairs]
    seconds = time.perf_counter() - start
    by_evidence = Counter(unit.evidence for unit in found if unit)
    n = sum(by_evidence.values())
    print(f"{HUNAN}: unit found in {n} of {len(pairs)} replies ({n / len(pairs):.1%})")
    for evidence, count in by_evidence.most_common():
        print(f"  {evidence}: {count} ({count / len(pairs):.1%})")
    print(f"  {len(pairs) / seconds:,.0f} replies a second")
    return found


def print_shanghai(rows: list[tuple[str, str, str]]) -> None:
    aliases = AgencyAliases.load()
    n_found = n_right = n_same = 0
    for reply, post, truth in rows:
        unit = find_replying_unit(reply, post)
        if unit is None:
            continue
        named, true = normalise_agency(unit.name, aliases), normalise_agency(truth, aliases)
        n_found += 1
        n_same += named == true
        if named and true:
            n_right += named.endswith(true) or true.endswith(named)
    print(f"{SHANGHAI}: found {n_found} of {len(rows)}")
    print(f"  precision {n_right / n_found:.3f} (same spelling {n_same / n_found:.3f})")
    print(f"  recall {n_right / len(rows):.3f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("archives", type=Path)
    parser.add_argument("--sample", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    pairs = read_hunan(options.archives)
    found = print_hunan(pairs)
    print_shanghai(read_shanghai(options.archives))
    with_unit = [place for place, unit in enumerate(found) if unit]
    rng = random.Random(options.seed)
    for place in rng.sample(with_unit, min(options.sample, len(with_unit))):
        reply, post = pairs[place]
        print(f"\n{found[place]}\n  post: {post[:60]}\n  reply: {reply}")


if __name__ == "__main__":
    main()
