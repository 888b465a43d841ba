"""Find planted copies among synthetic replies: recall, precision, time and memory.

Run: python scripts/bench/copies.py 10000 100000 1000000 [--copies 500] [--seed 1]

Replies are made of clauses of our own corpora, drawn and mixed with names, places, dates and
numbers, so that no two are alike by design. Among them, copies of a few are planted in groups
of five: one to three words changed, names and dates swapped. Recall counts planted copies that
lie in a cluster with their original; precision counts clustered replies that were planted.
Time is processor time of the clustering alone; memory is the process's peak (Linux).
"""

from __future__ import annotations

import argparse
import json
import random
import re
import resource
import time
from pathlib import Path

from gov_sentiment.scoring.checks.boilerplate import copied_groups, mask_reply
from gov_sentiment.text import Tokenizer

ROOT = Path(__file__).resolve().parents[2]
FILES = ("corpora/train.jsonl", "corpora/test.jsonl", "corpora/labels/demo.jsonl")
GROUP = 5  # an original and its copies
CLAUSES = (4, 14)
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨"
PLACES = "东 西 南 北 新 长 青 龙 凤 云 石 梅 桂 松 柳 竹".split()
WAYS = "路 街 巷 村 桥 苑 里 坊".split()


def clauses() -> list[str]:
    """Return the clauses of all replies of our corpora, each once."""
    found: dict[str, None] = {}
    for name in FILES:
        for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
            reply = json.loads(line).get("reply_text") or ""
            for clause in re.split(r"[，。；！!\n]", reply):
                if 5 <= len(clause) <= 40:
                    found.setdefault(clause.strip())
    return list(found)


def make_reply(parts: list[str], rng: random.Random) -> str:
    """Return a reply of drawn clauses, with names, places, dates and numbers of its own."""
    chosen = rng.sample(parts, rng.randint(*CLAUSES))
    place = "".join(rng.sample(PLACES, 2)) + rng.choice(WAYS)
    chosen.insert(1, f"您反映的{place}{rng.randint(1, 999)}号一事")
    chosen.append(f"{rng.randint(2019, 2024)}年{rng.randint(1, 12)}月{rng.randint(1, 28)}日")
    return f"{rng.choice(SURNAMES)}{rng.choice(('先生', '女士'))}您好：" + "，".join(chosen) + "。"


def make_copy(reply: str, words: list[str], rng: random.Random, cut: Tokenizer) -> str:
    """Return the reply with one to three words changed, another name and another date."""
    tokens = list(cut.cut(reply))
    long = [i for i, token in enumerate(tokens) if re.fullmatch(r"[一-鿿]{2,}", token)]
    for i in rng.sample(long, min(rng.randint(1, 3), len(long))):
        tokens[i] = rng.choice(words)
    text = rng.choice(SURNAMES) + "".join(tokens)[1:]
    return re.sub(r"\d{4}年\d+月\d+日", f"2025年{rng.randint(1, 12)}月{rng.randint(1, 28)}日", text)


def measure(size: int, copies: int, seed: int) -> str:
    """Return one line of the table."""
    rng = random.Random(seed)
    parts, cut = clauses(), Tokenizer()
    words = sorted({w for part in parts for w in cut.cut(part) if re.fullmatch(r"[一-鿿]{2,}", w)})
    n_groups = copies // (GROUP - 1)
    masked, label = [], []
    for number in range(size - n_groups * (GROUP - 1)):
        reply = make_reply(parts, rng)
        family = [reply]
        if number < n_groups:
            family += [make_copy(reply, words, rng, cut) for _ in range(GROUP - 1)]
        masked += map(mask_reply, family)
        label += [number if number < n_groups else -1] * len(family)
    order = list(range(len(masked)))
    rng.shuffle(order)
    masked, label = [masked[i] for i in order], [label[i] for i in order]
    start = time.process_time()
    groups = copied_groups(masked)
    seconds = time.process_time() - start
    planted = [[label[i] for i in group] for group in groups]
    found = sum(
        max(family.count(n) - 1 for n in set(family) if n >= 0)
        for family in planted
        if any(n >= 0 for n in family)
    )
    clustered = sum(map(len, planted))
    right = sum(n >= 0 for family in planted for n in family)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return (
        f"| {size:,} | {n_groups * (GROUP - 1)} | {found / (n_groups * (GROUP - 1)):.3f} "
        f"| {right / max(clustered, 1):.3f} | {seconds:,.1f} | {peak:,.0f} |"
    )


def main() -> None:
    """Print one line a size."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sizes", type=int, nargs="+")
    parser.add_argument("--copies", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    print("| replies | planted copies | recall | precision | CPU s | peak MB |")
    print("| ---: | ---: | ---: | ---: | ---: | ---: |")
    for size in options.sizes:
        print(measure(size, options.copies, options.seed), flush=True)


if __name__ == "__main__":
    main()
