"""The page, the JSON and the tables: the same numbers, no citizen's name."""

from __future__ import annotations

import csv
import html
import json
import re
from pathlib import Path
from types import ModuleType
from typing import Any

import pyarrow.parquet as pq
import pytest
from accounts_corpus import CORPUS, SOURCES
from typer.testing import CliRunner

from gov_sentiment.accounts import AccountsSummary, measure_style
from gov_sentiment.cli.app import build_app
from gov_sentiment.report.accounts_page import accounts_json, render_accounts_page

NUMBER = re.compile(r'data-key="([^"]+)" data-value="([^"]*)"')


def lookup(data: Any, key: str) -> Any:
    if key == "n_accounts":
        return len(data["accounts"])
    head, _, rest = key.partition(".indices.")
    steps = [*head.split("."), "indices", rest] if rest else key.split(".")
    for step in steps:
        data = data[int(step)] if isinstance(data, list) else data[step]
    return data


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_number_of_the_page_is_in_the_json(summary: AccountsSummary, lang: str) -> None:
    page = render_accounts_page(summary, lang)
    data = json.loads(accounts_json(summary))
    found = NUMBER.findall(page)
    assert len(found) > 150
    for key, shown in found:
        assert html.unescape(shown) == str(lookup(data, key)), key


def test_the_page_needs_no_network_and_holds_one_language(summary: AccountsSummary) -> None:
    english = render_accounts_page(summary, "en")
    assert not re.search(r"(?:src|href)=[\"']?(?:https?:)?//", english)
    assert "How to cite" in english
    assert "如何引用" not in english
    assert "如何引用" in render_accounts_page(summary, "zh")


def test_no_citizen_is_in_any_output(
    tmp_path: Path, summary: AccountsSummary, builder: ModuleType
) -> None:
    names = {
        comment.author
        for account, source in SOURCES.items()
        for post in builder.read_source(source, account)
        for comment in post.comments
        if comment.author != account
    }
    texts = [render_accounts_page(summary), accounts_json(summary)]
    runner, app = CliRunner(), build_app()
    result = runner.invoke(app, ["accounts", str(CORPUS), "-o", str(tmp_path / "a.csv")])
    assert result.exit_code == 0, result.output
    texts += [result.output, (tmp_path / "a.csv").read_text(encoding="utf-8-sig")]
    assert len(names) > 30
    assert [name for name in names if any(name in text for text in texts)] == []


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "json", "parquet", "html"])
def test_each_form_is_written(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a.{suffix}"
    result = CliRunner().invoke(build_app(), ["accounts", str(CORPUS), "-o", str(path)])
    assert result.exit_code == 0, result.output
    assert path.stat().st_size > 500
    if suffix == "csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            assert {row["account"] for row in csv.DictReader(file)} == set(SOURCES)
    if suffix == "parquet":
        assert pq.read_table(path).num_rows == len(SOURCES)


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["nowhere"], 3, "no such file"),
        ([str(CORPUS), "-o", "a.pdf"], 3, "cannot write .pdf"),
        ([str(CORPUS), "--zombie-days", "0"], 2, "zombie-days"),
        ([str(CORPUS.parent / "demo")], 3, "no account's posts"),
    ],
)
def test_bad_calls_are_refused(arguments: list[str], code: int, words: str) -> None:
    result = CliRunner().invoke(build_app(), ["accounts", *arguments])
    assert result.exit_code == code
    assert words in result.output


def test_the_terminal_shows_a_table() -> None:
    result = CliRunner().invoke(build_app(), ["accounts", str(CORPUS), "--lang", "en"])
    assert result.exit_code == 0
    assert "reply rate" in result.output
    assert "70% [48–85]" in result.output


def test_style_of_a_text() -> None:
    official = measure_style("深入贯彻落实会议精神，切实加强统筹，全面推进各项工作部署。")
    plain = measure_style("你们今天几点开门呀？我下班去来得及吗？")
    assert official is not None
    assert plain is not None
    assert official.index > 20 > -20 > plain.index
    assert official.index == 100 * (official.official - official.plain) / official.words
    assert measure_style("转发微博") is None
    assert measure_style("#深入贯彻落实会议精神工作部署# http://t.cn/abc") is None
