from __future__ import annotations

from datetime import datetime

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scoring_rows import day, make_batch

from gov_sentiment.errors import BadPreset
from gov_sentiment.exchange import AGENCY_POST
from gov_sentiment.scoring.responsiveness import load_preset, responsiveness, timeliness
from gov_sentiment.scoring.tone import HOSTILE, WARM, _phrases_of_all, reply_tone, tone_phrases

PRESET = load_preset()


def score(quality, posted=None, replied=None, as_of=None, channel=None):
    batch = make_batch({"posted_at": posted, "first_replied_at": replied, "channel": channel})
    column = pa.array([quality], pa.float64())
    return responsiveness(batch, column, PRESET, as_of)[0].as_py()


def test_the_formula_by_hand():
    # Quality 3 is g = .5; 32.5 days are half way from 5 to 60: t = 1 − .5 · .75 = .625.
    found = score(3.0, datetime(2024, 1, 1), datetime(2024, 2, 2, 12))
    assert found == pytest.approx(100 * 0.5**0.7 * 0.625**0.3, abs=1e-3)
    assert score(5.0, day("2024-01-01"), day("2024-01-02")) == 100
    assert score(1.0, day("2024-01-01"), day("2024-01-02")) == 0


def test_without_dates_quality_speaks_alone():
    assert score(3.0) == 50
    assert score(3.0, day("2024-01-01")) == 50


def test_silence_counts_from_the_deadline():
    posted = day("2024-01-01")
    assert score(None, posted) is None
    assert score(None, posted, as_of=day("2024-02-01")) is None
    assert score(None, posted, as_of=day("2024-03-05")) == 0
    assert score(None, None, as_of=day("2024-03-05")) is None


def test_an_agencys_own_post_has_no_score():
    assert score(4.0, channel=AGENCY_POST) is None
    assert score(None, day("2020-01-01"), as_of=day("2024-01-01"), channel=AGENCY_POST) is None


@given(st.floats(0, 400), st.floats(0, 400))
def test_later_is_never_better(first, second):
    low, high = sorted((first, second))
    values = timeliness(np.array([low, high]), PRESET)
    assert values[0] >= values[1] >= PRESET.late_value


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("quality = 0.7", "quality = 0.9"), "add up to 1"),
        (("quality = 0.7", "quality = -0.7"), "not be negative"),
        (("on_time_days = 5", "on_time_days = 90"), "on_time_days"),
        (("[silence]", "[quiet]"), "setting missing"),
        (("name =", "name :"), "not a TOML file"),
    ],
)
def test_bad_presets_are_refused(tmp_path, change, words):
    from gov_sentiment.scoring.responsiveness import PRESETS

    text = (PRESETS / "default.toml").read_text(encoding="utf-8").replace(*change)
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadPreset, match=words):
        load_preset(path)


def test_an_unknown_preset_names_the_known():
    with pytest.raises(BadPreset, match="There are: default"):
        load_preset("none")


def test_tone():
    tone = reply_tone(
        [
            "您这是无理取闹，爱找谁找谁。感谢您的来信。",
            "给您带来的不便，我们深表歉意。",
            "已转办。",
            None,
        ],
        np.array([1.0, 2.0, 1.0, 1.0]),
    )
    assert tone.tolist() == [-1.0, 1.0, 0.0, 0.0]
    assert ("无理取闹", -1.0) in tone_phrases("无理取闹")


def test_phrases_of_tone_are_found_wherever_they_stand():
    phrases = [*HOSTILE, *WARM]
    replies = [
        None,
        "",
        *phrases,
        *(f"\n前{p}\n{p}后" for p in phrases),
        "感谢",
        "您",
        "".join(phrases),
    ]
    found = _phrases_of_all(replies)
    for row, reply in enumerate(replies):
        assert found.get(row, set()) == {p for p, _ in tone_phrases(reply or "")}
