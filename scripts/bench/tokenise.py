"""Tokenising speed in one run, one core: our Tokenizer beside bare rjieba and jieba.

python scripts/bench/tokenise.py [LABELLED_FILE] [TEXTS]

The file needs post_title, post_text, reply_text (default: the sample in corpora/). Rounds
alternate between the candidates, so that a neighbour on a shared machine slows all of them.
"""

from __future__ import annotations

import sys
import time
from itertools import cycle, islice
from pathlib import Path

import rjieba

from gov_sentiment.model.labelled import read_labelled
from gov_sentiment.text import Tokenizer

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = 7
REFERENCE_SHARE = 20  # jieba is slow: it cuts one text in so many


def seconds(work):
    """Return the processor time that `work` takes."""
    began = time.process_time()
    work()
    return time.process_time() - began


def main():
    paths = (
        [Path(sys.argv[1])] if len(sys.argv) > 1 else sorted((ROOT / "corpora").glob("*/*.jsonl"))
    )
    n = int(sys.argv[2]) if len(sys.argv) > 2 else 6000
    rows = zip(*read_labelled(paths).texts(), strict=True)
    pieces = [text for row in rows for text in row if text]
    texts = list(islice(cycle(pieces), n))
    few = texts[::REFERENCE_SHARE]
    bare, ours, reference = rjieba.Jieba(), Tokenizer(), Tokenizer("jieba")
    work = {
        "rjieba alone": (texts, lambda: [bare.cut(text, False) for text in texts]),
        "Tokenizer, rjieba": (texts, lambda: ours.cut_batch(texts)),
        "Tokenizer, jieba": (few, lambda: reference.cut_batch(few)),
    }
    for _, run in work.values():
        run()  # dictionaries load on the first call
    best = dict.fromkeys(work, float("inf"))
    for _ in range(ROUNDS):
        for name, (_, run) in work.items():
            best[name] = min(best[name], seconds(run))
    rates = {
        name: sum(len(text.encode()) for text in some) / best[name] / 1e6
        for name, (some, _) in work.items()
    }
    print(f"{n} texts, best of {ROUNDS} rounds of processor time")
    for name, rate in rates.items():
        share = rate / rates["rjieba alone"]
        print(f"{name:20} {rate:7.2f} MB/s  {share:6.1%} of rjieba alone")


if __name__ == "__main__":
    main()
