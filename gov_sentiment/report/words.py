"""What the pages say, in Chinese and English, and the names of classes and flags."""

from __future__ import annotations

from typing import Final

REPLY_TYPES: Final = {
    "resolved": ("已办结", "resolved"),
    "explained": ("已解释", "explained"),
    "committed": ("办理中", "committed"),
    "referred": ("转办", "referred"),
    "perfunctory": ("敷衍", "perfunctory"),
}
SENTIMENTS: Final = {
    "negative": ("负面", "negative"),
    "neutral": ("中性", "neutral"),
    "positive": ("正面", "positive"),
}
INTENTS: Final = {
    "complaint": ("投诉", "complaint"),
    "help": ("求助", "help"),
    "inquiry": ("咨询", "inquiry"),
    "suggestion": ("建议", "suggestion"),
    "praise": ("表扬", "praise"),
}
CLASSES: Final = {**SENTIMENTS, **INTENTS, **REPLY_TYPES}
FLAGS: Final = {
    "mismatch": ("答非所问", "mismatch"),
    "hostile": ("语气恶劣", "hostile"),
    "shirking": ("推诿", "shirking"),
    "boilerplate": ("雷同答复", "boilerplate"),
    "template_fields_left": ("模板未填", "template fields left"),
    "restates_only": ("只复述", "restates only"),
    "status_without_answer": ("无果办结", "closed without an answer"),
    "hollow_promise": ("空头承诺", "hollow promise"),
    "instant_reply": ("秒回", "instant reply"),
}
# What a sentence does (`gov_sentiment.model.encoder.POST_ROLES`, `REPLY_ROLES`).
ROLES: Final = {
    "formula": ("套语", "formula"),
    "tells": ("陈述", "tells"),
    "needs": ("困难", "tells a need"),
    "accuses": ("指责", "accuses"),
    "asks": ("提问", "asks"),
    "demands": ("诉求", "demands"),
    "proposes": ("提议", "proposes"),
    "thanks": ("致谢", "thanks"),
    "restates": ("复述", "restates"),
    "explains": ("说明", "explains"),
    "resolves": ("已办", "resolves"),
    "promises": ("在办", "acts or plans"),
    "stays_vague": ("空泛", "stays vague"),
    "refers": ("转办", "refers"),
    "gives_contact": ("指引", "gives a contact"),
    "asks_back": ("反问", "asks back"),
    "shows_empathy": ("致歉", "shows empathy"),
}
# Columns of the full ranking are a measure and one of these, or a name of their own below.
SUFFIXES: Final = {
    "_raw": ("（未收缩）", " (raw)"),
    "_n": ("：件数", ": n"),
    "_wilson_low": ("：Wilson 下限", ": Wilson from"),
    "_wilson_high": ("：Wilson 上限", ": Wilson to"),
    "_adjusted_low": ("（校正）下限", " (adjusted) from"),
    "_adjusted_high": ("（校正）上限", " (adjusted) to"),
    "_adjusted": ("（校正）", " (adjusted)"),
    "_low90": ("：90% 下限", ": 90% from"),
    "_high90": ("：90% 上限", ": 90% to"),
    "_low": ("：95% 下限", ": 95% from"),
    "_high": ("：95% 上限", ": 95% to"),
}
FLAG_MEANINGS: Final = {
    "mismatch": ("答复与另一件留言更相配", "the reply fits another post better"),
    "hostile": ("训斥、嘲讽或威胁", "scolding, mockery or threats"),
    "shirking": ("称不归自己管，却不指明归谁管", "not ours, and nobody else is named"),
    "boilerplate": (
        "同一段话答复至少三件不同的留言",
        "one text for at least three different posts",
    ),
    "template_fields_left": ("模板中的空格没有填", "blanks of a template left unfilled"),
    "restates_only": ("复述留言之后没有内容", "repeats the post and adds nothing"),
    "status_without_answer": (
        "称已办结、已沟通，却不说结果",
        "closed, handled or told, and no answer given",
    ),
    "hollow_promise": (
        "尽快、研究、已转相关部门，而无期限、承办人或措施",
        "soon, under study, passed on; no date, nobody named, no step",
    ),
    "instant_reply": ("留言后五分钟内答复", "answered within five minutes"),
}
# The signs by which a single reply raises a flag, as `scoring.checks.rules` names them.
RULES: Final = {
    "promise without date, owner or step": "只有承诺，没有期限、承办人或措施",
    "handed on to nobody named": "只称已转，未指明转给谁",
    "under way, and no step named": "只称正在办理，没有措施",
    "attention, and no step named": "只称重视，没有措施",
    "refuses competence and names no other body": "称不归自己管，却不指明归谁管",
    "sends the citizen on and names nobody": "让市民另找部门，却不指明哪个部门",
    "nothing but greeting and date": "只有问候和落款",
    "repeats the post and stops": "复述留言后再无内容",
    "confirms receipt and stops": "告知收悉后再无内容",
    "announces an answer and stops": "“答复如下”之后没有内容",
    "nothing but courtesy": "只有客套话",
    "says that it was handled, and not how": "称已办理，却不说结果",
    "says that the citizen was told, and not what": "称已沟通告知，却不说内容",
    "closed on a bare transfer": "只转办就标为办结",
    "closed while still under way": "仍在办理就标为办结",
    "closed on an order without outcome": "只作安排、没有结果就标为办结",
    "a field of the template is not filled in": "模板中的空格没有填",
    "scolds, mocks or threatens": "训斥、嘲讽或威胁",
    "answered within 5 minutes": "留言后五分钟内答复",
}
REFERRAL_KINDS: Final = {
    "transferred": ("转交", "transferred"),
    "redirected": ("请市民另找", "redirected"),
}
# Why nobody answers where a referral ends, as `scoring.checks.referrals` names it.
DEAD_ENDS: Final = {
    "outside": ("档案中没有该单位的留言", "no post to it in the archive"),
    "silent": ("从不答复", "answers nothing"),
    "sends_on": ("无实质答复，只再转出", "answers nothing in substance"),
}
# What became of a promise, as `scoring.checks.followups` names it.
PROMISE_STATES: Final = {
    "kept": ("后来的答复称已办", "later reply says done"),
    "broken": ("到期后有人称未办", "later post says not done"),
    "asked_again": ("有人再次来信", "asked again"),
    "due": ("已到期，无下文", "due, nothing heard"),
    "open": ("未到期", "not yet due"),
}
COLUMNS: Final = {
    "rank": ("名次", "rank"),
    "rank_low": ("名次下限", "rank from"),
    "rank_high": ("名次上限", "rank to"),
    "tier": ("档", "tier"),
    "agency": ("单位", "agency"),
    "peer_group": ("同类组", "peer group"),
    "n_exchanges": ("件数", "exchanges"),
    "n_replied": ("已回复", "replied"),
    "n_pending": ("未到期", "pending"),
    "n_mature": ("已到期件数", "past the deadline"),
    "n_timed": ("有时间的件数", "with times"),
    "n_bad_time": ("时间有误", "wrong times"),
    "n_own_posts": ("自己的发文", "own posts"),
    "n_surely_better": ("确实优于它的单位数", "surely better agencies"),
    "n_surely_worse": ("确实不如它的单位数", "surely worse agencies"),
    "p_top": ("在前列的概率", "P(among the first)"),
    "p_bottom": ("在末尾的概率", "P(among the last)"),
    "relevance": ("相关性", "relevance"),
    "completeness": ("完整性", "completeness"),
    "explanation": ("可解释性", "explanation"),
    "actionability": ("可操作性", "actionability"),
    "courtesy": ("礼貌", "courtesy"),
    "post": ("留言", "post"),
    "reply": ("答复", "reply"),
    "n_replies": ("答复次数", "replies"),
    "other_exchange_id": ("更像答复", "fits better"),
    "score": ("得分", "score"),
    "share": ("转办占比", "share passed on"),
    "low": ("95% 下限", "95% from"),
    "high": ("95% 上限", "95% to"),
    "n_referred": ("转办件数", "passed on"),
    "index": ("指数", "index"),
    "index_low": ("指数下限", "index from"),
    "index_high": ("指数上限", "index to"),
    "response_rate": ("回应率", "response rate"),
    "on_time_rate": ("按时率", "on time"),
    "median_days": ("中位天数", "median days"),
    "rmst_days": ("限制平均天数", "restricted mean days"),
    "quality": ("答复质量", "quality"),
    "substantive_share": ("实质回应", "substantive"),
    "procedural_share": ("转办", "passed on"),
    "symbolic_share": ("敷衍", "perfunctory"),
    "resolved_share": ("已办结", "resolved"),
    "hollow_share": ("空头承诺", "hollow promises"),
    "boilerplate_share": ("雷同答复", "boilerplate"),
    "mismatch_share": ("答非所问", "mismatch"),
    "negative_share": ("负面留言", "negative posts"),
    "satisfaction": ("满意度", "satisfaction"),
    "note": ("说明", "note"),
    "exchange_id": ("编号", "id"),
    "post_title": ("标题", "title"),
    "post_text": ("留言", "post"),
    "posted_at": ("留言时间", "posted"),
    "reply_text": ("答复", "reply"),
    "first_replied_at": ("首次答复", "first reply"),
    "replied_at": ("答复时间", "replied"),
    "category": ("类别", "category"),
    "channel": ("渠道", "channel"),
    "region": ("地区", "region"),
    "status": ("状态", "status"),
    "source_file": ("来源文件", "source file"),
    "source_row": ("来源行", "source row"),
    "post_sentiment": ("留言情感", "post sentiment"),
    "post_polarity": ("情感极性", "post polarity"),
    "post_confidence": ("情感置信度", "post confidence"),
    "post_intent": ("留言意图", "post intent"),
    "reply_type": ("答复类型", "reply type"),
    "reply_confidence": ("类型置信度", "reply confidence"),
    "reply_relevance": ("相关性", "relevance"),
    "reply_completeness": ("完整性", "completeness"),
    "reply_explanation": ("可解释性", "explanation"),
    "reply_actionability": ("可操作性", "actionability"),
    "reply_courtesy": ("礼貌", "courtesy"),
    "reply_quality": ("答复质量", "reply quality"),
    "reply_polarity": ("答复语气", "reply tone"),
    "responsiveness": ("回应度", "responsiveness"),
    "flags": ("提示", "flags"),
    "cluster_id": ("簇", "cluster"),
    "n_distinct_posts": ("不同留言数", "different posts"),
    "n_agencies": ("单位数", "agencies"),
    "similarity": ("相似度", "similarity"),
    "boilerplate": ("雷同", "boilerplate"),
    "exchange_ids": ("编号", "ids"),
    "reason": ("原因", "reason"),
    "due": ("到期", "due"),
    "overdue": ("已过期", "overdue"),
    "promise": ("承诺", "promise"),
    "source": ("转出单位", "from"),
    "target": ("转往", "to"),
    "kind": ("方式", "kind"),
    "n": ("件数", "n"),
    "ping_pong": ("互推", "ping-pong"),
    "dead_end": ("转到之后", "where it ends"),
    "state": ("后续", "what became of it"),
    "followed_by": ("依据", "shown by"),
}
WORDS: Final = {
    "title": ("政府回应评估报告", "Government responsiveness report"),
    "summary": ("概要", "Summary"),
    "ranking": ("排名", "Ranking"),
    "tiers": ("指数区间与分档", "Index, intervals and tiers"),
    "funnel": ("漏斗图：谁真正偏离平均", "Funnel plot: who really differs"),
    "waiting": ("等待时间", "Waiting times"),
    "types": ("答复类型", "Reply types"),
    "months": ("逐月走势", "Month by month"),
    "topics": ("类别", "Topics"),
    "categories": ("各类别件数与负面占比", "Posts and negative share by category"),
    "clusters": ("雷同答复", "Copied replies"),
    "mismatches": ("答非所问", "Mismatched replies"),
    "referrals": ("转办去向", "Who sends citizens where"),
    "passing_on": ("谁在转办而不答复", "Who passes citizens on"),
    "flags": ("提示一览", "Flags"),
    "promises": ("限期承诺", "Promises with a date"),
    "profiles": ("单位详情", "Agencies"),
    "methods": ("方法与局限", "Methods and limits"),
    "ledger": ("数据台账", "Data ledger"),
    "notices": ("请注意", "Please note"),
    "rejects": ("剔除的行", "Rejected rows"),
    "exchanges": ("往来明细", "Exchanges"),
    "agencies": ("单位指标", "Agency measures"),
}


def pick(pair: tuple[str, str], lang: str) -> str:
    """Return the Chinese or English of a pair."""
    return pair[0] if lang == "zh" else pair[1]


def column_label(name: str, lang: str) -> str:
    """Return what people call a column; its own name where nobody named it."""
    if name in COLUMNS:
        return pick(COLUMNS[name], lang)
    for suffix, label in SUFFIXES.items():
        base = name.removesuffix(suffix)
        if base != name and base in COLUMNS:
            return pick(COLUMNS[base], lang) + pick(label, lang)
    return name
