"""The page of an evaluation: every figure on it, in both languages, nothing from outside."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from gov_sentiment.model import Evaluation, read_labelled
from gov_sentiment.model.classifier import from_scores
from gov_sentiment.model.evaluate import report_target
from gov_sentiment.model.targets import default_targets
from gov_sentiment.report import render_evaluation_page
from gov_sentiment.report.evaluation_page import FIGURES, KINDS

CLASSES = ("negative", "neutral", "positive")
SOURCE = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def evaluation() -> Evaluation:
    """A made-up model's guesses on sixty rows, for labels of sentiment, levels and numbers."""
    rng = np.random.default_rng(4)
    rows = [
        {
            "post_text": f"青溪路第{i}盏路灯坏了" * (1 + 20 * (i % 2)),
            "sentiment": CLASSES[i % 3],
            "source": ("信箱", SOURCE)[i % 2],
        }
        for i in range(60)
    ]
    data = read_labelled(pa.Table.from_pylist(rows))
    reports = []
    for target in default_targets():
        if target.nominal and target.classes != CLASSES:
            continue
        n = len(target.classes) if target.nominal else 1
        scores = (
            rng.dirichlet(np.ones(n), 60)
            if target.nominal
            else rng.uniform(target.low, target.high, (60, 1))
        )
        truth = np.arange(60.0) % 3 + (0 if target.nominal else target.low)
        reports.append(report_target(data, truth, from_scores(target, scores), draws=20))
    return Evaluation("标注.csv", 60, tuple(reports))


def test_the_page_holds_every_figure(evaluation: Evaluation) -> None:
    page = render_evaluation_page(evaluation)
    for number, report in enumerate(evaluation.targets, 1):
        section = page.split(f'<section id="target{number}">')[1].split("</section>")[0]
        shown = set(re.findall(r"(?<=>)-?\d\.\d{3}(?=<)", section))
        figures = [v for f in report.figures.values() for v in (f.value, f.low, f.high)]
        figures += [value for row in report.per_class.values() for value in row[:3]]
        figures += [part.figure for part in (*report.by_source, *report.by_length)]
        assert {f"{value:.3f}" for value in figures} <= shown
        counts = re.findall(r'class="cell" style="--share:[01]\.\d{3}">(\d+)<', section)
        assert list(map(int, counts)) == [n for row in report.confusion for n in row]


def test_every_figure_and_kind_has_a_name(evaluation: Evaluation) -> None:
    assert set().union(*(report.figures for report in evaluation.targets)) <= set(FIGURES)
    assert {report.kind for report in evaluation.targets} <= set(KINDS)
    page = render_evaluation_page(evaluation)
    assert 'lang="zh-CN">负面</span><span class="en" lang="en">negative</span>' in page
    assert 'data-lang="zh"' in page
    assert 'data-lang="en"' in render_evaluation_page(evaluation, "en")


def test_it_asks_nothing_of_the_network_and_shows_no_text(evaluation: Evaluation) -> None:
    page = render_evaluation_page(evaluation)
    assert "路灯" not in page
    assert "<script>alert" not in page
    assert re.findall(r'(?:src|href)="(?!#)', page) == []
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_labels_of_ones_own_keep_their_names(evaluation: Evaluation) -> None:
    report = replace(
        evaluation.targets[0],
        target="urgency",
        figures={"kappa": evaluation.targets[0].figures["kappa"]},
    )
    page = render_evaluation_page(Evaluation("x", 60, (report,)))
    assert page.count("urgency") >= 4
