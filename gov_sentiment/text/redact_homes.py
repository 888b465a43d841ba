"""House numbers in free text: what tells in which household somebody lives.

Streets, estates and buildings that many share stay, unless a house number follows them or a
cue (家住, 住址) says whose they are; an office's own address stays as its phone number does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

_COUNT: Final = "[0-9A-Za-z零〇一二三四五六七八九十百甲乙丙丁]"
_NUM: Final = rf"(?<![0-9A-Za-z.]){_COUNT}{{1,4}}"
_WHICH: Final = rf"(?:{_COUNT}{{1,3}}|[东西南北中])"
_GAP: Final = r"[ ,\-]?"
_BLOCK: Final = r"(?:号楼|#楼|号院|栋|幢|座)"
_STAIRS: Final = r"(?:单元|门栋|门(?!口|面|前|外|诊|禁|店|卫|岗|票))"
_AREA: Final = rf"(?:{_NUM}[区期弄号]{_GAP})"
_NOT_COUNTED: Final = r"(?!\d|[年月日元万户个米平人路弄号栋幢楼线%.多块岁])"
_ROOM: Final = (
    rf"(?:(?:\d{{3,4}}|[零〇一二三四五六七八九]{{3,4}}|[A-Z]\d{{0,3}})"
    r"(?:室|房(?![屋产价东子租地])|户(?![主型数口籍外])|号房|号门|号室)"
    r"|[东西南北中]户"
    rf"|\d{{3,4}}(?:号(?!线|楼))?{_NOT_COUNTED})"
)
# Each with what a text must hold for it, which is far sooner looked up.
_HOUSES: Final = (
    # 12栋3单元502室, 88弄15号201室, B座1806, 3号楼东单元302, 23号3楼302
    (
        re.compile(r"[室户房栋幢座楼弄层门元院]"),
        re.compile(
            rf"(?=(?:{_NUM}|[东西南北中])(?:[区期弄号层楼]|{_BLOCK}|{_STAIRS})){_AREA}{{0,2}}"
            rf"(?:{_NUM}{_BLOCK}{_GAP})?(?:{_WHICH}{_STAIRS}{_GAP})?"
            rf"(?:{_COUNT}{{1,4}}[层楼]{_GAP})?(?<=[区期弄楼院栋幢座元门层 ,\-]|号){_ROOM}"
        ),
    ),
    # 3栋2单元, 2号院5栋
    (
        re.compile(r"单元|号院"),
        re.compile(
            rf"{_AREA}?{_NUM}{_BLOCK}{_GAP}{_WHICH}(?:单元|栋|幢|号楼)"
            rf"(?:{_GAP}{_COUNT}{{1,2}}[层楼](?:[东西中]户)?)?"
        ),
    ),
    # 77弄8号, 胜利巷37号
    (
        re.compile("[弄巷]"),
        re.compile(rf"(?:{_NUM}弄|(?<=巷)|(?<=胡同)){_COUNT}{{1,5}}号(?![楼线])"),
    ),
    # 12-3-501
    (
        re.compile(r"\d-\d{1,2}-\d"),
        re.compile(
            rf"{_AREA}?(?<![\dA-Za-z/\-])[A-Za-z]?\d{{1,2}}-\d{{1,2}}-(?!(?:19|20)\d\d(?:\D|$))\d{{3,4}}室?(?![\d\-])"
        ),
    ),
    (re.compile("室"), re.compile(r"(?<!\d)\d{3,4}室")),
    # 三组15号, 村12号
    (
        re.compile(rf"[村组队社屯]{_COUNT}{{1,4}}号"),
        re.compile(
            rf"(?:(?<=村)(?<!新村)|(?<=小组)|(?<=屯)|{_COUNT}{{1,3}}[组队社]){_COUNT}{{1,4}}号(?![线楼])"
        ),
    ),
)
# A whole address after a cue; the cue says whose it is, so the street goes as well.
_HOME: Final = re.compile(
    r"(?P<cue>(?:家庭住址|家庭地址|现住址|户籍地址|户籍所在地|户籍地|户籍在|户口在|住址"
    r"|收件地址|收货地址|通讯地址|详细地址|联系地址|地址[:为是]"
    r"|家住在?(?!户)|我住在?(?!的|院)|本人住在?|居住[于在]|本人(?:现)?居住|现住在?|家在|租住?[于在]|租住"
    r"|住[于在喺勒]|住(?!房|宅|户|院|所)(?=[0-9]|[\u4e00-\u9fa5]{1,8}(?:小区|[苑园村路街巷里弄城府庭湾郡])))"
    r"[是为:, ]{0,3})"
    rf"(?P<it>[^,.;!?。、\s\[\]有]{{0,30}}?{_COUNT}{{1,5}}"
    r"(?:号院|号楼|#楼|号|栋|幢|座|弄|组|室|单元|队|社|门|期|#|-)"
    rf"(?:[^,.;!?。、\s\[\]]{{0,8}}?{_COUNT}{{1,5}}"
    r"(?:室|房|单元|组|号楼|#楼|号|户|门|楼|层|栋|幢|座|弄|社|-)){0,4}"
    r"(?:[ \-]?\d{3,4}(?!\d|[年月日元万户个米平人%])|[东西南北中]户)?)(?![令文])"
)
_CUE: Final = re.compile("住|地址|户籍|户口|家在")
_OFFICE_CUE: Final = re.compile(r"(?:办公|公司|单位|中心|窗口|大厅|项目|门店|酒店|网点|注册|经营)$")
_OFFICE_ADDRESS: Final = re.compile(r"(?<!家庭)(?<!户籍)(?<!收件)(?<!收货)地址")
# Before a house number: the estate or street it is in.
_ESTATE: Final = re.compile(
    r"(?:[\u4e00-\u9fa50-9]{2,10}?(?:小区|小组|佳园|[一二三四五六七八九]区|[苑园村路街道巷里弄城府庭湾郡寓邸景院]|家园|新城|国际|江南|大道|家属楼|宿舍|公寓)"
    rf"(?:{_COUNT}{{1,5}}[号弄期区村座][ ,]?){{0,3}}){{1,2}}$"
)
_NO_ESTATE: Final = re.compile(
    r".*(?:我们?|本人|[我你他她咱俺您]家|家[住在]|住(?!宅)|在|是|的|了|到|位于|反映|投诉|来自|[,。;:、!?\s\]])"
)
_OFFICE_BLOCK: Final = re.compile(r"办公|大厅|窗口|政务|服务中心|[局委](?:地址|位于)")
_OFFICE: Final = re.compile(
    r"办公|大厅|窗口|中心|大楼|[局委厅科处](?!长)|医院|法院|学校|会议|教室|政府|服务|法庭|审判|派出所|公司|门诊"
)
_BLOCKED: Final = re.compile(r"[栋幢座弄村组队社]|单元|号楼|\d-\d")
_REACH: Final = 20


def homes(text: str, *, reply: bool) -> Iterator[tuple[int, int]]:
    """Yield the places (start, end exclusive) of house numbers; they may overlap.

    Args:
        text: half-width text.
        reply: the text is an agency's, so an address without a word for a home is its own.
    """
    if _CUE.search(text):
        for found in _HOME.finditer(text):
            if not _is_office(found, text, reply):
                yield found.span("it")
    for needle, pattern in _HOUSES:
        for found in pattern.finditer(text) if needle.search(text) else ():
            if not _is_office_room(found, text):
                yield _estate_start(text, found.start()), found.end()
                yield found.span()


def _is_office(found: re.Match[str], text: str, reply: bool) -> bool:
    before = text[max(0, found.start() - 4) : found.start()]
    if _OFFICE_CUE.search(before):
        return True
    if _OFFICE_ADDRESS.search(found["cue"]):
        return reply or _OFFICE.search(text, found.start("it"), found.end() + 8) is not None
    return False


def _is_office_room(found: re.Match[str], text: str) -> bool:
    # 政务大厅二楼208室 is a counter; a flat stands in a block or behind a staircase.
    before = text[max(0, found.start() - _REACH) : found.start()]
    if _BLOCKED.search(found.group()):
        return _OFFICE_BLOCK.search(before) is not None
    return _OFFICE.search(before + text[found.start() : found.end() + 8]) is not None


def _estate_start(text: str, start: int) -> int:
    """Return where the estate or street before a house number starts."""
    floor = max(0, start - _REACH)
    before = text[floor:start]
    if cut := _NO_ESTATE.match(before):
        floor += cut.end()
        before = before[cut.end() :]
    return floor if _ESTATE.match(before) else start
