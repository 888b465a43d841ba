"""Corrections of shares and means by a labelled sample."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from scored_builder import simulate

from gov_sentiment.errors import BadLabels, BadScores
from gov_sentiment.exchange import REPLY_TYPES, SENTIMENTS
from gov_sentiment.ranking import rank_agencies
from gov_sentiment.ranking.correct import (
    Confusion,
    calibrate_on,
    calibration_of_model,
    correct_classes,
    correct_share,
    share_counts,
)

ERRORS = np.full((5, 5), 0.05) + 0.75 * np.eye(5)


def test_matrix_method_finds_the_true_shares_from_exact_input():
    truth = np.array([[0.5, 0.2, 0.1, 0.1, 0.1], [0.0, 0.0, 1.0, 0.0, 0.0]])
    counts = np.round(truth @ ERRORS * 10_000).astype(int)
    confusion = Confusion(REPLY_TYPES, np.round(ERRORS * 1000).astype(int))
    shares, errors = correct_classes(counts, confusion)
    assert shares == pytest.approx(truth, abs=1e-9)
    assert (errors > 0).all()
    assert shares.sum(axis=1) == pytest.approx(1.0)


def test_matrix_methods_errors_are_those_of_simulation():
    rng = np.random.default_rng(2)
    truth = np.array([0.3, 0.3, 0.2, 0.1, 0.1])
    counts = rng.multinomial(400, truth @ ERRORS, 2000)
    found, stated = [], []
    for row in counts:
        labels = rng.multinomial(300, truth)
        matrix = np.array(
            [rng.multinomial(n, each) for n, each in zip(labels, ERRORS, strict=True)]
        )
        shares, errors = correct_classes(row[None, :], Confusion(REPLY_TYPES, matrix))
        found.append(shares[0])
        stated.append(errors[0])
    assert np.mean(stated, axis=0) == pytest.approx(np.std(found, axis=0), rel=0.15)


def test_share_of_several_classes_is_counted_from_the_matrix():
    confusion = Confusion(("a", "b", "c"), np.array([[5, 1, 2], [3, 7, 4], [6, 8, 9]]))
    assert share_counts(confusion, ("a", "b")) == (16, 6, 14, 9)


def test_correction_inverts_the_errors():
    confusion = Confusion(("negative", "neutral"), np.array([[8000, 2000], [1000, 9000]]))
    correction = correct_share(confusion, ("negative",), 2000, 0, "test")
    predicted = np.full(2000, 0.8 * 0.3 + 0.1 * 0.7)
    corrected = correction.apply(predicted)
    assert corrected.mean() == pytest.approx(0.3, abs=0.002)
    assert 0 < corrected.std() < 0.02


@pytest.mark.parametrize("matrix", [[[50, 50], [50, 50]], [[10, 0], [0, 0]], [[60, 40], [55, 45]]])
def test_a_classifier_that_cannot_tell_corrects_nothing(matrix):
    confusion = Confusion(("a", "b"), np.array(matrix))
    assert correct_share(confusion, ("a",), 100, 0, "test") is None


def test_calibration_reads_the_run_info():
    info = {
        "model": {
            "confusion": {
                "sentiment": {"labels": list(SENTIMENTS), "matrix": np.eye(3, dtype=int).tolist()},
                "courtesy": {
                    "labels": ["0", "1", "2"],
                    "matrix": [[2, 2, 0], [0, 4, 0], [0, 0, 2]],
                },
                "unknown": {"labels": ["x"], "matrix": [[1]]},
            }
        }
    }
    found = calibration_of_model(info)
    assert set(found.confusions) == {"sentiment"}
    assert found.errors["courtesy"].n == 10
    assert found.errors["courtesy"].mean == pytest.approx(-0.2)
    assert found.source == "model card"
    assert calibration_of_model({}).source == "none"
    assert calibration_of_model({"model": {"name": "x"}}).source == "none"


@pytest.mark.parametrize("entry", [{"labels": ["a"]}, {"labels": ["a", "b"], "matrix": [[1, 2]]}])
def test_damaged_run_info_is_said(entry):
    with pytest.raises(BadScores, match="Score the archive again"):
        calibration_of_model({"model": {"confusion": {"sentiment": entry}}})


def labels_of(table: pa.Table, n: int) -> pa.Table:
    rows = [row for row in table.to_pylist() if row["reply_text"]][:n]
    return pa.table(
        {
            "exchange_id": [row["exchange_id"] for row in rows],
            "post_text": [row["post_text"] for row in rows],
            "reply_type": [row["reply_type"] for row in rows],
            "quality": [row["reply_quality"] + 0.5 for row in rows],
        }
    )


def test_own_labels_correct_the_ranking():
    table = simulate({f"第{i}街道": 60 for i in range(6)})
    plain = rank_agencies(table)
    ranking = rank_agencies(table, calibrate=labels_of(table, 150))
    assert ranking.settings["calibration"] == "labelled sample"
    assert {"quality", "substantive_share"} <= set(ranking.settings["corrected"])
    before = {row["agency"]: row["quality"] for row in plain.table.to_pylist()}
    for row in ranking.table.to_pylist():
        assert row["quality"] == pytest.approx(before[row["agency"]] + 0.5, abs=0.1)
    assert "标注样本" in ranking.methods("zh")
    assert "labelled sample" in ranking.methods("en")


def test_labels_of_another_archive_are_refused():
    table = simulate({"甲局": 40})
    labels = labels_of(table, 30)
    other = labels.set_column(0, "exchange_id", pa.array([f"y{i}" for i in range(labels.num_rows)]))
    with pytest.raises(BadLabels, match="0 of 30"):
        rank_agencies(table, calibrate=other)
    with pytest.raises(BadLabels, match="no column exchange_id"):
        rank_agencies(table, calibrate=labels.drop_columns(["exchange_id"]))
    wrong = labels.set_column(2, "reply_type", pa.array(["nonsense"] * labels.num_rows))
    with pytest.raises(BadLabels, match="column reply_type"):
        calibrate_on(wrong, table)
