"""The report's summary in words, generated from the figures."""

from __future__ import annotations

from gov_sentiment.report.summary import Row, Summary


def findings(summary: Summary) -> list[dict[str, str]]:
    """Return the findings, most important first, each in Chinese and English."""
    said = [
        _scope(summary),
        _answers(summary),
        *_separated(summary),
        *_senders(summary),
        *_patterns(summary),
    ]
    return [{"zh": zh, "en": en} for zh, en in said if zh]


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.1f}%"


def _scope(summary: Summary) -> tuple[str, str]:
    t = summary.totals
    if not t.n_exchanges:
        return (
            f"档案中没有公众留言；共有 {t.n_own_posts} 条政务账号自己的发文，不计算回应率。",
            f"The archive holds no citizen's post; {t.n_own_posts} posts are the accounts' own, "
            "and no response rate is computed.",
        )
    span_zh = f"（{t.first_day} 至 {t.last_day}）" if t.first_day else ""
    span_en = f" ({t.first_day} to {t.last_day})" if t.first_day else ""
    return (
        f"共 {t.n_exchanges:,} 件往来{span_zh}，涉及 {t.n_agencies:,} 个单位，其中 {t.n_ranked:,} 个"
        f"达到 {summary.min_n} 件而列入排名。",
        f"{t.n_exchanges:,} exchanges{span_en} with {t.n_agencies:,} agencies, of which "
        f"{t.n_ranked:,} reach {summary.min_n} exchanges and are ranked.",
    )


def _answers(summary: Summary) -> tuple[str, str]:
    t = summary.totals
    if not t.n_replied:
        return ("", "")
    if t.response_rate is None:
        zh, en = (
            "档案只有已答复的留言，无法计算回应率；",
            "Only answered posts are in the archive; ",
        )
    else:
        zh = f"已答复 {_percent(t.response_rate)}；"
        en = f"{_percent(t.response_rate)} were answered; "
    days_zh = "" if t.median_days is None else f"首次答复的中位时间 {t.median_days:.1f} 天；"
    days_en = (
        "" if t.median_days is None else f"the median first reply took {t.median_days:.1f} days; "
    )
    return (
        f"{zh}{days_zh}答复中 {_percent(t.substantive_share)} 有实质内容（办结、解释或办理中），"
        f"平均质量 {t.quality:.2f}（1–5）。留言中 {_percent(t.negative_share)} 为负面。",
        f"{en}{days_en}{_percent(t.substantive_share)} of the replies are substantive (resolved, "
        f"explained or committed), their mean quality is {t.quality:.2f} (1–5). "
        f"{_percent(t.negative_share)} of the posts are negative.",
    )


def _separated(summary: Summary) -> list[tuple[str, str]]:
    ranked = [row for row in summary.ranking if row["rank"] is not None]
    tiers = sorted({row["tier"] for row in ranked})
    if len(ranked) < 2:
        return []
    if len(tiers) == 1:
        return [
            (
                "数据不足以区分列入排名的单位：它们同属一档，名次先后不可靠。",
                "The data do not tell the ranked agencies apart: they share one tier, and the order "
                "of their places is not reliable.",
            )
        ]
    first = [row for row in ranked if row["tier"] == tiers[0]]
    last = [row for row in ranked if row["tier"] == tiers[-1]]
    return [
        (
            f"可以区分出 {len(tiers)} 档：第一档 {_names(first, '、', '等')}；"
            f"最后一档 {_names(last, '、', '等')}。同一档内的先后不可靠。",
            f"{len(tiers)} tiers can be told apart. First: {_names(first, ', ', ' and others')}; "
            f"last: {_names(last, ', ', ' and others')}. Order within a tier is not reliable.",
        )
    ]


def _senders(summary: Summary) -> list[tuple[str, str]]:
    if not summary.passing_on:
        return []
    most = summary.passing_on[:3]
    zh = "、".join(f"{row['agency']}（{row['n_referred']:,}/{row['n']:,}）" for row in most)
    en = ", ".join(f"{row['agency']} ({row['n_referred']:,} of {row['n']:,})" for row in most)
    return [
        (
            f"最常以“转办”代替答复的单位：{zh}。",
            f"Most often passing citizens on instead of answering: {en}.",
        )
    ]


def _names(rows: list[Row], comma: str, others: str) -> str:
    shown = comma.join(row["agency"] for row in rows[:3])
    return f"{shown}{others if len(rows) > 3 else ''} ({len(rows)})"


def _patterns(summary: Summary) -> list[tuple[str, str]]:
    said = []
    flags = summary.flags
    if flags.get("boilerplate"):
        n = summary.evidence["clusters"]
        said.append(
            (
                f"{flags['boilerplate']:,} 件答复属于 {n:,} 组雷同文本（同一段话答复至少三件不同的留言）。",
                f"{flags['boilerplate']:,} replies belong to {n:,} groups of copied text (one text "
                "for at least three different posts).",
            )
        )
    if flags.get("mismatch"):
        said.append(
            (
                f"{flags['mismatch']:,} 件答复与别的留言更相配，疑似答非所问，须人工核对。",
                f"{flags['mismatch']:,} replies fit another post better and may answer the wrong "
                "letter; a person has to check them.",
            )
        )
    pairs = summary.evidence["ping_pong"]
    if pairs:
        said.append(
            (
                f"按答复所述，有 {pairs:,} 对单位互相把市民转给对方。",
                f"By what the replies say, pairs of agencies that send citizens to each other: "
                f"{pairs:,}.",
            )
        )
    said += _promises(summary)
    return said


def _promises(summary: Summary) -> list[tuple[str, str]]:
    n = summary.evidence
    parts = [
        (n[f"promises_{state}"], zh, en)
        for state, zh, en in (
            ("kept", "项后来的答复称已办", "done by a later reply"),
            ("broken", "项到期后有人称未办", "not done by a later post"),
            ("asked_again", "项有人再次来信", "asked about again"),
            ("unheard", "项已到期而无下文", "due without a later word"),
        )
    ]
    heard_of = [(count, zh, en) for count, zh, en in parts if count]
    if not heard_of:
        return []
    zh = "，".join(f"{count:,} {words}" for count, words, _ in heard_of)
    en = ", ".join(f"{count:,} {words}" for count, _, words in heard_of)
    unheard = n["promises_unheard"] > 0
    return [
        (
            f"答复中写明期限的承诺共 {n['promises']:,} 项：{zh}"
            f"{'（是否兑现须另行核实）' if unheard else ''}。",
            f"Of {n['promises']:,} promises with a date: {en}"
            f"{' (whether these were kept has to be checked elsewhere)' if unheard else ''}.",
        )
    ]
