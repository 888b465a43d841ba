"""Measure redaction on strings of our own: recall by kind, precision, public numbers kept.

    python scripts/measure_redaction.py [FILE]

A piece of personal data counts as found when all of it is covered, a form of address behind a
name aside (孙经理, 张女士); a covered place counts
as right when it overlaps personal data; a public number counts as kept when none of it is
covered.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from gov_sentiment.text.redact import find_personal
from gov_sentiment.text.redact_words import words

CASES = Path(__file__).resolve().parent.parent / "tests" / "text" / "redaction_cases.jsonl"
GROUPS = {
    "phones, IDs, e-mails": ("phone", "id", "email"),
    "names, addresses": ("name", "address"),
    "others": ("bank_card", "qq", "wechat", "plate", "passport", "nick", "ip", "landline"),
}


@dataclass
class Counts:
    """Counts over the cases; every case adds to them."""

    n_cases: int = 0
    personal: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    n_spans: int = 0
    n_right: int = 0
    n_public: int = 0
    n_kept: int = 0
    faults: list[tuple[int, str]] = field(default_factory=list)

    def recall(self, kinds: Iterable[str]) -> float:
        """Return found / labelled over some kinds."""
        kinds = list(kinds)
        n = sum(self.personal[kind] for kind in kinds)
        return sum(self.found[kind] for kind in kinds) / n if n else 1.0

    @property
    def precision(self) -> float:
        """Return the share of covered places that are personal data."""
        return self.n_right / self.n_spans

    @property
    def kept(self) -> float:
        """Return the share of public numbers and places that stay."""
        return self.n_kept / self.n_public if self.n_public else 1.0


def _address(name: str) -> str:
    """Return the title, office or calling at the end of a name."""
    titles = words()["title"] | words()["rank"]
    return next((name[n:] for n in range(1, len(name)) if name[n:] in titles), "")


def measure(path: Path = CASES) -> Counts:
    """Return the counts over a file of cases."""
    counts = Counts()
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        case = json.loads(line)
        spans = find_personal(case["text"], reply=case["side"] == "reply")
        covered = {place for span in spans for place in range(span.start, span.end)}
        personal = {place for start, end, _ in case["personal"] for place in range(start, end)}
        counts.n_cases += 1
        for start, end, kind in case["personal"]:
            counts.personal[kind] += 1
            end -= len(_address(case["text"][start:end])) if kind == "name" else 0
            if covered >= set(range(start, end)):
                counts.found[kind] += 1
            else:
                counts.faults.append((number, f"{kind} missed"))
        for span in spans:
            counts.n_spans += 1
            if personal & set(range(span.start, span.end)):
                counts.n_right += 1
            else:
                counts.faults.append((number, f"{span.kind} where there is none"))
        for start, end in case["public"]:
            counts.n_public += 1
            counts.n_kept += not covered & set(range(start, end))
    return counts


def main() -> None:
    counts = measure(Path(sys.argv[1]) if len(sys.argv) > 1 else CASES)
    print(f"{counts.n_cases} strings")
    for name, kinds in GROUPS.items():
        n = sum(counts.personal[kind] for kind in kinds)
        print(f"recall, {name}: {counts.recall(kinds):.3f} of {n}")
    for kind, n in sorted(counts.personal.items()):
        print(f"  {kind}: {counts.found[kind]}/{n}")
    print(f"precision: {counts.precision:.3f} of {counts.n_spans} places covered")
    print(f"public numbers and places kept: {counts.kept:.3f} of {counts.n_public}")
    for number, fault in counts.faults:
        print(f"  line {number}: {fault}")


if __name__ == "__main__":
    main()
