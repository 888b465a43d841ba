"""An archive dealt out into shards, and the mismatch check over them."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from archive_rows import archive, with_replies
from hypothesis import given, settings
from hypothesis import strategies as st

from gov_sentiment.scoring.checks.findings import FINDINGS_SCHEMA
from gov_sentiment.scoring.checks.pairing import AGENCY_SAMPLE
from gov_sentiment.scoring.checks.sharded import MismatchSearch
from gov_sentiment.scoring.checks.shards import Gathered, plan_shards
from gov_sentiment.scoring.checks.source import TableSource
from gov_sentiment.scoring.checks.work import Here


def narrow(agencies: list[str | None], answered: list[bool]) -> TableSource:
    keys = np.random.default_rng(len(agencies)).integers(-(2**63), 2**63 - 1, len(agencies))
    return TableSource(
        pa.table(
            {
                "agency": pa.array(agencies, pa.string()),
                "_key": pa.array(keys, pa.int64()),
                "_answered": pa.array(answered, pa.bool_()),
            }
        )
    )


@settings(deadline=None, max_examples=200)
@given(
    rows=st.lists(
        st.tuples(st.sampled_from([None, "甲局", "乙局", "丙局", "丁局"]), st.booleans())
    ),
    size=st.integers(1, 12),
    sample=st.integers(1, 4),
)
def test_every_answered_row_lies_in_one_shard(
    rows: list[tuple[str | None, bool]], size: int, sample: int
) -> None:
    agencies, answered = [row[0] for row in rows], [row[1] for row in rows]
    sample = min(sample, size)
    plan = plan_shards(narrow(agencies, answered), sample, size)
    assert sorted(plan.order.tolist()) == [i for i, has in enumerate(answered) if has]
    assert sorted(plan.by_key.tolist()) == sorted(plan.order.tolist())
    counts = dict.fromkeys(agencies, 0)
    for name, has in rows:
        counts[name] += has
    for shard in range(len(plan)):
        own = plan.order[plan.bounds[shard] : plan.bounds[shard + 1]].tolist()
        assert 0 < len(own) <= size
        named = [agencies[i] for i in plan.rows(shard).tolist()]
        # Rows of one agency stand together, and a shard holds whole agencies or one cut one.
        assert len([*groupby(named)]) == len(set(named))
        whole = all(named.count(name) == counts[name] for name in set(named))
        assert whole or len(set(named)) == 1
        references = plan.references.get(shard)
        if references is not None:
            assert len(references) == min(sample, counts[named[0]])
            assert not set(references.tolist()) & set(own)


@pytest.mark.parametrize("on_disk", [False, True])
def test_groups_come_back_in_the_order_asked_for(tmp_path: Path, on_disk: bool) -> None:
    source = TableSource(pa.table({"x": list(range(100))}))
    groups = [np.array([5, 3, 99]), np.array([3]), np.arange(99, -1, -1)]
    gathered = Gathered(source, ["x"], groups, tmp_path / "groups" if on_disk else None)
    assert [table["x"].to_pylist() for table in gathered] == [list(rows) for rows in groups]


def test_many_shards_find_the_shuffled_replies_in_any_order_and_on_disk(tmp_path: Path) -> None:
    table = archive(600)
    order, rng = np.arange(600), np.random.default_rng(3)
    for agency in range(5):
        mine = rng.choice(np.arange(agency, 600, 5), 12, replace=False)
        order[mine] = np.roll(mine, 1)
    moved = np.flatnonzero(order != np.arange(600))
    table = with_replies(table, order)
    source = TableSource.of(table)
    assert set(FINDINGS_SCHEMA.names) <= set(source.table.column_names)
    found = MismatchSearch(source, Here(), shard_rows=250).rows()
    rows = {item.row for item in found}
    assert len(rows & set(moved.tolist())) / len(moved) >= 0.85
    assert len(rows - set(moved.tolist())) / (600 - len(moved)) <= 0.03
    other = np.random.default_rng(5).permutation(600)
    turned = TableSource.of(table.take(pa.array(other)))
    again = MismatchSearch(turned, Here(), tmp_path / "shards", shard_rows=250).rows()
    assert {(int(other[item.row]), item.score, item.better_post) for item in again} == {
        (item.row, item.score, item.better_post) for item in found
    }


def test_a_cut_agency_is_judged_beside_its_references() -> None:
    table = archive(AGENCY_SAMPLE * 3)
    one = pa.array(["第一局"] * table.num_rows)
    table = table.set_column(table.schema.get_field_index("agency"), "agency", one)
    source = TableSource.of(table)
    plan = plan_shards(source, AGENCY_SAMPLE, AGENCY_SAMPLE)
    assert len(plan) == 3
    counts = [len(plan.rows(shard)) for shard in range(3)]
    assert counts == [AGENCY_SAMPLE, 2 * AGENCY_SAMPLE, 2 * AGENCY_SAMPLE]
    found = MismatchSearch(source, Here(), shard_rows=AGENCY_SAMPLE).rows()
    assert len(found) <= 0.02 * table.num_rows
