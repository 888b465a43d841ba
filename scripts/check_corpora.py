"""Print what the sample holds: exchanges, agencies, labels and flags by part.

python scripts/check_corpora.py
"""

from __future__ import annotations

from collections import Counter

from build_corpora import SENTIMENTS, Exchange, read_source


def counts(exchanges: list[Exchange]) -> dict[str, object]:
    """Return the counts of some exchanges."""
    answered = [e for e in exchanges if e.labels]
    return {
        "exchanges": len(exchanges),
        "agencies": len({e.agency for e in exchanges}),
        "platforms": len({e.platform for e in exchanges}),
        "unanswered": sum(not e.replies for e in exchanges),
        "several replies": sum(len(e.replies) > 1 for e in exchanges),
        "sentiment": dict(Counter(SENTIMENTS[e.sentiment] for e in exchanges).most_common()),
        "intent": dict(Counter(e.intent for e in exchanges).most_common()),
        "reply_type": dict(Counter(e.labels["reply_type"] for e in answered).most_common()),
        "quality": dict(
            sorted(Counter(e.labels["quality"] for e in exchanges if e.labels).items())
        ),
        "flags": dict(Counter(flag for e in exchanges for flag in e.flags or ()).most_common()),
    }


if __name__ == "__main__":
    everything = read_source()
    for part in ("demo", "train", "test", "all"):
        chosen = [e for e in everything if part in ("all", e.part)]
        print(part)
        for name, value in counts(chosen).items():
            print(f"  {name}: {value}")
