"""Trains the sentence encoder: first without our labels, then on them, fold by fold.

Run: python scripts/modelling/encoder.py WORK_FOLDER (needs torch; about half an hour on two cores).
The folder gets `vectors.npz`, `pretrained.pt`, `outputs.npz` (of encoders that have not seen the
row) and `encoder.npz`, from which scripts/build_models.py makes the default model.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

sys.path.insert(0, str(Path(__file__).resolve().parent))
import corpus
import vectors as word_vectors
from net import HIDDEN, POST_KINDS, REPLY_KINDS, ExchangeNet, Rows

from gov_sentiment.model.arrays import encoder_arrays
from gov_sentiment.model.dense import overlap_idf, post_dense, reply_dense
from gov_sentiment.model.fitting import make_folds
from gov_sentiment.model.prepare import fold, prepare, split_answer
from gov_sentiment.model.targets import default_targets

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
PAIRS, MICROBLOGS, LABELLED = 48, 128, 32
EPOCHS_BEFORE, EPOCHS = 4, 10
N_INTENTS = 5
TARGETS = default_targets()


def groups_of(rows):
    """Return one key for replies whose substance begins alike, so that folds never share them."""
    return [split_answer(fold(row["reply_text"]))[1][:40] or row["exchange_id"] for row in rows]


def read_labelled(name="train"):
    path = DATA / "labelled" / f"{name}.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def parts_of(rows):
    return prepare(
        *zip(*[(r["post_title"], r["post_text"], r["reply_text"]) for r in rows], strict=True)
    )


def batches(rng, n, size):
    order = rng.permutation(n)
    return [order[i : i + size] for i in range(0, n - size + 1, size)]


def optimise(parameters, steps, rate):
    optimiser = torch.optim.AdamW(parameters, lr=rate, weight_decay=0.02)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, rate, total_steps=steps + 1, pct_start=0.12
    )

    def step(loss):
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(parameters, 1.0)
        optimiser.step()
        schedule.step()

    return step


def make_net(table, n_dense):
    n_post = sum(len(t.classes) for t in TARGETS if t.text == "post")
    n_pair = sum(width(t) for t in TARGETS if t.text != "post")
    return ExchangeNet(torch.from_numpy(table), n_dense, n_post, n_pair)


def width(target):
    return len(target.classes) if target.nominal else int(target.high - target.low)


def pretrain(words, table, folder):
    """Match replies to posts of the same source; microblog sentiment; the exports' own tags."""
    exchanges = corpus.read_exchanges(DATA)
    parts = prepare(*zip(*[(e.title, e.post, e.reply) for e in exchanges], strict=True))
    posts, replies = Rows.of(parts, words, POST_KINDS), Rows.of(parts, words, REPLY_KINDS)
    blogs = corpus.read_microblogs(DATA)
    blog_parts = prepare([None] * len(blogs), [text for text, _ in blogs], [None] * len(blogs))
    blog_rows = Rows.of(blog_parts, words, POST_KINDS)
    moods = torch.tensor([code for _, code in blogs])
    tags = torch.tensor([e.intent for e in exchanges])
    sources = np.array([e.source for e in exchanges])
    torch.manual_seed(0)
    rng = np.random.default_rng(0)
    net = make_net(table, 1)
    mood, tag = nn.Linear(2 * HIDDEN, 3), nn.Linear(2 * HIDDEN, N_INTENTS)
    left, right = nn.Linear(2 * HIDDEN, 64), nn.Linear(2 * HIDDEN, 64)
    parameters = [p for m in (net.post, net.reply, mood, tag, left, right) for p in m.parameters()]
    plan = [np.flatnonzero(sources == source) for source in sorted(set(sources))]
    step = optimise(parameters, EPOCHS_BEFORE * sum(len(p) // PAIRS for p in plan), 1.5e-3)
    for epoch in range(EPOCHS_BEFORE):
        # Pairs of one source in a batch: telling places apart would be too easy.
        order = [p[b] for p in plan for b in batches(rng, len(p), PAIRS)]
        blog_order, began, losses = [], time.time(), []
        for i in rng.permutation(len(order)):
            rows = order[i]
            post, reply = net.post(posts.batch(rows), 0.15), net.reply(replies.batch(rows), 0.15)
            match = F.normalize(left(post), dim=1) @ F.normalize(right(reply), dim=1).T * 12
            places = torch.arange(len(rows))
            loss = (F.cross_entropy(match, places) + F.cross_entropy(match.T, places)) / 2
            known = tags[rows] >= 0
            if known.any():
                loss = loss + 0.5 * F.cross_entropy(tag(post)[known], tags[rows][known])
            blog_order = blog_order or batches(rng, len(blogs), MICROBLOGS)
            some = blog_order.pop()
            loss = loss + F.cross_entropy(mood(net.post(blog_rows.batch(some), 0.15)), moods[some])
            step(loss)
            losses.append(float(loss))
        print("before", epoch, round(np.mean(losses), 3), round(time.time() - began), flush=True)
    kept = {k: v for k, v in net.state_dict().items() if k.startswith(("post.", "reply."))}
    torch.save(kept, folder / "pretrained.pt")


def loss_of(outputs, wanted):
    """Return cross-entropy of nominal targets and of each step of the ordinal ones."""
    total, start = outputs.new_zeros(()), 0
    for target in TARGETS:
        stop = start + width(target)
        if target.nominal:
            total = total + F.cross_entropy(outputs[:, start:stop], wanted[:, start:stop])
        else:
            bits = F.binary_cross_entropy_with_logits(
                outputs[:, start:stop], wanted[:, start:stop], reduction="none"
            )
            total = total + 0.35 * bits.sum(1).mean()
        start = stop
    return total


def train(data, rows, seed, start):
    posts, replies, dense, wanted, table = data
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    net = make_net(table, dense.shape[1])
    if start is not None:
        net.load_state_dict({**net.state_dict(), **start})
    step = optimise(list(net.parameters()), EPOCHS * (len(rows) // LABELLED), 1.2e-3)
    for epoch in range(EPOCHS):
        net.train()
        losses, began = [], time.time()
        for some in batches(rng, len(rows), LABELLED):
            some = rows[some]
            outputs = net(posts.batch(some), replies.batch(some), dense[some], 0.1)
            loss = loss_of(outputs, wanted[some])
            step(loss)
            losses.append(float(loss))
        print(seed, epoch, round(np.mean(losses), 3), round(time.time() - began), flush=True)
    return net.eval()


def predict(net, data, rows):
    posts, replies, dense, _, _ = data
    with torch.no_grad():
        return np.concatenate(
            [
                net(posts.batch(some), replies.batch(some), dense[some], 0.0).numpy()
                for some in np.array_split(rows, -(-len(rows) // 128))
            ]
        )


def main(folder, which):
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    if not (folder / "vectors.npz").is_file():
        texts = [x for e in corpus.read_exchanges(DATA) for x in (e.title, e.post, e.reply)]
        texts += [text for text, _ in corpus.read_microblogs(DATA)]
        unique = list(dict.fromkeys(texts))
        tokens = prepare(unique, [None] * len(unique), [None] * len(unique))
        cuts = np.split(
            np.array(tokens.tokens, dtype=object),
            np.searchsorted(tokens.token_part, np.arange(1, len(unique)) * 5),
        )
        words, table = word_vectors.learn_vectors([list(cut) for cut in cuts])
        np.savez(folder / "vectors.npz", words=words, table=table)
        print("vectors", table.shape, flush=True)
    stored = np.load(folder / "vectors.npz")
    words, table = stored["words"], stored["table"]
    if not (folder / "pretrained.pt").is_file():
        pretrain(words, table, folder)
    start = torch.load(folder / "pretrained.pt") if which == "pretrained" else None
    labelled = read_labelled()
    parts = parts_of(labelled)
    dense = np.column_stack([post_dense(parts), reply_dense(parts, overlap_idf(parts))])
    mean, scale = dense.mean(axis=0), np.maximum(dense.std(axis=0), 1e-9)
    scaled = np.clip((dense - mean) / scale, -4, 4).astype(np.float32)
    wanted = np.column_stack(
        [t.encode(t.parse([row[t.name] for row in labelled])) for t in TARGETS]
    ).astype(np.float32)
    data = (
        Rows.of(parts, words, POST_KINDS), Rows.of(parts, words, REPLY_KINDS),
        torch.from_numpy(scaled), torch.from_numpy(wanted), table,
    )  # fmt: skip
    net = train(data, np.arange(len(labelled)), 100, start)
    encoder = net.export(words, mean, scale)
    np.savez(folder / f"encoder_{which}.npz", **encoder_arrays(encoder))
    n_post = sum(width(t) for t in TARGETS if t.text == "post")
    ours = encoder.outputs(encoder.hidden(parts), dense)
    theirs = predict(net, data, np.arange(len(labelled)))
    gap = max(
        np.abs(ours.post - theirs[:, :n_post]).max(), np.abs(ours.pair - theirs[:, n_post:]).max()
    )
    print("NumPy against torch, largest difference:", gap, flush=True)
    outputs = np.zeros_like(wanted)
    for index, (rows, test) in enumerate(make_folds(groups_of(labelled), 5, 0)):
        outputs[test] = predict(train(data, rows, index, start), data, test)
        np.savez(folder / f"outputs_{which}.npz", outputs=outputs, done=index + 1)


if __name__ == "__main__":
    main(*sys.argv[1:3])
