"""Repeated rows and posts."""

from __future__ import annotations

import random
import time

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gov_sentiment.archive.duplicates import AGAIN, EXACT, NEW, DuplicateFinder
from gov_sentiment.errors import BadArchive
from gov_sentiment.exchange import EXCHANGE_SCHEMA

LONG = "小区东门外的路灯已经坏了两个星期，晚上老人孩子出门都看不清台阶，希望尽快派人来修理。"
OTHER = "请问今年灵活就业人员的医疗保险什么时候开始缴费，窗口和手机上办理需要准备哪些材料？"


def batch(posts, replies=None, agencies=None, times=None):
    n = len(posts)
    columns = {field.name: pa.nulls(n, field.type) for field in EXCHANGE_SCHEMA}
    columns["post_text"] = pa.array(posts, pa.string())
    columns["reply_text"] = pa.array(replies or [None] * n, pa.string())
    columns["agency"] = pa.array(agencies or [None] * n, pa.string())
    if times is not None:
        columns["posted_at"] = pa.array(times, EXCHANGE_SCHEMA.field("posted_at").type)
    return pa.RecordBatch.from_pydict(columns, schema=EXCHANGE_SCHEMA)


def kinds(finder, *args, authors=None, **more):
    return finder.check(batch(*args, **more), authors).kind.tolist()


def test_whole_row_again_is_exact():
    assert kinds(DuplicateFinder(), [LONG, LONG], ["已修", "已修"]) == [NEW, EXACT]


def test_same_post_with_another_reply_is_again():
    assert kinds(DuplicateFinder(), [LONG, LONG], ["已修", "已转"]) == [NEW, AGAIN]


def test_spaces_and_punctuation_make_no_difference():
    changed = LONG.replace("，", " , ").replace("。", "！！") + "\n"
    assert kinds(DuplicateFinder(), [LONG, changed]) == [NEW, AGAIN]


def test_nearly_the_same_is_found_and_can_be_left_out():
    near = LONG.replace("两个星期", "三个星期")
    assert kinds(DuplicateFinder(), [LONG, near]) == [NEW, AGAIN]
    assert kinds(DuplicateFinder(near=False), [LONG, near]) == [NEW, NEW]


def test_near_repeat_in_a_later_batch():
    finder = DuplicateFinder()
    near = "您好！" + LONG
    assert kinds(finder, [LONG, OTHER]) == [NEW, NEW]
    assert kinds(finder, [OTHER + "谢谢", near]) == [AGAIN, AGAIN]
    assert (finder.n_rows, finder.n_exact, finder.n_again) == (4, 0, 2)


def test_other_posts_are_new():
    assert kinds(DuplicateFinder(), [LONG, OTHER]) == [NEW, NEW]


def test_two_citizens_may_write_the_same():
    finder = DuplicateFinder()
    assert kinds(finder, [LONG, LONG, LONG], authors=["甲", "乙", "甲"]) == [NEW, NEW, EXACT]


def test_short_posts_of_unknown_citizens_are_never_repeats():
    assert kinds(DuplicateFinder(), ["链接打不开"] * 2, ["a", "b"]) == [NEW, NEW]


def test_short_posts_of_one_citizen_are():
    assert kinds(DuplicateFinder(), ["链接打不开"] * 2, ["a", "b"], authors=["甲", "甲"]) == [
        NEW,
        AGAIN,
    ]


def test_time_and_agency_tell_rows_apart():
    finder = DuplicateFinder()
    found = kinds(finder, ["停水"] * 3, agencies=["甲局", "乙局", "甲局"], times=[1, 1, 2])
    assert found == [NEW, NEW, NEW]


def test_keep_drops_nothing_and_counts():
    finder = DuplicateFinder("keep")
    result = finder.check(batch([LONG, LONG]))
    assert not result.drop.any()
    assert (finder.n_exact, finder.n_dropped) == (1, 0)


def test_merge_never_loses_a_reply():
    finder = DuplicateFinder("merge")
    result = finder.check(batch([LONG, LONG, LONG + "急", LONG], ["已修", None, "已换灯", "已修"]))
    assert result.kind.tolist() == [NEW, AGAIN, AGAIN, EXACT]
    assert result.drop.tolist() == [False, True, False, True]
    assert finder.n_dropped == 2


def test_unknown_mode():
    with pytest.raises(BadArchive, match='"keep" or "merge"'):
        DuplicateFinder("drop")  # type: ignore[arg-type]


def test_empty_batch_and_empty_texts():
    finder = DuplicateFinder()
    assert kinds(finder, []) == []
    assert kinds(finder, [None, "", " "], ["a", "b", "c"]) == [NEW, NEW, NEW]


def test_window_forgets_the_oldest():
    finder = DuplicateFinder(window=4)
    texts = ["".join(chr(0x4E00 + 97 * i + j) for j in range(40)) for i in range(8)]
    for text in texts:
        assert kinds(finder, [text]) == [NEW]
    assert finder.n_forgotten > 0
    assert kinds(finder, [texts[-1] + "急"]) == [AGAIN]
    assert kinds(finder, [texts[0] + "急"]) == [NEW]


def test_similarity_that_is_found():
    # The share of shingles in common decides: well above 0.75 found, well below not.
    rng = random.Random(1)
    letters = [chr(0x4E00 + i) for i in range(3000)]
    found = {0.9: 0, 0.5: 0}
    for _ in range(100):
        text = rng.choices(letters, k=400)
        for share, changed in ((0.9, 20), (0.5, 133)):
            other = [*text[:-changed], *rng.choices(letters, k=changed)]
            pair = ["".join(text), "".join(other)]
            found[share] += kinds(DuplicateFinder(), pair)[1] == AGAIN
    assert found[0.9] >= 90
    assert found[0.5] <= 5


@given(
    st.lists(st.sampled_from([LONG, LONG + "急", OTHER, "停水", "", None]), max_size=12),
    st.data(),
)
def test_batches_change_nothing(posts, data):
    whole = kinds(DuplicateFinder(), posts)
    cut = data.draw(st.integers(0, len(posts)))
    finder = DuplicateFinder()
    assert kinds(finder, posts[:cut]) + kinds(finder, posts[cut:]) == whole


@given(st.lists(st.text(max_size=50), max_size=10))
def test_any_text_is_fine(posts):
    finder = DuplicateFinder("merge")
    result = finder.check(batch(posts))
    assert len(result.kind) == len(posts)
    assert np.array_equal(result.drop, result.kind != NEW)


def test_fast_and_small():
    rng = random.Random(2)
    letters = [chr(0x4E00 + i) for i in range(3000)]
    posts = ["".join(rng.choices(letters, k=200)) for _ in range(8192)]
    one = batch(posts)
    finder = DuplicateFinder()
    start = time.perf_counter()
    finder.check(one)
    # 20,000 rows a second is the aim; a crowded machine gets room.
    assert len(posts) / (time.perf_counter() - start) > 5_000
    assert len(finder._rows) + len(finder._posts) == 2 * len(posts)
