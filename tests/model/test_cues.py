from __future__ import annotations

import numpy as np
import pytest

from gov_sentiment.model.cues import (
    POST_CUE_NAMES,
    REPLY_CUE_NAMES,
    post_cues,
    reply_cues,
    signs,
)
from gov_sentiment.model.prepare import prepare


def reply(text):
    parts = prepare([None], [None], [text])
    return dict(zip(REPLY_CUE_NAMES, reply_cues(parts, signs(parts))[0], strict=True))


def post(title, text):
    parts = prepare([title], [text], [None])
    return dict(zip(POST_CUE_NAMES, post_cues(parts, signs(parts))[0], strict=True))


@pytest.mark.parametrize(
    ("role", "sentence"),
    [
        ("resolves", "路灯已于昨日修复。"),
        ("promises", "我们将尽快安排人员。"),
        ("refers", "请咨询供水公司。"),
        ("explains", "根据条例，此处可以停车。"),
        ("reports", "经调查，情况属实。"),
        ("refuses", "您的申请不符合条件。"),
        ("is_polite", "感谢您的来信。"),
        ("asks_back", "请提供门牌号。"),
        ("names_actor", "街道责令店主清扫。"),
        ("dates", "6月12日开工。"),
    ],
)
def test_roles(role, sentence):
    assert reply(sentence)[f"{role}_count"] == pytest.approx(np.log(2))
    assert reply("天气很好啊。")[f"{role}_count"] == 0


def test_a_deed_without_already_resolves_nothing():
    assert reply("需要修复的路灯很多。他们已经知道。")["resolves_count"] == 0


def test_the_last_sentence_of_substance():
    found = reply("路灯已经修复好了。剩下的将尽快更换。谢谢大家的耐心。")
    assert found["promises_last"] == 1
    assert found["resolves_last"] == 0
    assert found["promises_place"] == pytest.approx(2 / 3)
    assert found["substance_share"] == pytest.approx(2 / 3)


def test_a_reply_without_substance():
    found = reply("天气很好啊。")
    assert found["substance_share"] == 0
    assert not any(value for name, value in found.items() if name.endswith("_last"))


def test_signs_of_posts():
    found = post("建议修路", "为什么一直没人修？" + "路面不平。" * 20)
    assert found["proposal_title"] == 1
    assert found["grievance_post"] == pytest.approx(np.log1p(2))
    assert found["grievance_post_end"] == 0
    assert found["ask_post"] == pytest.approx(np.log1p(2))


def test_digits_do_not_depend_on_the_batch():
    rows = [
        ("投诉噪音", "楼下一直很吵，没人管？", "经核实，店主已整改。我们将在本周复查。"),
        (None, None, None),
        ("", "请问何时通车", "您好！请拨打热线咨询；由于天气原因，工期未定。感谢理解。"),
    ]
    whole = prepare(*zip(*rows, strict=True))
    together = np.column_stack([post_cues(whole, signs(whole)), reply_cues(whole, signs(whole))])
    for row, expected in zip(rows, together, strict=True):
        alone = prepare(*[[text] for text in row])
        found = np.append(post_cues(alone, signs(alone))[0], reply_cues(alone, signs(alone))[0])
        assert (found == expected).all()


def test_courtesies_are_counted_in_greeting_and_closing_too():
    found = reply("市民您好！您的来信收悉。路灯已经修复。不便之处深表歉意，感谢您的支持！")
    for sign in ("greeting", "receipt", "apology", "gratitude", "support", "empathy"):
        assert found[f"{sign}_reply"] == pytest.approx(np.log(2))
    assert found["wish_reply"] == 0
    assert reply("路灯已经修复。")["greeting_reply"] == 0


def test_a_posts_courtesies_are_not_the_replys():
    parts = prepare(["您好"], ["您好，谢谢！"], ["路灯已经修复。"])
    found = dict(zip(REPLY_CUE_NAMES, reply_cues(parts, signs(parts))[0], strict=True))
    assert found["greeting_reply"] == found["gratitude_reply"] == 0
