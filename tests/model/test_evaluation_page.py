"""The page of an evaluation: every figure on it, nothing that runs, nothing from outside."""

from __future__ import annotations

import re

import numpy as np

from gov_sentiment.model import evaluate, read_labelled
from gov_sentiment.model.evaluation_page import evaluation_page
from gov_sentiment.model.metrics import UNCERTAIN_LEAD, certain_accuracy, certain_share, lead


def test_the_page_holds_the_figures_and_no_texts(trained, table):
    result = evaluate(trained[1], read_labelled(table), snownlp=False, draws=20)
    page = evaluation_page(result)
    report = result.targets[0]
    for figure in report.figures.values():
        assert f"{figure.value:.3f}" in page
    for name in report.classes:
        assert f'<th scope="row">{name}</th>' in page
    assert len(re.findall(r'class="cell"', page)) == len(report.classes) ** 2
    assert "<script" not in page
    assert not re.search(r"(?:src|href)=", page)
    for text in table["reply_text"].to_pylist():
        assert text not in page


def test_uncertain_rows_are_counted_apart():
    probabilities = np.array([[0.9, 0.05, 0.05], [0.45, 0.4, 0.15], [0.3, 0.1, 0.6]])
    truth = np.array([0, 1, 1])
    assert np.allclose(lead(probabilities), [0.85, 0.05, 0.3])
    assert UNCERTAIN_LEAD == 0.2
    assert certain_share(probabilities) == 2 / 3
    assert certain_accuracy(truth, probabilities) == 0.5
    assert certain_accuracy(truth[1:2], probabilities[1:2]) == 0.0
