"""Warnings that protect whoever reads or publishes a ranking."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa

from gov_sentiment.ranking.estimates import Estimate
from gov_sentiment.ranking.presets import Preset
from gov_sentiment.ranking.tallies import Tallies, ints

_ONE_TOPIC: Final = 0.8
_HEAP: Final = 3.0
_NEARLY_ALL: Final = 0.995
_FULL_MARKS: Final = 0.999
_MANY: Final = 100


@dataclass(frozen=True, slots=True)
class Notice:
    """One warning: a stable code, and the sentence in Chinese and English."""

    code: str
    zh: str
    en: str


def data_notices(
    tallies: Tallies, estimates: Mapping[str, Estimate], preset: Preset, *, only_answered: bool
) -> list[Notice]:
    """Return what the tallies alone give reason to warn of."""
    notices: list[Notice] = []
    overview = tallies.overview
    if overview["n_no_agency"]:
        n = overview["n_no_agency"]
        notices.append(
            Notice(
                "no_agency",
                f"{n:,} 件没有单位，不计入任何单位。",
                f"{n:,} exchanges name no agency and count for none.",
            )
        )
    if overview["n_own"]:
        n = overview["n_own"]
        notices.append(
            Notice(
                "own_posts",
                f"{n:,} 条是政务账号自己的发文，不是群众诉求，不计入回应指标。",
                f"{n:,} rows are agencies' own posts; they count for no measure of response.",
            )
        )
    if only_answered:
        notices.append(
            Notice(
                "only_answered",
                "数据里只有已答复的件，算不出回应率；按时率也只是“已答复件中的按时比例”。公开可能是选择性的。",
                "The archive holds answered letters only: there is no response rate, the on-time "
                "rate is that of answered letters, and publication may be selective.",
            )
        )
    elif _nearly_all_answered(tallies):
        notices.append(
            Notice(
                "selective",
                "几乎所有件都已答复：可能只公开了已答复的件，回应率仅供参考。",
                "Nearly every exchange is answered: perhaps the answered ones alone were "
                "published. Read the response rate with that in mind.",
            )
        )
    notices.extend(_time_notices(tallies, estimates, preset))
    notices.extend(_topic_notices(tallies.topics))
    notices.extend(_satisfaction_notices(tallies))
    return notices


def _nearly_all_answered(tallies: Tallies) -> bool:
    n, replied = tallies.counts("n_exchanges").sum(), tallies.counts("n_replied").sum()
    return bool(n >= _MANY and replied >= _NEARLY_ALL * n)


def _time_notices(
    tallies: Tallies, estimates: Mapping[str, Estimate], preset: Preset
) -> list[Notice]:
    if not tallies.agencies.num_rows:
        return []
    notices = []
    if "rmst_days" not in estimates:
        notices.append(
            Notice(
                "no_times",
                "多数件没有来信或答复时间，不计算按时率和等待天数。",
                "Most exchanges lack the time of the post or of the answer: no on-time rate and "
                "no waiting times.",
            )
        )
        return notices
    bad = int(tallies.counts("n_bad_time").sum())
    if bad:
        notices.append(
            Notice(
                "bad_times",
                f"{bad:,} 件的答复早于来信，时间不可用，已从等待时间中剔除。",
                f"{bad:,} exchanges were answered before they were posted; their times do not "
                "count.",
            )
        )
    heap = _heaping(tallies, preset)
    if heap >= _HEAP:
        days = preset.on_time.days
        notices.append(
            Notice(
                "heaping",
                f"第 {days} 天（期限当日）的答复是前几天平均的 {heap:.1f} 倍：可能卡点办结。",
                f"{heap:.1f} times as many answers on day {days}, the deadline, as on the days "
                "before it: answers may be timed to the deadline.",
            )
        )
    return notices


def _heaping(tallies: Tallies, preset: Preset) -> float:
    """Return answers on the deadline's day as a multiple of the mean of up to five days before."""
    times = tallies.times
    days = preset.on_time.days
    answered = ints(times["replied"]) == 1
    counts = np.bincount(
        ints(times["clock"])[answered], weights=ints(times["n"])[answered], minlength=days + 1
    )
    before = counts[max(1, days - 5) : days]
    if counts[days] < 30 or not len(before):
        return 0.0
    return float(counts[days] / max(before.mean(), 1.0))


def _topic_notices(topics: pa.Table) -> list[Notice]:
    rows = [row for row in topics.to_pylist() if row["category"]]
    total = sum(row["n"] for row in topics.to_pylist())
    if not rows or total < _MANY or rows[0]["n"] < _ONE_TOPIC * total:
        return []
    share = 100.0 * rows[0]["n"] / total
    return [
        Notice(
            "one_topic",
            f"{share:.0f}% 的件属于同一类别：名次只说明单位在这一类事上的表现。",
            f"{share:.0f}% of the exchanges are of one category: the ranks tell of that one only.",
        )
    ]


def _satisfaction_notices(tallies: Tallies) -> list[Notice]:
    n = tallies.counts("satisfaction_n")
    total = tallies.counts("satisfaction_sum") / 1e6
    full = int(np.count_nonzero((n >= _MANY) & (total >= _FULL_MARKS * n)))
    if not full:
        return []
    return [
        Notice(
            "full_satisfaction",
            f"{full} 个单位在 {_MANY} 件以上仍是 100% 满意：请核实评价如何取得。",
            f"{full} agencies have 100 % satisfaction over {_MANY} ratings or more: find out how "
            "the ratings were collected.",
        )
    ]


def setting_notices(
    *,
    as_of_guessed: bool,
    years: Sequence[int],
    dropped: Sequence[str],
    unstable: Sequence[str],
    predicted: Sequence[str],
    corrected_by: str,
    n_unranked: int,
    min_n: int,
    names: Mapping[str, Any],
) -> list[Notice]:
    """Return what the settings and the calibration give reason to warn of."""
    zh = {name: measure.zh for name, measure in names.items()}
    en = {name: measure.en for name, measure in names.items()}
    notices = []
    if as_of_guessed:
        notices.append(
            Notice(
                "as_of",
                "不知道导出日期，以数据中最晚的时间代替；未答复件的等待时间可能偏短。",
                "The day of the export is not known; the latest time in the data stands in for it.",
            )
        )
    if years:
        text = ", ".join(map(str, years))
        notices.append(
            Notice(
                "holidays",
                f"{text} 年没有节假日安排表，工作日按周一至周五计。",
                f"No official holiday notice for {text}: Monday to Friday count as working days.",
            )
        )
    if dropped:
        notices.append(
            Notice(
                "dropped",
                f"数据里没有{'、'.join(zh[name] for name in dropped)}，其权重按比例分给其余各项。",
                f"The data do not hold {', '.join(en[name] for name in dropped)}; the other "
                "weights were scaled up.",
            )
        )
    if unstable:
        notices.append(
            Notice(
                "unstable",
                f"标注样本不足以校正{'、'.join(zh[name] for name in unstable)}，所列为模型预测值。",
                f"The labelled sample cannot correct {', '.join(en[name] for name in unstable)}: "
                "the values are as predicted.",
            )
        )
    if predicted:
        notices.append(
            Notice(
                "predicted",
                "以下各项是模型预测，未用标注样本校正："
                f"{'、'.join(zh[name] for name in predicted)}。",
                "Predicted by a model and not corrected: "
                f"{', '.join(en[name] for name in predicted)}.",
            )
        )
    if corrected_by == "model card":
        notices.append(
            Notice(
                "model_card",
                "校正用的是模型卡上的误差，来自别的数据；最好用本数据的标注样本（--calibrate）。",
                "Corrected by the errors on the model's card, from other data; a labelled sample "
                "of this archive (--calibrate) is better.",
            )
        )
    if n_unranked:
        notices.append(
            Notice(
                "small_n",
                f"{n_unranked} 个单位不足 {min_n} 件，不排名。",
                f"{n_unranked} agencies have fewer than {min_n} exchanges and are not ranked.",
            )
        )
    return notices
