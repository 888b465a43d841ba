"""What each clause of a reply does: thank, name the matter, hand it on, promise, tell nothing.

A reply without substance is one whose every clause is known to carry none. The rules ask for
that, rather than for the absence of words which might carry some: an unknown clause counts as
substance.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final

from gov_sentiment.scoring.checks import rules_signs as signs


class Act(StrEnum):
    """What a clause does; `OTHER` may be substance."""

    COURTESY = "courtesy"
    TOPIC = "topic"
    ATTENTION = "attention"
    AGREED = "agreed"
    TOLD = "told"
    HANDED_ON = "handed_on"
    PENDING = "pending"
    PROMISE = "promise"
    ORDERED = "ordered"
    HANDLED = "handled"
    DEALT_WITH = "dealt_with"
    FLOURISH = "flourish"
    DATE = "date"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause: its act, and its characters start to end in the text that was read."""

    act: Act
    text: str
    start: int
    end: int


_CLAUSE: Final = re.compile(r"[^，,。；;！!？?：:\s]+")
MOST_UNKNOWN: Final = 24
_LONGEST_ACT: Final = 48  # characters; a longer clause says more than its act

_MATTER: Final = (
    r"(?:问题|情况|事项|事宜|诉求|建议|意见|留言|来信|信件|信访件|来件"
    r"|信息|内容|工单|投诉|咨询|反馈|一事|之事)"
)
_COURTESY: Final = re.compile(
    r"^(?:亲|在此|同时|另外|此外|最后|首先|为此|对此|目前|现|其次|再次|好的)$|致谢|[您你大家]好|请放心|(?:敬请|请您?|望您?|希望您?|恳请)(?:予以|给予|多|继续)?(?:理解|谅解|见谅|支持|监督|知悉|放心|关注$)"
    r"|歉意|抱歉|不便|特此|此复|祝愿|很高兴|(?:建议|意见|想法)(?:很好|非常好|很中肯)|(?:尊敬|亲爱)的|(?:网友|网民|市民|同志|先生|女士|朋友)(?:朋友|同志)?们?$"
    r"|宝贵的?(?:意见|建议)|理解[和与、]支持|一如既往|(?:提出|予以|进行|社会|群众)监督"
)
_DATE: Final = re.compile(r"^(?:20\d\d年)?\d{1,2}月\d{1,2}日(?:[上下]午)?$")
_REASON: Final = re.compile(r"由于|因[^此]|正在|已(?!收|知)|目前.")
_TOPIC: Final = re.compile(
    rf"^(?:针对|关于|对|就|有关|您|你|网友|网民|市民|诉求人|来信人|反映人|留言)[^是请须已不]{{0,40}}{_MATTER}(?:中|后|的问题|已)?(?:收悉|收到|知悉|受理)?了?$"
    rf"|^(?:收到|接到|获悉|看到)[^是请须已不我]{{0,20}}{_MATTER}(?:后|时)?$|^.{{0,6}}(?:收到|接到)后$|(?:收悉|收到|获悉|知悉|受理|已阅|阅悉|已记录|已登记|已收集)(?:您|你)?的?{_MATTER}?了?$"
    r"|^.{0,16}(?:问题|情况|诉求|建议|意见|留言).{0,8}(?:已|都)(?:经)?(?:记下|知晓|了解|掌握|记录在案)[了啦]?$"
    r"|^(?:具体|最终)?以.{0,12}(?:解释|答复|规定|公布|公告|通知|口径|发布)为准$|(?:回复|答复|反馈|说明|告知|通报)您?如下$|^经(?:认真|进一步|工作人员|我.{1,3})?(?:研究|核实|调查|核查|了解|查){1,2}$"
)
_ATTENTION: Final = re.compile(
    r"重视|议事日程|重要议程|(?:引起|给予)了?.{0,8}关注|(?:密切|持续|十分)关注"
)
_AGREED: Final = re.compile(
    r"(?<!再次)表[示达]了?.{0,8}(?:满意|认可|认同|理解|谅解|接受|同意|知晓|知悉|感谢|清楚|解决)|[无没]有?异议|[得取获][到得].{0,6}(?:理解|认可|谅解|认同|满意)"
)
_TELLING: Final = r"(?:沟通|联系|说明|解释|告知|反馈|答复|解答|回复|通报|回访)"
_CITIZEN: Final = (
    r"(?:您|你|您本人|你本人|诉求人|来电人|反映人|信访人|投诉人|留言人|当事人|网友|网民|市民|群众)"
)
# The citizen was told something, and the public does not learn what.
_TOLD: Final = re.compile(
    rf"(?:与|跟|和|向|给|对|同){_CITIZEN}(?!反映|反馈|提出|咨询|留言).{{0,16}}?{_TELLING}(?:了)?(?:与|给|予)?{_CITIZEN}?"
    rf"|对{_CITIZEN}.{{2,12}}(?:进行了?|作了?|做了?)(?:详细|耐心)?(?:解释|说明|沟通|答复|解答)"
    rf"|(?:致电|回电|来电)(?:告知|解释|说明|沟通|反馈|答复|解答|联系|回复)|^(?:解释|说明|告知|通报)(?:说明)?了"
    rf"|(?:联系|致电|回电|告知|答复|回复|回访)(?:了|与|给|予)?{_CITIZEN}"
    rf"|(?:电话|口头|当面|短信|私信|微信|邮件|书面|上门)(?:形式|方式)?(?:向|与|和|给)?{_CITIZEN}?.{{0,12}}?{_TELLING}"
    rf"|已(?:经)?(?:进行(?:了)?|予以|作了?|做了?|由.{{2,14}})?(?:详细|及时|逐一|耐心|如实)?(?:答复|解答|解释|回复|告知)(?:说明)?(?=了|完毕|$|(?:处理|办理|核实|相关|有关)?(?:结果|情况|事宜)$)"
    rf"|[做作]好?了?(?:相关|政策)?(?:解释|沟通|说明|安抚)工作|^(?:并|进行了|详细|逐一|就.{{2,16}}|将.{{2,16}}).{{0,12}}{_TELLING}"
)
# What it was about may be named; a finding or a rule may not.
_TOLD_WHAT: Final = re.compile(
    r"[是须]|(?<![作认])为|(?<![联关])系(?!统|列)|属于|应[当该在]|可[以在通登拨到向按]|请您?|建议|无法|不能|没有|按照|根据|如[有需]|[0-9A-Za-z]{4}|“|《"
)
_TO_COME: Final = re.compile(
    r"会(?!议)|将(?!.{1,20}(?:了|已))|稍后|届时|后续(?!.{0,6}(?:情况|安排|措施|计划))|待|如有|请"
)
_BODY: Final = (
    r"(?:部门|单位|机构|处室|科室|科|股|局|委|厅|办|中心|街道|镇|乡|政府"
    r"|公司|集团|上级|人员|领导|同志)"
)
_TRANSFERRED: Final = (
    rf"(?:转.{{1,14}}?(?:{_BODY}|研处)|转(?:交|办|至|送|给|由|达|呈|派|相关|有关|.{{2,20}}(?:处理|办理|核处|核实|阅处|调查|答复|研究|处置|参考))|交(?![通流叉界费纳易付代]).{{1,12}}(?:办理|处理|核实|调查|答复|研究)|移交|移送|交办|交由|交付|派单|批转|派发|下派|转派"
    rf"|(?:反馈|反映|上报|提交|报送|报告|呈报|汇报|函告)(?:(?:给|至|到)|(?=.{{0,12}}{_BODY}))|(?:向|与|同|联系)(?:了)?.{{0,12}}{_BODY}(?:进行)?(?:了)?(?:反馈|反映|报告|汇报|联系|沟通|核实)|(?:由|交|请|向|责成|要求|通知)(?:相关|有关|各|属地|具体|责任|职能|主管|业务))"
)
_HANDED_ON: Final = re.compile(
    rf"(?:已|将|现|并|立即|及时|及时将|第一时间|会|我.{{0,6}}|把|向|由).{{0,24}}?{_TRANSFERRED}.{{0,30}}|^{_TRANSFERRED}.{{0,30}}"
)
_NOT_HANDED_ON: Final = re.compile(
    r"转(?:移|型|变|入|出|账|让|运|诊|化|折|动|向|弯|学|正|岗|业)|联系(?:方式|电话)|修[改正复缮]|[更改纠补整]正|整改|删除|更新|完善"
)
_PENDING: Final = re.compile(
    r"(?:将|会)(?:及时|持续|密切|继续|全程)?(?:跟进|关注|跟踪)|(?:正|正在|仍在|尚在|还在|在)(?:进一步|抓紧|积极|认真|加紧|全力|着手|加快|会同.{2,10})?(?:地)?(?:调查|核实|核查|了解|办理|处理|研究|协调|处置|推进|跟进|沟通|落实|论证|优化|完善|排查|解决)"
    r"|正(?:在)?(?:组织|安排|协调|联系|督促|会同)(?:相关|有关|各).{2,6}(?:调查|核实|处理|办理|研究|处置|落实)$|专人(?:负责)?(?:跟进|跟踪|对接|处理)"
    r"|请(?:您|你)?(?:稍后|过后|随时)(?:查询|查看|关注)|待.{0,20}(?:后|结束|结果|完成)|请(?:您|你)?关注(?:后续|相关|我.{0,3})(?:的?(?:回复|答复|通知|进展|公告|情况))|(?:请|烦请)?(?:您|你)?(?:耐心等|保持(?:电话|手机|通讯)?畅通|等待|继续关注|留意|关注后续)"
    r"|(?:如|若)?有(?!关).{0,10}(?:结果|进展|情况|消息).{0,10}(?:及时|第一时间)?.{0,8}(?:反馈|告知|回复|通知|答复)?|(?:及时|尽快|尽早|第一时间)(?:给予|予以|作出|做出|向您|给您)?(?:答复|回复|反馈)|(?:将|会|稍后|届时).{0,12}(?:反馈|回复|答复|告知)(?:您|你|给您|结果|进展|办理结果|办理情况)"
)
_AWAITED: Final = re.compile(
    r"^[并现]?(?:待|等(?!待)|如有|若有).{0,20}(?:后|结束|结果|完成|进展|情况)"
)
_RESULT: Final = re.compile(r"即可|正常|就能|方可")
_ORDERED: Final = re.compile(
    r"^(?:积极|主动|全力|加强|多方|并)*(?:沟通|协调|对接){1,2}(?:解决|推进|处理)?$|"
    r"(?:责成|责令|安排|组织|要求|派[出员人]|指派|督促|通知|由|会同|联合|约谈).{0,24}?(?:调查|核实|处理|办理|核查|落实|跟进|了解|关注|处置|协调|对接|排查|查处)了?(?:处理|情况|此事|该事|工作|核实|相关情况|解决)?$"
    r"|(?:立即|第一时间|及时|迅速|马上|积极|认真|已|部门|人员).{0,12}(?:进行|开展|作|做|予以)了?(?:认真|全面|详细)?.{0,6}(?:调查|核实|处理|办理|核查|了解|沟通|协调|跟进|处置)了?(?:处理|核实|解决)?(?:工作)?$"
)
_HANDLED: Final = re.compile(
    r"(?:已|均已|现已|业已|已经)(?:按照?|依照?|依|根据)?.{0,10}?(?:规定|程序|法|法规|流程|职责|要求).{0,4}(?:办理|处理|处置|办结|受理)(?:完毕|完结|完成)?$"
    r"|(?:已|均已|现已|业已|已经|予以)(?:受理并|妥善|及时|全部)?(?:办结|办理(?:完毕|完结|完成)?|结案|办毕)$"
    r"|(?:相关|有关)(?:单位|部门|科室|人员)(?:已|已经)(?:作出|做出|进行)?(?:了)?(?:回复|答复|处理|说明)$"
)

# On a website's error or a street's litter it may be the truth, and all there is to say.
_DEALT_WITH: Final = re.compile(r"^(?:已|均已|现已|已经)处理(?:完毕|完结|完成|好)?了?$")


def read_clauses(body: str) -> list[Clause] | None:
    """Return the clauses of a reply's body, each with what it does.

    None where the reply says something: its unknown clauses have more than `MOST_UNKNOWN`
    characters. It is read no further then, which spares most replies most of the work.
    """
    spans = [match.span() for match in _CLAUSE.finditer(body)]
    # The longest clause is the likeliest to say something.
    start, end = max(spans, key=lambda span: span[1] - span[0], default=(0, 0))
    if end - start > MOST_UNKNOWN and _act(body[start:end]) is Act.OTHER:
        return None
    clauses, unknown = [], 0
    for start, end in spans:
        text = body[start:end]
        act = _act(text)
        if act is Act.OTHER:
            unknown += len(text)
            if unknown > MOST_UNKNOWN:
                return None
        clauses.append(Clause(act, text, start, end))
    return clauses


@lru_cache(maxsize=4096)  # official replies repeat their clauses
def _act(text: str) -> Act:
    if len(text) > _LONGEST_ACT:
        return Act.OTHER
    for act, pattern in _ACTS:
        match = pattern.search(text)
        if match and _is_bare(act, text, match):
            return act
    return Act.FLOURISH if signs.FORMULA.match(text) else Act.OTHER


def _is_bare(act: Act, text: str, match: re.Match[str]) -> bool:
    if act is Act.TOLD:
        return not (_TOLD_WHAT.search(text, match.end()) or _TO_COME.search(text))
    if act is Act.COURTESY:
        return _REASON.search(text) is None
    if act is Act.PENDING:
        return _RESULT.search(text) is None
    if act is Act.HANDED_ON:
        return _NOT_HANDED_ON.search(match.group()) is None
    return True


_ACTS: Final = (
    (Act.DATE, _DATE),
    (Act.AGREED, _AGREED),
    (Act.TOLD, _TOLD),
    (Act.COURTESY, signs.THANKS),
    (Act.PENDING, _AWAITED),
    (Act.HANDED_ON, _HANDED_ON),
    (Act.HANDLED, _HANDLED),
    (Act.DEALT_WITH, _DEALT_WITH),
    (Act.PENDING, _PENDING),
    (Act.ORDERED, _ORDERED),
    (Act.PROMISE, signs.PROMISE),
    (Act.PROMISE, signs.FOR_REFERENCE),
    (Act.COURTESY, _COURTESY),
    (Act.TOPIC, _TOPIC),
    (Act.ATTENTION, _ATTENTION),
)
