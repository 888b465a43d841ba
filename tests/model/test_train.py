from __future__ import annotations

import json

import numpy as np
import pyarrow as pa
import pytest
from samples import as_table, make_rows

from gov_sentiment.errors import BadLabels, BadModel
from gov_sentiment.model import evaluate, load_model, train
from gov_sentiment.model.attribution import attribute
from gov_sentiment.model.fitting import Settings, fit_model, make_design
from gov_sentiment.model.labelled import read_labelled
from gov_sentiment.model.prepare import prepare
from gov_sentiment.model.targets import codebook_target
from gov_sentiment.model.tuning import fit_temperature


def test_what_can_be_learnt_is_learnt(trained):
    training, _ = trained
    assert training.report.figures["accuracy"].value > 0.9
    assert training.report.main == "kappa"
    assert training.target.classes == (
        "resolved",
        "explained",
        "committed",
        "referred",
        "perfunctory",
    )


def test_a_stored_model_gives_the_same_digits(trained, rows):
    training, folder = trained
    loaded = load_model(folder)
    texts = [list(column) for column in zip(*[
        (r["post_title"], r["post_text"], r["reply_text"]) for r in rows
    ], strict=True)]  # fmt: skip
    before = training.model.predict(*texts)["reply_type"].scores
    after = loaded.predict(*texts)["reply_type"].scores
    assert (before == after).all()


def test_batch_and_order_change_nothing(trained, rows):
    model = trained[0].model
    texts = [[r[name] for r in rows] for name in ("post_title", "post_text", "reply_text")]
    whole = model.predict(*texts)["reply_type"].scores
    order = np.random.default_rng(1).permutation(len(rows))
    shuffled = model.predict(*([column[i] for i in order] for column in texts))
    assert (shuffled["reply_type"].scores == whole[order]).all()
    some = model.predict(*(column[5:12] for column in texts))["reply_type"].scores
    assert (some == whole[5:12]).all()


def test_the_card_tells_the_figures_and_the_fingerprint(trained):
    training, folder = trained
    text = (folder / "card.md").read_text(encoding="utf-8")
    for words in ("## reply_type", "Confusion", "majority guess", "SHA-256", "Limits"):
        assert words in text
    card = json.loads((folder / "model.json").read_text(encoding="utf-8"))["card"]
    assert card["rows"] == 120
    assert card["targets"]["reply_type"]["n"] == 120
    assert training.checks.n_rows == 120


def test_the_model_holds_no_words(trained):
    _, folder = trained
    text = (folder / "model.json").read_text(encoding="utf-8")
    assert "噪声" not in text
    assert "清理" not in text


def test_ordinal_and_numeric_labels(table):
    ordinal = train(table, "quality")
    assert ordinal.target.kind == "ordinal"
    assert ordinal.report.figures["spearman"].value > 0.8
    assert "weighted_kappa" in ordinal.report.figures
    numeric = train(table, "rating", text="reply")
    assert numeric.target.kind == "numeric"
    assert numeric.report.figures["pearson"].value > 0.8
    assert numeric.report.per_class == {}


def test_characters_can_be_read_too(table):
    target = codebook_target("sentiment")
    labels = {"sentiment": target.parse(table["sentiment"].to_pylist())}
    parts = prepare(*read_labelled(table).texts())
    settings = Settings(chars=True, bits=14)
    design = make_design(parts, [target], settings)
    groups = [str(row) for row in range(table.num_rows)]
    model = fit_model(design, [target], labels, groups, settings)
    assert len(model.post_layer.views) == 2
    found = model.predict_inputs(design.inputs)["sentiment"].labels
    assert np.mean(np.array(found) == table["sentiment"].to_pylist()) > 0.9


def test_many_rows_are_solved_without_a_kernel(table, monkeypatch):
    exact = train(table, "quality").report.figures["spearman"].value
    monkeypatch.setattr("gov_sentiment.model.layers.EXACT_ROWS", 20)
    iterated = train(table, "quality").report.figures["spearman"].value
    assert iterated == pytest.approx(exact, abs=0.02)


def test_adapting_shows_whether_it_helped(trained, tmp_path):
    _, folder = trained
    few = as_table(make_rows(60, seed=5))
    training = train(few, "reply_type", tmp_path, init=folder)
    told = training.adaptation
    assert told.as_is > 0.8
    assert told.adapted >= 0.5
    text = (tmp_path / "card.md").read_text(encoding="utf-8")
    assert "Starting from" in text
    loaded = load_model(tmp_path)
    assert (loaded.base is not None) == told.helped
    row = make_rows(1, seed=9)[0]
    texts = ([row["post_title"]], [row["post_text"]], [row["reply_text"]])
    assert (
        loaded.predict(*texts)["reply_type"].scores
        == training.model.predict(*texts)["reply_type"].scores
    ).all()


def test_an_adapted_model_explains_itself(trained):
    few = as_table(make_rows(60, seed=6))
    _, folder = trained
    training = train(few, "sentiment", init=folder)
    model, target = training.model, training.target
    row = make_rows(1, seed=9)[0]
    texts = (row["post_title"], row["post_text"], row["reply_text"])
    post, _ = model.meta_features(model.inputs(prepare(*([text] for text in texts))))
    logits = model.heads["sentiment"].logits(post)[0]
    reasons = attribute(model, target, texts, 0, 1)
    assert sum(r.weight for r in reasons) == pytest.approx(logits[0] - logits[1])


def test_unusable_files_are_refused(table):
    with pytest.raises(BadLabels, match="training needs 40"):
        train(table.slice(0, 20), "reply_type")
    empty = pa.table({"reply_text": [None] * 50, "mood": ["a", "b"] * 25})
    with pytest.raises(BadLabels, match="no row has the text of the reply"):
        train(empty, "mood", text="reply")
    with pytest.raises(BadModel, match="no model there"):
        train(table, "reply_type", init="nowhere")


def test_progress_is_told(table):
    lines: list[str] = []
    train(table.slice(0, 60), "quality", progress=lines.append)
    assert lines[0].startswith("quality: 60 rows")


def test_temperature_cools_a_model_that_is_too_sure():
    rng = np.random.default_rng(0)
    codes = rng.integers(0, 2, 500)
    right = rng.random(500) < 0.75
    sure = np.where(right, codes, 1 - codes)
    probabilities = np.full((500, 2), 0.01)
    probabilities[np.arange(500), sure] = 0.99
    assert fit_temperature(probabilities, codes) > 2


def test_evaluate_prints_figures_beside_baselines(trained, table):
    _, folder = trained
    found = evaluate(folder, read_labelled(as_table(make_rows(80, seed=3))), draws=50)
    text = found.as_text()
    assert "beside: majority guess" in text
    assert "McNemar p" in text
    assert found.as_dict()["targets"][0]["target"] == "reply_type"
    assert found.targets[0].figures["kappa"].value > 0.9
    with pytest.raises(BadLabels, match="none of the model's label columns"):
        evaluate(folder, read_labelled(pa.table({"text": ["一"], "mood": ["a"]})))


def test_snownlp_stands_beside_sentiment(table):
    model = train(table.slice(0, 80), "sentiment").model
    found = evaluate(model, read_labelled(table.slice(80, 40)), draws=20)
    assert [other.name for other in found.targets[0].baselines] == ["majority guess", "snownlp"]
    scale = train(table.slice(0, 80), "quality").model
    report = evaluate(scale, read_labelled(table.slice(80, 40)), draws=20).targets[0]
    assert report.baselines[0].name == "median guess"
