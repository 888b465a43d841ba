"""The parts of an official reply: greeting, restated post, substance, closing formula.

Agencies greet, repeat what the citizen wrote, answer, and close with thanks. Only the third
part says whether anything was answered; rules and models look there first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_GREETING: Final = re.compile(
    r"\s*(?:(?:信访事项)?(?:处理意见书|答复意见书|简复告知书|告知书|回复函|答复函)\s*)?"
    r"[“”\"'‘’]*(?:尊敬的|亲爱的|致)?[^，。：:！!,;；\n]{0,18}?[“”\"'’]*[，,：:！!\s]*"
    r"(?:您|你|大家)好[\s，,。：:！!～~]*|\s*(?:尊敬的)?[^，。：:！!,;；\n]{0,14}"
    r"(?:先生|女士|同志|网友|市民|网民|朋友|用户)(?:/女士)?[：:，,]\s*"
)


def _either(*patterns: str) -> re.Pattern[str]:
    # Where every alternative begins with a fixed character, `re` jumps from one such character to
    # the next, many times as fast as trying each place: so no group of choices comes first.
    return re.compile("|".join(patterns))


# The words with which a reply leaves the restated post behind.
_ANSWERS: Final = [
    "答复",
    "回复",
    "回答",
    "说明",
    "告知",
    "反馈",
    "解答",
    "处理意见",
    "处理情况",
    "情况",
]
_STOP: Final = r"了?(?:[，,。；;！!]|\s|$)+"
_TURN: Final = _either(
    *(rf"{word}(?:意见)?如下(?:[：:，,。]|\s)*" for word in _ANSWERS),
    *(rf"{word}(?:经|由[^，。；\n]{{1,8}})?(?:收悉|获悉|收到|受理){_STOP}" for word in "已均业"),
    rf"收悉{_STOP}",
    rf"我[^，。；\n]{{0,6}}已知悉{_STOP}",
)
_THANKS: Final = (
    r"(?:您|你|广大|市民|网友|大家)?[^。！!\n]{0,60}?"
    r"(?:支持|关注|关心|理解|监督|配合|信任|来信|留言|反馈|建议|参与|厚爱|提醒)"
)
_CLOSING: Final = _either(
    *(
        rf"{word}[，,]?(?:感谢|谢谢){_THANKS}"
        for word in ("再次", "最后", "衷心", "非常", "同时", "也")
    ),
    f"感谢{_THANKS}",
    f"谢谢{_THANKS}",
    *(
        f"{word}(?:予以)?(?:理解|谅解|支持|监督)[。！!]"
        for word in ("敬请", "请您?", "望您?", "恳请您?")
    ),
    r"特此(?:回复|答复|告知|说明|函复)",
    "此复",
    r"祝(?:您|你|愿|大家)?[^。！!\n]{0,20}(?:愉快|健康|幸福|顺利|如意|吉祥|安康)",
    *(
        rf"{word}(?:您|你)?(?:还)?(?:有|对)[^。！!\n]{{0,24}}(?:疑问|问题|异议|不明)[^。！!\n]{{0,60}}"
        for word in "如若"
    ),
    r"欢迎(?:您|你|大家)?[^。！!\n]{0,24}(?:监督|来电|咨询|关注|批评)",
)
_DATE_AT_END: Final = re.compile(
    r"(?:20\d\d|[二〇○零一]{4})\s*[年.\-/]\s*[\d一二三四五六七八九十]{1,2}"
    r"\s*[月.\-/]\s*[\d一二三四五六七八九十]{1,3}\s*日?\s*$"
)
# Read backwards from the date: searching it forwards would try every place before.
_SIGNER_BACKWARDS: Final = re.compile(r"\s*[一-鿿A-Z0-9（）()]{0,32}\s*")
_LATEST_TURN: Final = 0.75  # of the reply; a turn behind it introduces no answer
_LONGEST_RESTATED: Final = 260
_FORMULA_REST: Final = 12  # characters behind a closing formula: "与理解", "！祝好"
_NOT_WORDS: Final = re.compile(r"[\s，。！!,.；;~～”\"、]")
_VERB: Final = re.compile(r"[将会已可需请拟]|研究|办理|处理|解决|正在")


@dataclass(frozen=True, slots=True)
class ReplyParts:
    """Spans (start, end) of characters in the reply; the closing reaches to its end.

    greeting_end: where the greeting ends (0 without one).
    restated_span: the post as the reply repeats it, None where it does not.
    body_span: what is left, the substance; empty for pure formula.
    """

    text: str
    greeting_end: int
    restated_span: tuple[int, int] | None
    body_span: tuple[int, int]

    @property
    def greeting(self) -> str:
        """The greeting as written."""
        return self.text[: self.greeting_end]

    @property
    def restated(self) -> str:
        """The restated post, "" where there is none."""
        return "" if self.restated_span is None else self.text[slice(*self.restated_span)]

    @property
    def body(self) -> str:
        """The substance of the reply."""
        return self.text[slice(*self.body_span)]

    @property
    def closing(self) -> str:
        """Courtesy and signature behind the substance."""
        return self.text[self.body_span[1] :]


def split_reply(text: str) -> ReplyParts:
    """Return the parts of a reply.

    Conservative: what is not surely formula counts as substance.
    """
    greeting = _GREETING.match(text)
    start = greeting.end() if greeting else 0
    end = _strip_end(text, start)
    restated = _restated(text, start, end)
    body_start = restated[1] if restated else start
    return ReplyParts(text, start, restated, (min(body_start, end), end))


def _restated(text: str, start: int, end: int) -> tuple[int, int] | None:
    last = None
    limit = start + min((len(text) - start) * _LATEST_TURN + 24, _LONGEST_RESTATED)
    for match in _TURN.finditer(text, start, end):
        if match.end() > limit:
            break
        last = match
    return (start, last.end()) if last else None


def _strip_end(text: str, start: int) -> int:
    """Return where the closing formula begins."""
    end = len(text.rstrip())
    floor = max(start, end - 70)
    date = _DATE_AT_END.search(text, floor, end)
    if date:
        before = text[floor : date.start()][::-1]
        signer = _SIGNER_BACKWARDS.match(before)
        end = date.start() - (signer.end() if signer else 0)
    moved = True
    while moved:
        moved = False
        for match in _CLOSING.finditer(text, max(start, end - 130), end):
            # A formula closes the reply only where nothing but formula and stops follow it.
            rest = text[match.end() : end]
            if len(_NOT_WORDS.sub("", rest)) <= _FORMULA_REST and not _VERB.search(rest):
                begin = _clause_start(text, match.start(), start)
                end, moved = begin, begin < end
                break
    return max(end, start)


def _clause_start(text: str, position: int, floor: int) -> int:
    for mark in range(position - 1, floor - 1, -1):
        if text[mark] in "，。！!；;\n \u3000":
            return mark + 1
    return floor
