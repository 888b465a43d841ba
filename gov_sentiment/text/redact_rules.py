"""Patterns and check digits behind `redact`; they expect half-width text."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

_NOT_IN_NUMBER: Final = r"(?<![\dA-Za-z])"
_NOT_GOING_ON: Final = r"(?![\dA-Za-z])"
_END: Final = r"(?!\d)"
_GAP: Final = r"[ \-.]{0,2}"

MOBILE: Final = re.compile(
    rf"(?<![\d.])(?<!\d-)(?:\(?\+?0{{0,2}}86\)?[ \-]?)?(?:"
    rf"1[3-9]\d{_GAP}\d{{4}}{_GAP}\d{{4}}"
    rf"|1[3-9]\d\d{_GAP}\d{{3}}{_GAP}\d{{4}}"
    rf"|1[3-9]\d{_GAP}\d{{3}}{_GAP}\d{{5}}"
    r"|1 [3-9](?: \d){9}"
    r"|1[3-9]\d(?:[*xX]{4}|…|\.{3,6})\d{4}"
    r")(?![\d元万亿㎡米])"
    r"|\+85[23][ \-]?[2-9]\d{3}[ \-]?\d{4}(?!\d)"
)
_WORD: Final = "[〇零幺一二三四五六七八九壹贰叁肆伍陆柒捌玖]"
MOBILE_IN_WORDS: Final = re.compile(
    rf"(?<!{_WORD})[一幺壹][三四五六七八九叁肆伍陆柒捌玖]{_WORD}"
    rf"(?:[ \-,]?{_WORD}){{8}}(?![〇零幺一二三四五六七八九十])"
)
# Without such a run no phone, identity number, card or passport is there: most texts have none.
LONG_NUMBER: Final = re.compile(r"\d[\d*xX .()\-]{6}")
LANDLINE: Final = re.compile(
    rf"(?<![\d.])(?:\(0\d{{2,3}}\) ?|0\d{{2,3}}[ \-]{{0,2}})[2-9]\d{{2,3}}[ \-]?\d{{4}}"
    rf"(?:(?:转|分机|-)\d{{1,5}})?{_END}"
)
LOCAL_PHONE: Final = re.compile(
    rf"(?:电话|座机|联系方式|固话|家电|致电我|打我)(?:号码|号)?[是为:, ]{{0,3}}"
    rf"(?P<it>[2-9]\d{{2,3}}[ \-]?\d{{4}}){_END}"
)
OFFICE_CUE: Final = re.compile(
    r"热线|办公|咨询|监督|举报|投诉电话|客服|值班|窗口|大厅|服务|拨打|致电(?!我)|政府|街道|社区"
    r"|[局委办厅科处所队站院]|中心|公司|物业|学校|单位"
)
# A number of a case, a document or an order is no phone and no identity number.
NUMBER_CUE: Final = re.compile(
    r"(?:编号|单号|工单号?|订单号?|受理号|文号|流水号|信件号|案号|尾号|备案号)\D{0,3}$"
)

ID_18: Final = re.compile(
    rf"{_NOT_IN_NUMBER}[1-9]\d{{5}}[ \-]?(?:18|19|20)\d{{2}}[ \-]?(?:0[1-9]|1[0-2])"
    rf"(?:0[1-9]|[12]\d|3[01])[ \-]?\d{{3}}[\dXx]{_NOT_GOING_ON}"
)
ID_15: Final = re.compile(
    rf"{_NOT_IN_NUMBER}[1-8]\d{{7}}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{{3}}{_NOT_GOING_ON}"
)
ID_MASKED: Final = re.compile(
    rf"{_NOT_IN_NUMBER}[1-8]\d{{2,9}}\*{{4,14}}(?:\d{{0,3}}[Xx]|\d{{1,4}})?{_END}"
)
BANK_CARD: Final = re.compile(
    rf"{_NOT_IN_NUMBER}(?:\d{{16,19}}|\d{{4}}(?:[ \-]\d{{4}}){{3}}(?:[ \-]?\d{{1,3}})?)"
    rf"{_NOT_GOING_ON}"
)
ACCOUNT_CUE: Final = re.compile(r"银行卡|卡号|账号|帐号|账户|帐户|存折")
PASSPORT: Final = re.compile(
    r"(?:护照|通行证|港澳证|台胞证|回乡证)(?:号码|号)?[是为:, ]{0,3}"
    r"(?P<it>[A-Za-z]{1,2}\d{7,10})(?!\d)"
    r"|(?<![A-Za-z0-9])(?:[EG]\d{8}|E[A-HJ-NP-Z]\d{7})(?![A-Za-z0-9])"
)
EMAIL: Final = re.compile(
    r"(?<![A-Za-z0-9._%+\-])[A-Za-z0-9_%+\-][A-Za-z0-9._%+\-]{0,63}"
    r"(?: ?@ ?|[(\[ ]at[)\] ]|#(?=[A-Za-z0-9]{2,10}\.com))"
    r"[A-Za-z0-9\-]{1,63}(?:\.[A-Za-z0-9\-]{1,63}){1,4}"
)
QQ: Final = re.compile(
    r"(?:[Qq]{2}|扣扣|企鹅号|[加+][Qq])(?:群|号码|号|邮箱)?[是为:, ]{0,3}"
    r"(?P<it>[1-9]\d{4,11})(?!\d)"
)
WECHAT: Final = re.compile(
    r"(?:微信|薇信|[Ww]e[Cc]hat|[Ww]eixin|(?<![A-Za-z])(?:[Vv][Xx]|[Ww][Xx])|[Vv]信)(?:号码|号|同号)?"
    r"(?:是|为|搜索?|加|ID|id|[:, ]){0,3}(?P<it>[A-Za-z][A-Za-z0-9_\-]{5,19})(?![A-Za-z0-9])"
)
LATIN_WORD: Final = re.compile(r"[A-Za-z][A-Za-z0-9_\-]{5}")
PLATE: Final = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]"
    r" ?[A-HJ-NP-Za-hj-np-z][ ·•\-]?"
    r"(?=[A-Za-z]{0,4}\d)[A-HJ-NP-Za-hj-np-z0-9]{4,5}[A-HJ-NP-Za-hj-np-z0-9挂学警港澳*]"
    r"(?![A-Za-z0-9])"
)
_OCTET: Final = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
IP_ADDRESS: Final = re.compile(rf"(?<![\d.vV第]){_OCTET}(?:\.{_OCTET}){{3}}(?![\d.]*\d)")
IP_ADDRESS_6: Final = re.compile(
    r"(?<![0-9A-Fa-f:])(?:[0-9A-Fa-f]{1,4}:){7}[0-9A-Fa-f]{1,4}(?![0-9A-Fa-f:])"
)

NETWORK_CUE: Final = re.compile(r"[Ii][Pp]|网址|服务器|登录|访问|地址")

NICK: Final = re.compile(r"(?<![A-Za-z0-9*.])@[A-Za-z0-9_\-\u4e00-\u9fa5]{1,30}")
OFFICE_NICK: Final = re.compile(
    r"发布|政府|政务|公安|平安|交警|消防|[局委厅院]$|12345|热线|新闻|日报|晚报|网警|检察|法院|城管|环保|气象|共青团|微博|市长|书记"
)

# GB/T 2260: the first two digits of an identity number.
_PROVINCES: Final = frozenset(
    str(code)
    for first, last in (
        (11, 15),
        (21, 23),
        (31, 37),
        (41, 46),
        (50, 54),
        (61, 65),
        (71, 71),
        (81, 83),
    )
    for code in range(first, last + 1)
)
_ID_WEIGHTS: Final = tuple(2**power % 11 for power in range(17, 0, -1))
_ID_CHECK: Final = "10X98765432"


def is_id_18(number: str) -> bool:
    """Tell whether 18 characters are an identity number: region, date, ISO 7064 MOD 11-2."""
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], _ID_WEIGHTS, strict=True))
    return (
        number[:2] in _PROVINCES
        and _is_date(number[6:14])
        and _ID_CHECK[total % 11] == number[17].upper()
    )


def is_id_15(number: str) -> bool:
    """Tell whether 15 digits can be an identity number of the form before 1999."""
    return number[:2] in _PROVINCES and _is_date("19" + number[6:12])


def is_bank_card(number: str) -> bool:
    """Tell whether 16 to 19 digits can be a bank card: a known first digit, and Luhn's sum."""
    if number[0] not in "3456789":
        return False
    doubled = (int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(number)))
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def _is_date(digits: str) -> bool:
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return True
