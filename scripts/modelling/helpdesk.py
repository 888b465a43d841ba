"""How far the default model's scores of helpdesk dialogues agree with people's ratings.

Run: python scripts/modelling/helpdesk.py. The model never saw the ratings; dialogues among its
labelled rows are left out.
"""

from __future__ import annotations

from pathlib import Path

import corpus
import numpy as np

from gov_sentiment.model import load_model
from gov_sentiment.model.metrics import spearman

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data"
RATINGS = ("effectiveness", "satisfaction", "accomplishment")
SCORES = ("quality", "completeness", "actionability", "courtesy")


def main():
    extra, written = Path(__file__).with_name("extra_labels.csv"), ROOT / "corpora" / "train.jsonl"
    labelled = corpus.read_labelled(DATA, extra, written)
    known = {row["exchange_id"] for row in labelled}
    rows = [
        row
        for row in corpus.read_csv(DATA / "helpdesk" / "stc3_train.csv")
        if f"helpdesk-{row['exchange_id']}" not in known
    ]
    model = load_model(ROOT / "models" / "default")
    texts = zip(*[(None, row["post_text"], row["reply_text"]) for row in rows], strict=True)
    found = model.predict(*map(list, texts))
    print(len(rows), "dialogues, Spearman")
    for score in SCORES:
        figures = [
            f"{rating} {spearman(np.array([float(r[rating]) for r in rows]), values):.3f}"
            for rating in RATINGS
            for values in [found[score].values]
        ]
        print(f"{score:14}", *figures)


if __name__ == "__main__":
    main()
