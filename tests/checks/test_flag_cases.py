"""The flags of one exchange on exchanges written and labelled for them (flag_cases.jsonl)."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from gov_sentiment.scoring.checks.rules import ReplyView, body_span, row_hits

CASES = [
    json.loads(line)
    for line in (Path(__file__).parent / "flag_cases.jsonl")
    .read_text(encoding="utf-8")
    .splitlines()
]
FLAGS = sorted({flag for case in CASES for flag in case["flags"]})


def found(case: dict[str, Any]) -> set[str]:
    start, end = body_span(case["reply"])
    view = ReplyView(
        case["post"],
        case["reply"],
        start,
        end,
        case["intent"],
        case["reply_type"],
        case["status"],
        None,
        None,
    )
    hits = row_hits(view)
    assert all(0 <= hit.start <= hit.end <= len(case["reply"]) for hit in hits)
    return {hit.flag for hit in hits}


@pytest.mark.parametrize("flag", FLAGS)
def test_precision_and_recall_of_the_documented_level(flag: str) -> None:
    counts: Counter[str] = Counter()
    for case in CASES:
        got, gold = flag in found(case), flag in case["flags"]
        counts["hit" if got and gold else "false" if got else "missed" if gold else ""] += 1
    assert counts["hit"] + counts["missed"] >= 15
    assert counts["hit"] >= 0.95 * (counts["hit"] + counts["false"])
    assert counts["hit"] >= 0.9 * (counts["hit"] + counts["missed"])


def test_only_a_closed_case_can_be_closed_without_answer() -> None:
    for case in CASES:
        if "status_without_answer" in case["flags"]:
            assert "status_without_answer" not in found({**case, "status": "办理中"})


def test_a_letter_of_thanks_needs_no_promise_and_no_answer() -> None:
    for case in CASES:
        thanked = found({**case, "intent": "praise"})
        assert not thanked & {"hollow_promise", "restates_only"}
