"""Print how well the officialese index parts official prose from plain talk (AUC, 95 % interval).

Run: python scripts/measure_officialese.py   (real data only where it stands beside the project)
"""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np

from gov_sentiment.accounts import measure_style
from gov_sentiment.text import Tokenizer

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT.parent / "shared" / "data"
LARGEST = 3000
TOKENIZER = Tokenizer()


def styles(texts: list[str]) -> np.ndarray:
    """Return the indices of the texts that are long enough, of at most LARGEST evenly taken."""
    step = max(1, len(texts) // LARGEST)
    found = [measure_style(text, TOKENIZER) for text in texts[::step]]
    return np.array([style.index for style in found if style is not None])


def auc(high: np.ndarray, low: np.ndarray) -> tuple[float, float, float]:
    """Return P(high > low) with ties halved, and its interval (Hanley and McNeil 1982)."""
    order = np.sort(low)
    below = np.searchsorted(order, high, "left")
    ties = np.searchsorted(order, high, "right") - below
    area = float(np.mean(below + ties / 2) / len(low))
    q1, q2 = area / (2 - area), 2 * area**2 / (1 + area)
    spread = area * (1 - area) + (len(high) - 1) * (q1 - area**2) + (len(low) - 1) * (q2 - area**2)
    error = 1.96 * np.sqrt(spread / (len(high) * len(low)))
    return area, max(0.0, area - error), min(1.0, area + error)


def column(path: Path, name: str) -> list[str]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [row[name] for row in csv.DictReader(file) if row[name]]


def show(title: str, high: list[str], low: list[str]) -> None:
    a, b = styles(high), styles(low)
    area, lower, upper = auc(a, b)
    print(
        f"{title}: AUC {area:.3f} [{lower:.3f}, {upper:.3f}]"
        f" · n {len(a)} / {len(b)} · medians {np.median(a):.0f} / {np.median(b):.0f}"
    )


def own_corpus() -> tuple[list[str], list[str]]:
    """Return our own texts of both styles (corpora/accounts_styles.jsonl)."""
    path = ROOT / "corpora" / "accounts_styles.jsonl"
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return tuple(
        [row["text"] for row in rows if row["style"] == style] for style in ("official", "plain")
    )


def main() -> None:
    show("own texts, officialese / plain", *own_corpus())
    rows = [json.loads(line) for line in (ROOT / "corpora" / "train.jsonl").open(encoding="utf-8")]
    replies = [row["reply_text"] for row in rows if row.get("reply_text")]
    show("own corpus, replies / posts", replies, [row["post_text"] for row in rows])
    if not DATA.is_dir():
        return
    official = column(DATA / "archives" / "fuzhou_gov_weibo_posts.csv", "微博正文")
    for name in ("weibo_daily_train", "weibo_epidemic_train", "weibo_ncov_train"):
        show(
            f"government accounts / {name}",
            official,
            column(DATA / "sentiment" / f"{name}.csv", "text"),
        )


if __name__ == "__main__":
    main()
