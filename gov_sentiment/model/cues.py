"""What the sentences of a reply do, and what a post asks for: cues that travel between places.

Words of one message board say little about another's; "已…整改", "将…尽快", "请联系", "为什么" say
the same everywhere. A cue is one character or two, so that a batch is searched in a few look-ups
of its code points. Cues become roles of whole sentences (a sentence resolves where "already" and
a deed meet), and roles become counts, shares and places.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import numpy.typing as npt

from gov_sentiment.model.features import BODY, HEAD, N_PARTS, POST, TITLE, Parts

Float = npt.NDArray[np.float64]
Bits = npt.NDArray[np.uint32]

_SIGNS: Final[Mapping[str, str]] = {
    "already": "已 均 现",
    "deed": "完成 整改 处理 解决 修复 恢复 清理 更换 拆除 到位 办结 发放 退还 安装 清除 关停 处罚 "
    "竣工 开通 更正 修改",
    "future": "将于 将在 将会 将继 将进 将督 将加 将尽 将对 将持 将按 尽快 预计 计划 下一 届时 "
    "年底 月底 力争 拟",
    "referral": "转交 转办 转至 转由 转送 请联 请咨 请拨 请前 请向 请到 不属 建议 主管 职责",
    "ground": "根据 依据 按照 《 规定 条例 办法 属于 原因 由于 因为 目前 标准",
    "finding": "经核 经了 经调 经查 经现 执法 现场 核实",
    "refusal": "不予 无法 不能 不符 不具 暂无 未发 不存 尚未 没有",
    "courtesy": "感谢 谢谢 收悉 高度 祝您 歉意 抱歉 理解 支持 监督 关注",
    "request": "请提 请补 请告 请留 请来 具体 未提 系不 无人 私信",
    "office": "局 委 办 镇 街道 公司 部门 中心 大队 支队 物业 社区",
    "acting": "已 将 表示 要求 责令 督促 组织 进行",
    "date": "0月 0日 0年 小时 工作 年底 近期 本周",
    "greeting": "您好 你好",
    "gratitude": "感谢 谢谢 多谢",
    "wish": "祝您 祝你 祝愿",
    "apology": "歉意 抱歉 道歉 致歉 对不",
    "pardon": "谅解 见谅",
    "empathy": "解您 解你 深感 心情 焦急 着急 困扰 不便",
    "welcome": "欢迎",
    "please": "敬请 恳请",
    "support": "支持",
    "receipt": "收悉 收到",
    "honour": "尊敬 敬爱 辛苦 热爱 关心",
    "appreciation": "宝贵 中肯 好的",
    "ask": "? 请问 咨询 想问 怎么 如何 是否 什么 何时 多久 能不 可否 哪里",
    "blame": "乱收 不作 违法 违规 违建 欺骗 拖欠 推诿 扰民 黑心 霸王 强行 不管 投诉 举报 坑 骗 乱",
    "plea": "求助 帮忙 帮助 希望 恳请 请求 解决 盼",
    "proposal": "建议 提议 应该 可以 能否",
    "thanks": "感谢 点赞 表扬 致谢 辛苦",
    "grievance": "没有 不能 不到 没人 无人 一直 至今 多次 严重 影响 难 恶臭 漏 堵 坏",
    "urging": "强烈 必须 到底 为什 凭什 何时",
    "self": "我家 本人 我们 我的 我是",
}
_BIT: Final = {name: index for index, name in enumerate(_SIGNS)}
_POST_SIGNS: Final = (
    "ask", "blame", "plea", "proposal", "thanks", "grievance", "urging", "self",
)  # fmt: skip
# Said by way of greeting and closing, which are no part of a reply's body.
_COURTESIES: Final = (
    "greeting", "gratitude", "wish", "apology", "pardon", "empathy", "welcome", "please", "support",
    "receipt", "honour", "appreciation",
)  # fmt: skip
# Roles of a sentence: those signs all occur in it. The first six are substance.
_ROLES: Final[Mapping[str, tuple[str, ...]]] = {
    "resolves": ("already", "deed"),
    "promises": ("future",),
    "refers": ("referral",),
    "explains": ("ground",),
    "reports": ("finding",),
    "refuses": ("refusal",),
    "is_polite": ("courtesy",),
    "asks_back": ("request",),
    "names_actor": ("office", "acting"),
    "dates": ("date",),
}
_N_SUBSTANCE: Final = 6
_TAIL: Final = 60
_SHORTEST: Final = 5
"""Code points of a sentence with its end; shorter ones do nothing."""

POST_CUE_NAMES: Final = tuple(
    f"{sign}_{place}" for place in ("title", "post", "post_end") for sign in _POST_SIGNS
)
REPLY_CUE_NAMES: Final = (
    *(f"{role}_{what}" for what in ("count", "share", "place", "last") for role in _ROLES),
    "substance_share",
    *(f"{sign}_reply" for sign in _COURTESIES),
)


def _tables() -> tuple[Bits, npt.NDArray[np.int32], npt.NDArray[np.int32], Bits]:
    """Return signs of single characters; places of first and second characters; pairs' signs."""
    single = np.zeros(0x10000, dtype=np.uint32)
    cues = [(cue, 1 << _BIT[name]) for name, line in _SIGNS.items() for cue in line.split()]
    pairs = [(cue, bit) for cue, bit in cues if len(cue) == 2]
    sides = [sorted({cue[side] for cue, _ in pairs}) for side in (0, 1)]
    places = [np.zeros(0x10000, dtype=np.int32) for _ in sides]
    for place, side in zip(places, sides, strict=True):
        place[[ord(character) for character in side]] = np.arange(1, len(side) + 1)
    table = np.zeros((len(sides[0]) + 1, len(sides[1]) + 1), dtype=np.uint32)
    for cue, bit in cues:
        if len(cue) == 1:
            single[ord(cue)] |= bit
        else:
            table[places[0][ord(cue[0])], places[1][ord(cue[1])]] |= bit
    return single, places[0] * np.int32(table.shape[1]), places[1], table.ravel()


_SINGLE, _FIRST, _SECOND, _PAIRS = _tables()


def signs(parts: Parts) -> Bits:
    """Return the signs that begin at each code point, one bit each, shape (n_codes,)."""
    found = _SINGLE.take(parts.codes, mode="clip")
    pair = _FIRST.take(parts.codes[:-1], mode="clip") + _SECOND.take(parts.codes[1:], mode="clip")
    found[:-1] |= _PAIRS.take(pair)
    return found


def post_cues(parts: Parts, found: Bits) -> Float:
    """Return whether the title has each sign, how often the post, and whether the post's end.

    Args:
        parts: the batch.
        found: from `signs`.

    Shape (n_rows, len(POST_CUE_NAMES)).
    """
    place = np.flatnonzero(found >> np.uint32(_BIT[_POST_SIGNS[0]]))
    part = parts.part[place]
    row, kind = np.divmod(part, N_PARTS)
    late = place >= (parts.starts + parts.lengths)[part] - _TAIL
    wanted = [kind == TITLE, kind == POST, (kind == POST) & late]
    has = [found[place] >> np.uint32(_BIT[sign]) & np.uint32(1) > 0 for sign in _POST_SIGNS]
    counts = [
        np.bincount(row[own & where], minlength=parts.n_rows) for where in wanted for own in has
    ]
    result = np.minimum(np.column_stack(counts), 1).astype(np.float64)
    n = len(_POST_SIGNS)
    result[:, n : 2 * n] = np.log1p(np.column_stack(counts[n : 2 * n]))
    return result


def reply_cues(parts: Parts, found: Bits) -> Float:
    """Return the roles of the sentences of each reply's body, and the courtesies of all of it.

    Of each role: the count of its sentences, log(1 + n); their share of the length; the place of
    the last, 1 at the end; whether the last sentence of substance has it. Then the share of
    sentences with substance, and how often each courtesy is said, log(1 + n).

    Args:
        parts: the batch.
        found: from `signs`.

    Shape (n_rows, len(REPLY_CUE_NAMES)).
    """
    begin = np.flatnonzero(np.append(True, parts.sentence[1:] != parts.sentence[:-1]))
    length = np.diff(np.append(begin, len(parts.codes)))
    inside = np.bitwise_or.reduceat(found, begin)
    body = parts.part[begin] % N_PARTS == BODY
    row = parts.part[begin[body]] // N_PARTS
    length, inside = length[body], inside[body]
    counted = length >= _SHORTEST
    # Every part ends in a separator, so that every row has a sentence here, if an empty one.
    first = np.searchsorted(row, np.arange(parts.n_rows))
    n_before = np.cumsum(counted) - counted
    n_counted = np.maximum(np.add.reduceat(counted.astype(np.int64), first), 1)
    place = (n_before - n_before[first][row] + 1) / n_counted[row]
    roles = np.column_stack([_has(inside, names) & counted for names in _ROLES.values()])
    sized = (length * counted)[:, None]
    total = np.maximum(np.add.reduceat(sized, first, axis=0), 1)
    substance = roles[:, :_N_SUBSTANCE].any(axis=1)
    last = np.maximum.reduceat(np.where(substance, np.arange(len(row)), -1), first)
    return np.column_stack(
        [
            np.log1p(np.add.reduceat(roles.astype(np.int64), first, axis=0)),
            np.add.reduceat(roles * sized, first, axis=0) / total,
            np.maximum.reduceat(roles * place[:, None], first, axis=0),
            roles[last] & (last >= 0)[:, None],
            np.add.reduceat(substance.astype(np.int64), first) / n_counted,
            _courtesies(parts, found),
        ]
    )


def _courtesies(parts: Parts, found: Bits) -> Float:
    first = _BIT[_COURTESIES[0]]
    place = np.flatnonzero(found >> np.uint32(first) & np.uint32((1 << len(_COURTESIES)) - 1))
    row, kind = np.divmod(parts.part[place], N_PARTS)
    place, row = place[kind >= HEAD], row[kind >= HEAD]
    counts = [
        np.bincount(row[_has(found[place], (sign,))], minlength=parts.n_rows)
        for sign in _COURTESIES
    ]
    return np.log1p(np.column_stack(counts))


def _has(inside: Bits, names: tuple[str, ...]) -> npt.NDArray[np.bool_]:
    wanted = np.uint32(sum(1 << _BIT[name] for name in names))
    result: npt.NDArray[np.bool_] = inside & wanted == wanted
    return result
