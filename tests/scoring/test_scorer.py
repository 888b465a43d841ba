from __future__ import annotations

import pickle
from datetime import datetime

import numpy as np
import pyarrow as pa
import pytest

from gov_sentiment.errors import BadModel
from gov_sentiment.exchange import EXCHANGE_SCHEMA, SCORE_SCHEMA, SCORED_SCHEMA
from gov_sentiment.model import load_model, save_model
from gov_sentiment.resources import models_folder
from gov_sentiment.scoring import Scorer, finish_scores, score_batch
from gov_sentiment.scoring.explain import explain_exchange

REPLY_COLUMNS = [name for name in SCORE_SCHEMA.names if name.startswith("reply_")]


def test_the_scored_batch_has_the_contract(batch, scorer):
    scored = score_batch(batch, scorer)
    assert scored.schema.equals(SCORED_SCHEMA)
    scored.validate(full=True)
    assert scored.num_rows == batch.num_rows


def test_an_unanswered_post_has_no_reply_scores(batch, scorer):
    rows = score_batch(batch, scorer).to_pylist()
    for row in (rows[1], rows[3]):
        assert [row[name] for name in REPLY_COLUMNS if name != "reply_text"] == [None] * 9
        assert row["responsiveness"] is None
        assert row["post_sentiment"] is not None
    assert rows[0]["reply_type"] is not None


def test_scores_stay_on_their_scales(batch, scorer):
    table = pa.Table.from_batches([score_batch(batch, scorer)])
    for name, low, high in (
        ("post_polarity", -1, 1),
        ("post_confidence", 1 / 3, 1),
        ("reply_confidence", 0.2, 1),
        ("reply_courtesy", 0, 2),
        ("reply_quality", 1, 5),
        ("reply_polarity", -1, 1),
        ("responsiveness", 0, 100),
    ):
        values = [v for v in table[name].to_pylist() if v is not None]
        assert values
        assert all(low <= v <= high for v in values), name


def test_batch_and_order_change_no_digit(batch, scorer):
    many = pa.Table.from_batches([batch] * 60).combine_chunks().to_batches()[0]
    whole = score_batch(many, scorer)
    order = np.random.default_rng(0).permutation(many.num_rows)
    assert score_batch(many.take(pa.array(order)), scorer).equals(whole.take(pa.array(order)))
    for start in (0, 7, 100):
        assert score_batch(many.slice(start, 3), scorer).equals(whole.slice(start, 3))


def test_an_empty_batch_passes(scorer):
    empty = pa.RecordBatch.from_pylist([], schema=EXCHANGE_SCHEMA)
    assert score_batch(empty, scorer).schema.equals(SCORED_SCHEMA)


def test_other_columns_are_kept_behind(batch, scorer):
    extra = batch.append_column("note", pa.array(["a", "b", "c", "d"]))
    scored = score_batch(extra, scorer)
    assert scored.schema.names[-1] == "note"
    assert scored.schema.names[:-1] == SCORED_SCHEMA.names


def test_probabilities_on_request(batch):
    scorer = Scorer.load(probabilities=True)
    scored = score_batch(batch, scorer)
    names = [name for name in scored.schema.names if name.startswith("p_")]
    assert len(names) == 13
    total = sum(scored[f"p_sentiment_{c}"][0].as_py() for c in ("negative", "neutral", "positive"))
    assert total == pytest.approx(1, abs=1e-5)
    assert scored["p_reply_type_resolved"][1].as_py() is None


def test_a_scorer_travels(batch, scorer):
    again = pickle.loads(pickle.dumps(scorer))
    assert score_batch(batch, again).equals(score_batch(batch, scorer))


def test_a_model_of_one_label_cannot_score(tmp_path):
    model = load_model(models_folder() / "default")
    save_model(type(model)(model.targets[:1], model.post_layer, None, model.overlap,
                           {"sentiment": model.heads["sentiment"]}), tmp_path)  # fmt: skip
    with pytest.raises(BadModel, match="the model has no actionability"):
        Scorer.load(tmp_path)


def test_finishing_scores_silence_and_flags(batch, scorer):
    table = pa.Table.from_batches([score_batch(batch, scorer)])
    late = finish_scores(table, datetime(2024, 6, 1))
    assert late["responsiveness"].to_pylist()[1] == 0
    soon = finish_scores(table, datetime(2024, 1, 20))
    assert soon["responsiveness"].to_pylist()[1] is None
    unknown = finish_scores(table, None)
    assert unknown["responsiveness"].to_pylist()[1] is None
    assert late.schema.equals(SCORED_SCHEMA)


def test_reasons_add_up(batch, scorer):
    row = batch.to_pylist()[0]
    found = explain_exchange(scorer, row)
    scored = score_batch(batch, scorer).to_pylist()[0]
    by_name = {score.target: score for score in found.scores}
    assert len(by_name) == 9
    assert by_name["intent"].label == scored["post_intent"]
    quality = by_name["quality"]
    weights = sum(reason.weight for reason in quality.reasons)
    assert weights == pytest.approx(quality.total, abs=1e-9)
    assert np.clip(quality.total, 1, 5) == pytest.approx(scored["reply_quality"], abs=1e-5)
    kinds = {reason.kind for reason in quality.reasons}
    assert {"word", "sentence", "feature", "start"} <= kinds
    text = found.as_text("en")
    assert "reply type" in text
    assert "答复类型" in found.as_text()


def test_the_odds_of_a_label_are_explained(batch, scorer):
    row = batch.to_pylist()[1]
    found = explain_exchange(scorer, row)
    assert [score.target for score in found.scores] == ["sentiment", "intent"]
    predicted = scorer.model.predict([row["post_title"]], [row["post_text"]], [None])["sentiment"]
    ordered = np.sort(predicted.scores[0])[::-1]
    odds = float(np.log(ordered[0] / ordered[1]))
    assert found.scores[0].total == pytest.approx(odds, rel=0.01)
