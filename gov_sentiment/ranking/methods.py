"""The methods paragraph: how this ranking was made, to be pasted into a paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gov_sentiment.errors import BadSettings
from gov_sentiment.ranking.measures import MEASURES
from gov_sentiment.ranking.notices import Notice


def methods_paragraph(settings: Mapping[str, Any], notices: Sequence[Notice], lang: str) -> str:
    """Return the paragraph in Chinese ("zh") or English ("en").

    Args:
        settings: what the run used, `Ranking.settings`.
        notices: what a reader has to know.
        lang: "zh" or "en".

    Raises:
        BadSettings: another language.
    """
    if lang not in ("zh", "en"):
        raise BadSettings(f"lang: {lang!r} is neither zh nor en.")
    if settings.get("from_counts"):
        parts = _counts_zh(settings) if lang == "zh" else _counts_en(settings)
    else:
        parts = _scored_zh(settings) if lang == "zh" else _scored_en(settings)
    noted = [notice.zh if lang == "zh" else notice.en for notice in notices]
    if noted:
        parts.append("注意：" + "".join(noted) if lang == "zh" else "Note: " + " ".join(noted))
    return ("" if lang == "zh" else " ").join(parts)


def _weights(settings: Mapping[str, Any], lang: str) -> str:
    parts = []
    for name, weight in settings["weights"].items():
        label = MEASURES[name].zh if lang == "zh" else MEASURES[name].en
        parts.append(f"{label} {100 * weight:.3g}%")
    return ("、" if lang == "zh" else ", ").join(parts)


def _model(settings: Mapping[str, Any]) -> str:
    model = settings.get("model") or {}
    name, digest = model.get("name"), model.get("hash")
    return f"{name} ({str(digest)[:12]})" if name and digest else str(name or "–")


def _scored_zh(settings: Mapping[str, Any]) -> list[str]:
    unit = "个工作日" if settings["on_time"]["unit"] == "working" else "天"
    corrected = {
        "none": "模型预测的占比和均值未经标注样本校正。",
        "model card": "模型预测的占比和均值按模型卡上的混淆矩阵（Rogan–Gladen）与预测误差校正，"
        "其抽样误差计入区间。",
        "labelled sample": "模型预测的占比和均值按本数据的标注样本校正（Rogan–Gladen 与"
        "预测驱动推断），其抽样误差计入区间。",
    }[settings["calibration"]]
    return [
        f"共读入 {settings['rows']:,} 件；其中 {settings['no_agency']:,} 件无单位、"
        f"{settings['own_posts']:,} 条为单位自己的发文，均不计入。",
        f"数据截至 {settings['as_of'][:10]}；回应率只计已满 {settings['final_days']} 天的件，"
        "此前未答复的视为待办。",
        f"按时率由 Kaplan–Meier 估计（期限 {settings['on_time']['days']} {unit}，"
        "未答复件按截至日删失），"
        f"等待天数取 {settings['rmst_days']} 天内的限制平均。",
        "占比在同类单位内用 Beta-二项经验贝叶斯收缩，均值用正态-正态经验贝叶斯收缩。",
        corrected,
        f"指数（预设 {settings['preset']}，{settings['preset_dated']}）权重："
        f"{_weights(settings, 'zh')}。",
        f"名次为 {settings['draws']:,} 次后验抽样的中位名次及 95% 区间；"
        "两档之间任意一对的先后概率均不低于 0.9，同档不分先后。",
        f"不足 {settings['min_n']} 件的单位不排名：{settings['n_agencies']:,} 个单位中 "
        f"{settings['n_ranked']:,} 个参与排名。",
        f"gov-sentiment {settings['version']}，模型 {_model(settings)}，"
        f"随机种子 {settings['seed']}。",
    ]


def _scored_en(settings: Mapping[str, Any]) -> list[str]:
    unit = "working days" if settings["on_time"]["unit"] == "working" else "calendar days"
    corrected = {
        "none": "Predicted shares and means were not corrected by a labelled sample.",
        "model card": "Predicted shares and means were corrected by the confusion matrix "
        "(Rogan–Gladen) and the errors on the model's card, whose sampling error is in the "
        "intervals.",
        "labelled sample": "Predicted shares and means were corrected by a labelled sample of the "
        "archive (Rogan–Gladen; prediction-powered inference), whose sampling error is in the "
        "intervals.",
    }[settings["calibration"]]
    return [
        f"{settings['rows']:,} rows were read; {settings['no_agency']:,} without an agency and "
        f"{settings['own_posts']:,} posts by agencies themselves do not count.",
        f"The data end on {settings['as_of'][:10]}; the response rate counts posts of at least "
        f"{settings['final_days']} days, younger ones without an answer are pending.",
        f"The on-time rate is a Kaplan–Meier estimate (term {settings['on_time']['days']} {unit}, "
        f"open posts censored at the end), waiting days are a mean restricted to "
        f"{settings['rmst_days']} days.",
        "Shares were shrunk within peer groups by beta-binomial, means by normal-normal empirical "
        "Bayes.",
        corrected,
        f"Index (preset {settings['preset']}, {settings['preset_dated']}): "
        f"{_weights(settings, 'en')}.",
        f"Ranks are medians over {settings['draws']:,} posterior draws with 95 % intervals; "
        "across tiers every pair is ordered with a probability of at least .9, within a tier "
        "agencies tie.",
        f"Agencies with fewer than {settings['min_n']} exchanges are not ranked: "
        f"{settings['n_ranked']:,} of {settings['n_agencies']:,} are.",
        f"gov-sentiment {settings['version']}, model {_model(settings)}, seed {settings['seed']}.",
    ]


def _counts_zh(settings: Mapping[str, Any]) -> list[str]:
    return [
        f"依据已公布的统计表（{settings['n_agencies']:,} 个单位）排名，没有逐件数据。",
        "各项比率用 Beta-二项经验贝叶斯收缩；没有分母的得分按原值使用，不带误差。",
        f"指数权重：{_weights(settings, 'zh')}。",
        f"名次为 {settings['draws']:,} 次后验抽样的中位名次及 95% 区间。",
        f"gov-sentiment {settings['version']}，随机种子 {settings['seed']}。",
    ]


def _counts_en(settings: Mapping[str, Any]) -> list[str]:
    return [
        f"Ranked from a published table of {settings['n_agencies']:,} agencies, without exchanges.",
        "Rates were shrunk by beta-binomial empirical Bayes; scores without a denominator are used "
        "as they stand, without error.",
        f"Weights of the index: {_weights(settings, 'en')}.",
        f"Ranks are medians over {settings['draws']:,} posterior draws with 95 % intervals.",
        f"gov-sentiment {settings['version']}, seed {settings['seed']}.",
    ]
