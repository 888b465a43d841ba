"""Presets, peer groups by rule, and the calendar."""

from __future__ import annotations

from datetime import date

import pytest

from gov_sentiment.errors import BadPreset
from gov_sentiment.ranking import list_deadlines, list_presets, load_preset, tally_sql
from gov_sentiment.ranking.measures import MEASURES
from gov_sentiment.ranking.peers import kind_of_agency
from gov_sentiment.ranking.workdays import calendar, is_working, years_without_notice

GOOD = """
name = "mine"
title = "自定"
dated = "2026-01-01"
on_time = "check-5wd"
final = { days = 90, unit = "calendar" }
[[component]]
measure = "quality"
weight = 3
[[component]]
measure = "response_rate"
weight = 1
"""


def test_bundled_presets_are_dated_and_weigh_one():
    presets = list_presets()
    assert presets[0].name == "default"
    assert {"equal", "zhungeer", "weibo-city-2023q3", "weibo-city-2015h1"} <= {
        preset.name for preset in presets
    }
    for preset in presets:
        assert sum(preset.weights.values()) == pytest.approx(1.0)
        assert date.fromisoformat(preset.dated)
        assert preset.title
        assert preset.source
        assert preset.note
    assert load_preset("zhungeer").weights == {
        "response_rate": 0.3,
        "resolved_share": 0.35,
        "satisfaction": 0.35,
    }
    assert load_preset("weibo-city-2015h1").weights["spread"] == 0.4


def test_deadlines_are_dated():
    assert {deadline.name for deadline in list_deadlines()} >= {"local-15wd", "petition-60d"}
    for deadline in list_deadlines():
        assert date.fromisoformat(deadline.dated)


def test_an_own_file_is_read(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(GOOD, encoding="utf-8")
    preset = load_preset(path)
    assert preset.weights == {"quality": 0.75, "response_rate": 0.25}
    assert (preset.on_time.days, preset.on_time.unit) == (5, "working")
    assert preset.final.days == 90
    assert preset.rmst_days == 60


@pytest.mark.parametrize(
    ("old", "new", "match"),
    [
        ('name = "mine"', "", "'name' is missing"),
        ("weight = 3", "weight = -3", "above 0"),
        ("weight = 3", "", "'weight' is missing"),
        ('"quality"', '"beauty"', "no measure 'beauty'"),
        ('"response_rate"', '"quality"', "twice"),
        ('"check-5wd"', '"tomorrow"', "no deadline 'tomorrow'"),
        ('"calendar"', '"lunar"', "working or calendar"),
        ("days = 90", "days = 0", "whole number of days"),
        ('title = "自定"', "title = ", "not a TOML file"),
    ],
)
def test_bad_files_are_refused(tmp_path, old, new, match):
    path = tmp_path / "mine.toml"
    path.write_text(GOOD.replace(old, new), encoding="utf-8")
    with pytest.raises(BadPreset, match=match):
        load_preset(path)


def test_unknown_presets_are_refused(tmp_path):
    for name in ("nothing", "deadlines", str(tmp_path / "none.toml")):
        with pytest.raises(BadPreset, match="no such preset"):
            load_preset(name)
    path = tmp_path / "empty.toml"
    path.write_text('name="x"\ntitle="x"\ndated="2026-01-01"\ncomponent=[]\n')
    with pytest.raises(BadPreset, match="at least one"):
        load_preset(path)


def test_measures_run_from_0_to_100_points():
    for measure in MEASURES.values():
        ends = sorted(
            measure.slope() * value + measure.offset() for value in (measure.low, measure.high)
        )
        assert ends == pytest.approx([0.0, 100.0])


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("某市东湖街道办事处", "街道"),
        ("北山镇人民政府", "镇乡"),
        ("某市教育局", "局"),
        ("市住房和城乡建设管理委员会", "委办"),
        ("某市人民政府", "市"),
        ("东区人民政府", "区县"),
        ("某省人民政府", "省"),
        ("城投集团", "企业"),
        ("某市教育局（信访科）", "局"),
        ("幸福社区居委会", "社区村"),
        ("留言板", "其他"),
    ],
)
def test_kind_of_agency_is_read_from_its_name(name, kind):
    assert kind_of_agency(name) == kind


def test_calendar_counts_working_days():
    assert not is_working(date(2024, 10, 1))
    assert is_working(date(2024, 10, 12))  # a Saturday worked in exchange
    assert is_working(date(1990, 1, 1))  # before the notices: a Monday
    start = (date(2024, 9, 30) - date(1970, 1, 1)).days
    rows = calendar(start, start + 12).to_pylist()
    assert rows[0]["month"] == 2024 * 12 + 8
    assert rows[12]["workdays"] - rows[0]["workdays"] == 5
    assert years_without_notice(start, start + 1) == []
    assert years_without_notice(0, 1) == [1970]


def test_sql_sections_are_there():
    sections = tally_sql()
    assert {"common", "overview", "agencies", "times", "periods", "cells"} <= set(sections)
