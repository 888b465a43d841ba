from __future__ import annotations

import pytest

from gov_sentiment.model import default_targets, evaluate, load_model
from gov_sentiment.resources import models_folder

DEFAULT = models_folder() / "default"


@pytest.fixture(scope="module")
def default():
    return load_model(DEFAULT)


def test_the_default_model_has_the_codebook(default):
    assert {t.name for t in default.targets} == {t.name for t in default_targets()}
    assert default.card["measured"]


def test_the_models_are_small():
    size = sum(path.stat().st_size for path in models_folder().rglob("*") if path.is_file())
    assert size < 15e6


def test_clear_cases_of_our_own(default):
    posts = [
        "小区楼下饭店夜里油烟噪音扰民，多次投诉没人管，太让人气愤了！",
        "请问办理居住证需要哪些材料，在哪里办？",
        "感谢社区工作人员冒雨帮我们疏通下水道，为你们点赞！",
    ]
    replies = [
        "您好，经查，该饭店油烟净化器已损坏，执法人员于6月2日责令整改，6月5日已更换设备并恢复正常。",
        "您好，根据居住证暂行条例，请携带身份证、租赁合同到辖区派出所窗口办理，电话12345。",
        "您的留言已收悉，感谢您的关注。",
    ]
    found = default.predict([None] * 3, posts, replies)
    assert found["sentiment"].labels == ["negative", "neutral", "positive"]
    assert found["intent"].labels == ["complaint", "inquiry", "praise"]
    assert found["reply_type"].labels == ["resolved", "explained", "perfunctory"]
    quality = found["quality"].values
    assert quality[2] < quality[0]
    assert quality[2] < quality[1]


@pytest.mark.real_data
def test_dev_floors(default, shared_data):
    found = evaluate(default, shared_data / "labelled" / "dev.jsonl", snownlp=False, draws=20)
    figures = {report.target: report.figures for report in found.targets}
    for name, floor in (("sentiment", 0.72), ("intent", 0.72), ("reply_type", 0.62)):
        assert figures[name]["kappa"].value >= floor
    assert figures["quality"]["spearman"].value >= 0.64
