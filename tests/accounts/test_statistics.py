"""Properties of the small statistics."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gov_sentiment.accounts.statistics import gini, mean, share, top_share, waiting

COUNTS = st.lists(st.integers(0, 10_000), max_size=40)


@given(COUNTS, st.randoms(use_true_random=False), st.integers(2, 9))
def test_concentration_ignores_order_and_scale(values, rng, factor) -> None:
    shuffled = rng.sample(values, len(values))
    for measure in (gini, top_share):
        value = measure(values)
        assert measure(shuffled) == pytest.approx(value)
        assert measure([factor * v for v in values]) == pytest.approx(value)
        few = measure is gini and len(values) < 2
        assert (value is None) == (sum(values) == 0 or few)
        assert value is None or -1e-12 <= value <= 1 + 1e-12


@given(st.integers(2, 50))
def test_even_interactions_are_not_concentrated(n: int) -> None:
    assert gini([3] * n) == pytest.approx(0)
    assert gini([0] * (n - 1) + [7]) == pytest.approx(1 - 1 / n)


@given(st.integers(0, 500), st.integers(0, 500))
def test_a_share_lies_in_its_interval(k: int, rest: int) -> None:
    found = share(k, k + rest)
    if k + rest == 0:
        assert found is None
    else:
        assert 0 <= found.low <= found.value + 1e-12
        assert found.value <= found.high + 1e-12 <= 1 + 2e-12


@given(st.lists(st.tuples(st.floats(0, 2000), st.booleans()), max_size=30))
def test_waiting_keeps_its_bounds(rows) -> None:
    day, week, median = waiting([hours for hours, _ in rows], [done for _, done in rows])
    for found in (day, week):
        if found is not None and found.low is not None:
            assert -1e-9 <= found.low <= found.value + 1e-9 <= found.high + 2e-9
    if day is not None and week is not None:
        assert day.value <= week.value + 1e-12
    assert median is None or any(done for _, done in rows)


def test_a_mean_of_equal_values_has_no_interval() -> None:
    assert mean([2.0, 2.0], 0, 5).low is None
    assert mean([], 0, 5) is None


def test_comments_all_answered_within_the_hour_are_answered_within_a_week() -> None:
    day, week, median = waiting([0.5, 1.0], [True, True])
    assert (day.value, week.value, median) == (1.0, 1.0, 0.5)
    assert day.low == pytest.approx(share(2, 2).low)


def test_what_nobody_followed_for_a_week_says_nothing_of_a_week() -> None:
    day, week, median = waiting([30.0, 30.0], [False, True])
    assert day.value == 0.0
    assert week is None
    assert median == 30.0
