"""The recurrent net: its gradients, what it learns that words alone do not tell, its digits."""

from __future__ import annotations

import importlib
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import as_table, make_rows

from gov_sentiment.model import load_model, read_labelled, save_model, train
from gov_sentiment.model.attribution import attribute
from gov_sentiment.model.fitting import Settings, fit_model, make_design, make_folds
from gov_sentiment.model.learn_recurrent import Corpus, Plan, _Net, learn_net, make_corpus
from gov_sentiment.model.prepare import prepare
from gov_sentiment.model.readings import Readings, make_readings
from gov_sentiment.model.recurrent import (
    LONGEST,
    POST_KINDS,
    REPLY_KINDS,
    Sequences,
    lay_out,
    read_all,
    sigmoid,
)
from gov_sentiment.model.targets import infer_target

TINY = Plan(size=8, n_units=6, epochs=12, batch=16, rate=0.02, min_count=1)
TEXTS = ["好,不坏", "", "坏,不好", "不好不坏", "路灯坏了没人修", "谢谢窗口的同志", "长" * 400, "灯"]


def sequences_of(texts: list[list[int]]) -> Sequences:
    lengths = np.array([len(text) for text in texts])
    return Sequences(np.concatenate(texts), np.cumsum(lengths) - lengths, lengths)


@pytest.fixture(scope="module")
def order() -> tuple[Corpus, np.ndarray]:
    """Texts of six words in which word 2 stands before word 3 or behind it."""
    rng = np.random.default_rng(0)
    codes = rng.integers(0, 2, 400)
    texts = []
    for code in codes:
        text = rng.integers(4, 9, 6)
        first, second = np.sort(rng.choice(6, 2, replace=False))
        text[[first, second]] = (2, 3) if code else (3, 2)
        texts.append(text)
    vectors = rng.normal(size=(9, 8)).astype(np.float32)
    vectors[0] = 0.0
    words = np.arange(7, dtype=np.uint64)
    return Corpus(POST_KINDS, False, words, vectors, sequences_of(texts)), codes


@pytest.fixture(scope="module")
def nets():
    parts = prepare([None] * len(TEXTS), TEXTS, [None] * len(TEXTS))
    codes = np.arange(len(TEXTS)) % 3
    return tuple(
        learn_net(make_corpus(parts, POST_KINDS, characters, TINY), codes, 3, TINY, seed=0)
        for characters in (False, True)
    )


def fit_with_nets(name, text):
    """Return a target and a model of it that has nets, without the search for settings."""
    data = read_labelled(as_table(make_rows(80)))
    target = infer_target(name, data.columns[name], text)
    labels = target.parse(data.columns[name])
    groups = [str(row) for row in range(len(data))]
    some = Settings(margin=0.2, bits=12, folds=2)
    parts = prepare(*data.texts())
    readings = make_readings(parts, target, labels, groups, some, TINY)
    design = readings.extend(make_design(parts, [target], some))
    return target, fit_model(design, [target], {name: labels}, groups, some)


@pytest.fixture(scope="module")
def of_posts():
    return fit_with_nets("sentiment", "post")


def test_gradients_are_those_of_finite_differences():
    rng = np.random.default_rng(1)
    texts = [rng.integers(1, 7, n) for n in (5, 1, 3, 5)]
    texts[0][1] = texts[0][3]
    corpus = sequences_of(texts)
    block = corpus.block(np.arange(4), 4)
    plan = Plan(size=4, n_units=3)
    net = _Net.start(rng.normal(size=(7, 4)), 3, plan, rng)
    net.parameters = {k: rng.normal(size=v.shape) * 0.6 for k, v in net.parameters.items()}
    words = np.unique(block.ids)
    masks = rng.integers(0, 3, (len(words), 4)) / 1.5, rng.integers(0, 3, (4, 12)) / 1.5

    def read():
        return net.gradients(block, np.array([0, 2, 1, 1]), words, *masks)

    _, gradients, of_vectors = read()
    dense = np.zeros_like(net.vectors)
    dense[words] = of_vectors
    told = [*((net.parameters[k], gradients[k]) for k in net.parameters), (net.vectors, dense)]
    for values, gradient in told:
        for _ in range(6):
            place = tuple(int(rng.integers(0, n)) for n in values.shape)
            if values is net.vectors and place[0] == 0:
                continue
            kept = values[place]
            losses = []
            for change in (1e-5, -1e-5):
                values[place] = kept + change
                losses.append(read()[0])
            values[place] = kept
            assert gradient[place] == pytest.approx((losses[0] - losses[1]) / 2e-5, abs=1e-7)


def test_word_order_is_learnt(order):
    corpus, codes = order
    known = codes.copy()
    known[300:] = -1
    plan = Plan(size=8, n_units=8, epochs=15, batch=16, rate=0.02, word_dropout=0.0, dropout=0.1)
    net = learn_net(corpus, known, 2, plan, 0)
    unseen = np.arange(300, 400)
    # Both classes have the same words, so that a bag of words could but guess.
    assert (net.logits(corpus.sequences, unseen).argmax(axis=1) == codes[unseen]).mean() > 0.9


def test_equal_seeds_give_equal_nets(order):
    corpus, codes = order
    plan = Plan(size=8, n_units=4, epochs=1)
    first, again, other = (learn_net(corpus, codes, 2, plan, seed) for seed in (3, 3, 4))
    assert np.array_equal(first.states, again.states)
    assert np.array_equal(first.vectors, again.vectors)
    assert not np.array_equal(first.states, other.states)


def test_labels_that_are_not_learnt_from_change_nothing(order):
    corpus, codes = order
    folds = make_folds(list(range(400)), 3, 0)
    changed = codes.copy()
    changed[folds[0][1]] = 1 - changed[folds[0][1]]
    plan = Plan(size=8, n_units=4, epochs=1)
    groups = list(range(400))
    first, second = (
        Readings((corpus,), "post", c, 2, groups, Settings(folds=3), plan) for c in (codes, changed)
    )
    train_rows, test = folds[0]
    assert np.array_equal(first.unseen[test], second.unseen[test])
    assert not np.array_equal(first.unseen[train_rows], second.unseen[train_rows])
    assert np.array_equal(first._out_of_fold(train_rows), second._out_of_fold(train_rows))


@settings(max_examples=25, deadline=None)
@given(st.permutations(range(len(TEXTS))), st.integers(1, len(TEXTS)))
def test_no_digit_depends_on_the_batch(nets, shuffled, n):
    def read(texts):
        return read_all(nets, prepare([None] * len(texts), texts, [None] * len(texts)))

    whole = read(TEXTS * 20)
    some = shuffled[:n]
    assert np.array_equal(read([TEXTS[row] for row in some]), whole[some])
    assert np.allclose(whole.sum(axis=1), 0)


def test_only_one_text_is_read_and_not_without_end(nets):
    parts = prepare(["灯"], ["坏了"], ["长 长" * 200])
    post = nets[0].lay_out(parts)
    reply = lay_out(parts, nets[0].words, REPLY_KINDS, characters=False)
    assert post.lengths.tolist() == [3]
    assert reply.lengths.max() == LONGEST
    assert nets[1].lay_out(parts).lengths.tolist() == [3]
    for net in nets:
        empty = net.lay_out(prepare([None] * 2, [None, " "], [None] * 2))
        assert empty.lengths.tolist() == [1, 1]
        assert empty.ids.tolist() == [1, 1]


def test_few_words_still_have_vectors():
    parts = prepare([None], ["好"], [None])
    corpus = make_corpus(parts, POST_KINDS, False, TINY)
    assert corpus.vectors.shape == (3, 8)
    assert not corpus.vectors[:2].any()


def test_gates_never_overflow():
    assert sigmoid(np.array([-1e4, 0.0, 1e4], np.float32)).tolist() == [0.0, 0.5, 1.0]


def test_a_stored_model_gives_the_same_digits(of_posts, tmp_path):
    _, model = of_posts
    assert len(model.nets) == 2
    save_model(model, tmp_path)
    texts = [None] * len(TEXTS), TEXTS, [None] * len(TEXTS)
    before = model.predict(*texts)["sentiment"].scores
    assert np.array_equal(load_model(tmp_path).predict(*texts)["sentiment"].scores, before)


def test_reasons_add_up_to_the_score(of_posts):
    target, model = of_posts
    texts = ("东门", "太气人了，噪声整夜不停。编号3。请问怎么办理？", None)
    post, _ = model.meta_features(model.inputs(prepare(*([text] for text in texts))))
    logits = model.heads["sentiment"].logits(post)[0]
    reasons = attribute(model, target, texts, 0, 1)
    assert sum(r.weight for r in reasons) == pytest.approx(logits[0] - logits[1])
    assert {"sentence", "together"} <= {r.kind for r in reasons}


def test_replies_are_read_by_a_net_of_their_own():
    target, model = fit_with_nets("reply_type", "reply")
    assert model.nets[0].side == "reply"
    texts = ("东门", "噪声", "您好，现答复如下：已修复到位，现已正常使用。感谢您的关注！")
    _, pair = model.meta_features(model.inputs(prepare(*([text] for text in texts))))
    logits = model.heads["reply_type"].logits(pair)[0]
    reasons = attribute(model, target, texts, 0, 1)
    assert sum(r.weight for r in reasons) == pytest.approx(logits[0] - logits[1])


def test_train_learns_a_net_of_many_rows_alone(monkeypatch, tmp_path):
    module = importlib.import_module("gov_sentiment.model.train")
    monkeypatch.setattr(module, "MANY_ROWS", 50)
    monkeypatch.setattr(module, "_settings_for", lambda n_rows: Settings(bits=12, folds=2))
    monkeypatch.setattr("gov_sentiment.model.readings.Plan", lambda: TINY)
    monkeypatch.setattr("gov_sentiment.model.tuning.STRENGTHS", (0.1,))
    monkeypatch.setattr("gov_sentiment.model.tuning.ALPHAS", (0.4,))
    for helps in (True, False):
        # Whether the figure is higher is left to the real thing.
        monkeypatch.setattr(module, "_helps", lambda chosen, other, helps=helps: helps)
        training = train(as_table(make_rows(60)), "sentiment", tmp_path)
        assert len(training.model.nets) == 2 * helps
        assert training.report.figures["accuracy"].value > 0.8
        assert len(load_model(tmp_path).nets) == 2 * helps
        card = (tmp_path / "card.md").read_text(encoding="utf-8")
        assert ("Recurrent nets read the text" in card) == helps


def test_few_rows_are_learnt_without_a_net(trained, table):
    training, folder = trained
    assert training.model.nets == ()
    document = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    assert document["nets"] == 0
    assert len(read_labelled(table)) == 120
