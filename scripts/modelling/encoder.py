"""Trains the sentence encoder: first without our labels, then on them, fold by fold.

Run: python scripts/modelling/encoder.py WORK_FOLDER [SOURCE ...] (needs torch; about fifteen
minutes of one core). The folder gets `vectors.npz`, `pretrained.pt`, `encoder.npz` and
`outputs.npz` (of encoders that have not seen the row), from which scripts/build_models.py makes
the default model. For each SOURCE (taidi, shanghai …) it gets `outputs_SOURCE.npz` of an encoder
that has not seen that source's labels. Beside the nine labels of a row the encoder learns what each
sentence does (`sentence_roles.csv`), where that is known; word vectors are tuned along.
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

sys.path.insert(0, str(Path(__file__).resolve().parent))
import corpus
import vectors as word_vectors
from net import POST_KINDS, REPLY_KINDS, ExchangeNet, Rows, SentenceRoles

from gov_sentiment.model.arrays import encoder_arrays
from gov_sentiment.model.cues import POST_CUE_NAMES, REPLY_CUE_NAMES
from gov_sentiment.model.dense import (
    POST_NAMES,
    REPLY_NAMES,
    overlap_idf,
    post_dense,
    reply_dense,
)
from gov_sentiment.model.fitting import make_folds
from gov_sentiment.model.prepare import fold, prepare, split_answer
from gov_sentiment.model.targets import default_targets

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
EXTRA = Path(__file__).resolve().parent / "extra_labels.csv"
WRITTEN = Path(__file__).resolve().parents[2] / "corpora" / "train.jsonl"
ROLES = Path(__file__).resolve().parent / "sentence_roles.csv"
PAIRS, MICROBLOGS, LABELLED = 48, 128, 32
EPOCHS_BEFORE, EPOCHS = 2, 10
ROLE_WEIGHT, VECTOR_RATE = 0.5, 0.005
EMPTY = 0  # the row of the word behind a sentence's end, which answers nothing
N_INTENTS = 5
TARGETS = default_targets()
# One letter a sentence in sentence_roles.csv, in the order of POST_ROLES and REPLY_ROLES; the
# sentence that the text turns on has a capital.
POST_LETTERS, REPLY_LETTERS = "gbnaqdst", "gredpvfcka"
# The heads read the cues; what an encoder makes of them besides has not been measured.
CUES = np.isin((*POST_NAMES, *REPLY_NAMES), (*POST_CUE_NAMES, *REPLY_CUE_NAMES))


def groups_of(rows):
    """Return one key for replies whose substance begins alike, so that folds never share them."""
    return [split_answer(fold(row["reply_text"]))[1][:40] or row["exchange_id"] for row in rows]


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
    return ExchangeNet(torch.from_numpy(table.copy()), n_dense, n_post, n_pair)


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
    net.post.vectors.requires_grad_(False)
    mood, tag = nn.Linear(net.post.size, 3), nn.Linear(net.post.size, N_INTENTS)
    left, right = nn.Linear(net.post.size, 64), nn.Linear(net.reply.size, 64)
    layers = (net.post, net.reply, mood, tag, left, right)
    parameters = [p for layer in layers for p in layer.parameters() if p.requires_grad]
    plan = [np.flatnonzero(sources == source) for source in sorted(set(sources))]
    step = optimise(parameters, EPOCHS_BEFORE * sum(len(p) // PAIRS for p in plan), 1.5e-3)
    for epoch in range(EPOCHS_BEFORE):
        # Pairs of one source in a batch: telling places apart would be too easy.
        order = [p[b] for p in plan for b in batches(rng, len(p), PAIRS)]
        blog_order, began, losses = [], time.time(), []
        for i in rng.permutation(len(order)):
            rows = order[i]
            post = net.post(posts.batch(rows), 0.15).vectors
            reply = net.reply(replies.batch(rows), 0.15).vectors
            match = F.normalize(left(post), dim=1) @ F.normalize(right(reply), dim=1).T * 12
            places = torch.arange(len(rows))
            loss = (F.cross_entropy(match, places) + F.cross_entropy(match.T, places)) / 2
            known = tags[rows] >= 0
            if known.any():
                loss = loss + 0.5 * F.cross_entropy(tag(post)[known], tags[rows][known])
            blog_order = blog_order or batches(rng, len(blogs), MICROBLOGS)
            some = blog_order.pop()
            blog = net.post(blog_rows.batch(some), 0.15).vectors
            loss = loss + F.cross_entropy(mood(blog), moods[some])
            step(loss)
            losses.append(loss.item())
        print("before", epoch, round(np.mean(losses), 3), round(time.time() - began), flush=True)
    # Roles are learnt from labels, and the vectors lie in a file of their own.
    kept = {
        name: values
        for name, values in net.state_dict().items()
        if name.startswith(("post.", "reply.")) and not name.endswith("vectors")
    }
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


@dataclass(frozen=True)
class Texts:
    """Labelled rows as the net reads them.

    mean, scale: what the dense features are centred and scaled by.
    outputs: what the labels ask of the net, shape (n_rows, n_outputs).
    origins: who labelled each row: 0 the annotators, 1 our coders, 2 the authors of invented rows.
    post_roles, reply_roles: what the sentences do, where that is known.
    """

    posts: Rows
    replies: Rows
    dense: torch.Tensor
    mean: np.ndarray
    scale: np.ndarray
    outputs: torch.Tensor
    origins: torch.Tensor
    post_roles: SentenceRoles
    reply_roles: SentenceRoles
    words: np.ndarray
    table: np.ndarray


def asked_of_net(codes):
    """Return the outputs that the labels ask for; where coders disagree, the mean of theirs."""
    encoded = [t.encode(t.parse([one[t.name] for one in codes])).mean(axis=0) for t in TARGETS]
    return np.concatenate(encoded)


def origin_of(name, codes):
    return 1 if name in codes else 2 if name.startswith(corpus.WRITTEN) else 0


def lay_out_texts(rows, words, table):
    parts = parts_of(rows)
    dense = np.column_stack([post_dense(parts), reply_dense(parts, overlap_idf(parts))])
    mean, scale = dense.mean(axis=0), np.maximum(dense.std(axis=0), 1e-9)
    scaled = np.clip((dense - mean) / scale, -4, 4).astype(np.float32)
    scaled[:, CUES] = 0.0
    codes = corpus.read_codes(EXTRA)
    wanted = [asked_of_net(codes.get(row["exchange_id"], [row])) for row in rows]
    posts, replies = Rows.of(parts, words, POST_KINDS), Rows.of(parts, words, REPLY_KINDS)
    letters = {row["exchange_id"]: (row["post"], row["reply"]) for row in corpus.read_csv(ROLES)}
    roles = [letters.get(row["exchange_id"], ("", "")) for row in rows]
    return Texts(
        posts, replies, torch.from_numpy(scaled), mean, scale,
        torch.from_numpy(np.array(wanted, dtype=np.float32)),
        torch.tensor([origin_of(row["exchange_id"], codes) for row in rows]),
        SentenceRoles.of(posts, [post for post, _ in roles], POST_LETTERS),
        SentenceRoles.of(replies, [reply for _, reply in roles], REPLY_LETTERS),
        words, table,
    )  # fmt: skip


def train(texts, rows, seed, start):
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    net = make_net(texts.table, texts.dense.shape[1])
    net.load_state_dict({**net.state_dict(), **start})
    words = net.post.vectors
    # Where our labels lie otherwise than the annotators', whose ways the net is to have: learnt
    # beside it and then left out.
    shift = nn.Parameter(torch.zeros(2, texts.outputs.shape[1]))
    others = [*(p for p in net.parameters() if p is not words), shift]
    step = optimise(others, EPOCHS * (len(rows) // LABELLED), 1.2e-3)
    # Rare words move as far as common ones.
    tune = torch.optim.Adagrad([words], lr=VECTOR_RATE)
    began = time.process_time()
    net.train()
    for _ in range(EPOCHS):
        losses = []
        for some in batches(rng, len(rows), LABELLED):
            some = rows[some]
            batch = texts.posts.batch(some), texts.replies.batch(some), texts.dense[some]
            outputs, post, reply = net(*batch, 0.1)
            outputs = outputs + F.pad(shift, (0, 0, 1, 0))[texts.origins[some]]
            loss = loss_of(outputs, texts.outputs[some]) + ROLE_WEIGHT * (
                texts.post_roles.loss(post, some) + texts.reply_roles.loss(reply, some)
            )
            tune.zero_grad()
            step(loss)
            tune.step()
            with torch.no_grad():
                words[EMPTY] = 0.0
            losses.append(loss.item())
    print("rows", len(rows), "loss", np.mean(losses), "s", time.process_time() - began, flush=True)
    return net.eval()


def predict(texts, net, rows):
    found = []
    with torch.no_grad():
        for some in np.array_split(rows, -(-len(rows) // 128)):
            batch = texts.posts.batch(some), texts.replies.batch(some), texts.dense[some]
            found.append(net(*batch, 0.0)[0].numpy())
    return np.concatenate(found)


def export(texts, parts, net, path):
    encoder = net.export(texts.words, texts.mean, texts.scale)
    encoder.layers["mixed.weight"][-len(CUES) :][CUES] = 0.0
    np.savez(path, **encoder_arrays(encoder))
    dense = np.column_stack([post_dense(parts), reply_dense(parts, overlap_idf(parts))])
    ours = encoder.outputs(encoder.hidden(parts), dense)
    theirs = predict(texts, net, np.arange(parts.n_rows))
    gap = np.abs(np.column_stack([ours.post, ours.pair]) - theirs).max()
    print("NumPy against torch, largest difference:", gap, flush=True)


def make_vectors(path):
    texts = {}
    for item in corpus.read_exchanges(DATA):
        for text in (item.title, item.post, item.reply):
            texts.setdefault(text, item.source)
    for text, _ in corpus.read_microblogs(DATA):
        texts.setdefault(text, "microblog")
    unique = list(texts)
    tokens = prepare(unique, [None] * len(unique), [None] * len(unique))
    cuts = np.split(
        np.array(tokens.tokens, dtype=object),
        np.searchsorted(tokens.token_part, np.arange(1, len(unique)) * 5),
    )
    words, table = word_vectors.learn_vectors([list(cut) for cut in cuts], list(texts.values()))
    np.savez(path, words=words, table=table)
    print("vectors", table.shape, flush=True)


def main(folder, sources):
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    if not (folder / "vectors.npz").is_file():
        make_vectors(folder / "vectors.npz")
    stored = np.load(folder / "vectors.npz")
    words, table = stored["words"], stored["table"]
    if not (folder / "pretrained.pt").is_file():
        pretrain(words, table, folder)
    start = torch.load(folder / "pretrained.pt")
    rows = corpus.read_labelled(DATA, EXTRA, WRITTEN)
    texts = lay_out_texts(rows, words, table)
    every = np.arange(len(rows))
    if not (folder / "encoder.npz").is_file():
        export(texts, parts_of(rows), train(texts, every, 99, start), folder / "encoder.npz")
    if not (folder / "outputs.npz").is_file():
        outputs = np.zeros(tuple(texts.outputs.shape), dtype=np.float32)
        for seed, (learn, test) in enumerate(make_folds(groups_of(rows), 5, 0)):
            outputs[test] = predict(texts, train(texts, learn, seed, start), test)
        np.savez(folder / "outputs.npz", outputs=outputs)
    for source in sources:
        own = np.array([row["exchange_id"].split("-")[0] == source for row in rows])
        net = train(texts, every[~own], 201, start)
        outputs = predict(texts, net, every[own])
        np.savez(folder / f"outputs_{source}.npz", outputs=outputs)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
