"""Flags that one exchange shows by itself, each with the span that shows it.

Every rule asks for two things: the sign, and the absence of what would excuse it. A reply
that promises "soon" but names a step is no hollow promise; a refusal of competence that names
the competent body is a referral. Precision on real archives stands in docs/flags.md.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from gov_sentiment.text import split_reply


@dataclass(frozen=True, slots=True)
class Hit:
    """One flag on one exchange.

    flag: its name in the `flags` column.
    rule: which sign fired.
    start, end: character span in `reply_text` (0, 0 where the sign is not in the text).
    """

    flag: str
    rule: str
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class ReplyView:
    """What the rules need of one answered exchange.

    body_start, body_end: span of the reply between courtesy and the restated post.
    """

    post: str
    reply: str
    body_start: int
    body_end: int
    post_intent: str | None
    reply_type: str | None
    status: str | None
    posted_at: datetime | None
    replied_at: datetime | None

    @property
    def body(self) -> str:
        """The reply without courtesy and restated post."""
        return self.reply[self.body_start : self.body_end]


def body_span(reply: str) -> tuple[int, int]:
    """Return where the substance of a reply begins and ends."""
    return split_reply(reply).body_span


# ------------------------------------------------------------------ signs and excuses

_DATE: Final = (
    r"(?:(?:20\d\d|[今明本当]|下)\s*年?\s*)?\d{1,2}\s*月(?:\s*\d{1,2}\s*[日号]|底|初|末|[上中下]旬|份)?"
    r"|20\d\d\s*[-./]\s*\d{1,2}(?:\s*[-./]\s*\d{1,2})?|20\d\d\s*年|[今明]年|年底|月底|[上下]半年"
    r"|[一二三四]季度|第[一二三四]季度|(?:本|下)(?:个)?[周月]|\d+\s*个?(?:工作日|日内|天|周|小时|分钟|个月)"
    r"|(?:今|昨|明|当)[天日晚]|国庆|春节|元旦|假期|汛期"
)
_CONCRETE: Final = re.compile(
    rf"(?:{_DATE})"
    r"|《|https?:|www\.|\d{3,4}-?\d{7,8}|(?<!\d)1[3-9]\d{9}|\[手机号\]|12345|\d+(?:\.\d+)?\s*(?:%|元|万|米|公里|户|平方|台|辆|处|个|人|次)"
    r"|已(?!收|悉|知|阅|记录|获)|\d{7,8}|建议(?:您|你|业主|相关|通过)|经[^，。；]{0,20}(?:核实|核查|调查|了解|查|检查|勘[查察]|协调|沟通)|[0-9一二三四五六]是"
    r"|现场|实地|电话(?:联系|沟通|告知|回复|回访)|与您(?:联系|沟通|取得)|上门|因(?:为)?|由于|根据|依据|按照|规定|原因|目前|截至|工作人员|执法|施工|巡查|排查|会同|联合"
    r"|正在|表扬|奖励|立即|责成|责令|督促|联系|反馈给|转|表示|电话|致电|专人"
)
_PROMISE: Final = re.compile(
    r"(?:将|会|要|予以|给予|一定|争取|努力|力争)?[^，。；！\n]{0,12}"
    r"(?:尽快|尽早|抓紧|及时|近期|适时|择机|逐步|早日|认真(?:研究|考虑|对待|核实|处理|办理|落实|调查|吸纳)|积极(?:协调|争取|推进|研究|采纳|考虑|处理|解决)"
    r"|进一步(?:加强|加大|完善|强化|优化|提升|做好|改进|研究)|加大[^，。；]{0,10}力度|加强[^，。；]{0,10}(?:管理|监管|巡查|工作)"
    r"|持续关注|高度重视|纳入考虑|列入考虑|条件成熟|待[^，。；]{1,16}(?:后再|再行))[^，。；！\n]{0,24}"
)
_FUTURE: Final = re.compile(
    r"将|会(?!议|同|员|商|计)|尽快|尽早|抓紧|近期|适时|择机|逐步|早日|争取|努力|条件成熟|待|予以"
)
_BODY_NAME: Final = (
    r"[一-鿿A-Z0-9]{2,14}(?:局|委员会|[住建交卫发]委|分局|办事处|街道|人民政府|镇政府|乡政府|中心|支队|大队"
    r"|总队|派出所|法院|仲裁委|公司|集团|学校|学院|大学|医院|社区|居委会|村委会|管委会)"
)
_SHIRK: Final = re.compile(
    r"(?:不属于|不在|不是|并非|非)(?:我|本|我们)(?:局|委|办|中心|单位|部门|街道|镇|乡|区|县|市|公司|处|科|院|校|站|所|队)?[^，。；]{0,10}(?:职责|职能|职权|管辖|管理范围|受理范围|权限|业务范围|负责)"
    r"|(?:不归|不由)(?:我|本)[^，。；]{0,8}(?:管|负责)"
    r"|(?:我|本)(?:局|委|办|中心|单位|部门|街道|镇|乡|处|院|校|站|所|队)[^，。；]{0,6}(?:无权|没有权限|无管辖权|无执法权|没有执法权|无职权|无法干预|爱莫能助|无能为力)"
    r"|与(?:我|本)(?:局|委|单位|部门|街道|镇)无关"
    r"|(?:请|应)(?:您|你)?(?:自行|自己)(?:解决|处理|协商|想办法)"
    r"|(?:我们|我局|本单位)(?:也)?(?:没有?办法|管不了|不清楚|不掌握)"
)
_ROUTE: Final = re.compile(
    rf"(?:请|建议|可|可以|应|向|由|到|至|转|联系|咨询|拨打|致电|反馈|反映|交由|主管)[^。；]{{0,12}}{_BODY_NAME}"
    r"|\d{3,4}-?\d{7,8}|(?<!\d)1[23]\d{3}(?!\d)|[拨打致电][^。]{0,12}\d{5,}|诉讼|仲裁|司法途径|法律途径|行政复议"
)
_TRANSFER: Final = re.compile(
    r"(?:已|将)?[^，。；]{0,16}(?:转(?:交|办|至|送|给|由|达|相关|有关)?|移交|交办|交由|派单|反馈(?:给|至)|批转|阅处|研处)[^，。；]{0,20}"
    r"(?:部门|单位|局|委|办|街道|镇|处|公司|处理|办理|核实|答复|阅处)"
)
_DONE_STATUS: Final = frozenset(
    {"已办理", "已办结", "办结", "办理完成", "已完成", "已解决", "处理完毕", "已处理", "已结案"}
)
_PLACEHOLDER: Final = re.compile(
    r"[xXｘＸ×]{2,4}\s*年\s*[xXｘＸ×]{1,2}\s*月|(?<!\d)[xXｘＸ×]{2}月[xXｘＸ×]{2}日"
    r"|尊敬的\s*(?:[xXｘＸ×]{2,}|某某|[（(]\s*姓名\s*[)）]|_{2,})|【\s*(?:请?(?:此处|在此|填写|填入|插入|单位名称|姓名|日期|时间|事项|内容|具体)[^】]{0,12})\s*】"
    r"|[（(]\s*(?:此处|请在此)?(?:填写|填入|插入)[^）)]{0,12}[）)]|\{\{[^}]{0,20}\}\}"
)
_HOSTILE: Final = re.compile(
    r"没(?:有)?(?:时间|工夫|空)(?:跟|和|陪)你|无理取闹|无事生非|胡搅蛮缠|吃饱了(?:撑|没事)|闲得|关你(?:什么|啥)事|管好你自己"
    r"|爱(?:去|找)?(?:哪|谁)(?:告|投诉|反映)(?:就|去)?|注意(?:你|您)的(?:言辞|身份|措辞|态度)|随便(?:你|您)(?:去)?(?:告|投诉|反映)|尽管去(?:告|投诉)"
    r"|(?:你|您)(?:有病|脑子|智商|什么素质|素质(?:太|真|有问题))|要不(?:你|您)来(?:干|管|当)|嫌[^，。]{1,10}就(?:别|不要|搬走)"
    r"|(?:你|您)(?:自己)?(?:不会看|不会查|不长眼|看不懂|不识字|没长|没看文件)|别(?:再)?(?:来烦|捣乱|没事找事)|没事找事|不信(?:你|就)试试"
    r"|凡事都有第一次|(?:再|若再|继续)[^，。]{0,8}(?:投诉|发帖|造谣|上访)[^。]{0,12}(?:追究|后果自负|报警|处理你)|请(?:不要|勿)(?:再)?(?:无理|无端|恶意)"
    r"|呵呵|你懂(?:什么|不懂)|建议(?:您|你)?(?:忍|克服一下|携带手电|购买耳塞|搬家)|天底下没有|不要得寸进尺|不知好歹"
)

_INSTANT_SECONDS: Final = 300
_LONGEST_HOLLOW: Final = 120
_LONGEST_TRANSFER: Final = 110
_SHORTEST_RESTATED: Final = 14
_NOTHING_ELSE: Final = 8
_LONGEST_SHIRK: Final = 240


def _hollow_promise(view: ReplyView) -> Iterator[Hit]:
    # A promise to praise the staff answers a letter of thanks well enough.
    if view.reply_type not in ("perfunctory", "committed") or view.post_intent == "praise":
        return
    body = view.body
    if len(body) > _LONGEST_HOLLOW or _CONCRETE.search(body):
        return
    for match in _PROMISE.finditer(body):
        if _FUTURE.search(match.group()):
            yield Hit(
                "hollow_promise",
                "promise without date, owner or step",
                view.body_start + match.start(),
                view.body_start + match.end(),
            )
            return


def _shirking(view: ReplyView) -> Iterator[Hit]:
    # Not in long answers: there the refused point is one of several, or quoted.
    body, start = view.body, view.body_start
    match = _SHIRK.search(body)
    if match is None or len(body) > _LONGEST_SHIRK or view.reply_type == "resolved":
        return
    if _ROUTE.search(body) or _TRANSFER.search(body):
        return
    yield Hit(
        "shirking",
        "refuses competence and names no other body",
        start + match.start(),
        start + match.end(),
    )


def _restates_only(view: ReplyView) -> Iterator[Hit]:
    restated = split_reply(view.reply).restated_span
    if restated is None or view.post_intent == "praise":
        return
    if restated[1] - restated[0] < _SHORTEST_RESTATED:
        return
    if len(re.sub(r"\W", "", view.body)) < _NOTHING_ELSE:
        yield Hit("restates_only", "repeats the post and stops", *restated)


def _status_without_answer(view: ReplyView) -> Iterator[Hit]:
    if view.status not in _DONE_STATUS or view.reply_type not in ("referred", "perfunctory"):
        return
    body = view.body
    match = _TRANSFER.search(body)
    if match is None or len(body) > _LONGEST_TRANSFER:
        return
    rest = body[: match.start()] + body[match.end() :]
    if _CONCRETE.search(rest):
        return
    start = view.body_start
    yield Hit(
        "status_without_answer",
        "closed on a bare transfer",
        start + match.start(),
        start + match.end(),
    )


def _template_fields_left(view: ReplyView) -> Iterator[Hit]:
    match = _PLACEHOLDER.search(view.reply)
    if match:
        yield Hit("template_fields_left", "a field of the template is not filled in", *match.span())


def _hostile(view: ReplyView) -> Iterator[Hit]:
    # The agency's own words, not the citizen's that it repeats.
    match = _HOSTILE.search(view.body)
    if match:
        start = view.body_start
        yield Hit(
            "hostile", "scolds, mocks or threatens", start + match.start(), start + match.end()
        )


def _instant_reply(view: ReplyView) -> Iterator[Hit]:
    posted, replied = view.posted_at, view.replied_at
    if posted is None or replied is None:
        return
    # 00:00:00 on both sides means that only the days are known.
    if posted.hour == posted.minute == posted.second == 0:
        return
    seconds = (replied - posted).total_seconds()
    if 0 <= seconds <= _INSTANT_SECONDS:
        yield Hit("instant_reply", f"answered within {_INSTANT_SECONDS // 60} minutes")


_RULES: Final[tuple[Callable[[ReplyView], Iterator[Hit]], ...]] = (
    _hollow_promise,
    _shirking,
    _restates_only,
    _status_without_answer,
    _template_fields_left,
    _hostile,
    _instant_reply,
)


def row_hits(view: ReplyView) -> list[Hit]:
    """Return the flags that the exchange shows by itself, at most one hit a flag."""
    return [hit for rule in _RULES for hit in rule(view)]
