"""Scoring speed in one run, one core: ours beside snownlp and the pipeline that people write.

OMP_NUM_THREADS=1 python scripts/bench/speed.py [LABELLED_FILE] [ROWS] [--stages]

The file needs post_title, post_text, reply_text (default: the sample in corpora/). Ours writes all
score columns of whole exchanges; snownlp and jieba + TfidfVectorizer + LogisticRegression judge
the sentiment of the post alone. --stages prints where the time goes instead.
"""

from __future__ import annotations

import cProfile
import os
import pstats
import sys
import time
from itertools import cycle, islice
from pathlib import Path

import pyarrow as pa

from gov_sentiment.exchange import EXCHANGE_SCHEMA
from gov_sentiment.model.labelled import read_labelled
from gov_sentiment.scoring import Scorer, score_batch
from gov_sentiment.text.tokenizer import Tokenizer

BATCH = 2048
ROOT = Path(__file__).resolve().parents[2]
# A BERT-size encoder: 12 layers, 85 million weights, two operations a weight and token; about
# 100 GFLOP/s of one core at best.
BERT_OPERATIONS_PER_TOKEN = 2 * 85e6
CORE_FLOPS = 100e9


# What the stages of docs/performance.md are made of: file and function, with all that it calls.
STAGES = {
    "cut into words (rjieba)": [("tokenizer.py", "cut_batch")],
    "fold characters": [("prepare.py", "fold_all")],
    "split replies": [("prepare.py", "split_answer")],
    "lay parts out": [("features.py", "build_parts")],
    "hashed words, weighed": [("layers.py", "matrices")],
    "products with their weights": [("layers.py", "outputs")],
    "words into sentences": [("layout.py", "lay_out"), ("layout.py", "known_words")],
    "encoders, texts": [("encoder.py", "encode")],
    "encoders, outputs": [("encoder.py", "outputs")],
    "marks and overlaps": [("dense.py", "post_dense"), ("dense.py", "reply_dense")],
    "linear heads and trees": [("heads.py", "logits")],
    "tone of replies": [("tone.py", "reply_tone")],
}


def timed(work, n):
    """Return rows a second of processor time, the best of three runs.

    Everything here runs on one core; neighbours on a shared machine only ever slow a run down.
    """
    best = float("inf")
    for _ in range(3):
        began = time.process_time()
        work()
        best = min(best, time.process_time() - began)
    return n / best


def main():
    arguments = [word for word in sys.argv[1:] if word != "--stages"]
    paths = [Path(arguments[0])] if arguments else sorted((ROOT / "corpora").glob("*/*.jsonl"))
    n = int(arguments[1]) if len(arguments) > 1 else 2048
    data = read_labelled(paths)
    texts = list(islice(cycle(zip(*data.texts(), strict=True)), n))
    rows = [
        {"exchange_id": str(i), "post_title": t, "post_text": p, "reply_text": r}
        for i, (t, p, r) in enumerate(texts)
    ]
    full = [{**dict.fromkeys(EXCHANGE_SCHEMA.names), **row} for row in rows]
    batch = pa.RecordBatch.from_pylist(full, schema=EXCHANGE_SCHEMA)
    pieces = [text for row in texts for text in row if text]
    size = sum(len(text.encode()) for text in pieces)
    posts = [f"{t or ''} {p or ''}" for t, p, _ in texts]
    scorer = Scorer.load()
    score_batch(batch.slice(0, BATCH), scorer)
    if "--stages" in sys.argv:
        print_stages(lambda: score_batch(batch, scorer))
        return
    cutter = Tokenizer()
    results = {
        "ours, all columns": timed(
            lambda: [score_batch(batch.slice(i, BATCH), scorer) for i in range(0, n, BATCH)], n
        ),
        "rjieba alone": timed(lambda: cutter.cut_batch(pieces), n),
    }
    results["jieba + tf-idf + LR, post"] = usual_pipeline(posts)
    results["snownlp, post"] = snownlp_speed(posts)
    tokens = sum(map(len, pieces)) / n / 1.5
    results["BERT size, on paper"] = CORE_FLOPS / (BERT_OPERATIONS_PER_TOKEN * tokens)
    ours = results["ours, all columns"]
    threads = os.environ.get("OMP_NUM_THREADS")
    print(f"{n} exchanges, {size / n:.0f} bytes each, OMP_NUM_THREADS={threads}")
    for name, rate in results.items():
        print(
            f"{name:28} {rate:10.1f}/s  {rate * size / n / 1e6:7.2f} MB/s  ours ×{ours / rate:.2f}"
        )


def print_stages(work):
    profile = cProfile.Profile()
    for _ in range(10):
        profile.runcall(work)
    spent = pstats.Stats(profile).stats
    total = sum(own for _, _, own, _, _ in spent.values())
    left = total
    for stage, functions in STAGES.items():
        time_of = sum(
            below
            for (file, _, function), (_, _, _, below, _) in spent.items()
            if (Path(file).name, function) in functions
        )
        left -= time_of
        print(f"{stage:28} {time_of / total:6.1%}")
    print(f"{'all else':28} {left / total:6.1%}")


def usual_pipeline(posts):
    import jieba
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    jieba.setLogLevel(60)
    some = posts[:400]
    vectorizer = TfidfVectorizer(tokenizer=jieba.lcut, token_pattern=None, ngram_range=(1, 2))
    features = vectorizer.fit_transform(some)
    model = LogisticRegression().fit(features, [i % 3 for i in range(len(some))])
    return timed(lambda: model.predict(vectorizer.transform(some)), len(some))


def snownlp_speed(posts):
    from snownlp import SnowNLP

    some = posts[:60]
    return timed(lambda: [SnowNLP(post).sentiments for post in some if post.strip()], len(some))


if __name__ == "__main__":
    main()
