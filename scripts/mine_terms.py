"""Candidates for the government dictionary, and the frequencies of its words.

python scripts/mine_terms.py ARCHIVE…   prints candidates for a person to choose from
python scripts/mine_terms.py --set      sets the frequencies in text/data/gov_dict.txt anew

A candidate is a run of two to four words of today's dictionary that stands in two archives or
more (so that it is no place or firm of one of them), often, with many different neighbours on both
sides, and more often than its words would meet by chance (pointwise mutual information).

The frequency of a word is the larger of jieba's own and `MARGIN` times the least with which jieba
would rather keep it whole than cut it, by jieba's dictionary alone (`suggest_freq`). It depends on
no archive, so that anyone can set it again.
"""

from __future__ import annotations

import math
import re
import sys
from collections import Counter, defaultdict
from pathlib import Path

import jieba
import rjieba

import gov_sentiment as gs
from gov_sentiment.model.prepare import fold_all
from gov_sentiment.text.tokenizer import DICTIONARY, Tokenizer, read_dictionary

MARGIN = 3
LONGEST_RUN, LONGEST = 4, 8
LEAST, LEAST_ARCHIVES, LEAST_PMI, LEAST_ENTROPY = 12, 2, 3.2, 1.2
HAN = re.compile(r"[一-鿿]+")


def read_texts(path):
    """Return the distinct folded texts of an archive."""
    table = gs.read_archive(path).exchanges
    columns = ("post_title", "post_text", "reply_text")
    return fold_all(sorted({t for name in columns for t in table[name].to_pylist() if t}))


def entropy(counts):
    """Return the entropy of the neighbours, in nats."""
    total = sum(counts.values())
    return -sum(n / total * math.log(n / total) for n in counts.values())


def mine(paths):
    """Print candidates with their count, mutual information and neighbours' entropy."""
    words, runs = Counter(), Counter()
    archives, parts = defaultdict(set), {}
    left, right = defaultdict(Counter), defaultdict(Counter)
    for archive, path in enumerate(paths):
        for tokens in Tokenizer().cut_batch(read_texts(path)):
            tokens = ["", *(t if HAN.fullmatch(t) else "" for t in tokens), ""]
            words.update(tokens)
            for start in range(1, len(tokens) - 1):
                for end in range(start + 2, min(start + LONGEST_RUN, len(tokens) - 1) + 1):
                    run = "".join(tokens[start:end])
                    if not tokens[end - 1] or not tokens[start] or len(run) > LONGEST:
                        break
                    runs[run] += 1
                    parts[run] = tokens[start:end]
                    archives[run].add(archive)
                    left[run][tokens[start - 1]] += 1
                    right[run][tokens[end]] += 1
    total = sum(words.values())
    for run, n in runs.most_common():
        if n < LEAST:
            break
        chance = sum(math.log(words[word] / total) for word in parts[run])
        shared = (math.log(n / total) - chance) / (len(parts[run]) - 1)
        spread = min(entropy(left[run]), entropy(right[run]))
        if len(archives[run]) >= LEAST_ARCHIVES and shared >= LEAST_PMI and spread >= LEAST_ENTROPY:
            print(f"{run}\t{n}\t{shared:.1f}\t{spread:.1f}")


def jieba_frequencies():
    """Return the frequencies of jieba's own dictionary."""
    lines = (Path(jieba.__file__).parent / "dict.txt").read_text(encoding="utf-8").splitlines()
    return {word: int(n) for word, n, _ in (line.split(" ") for line in lines)}


def set_frequencies():
    """Write the dictionary with its words' frequencies by the rule; comments are kept."""
    plain, own = rjieba.Jieba(), jieba_frequencies()
    frequencies = {
        word: max(own.get(word, 0), MARGIN * plain.suggest_freq(word))
        for word, _, _ in read_dictionary()
    }
    lines = []
    for line in DICTIONARY.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            word, _, tag = line.split(" ")
            line = f"{word} {frequencies[word]} {tag}"
        lines.append(line)
    DICTIONARY.write_text("\n".join(lines) + "\n", encoding="utf-8")


def main():
    """Mine or set, as the arguments say."""
    if sys.argv[1:] == ["--set"]:
        set_frequencies()
    else:
        mine(sys.argv[1:])


if __name__ == "__main__":
    main()
