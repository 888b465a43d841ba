"""Summary, page, workbook, figures."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import openpyxl
import pyarrow as pa
import pytest

from gov_sentiment.ranking import rank_agencies
from gov_sentiment.report import (
    Summary,
    render_page,
    summarise,
    summary_json,
    write_figures,
    write_page,
    write_workbook,
)
from gov_sentiment.report.evidence import MOST_ROWS, count_evidence, shown
from gov_sentiment.report.html import script_json
from gov_sentiment.report.narrative import findings
from gov_sentiment.scoring.checks import ArchiveChecks, check_archive
from gov_sentiment.scoring.checks.archive import PROMISE_SCHEMA, REFERRAL_SCHEMA


def test_totals_are_the_tables(summary: Summary, scored: pa.Table) -> None:
    totals = summary.totals
    assert totals.n_exchanges == scored.num_rows == 120
    assert totals.n_replied == 120 - scored["reply_text"].null_count
    assert totals.response_rate == pytest.approx(totals.n_replied / 120)
    assert totals.first_day == "2024-01-01"
    assert sum(summary.reply_types.values()) == totals.n_replied
    assert sum(month["n"] for month in summary.months) == 120
    assert summary.flags["boilerplate"] == 4
    assert [row["n"] for row in summary.categories] == [60, 60]


def test_evidence_is_there_and_redacted(summary: Summary) -> None:
    assert any(cluster["n_replies"] >= 4 for cluster in summary.clusters)
    assert [row["exchange_id"] for row in summary.mismatches] == ["e10"]
    assert summary.promises[0]["due"] == "2024-09-30"
    assert summary.promises[0]["overdue"] is True
    assert summary.promises[0]["state"] == "due"
    assert summary.referrals[0]["target"] == "云陵市城市管理局"
    text = summary_json(summary)
    assert "13912345678" not in text
    assert "[手机号]" in text
    example = summary.profiles["第2局"].examples
    assert {e.why for e in example} <= {"best", "worst", "flagged", "referred"}
    flagged = [e for e in example if e.why == "flagged"]
    assert flagged[0].exchange_id == "e10"


@pytest.fixture
def busy(scored: pa.Table) -> ArchiveChecks:
    """More evidence than a table shows: 30 promises to come, 250 past, and a ping-pong pair."""
    states = ["open"] * 30 + ["kept"] + ["broken"] * 2 + ["asked_again"] * 3 + ["due"] * 244
    promises = [
        {"exchange_id": f"e{i}", "due": date(2024, 1, 1 + i % 28), "overdue": i >= 30, "state": s}
        for i, s in enumerate(states)
    ]
    promises.append({"exchange_id": "e1", "due": None, "overdue": None, "state": "kept"})
    ways = [
        ("甲局", "乙局", "transferred", 3, True, "silent"),
        ("甲局", "乙局", "redirected", 2, True, "silent"),
        ("乙局", "甲局", "transferred", 1, True, None),
        ("乙局", "丙局", "transferred", 5, False, "outside"),
    ]
    edges = [dict(zip(REFERRAL_SCHEMA.names, way, strict=True)) for way in ways]
    return replace(
        check_archive(scored, mismatches=False),
        promises=pa.Table.from_pylist(promises, schema=PROMISE_SCHEMA),
        referrals=pa.Table.from_pylist(edges, schema=REFERRAL_SCHEMA),
    )


def test_evidence_is_counted_beyond_what_is_shown(busy: ArchiveChecks) -> None:
    assert busy.promises.num_rows > MOST_ROWS
    counts = count_evidence(busy)
    assert {name: counts[name] for name in counts if name != "clusters"} == {
        "promises": 280,
        "promises_due": 250,
        "promises_ahead": 30,
        "promises_kept": 1,
        "promises_broken": 2,
        "promises_asked_again": 3,
        "promises_unheard": 244,
        "referrals": 11,
        "referral_ways": 3,
        "ping_pong": 1,
        "ways_outside": 1,
        "ways_silent": 1,
        "ways_sends_on": 0,
    }


def test_findings_count_all_promises_and_name_ping_pong(
    summary: Summary, busy: ArchiveChecks
) -> None:
    said = findings(replace(summary, evidence=count_evidence(busy)))
    assert {
        "zh": "答复中写明期限的承诺共 280 项：1 项后来的答复称已办，2 项到期后有人称未办，"
        "3 项有人再次来信，244 项已到期而无下文（是否兑现须另行核实）。",
        "en": "Of 280 promises with a date: 1 done by a later reply, 2 not done by a later post, "
        "3 asked about again, 244 due without a later word (whether these were kept has to be "
        "checked elsewhere).",
    } in said
    assert any("1 对单位互相" in each["zh"] for each in said)


def test_findings_send_nobody_elsewhere_when_every_promise_was_heard_of(summary: Summary) -> None:
    counts = {**summary.evidence, "promises": 5, "promises_kept": 2, "promises_unheard": 0}
    assert findings(replace(summary, evidence=counts))[-1]["en"] == (
        "Of 5 promises with a date: 2 done by a later reply."
    )


def test_json_has_no_nan_and_reads_back(summary: Summary) -> None:
    document = json.loads(summary_json(summary), parse_constant=pytest.fail)
    assert document["totals"]["n_exchanges"] == 120
    assert len(document["ranking"]) == len(summary.ranking)


def test_findings_say_the_numbers(summary: Summary) -> None:
    said = findings(summary)
    assert "120" in said[0]["zh"]
    assert "120" in said[0]["en"]
    assert all(each["zh"] and each["en"] for each in said)


class Numbers(HTMLParser):
    """Collects data-key/data-value of every number on the page, and what the scripts hold."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self.scripts = 0
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if "data-key" in found and found["data-form"] != "text":
            self.values[found["data-key"] or ""] = found["data-value"] or ""
        self.scripts += tag == "script"
        self.links += [v for k, v in attrs if k in ("src", "href") and v and not v.startswith("#")]


def test_every_number_equals_the_json(summary: Summary) -> None:
    page = Numbers()
    page.feed(render_page(summary))
    document = json.loads(summary_json(summary))
    assert len(page.values) >= 10
    for key, value in page.values.items():
        found = document
        for part in key.split("."):
            found = found[part]
        assert value == ("" if found is None else str(found)), key


def test_page_is_self_contained_and_escapes(summary: Summary) -> None:
    html = render_page(summary)
    page = Numbers()
    page.feed(html)
    assert page.scripts == 2
    assert page.links == []
    assert "<script>alert" not in html
    assert "@import" not in html
    assert 'lang="zh-CN" data-lang="zh"' in html
    assert 'data-lang="en"' in render_page(summary, "en")
    assert html.count("<svg") >= 8
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids))


def test_script_json_cannot_close_its_element() -> None:
    assert "</script" not in script_json({"a": "</script>\u2028"})


@pytest.mark.parametrize(
    "name",
    ["empty", "one", "own posts", "no dates", "only answered", "nobody answers", "no agency"],
)
def test_odd_archives_make_a_report(
    odd_tables: dict[str, pa.Table], name: str, tmp_path: Path
) -> None:
    scored = odd_tables[name]
    summary = summarise(scored, rank_agencies(scored, min_n=5))
    json.loads(summary_json(summary), parse_constant=pytest.fail)
    write_page(summary, tmp_path / "r.html")
    write_workbook(summary, tmp_path / "r.xlsx", scored=scored)
    assert (tmp_path / "r.html").stat().st_size > 5_000
    if name == "own posts":
        assert summary.totals.n_own_posts == 20
        assert summary.totals.n_exchanges == 0
    if name == "only answered":
        assert summary.totals.response_rate is None


def test_workbook(summary: Summary, scored: pa.Table, tmp_path: Path) -> None:
    path = tmp_path / "r.xlsx"
    write_workbook(summary, path, scored=scored)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames[:3] == ["排名", "单位指标", "往来明细"]
    ranking = book["排名"]
    assert ranking.freeze_panes is not None
    assert ranking.auto_filter.ref is not None
    heads = [cell.value for cell in ranking[1]]
    assert heads[0] == "单位"
    assert "指数" in heads
    cells = [cell for sheet in book for line in sheet.iter_rows() for cell in line]
    # A name that begins with = is text, and nothing anywhere is a formula.
    assert any(str(cell.value).startswith("=cmd") for cell in cells)
    assert all(cell.data_type != "f" for cell in cells)
    assert not any("13912345678" in str(cell.value) for cell in cells)
    headers = [str(cell.value) for sheet in book.worksheets[:-1] for cell in sheet[1]]
    latin = [head for head in headers if re.search("[a-z]{3}", head)]
    assert all("Wilson" in head for head in latin), latin
    formats = {cell.number_format for cell in ranking[2]}
    assert {"0.0%", "0.00", "#,##0"} <= formats
    words = {cell.value for name in ("限期承诺", "转办去向") for row in book[name] for cell in row}
    assert {"已到期，无下文", "转到之后", "档案中没有该单位的留言"} <= words
    assert not words & {"due", "outside", "transferred", "redirected"}
    exchanges = book["往来明细"]
    assert exchanges.max_row == scored.num_rows + 1
    assert any("答非所问" in str(cell.value) for cell in exchanges["AE"])
    english = tmp_path / "e.xlsx"
    write_workbook(summary, english, lang="en")
    assert openpyxl.load_workbook(english).sheetnames[0] == "Ranking"


def test_figures(summary: Summary, tmp_path: Path) -> None:
    written = write_figures(summary, tmp_path / "figures")
    assert {path.suffix for path in written} == {".svg", ".png"}
    assert all(path.stat().st_size > 2_000 for path in written)
    assert {path.stem for path in written} >= {"funnel", "months", "types", "waiting"}


def test_shown_texts_are_cut_and_flat() -> None:
    assert shown("第一行\n\n第二行") == "第一行 第二行"
    assert shown("长" * 500, 20) == "长" * 19 + "…"
    assert shown(None) == ""
