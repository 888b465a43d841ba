"""The tone of a reply: warm or cold words on top of its courtesy.

A lexicon of our own (domain notes of 2026; agencies are rarely rude, so that no labelled set
could teach it). It hears wording, not justice: a harsh truth politely told is no hostile reply.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from gov_sentiment.model.hashing import code_points

HOSTILE: Final = {
    phrase: weight
    for weight, phrases in (
        (
            -1.0,
            "无理取闹 胡搅蛮缠 吃饱了撑 吃饱了没事 关你什么事 关你屁事 爱找谁找谁 爱去哪告 "
            "随便你告 随便告 没时间跟你 闲扯 有病吧 神经病 脑子有 活该 闭嘴 刁民 少废话 废话",
        ),
        (
            -0.6,
            "注意你的言辞 恶意投诉 恶意举报 你自己不看 自己不会看 不识好歹 不知足 贪得无厌 "
            "别再投诉 不要再投诉 不要再来 再投诉也没用 想多了 素质低 素质太差 你以为你是 管得着 "
            "自作自受 自讨苦吃 莫名其妙 小题大做 大惊小怪",
        ),
        (-0.3, "请自重 请勿造谣 追究你的 纯属捏造 纯属污蔑 没事找事 强词夺理 与我无关 不归我管"),
    )
    for phrase in phrases.split()
}
WARM: Final = {
    phrase: weight
    for weight, phrases in (
        (
            0.4,
            "深表歉意 诚挚歉意 诚恳道歉 表示歉意 向您道歉 十分抱歉 非常抱歉 理解您的心情 感同身受 "
            "给您带来的不便 给您造成的不便 十分理解 非常理解 充分理解",
        ),
        (0.15, "感谢您 谢谢您 衷心感谢 祝您 欢迎您"),
    )
    for phrase in phrases.split()
}
_COURTESY_WEIGHT: Final = 0.6
_END: Final = "\n"  # between two replies; no phrase has it
_BY_START: Final = {
    start: tuple(phrase for phrase in (*HOSTILE, *WARM) if phrase.startswith(start))
    for start in sorted({phrase[:2] for phrase in (*HOSTILE, *WARM)})
}
_FIRST, _SECOND = np.zeros((2, 0x10000), dtype=bool)
_FIRST[[ord(start[0]) for start in _BY_START]] = True
_SECOND[[ord(start[1]) for start in _BY_START]] = True


def reply_tone(
    replies: Sequence[str | None], courtesy: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Return the tone of each reply in [−1, 1], 0 for formula alone.

    tone = 0.6 · (courtesy − 1) + Σ weights of the phrases that occur, each once; any hostile
    phrase outweighs the warm ones, as formula does not mend an insult.
    """
    warm = np.zeros(len(replies))
    cold = np.zeros(len(replies))
    for row, phrases in _phrases_of_all(replies).items():
        # In one order, so that the sum has the same digits in every process.
        for phrase in sorted(phrases):
            cold[row] += HOSTILE.get(phrase, 0.0)
            warm[row] += WARM.get(phrase, 0.0)
    tone = _COURTESY_WEIGHT * (courtesy - 1.0) + np.minimum(warm, 0.6)
    return np.round(np.clip(np.where(cold < 0, cold, tone), -1.0, 1.0), 6)


def _phrases_of_all(replies: Sequence[str | None]) -> dict[int, set[str]]:
    """Return the phrases that occur, by the row of their reply.

    One look at the code points of the batch leaves the few places where a phrase may begin.
    """
    filled = [reply or "" for reply in replies]
    joined = _END.join(filled)
    codes = code_points(joined)
    likely = _FIRST.take(codes[:-1], mode="clip") & _SECOND.take(codes[1:], mode="clip")
    places = np.flatnonzero(likely)
    ends = np.cumsum(np.fromiter(map(len, filled), dtype=np.int64, count=len(filled)) + 1)
    rows = np.searchsorted(ends, places, side="right")
    found: dict[int, set[str]] = {}
    for place, row in zip(places.tolist(), rows.tolist(), strict=True):
        for phrase in _BY_START.get(joined[place : place + 2], ()):
            if joined.startswith(phrase, place):
                found.setdefault(row, set()).add(phrase)
    return found


def tone_phrases(reply: str) -> tuple[tuple[str, float], ...]:
    """Return the phrases of tone in a reply with their weights."""
    return tuple((p, w) for p, w in (*HOSTILE.items(), *WARM.items()) if p in reply)
