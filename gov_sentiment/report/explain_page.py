"""One exchange on a page: its texts with the evidence highlighted, and each score's reasons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from gov_sentiment.exchange import TARGET_NAMES
from gov_sentiment.model.attribution import Reason
from gov_sentiment.model.sentence_roles import SentenceRole
from gov_sentiment.report.features import chinese_features
from gov_sentiment.report.html import render
from gov_sentiment.report.words import CLASSES, FLAGS, ROLES, RULES
from gov_sentiment.scoring.explain import DECIDING, Explanation, ScoreExplanation
from gov_sentiment.text import find_personal, redact
from gov_sentiment.text.redact import MARKS

_REASONS: Final = 8
_OF_POST: Final = frozenset({"sentiment", "intent"})
# Words of these scores are marked in the reply; the dimensions' would cover it whole.
_OF_REPLY: Final = frozenset({"reply_type", "quality"})
_SIDES: Final = {"post": ("留言", "post"), "reply": ("答复", "reply")}
KINDS: Final = {
    "word": ("词", "word"),
    "sentence": ("句", "sentence"),
    "feature": ("特征", "feature"),
    "base": ("基础模型", "base model"),
    "together": ("合起来", "together"),
    "start": ("起点", "start"),
}


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text as shown.

    mark: "for" (a word that speaks for the score), "against", "rule" (a flag's sign) or "".
    why: what the mark is about, for readers who point at it.
    """

    text: str
    mark: str
    why: str


def write_explain_page(
    explanation: Explanation, row: Mapping[str, Any], path: str | Path, lang: str = "zh"
) -> None:
    """Write one exchange's page as an HTML file that needs no network; personal data is redacted.

    Args:
        explanation: what `explain_exchange` returned for the row.
        row: the exchange's columns by name.
        path: the file to write.
        lang: the language that the page opens in; it holds both.
    """
    Path(path).write_text(render_explain_page(explanation, row, lang), encoding="utf-8")


def render_explain_page(explanation: Explanation, row: Mapping[str, Any], lang: str = "zh") -> str:
    """Return the page's HTML."""
    post, reply = row.get("post_text") or "", row.get("reply_text") or ""
    hits = [(hit.start, hit.end, "rule", _flag(hit.flag)) for hit in explanation.flags]
    return render(
        "explain.html.j2",
        lang,
        scripts=("settings.js",),
        data={},
        exchange_id=explanation.exchange_id,
        agency=row.get("agency") or "",
        title=redact(row.get("post_title") or ""),
        post=marked(post, _words(post, explanation.scores, _OF_POST)),
        reply=marked(reply, [*hits, *_words(reply, explanation.scores, _OF_REPLY)], reply=True),
        hits=[
            (_flag(hit.flag), (RULES.get(hit.rule, hit.rule), hit.rule))
            for hit in explanation.flags
        ],
        flags=[_flag(flag) for flag in row.get("flags") or ()],
        scores=[_score(score) for score in explanation.scores],
        sentences=[_sentence(sentence) for sentence in explanation.sentences],
    )


def _flag(name: str) -> tuple[str, str]:
    return FLAGS.get(name, (name, name))


def _class(name: str | None) -> tuple[str, str]:
    return CLASSES.get(name or "", (name or "–", name or "–"))


def _score(score: ScoreExplanation) -> dict[str, Any]:
    top = score.top(_REASONS)
    most = max((abs(reason.weight) for reason in top), default=1.0) or 1.0
    return {
        "name": TARGET_NAMES.get(score.target, (score.target, score.target)),
        "label": _class(score.label) if score.label else None,
        "against": _class(score.against) if score.against else None,
        "score": score.score,
        "total": score.total,
        "moved": score.moved,
        "reasons": [
            {
                "kind": KINDS.get(reason.kind, (reason.kind, reason.kind)),
                "text": _named(reason),
                "weight": reason.weight,
                "width": round(100 * abs(reason.weight) / most),
            }
            for reason in top
        ],
    }


def _named(reason: Reason) -> tuple[str, str]:
    """Return a feature's name in both languages; a text's own words are never renamed."""
    if reason.kind == "feature":
        return chinese_features().get(reason.text, reason.text), reason.text
    text = redact(reason.text) or "–"
    return text, text


def _sentence(sentence: SentenceRole) -> dict[str, Any]:
    return {
        "side": _SIDES[sentence.side],
        "role": ROLES[sentence.role],
        "likelihood": sentence.likelihood,
        "decides": sentence.decides >= DECIDING,
        "text": redact(sentence.text, reply=sentence.side == "reply"),
    }


Mark = tuple[int, int, str, tuple[str, str]]


def _words(text: str, scores: Iterable[ScoreExplanation], targets: frozenset[str]) -> list[Mark]:
    """Return where the weightiest words of these scores stand in a text."""
    marks: list[Mark] = []
    for score in scores:
        if score.target not in targets:
            continue
        zh, en = TARGET_NAMES[score.target]
        for reason in score.top(_REASONS):
            if reason.kind != "word" or not reason.text.strip() or len(reason.text.strip()) < 2:
                continue
            why = (f"{zh} {reason.weight:+.2f}", f"{en} {reason.weight:+.2f}")
            mark = "for" if reason.weight > 0 else "against"
            start = text.find(reason.text)
            while start >= 0:
                marks.append((start, start + len(reason.text), mark, why))
                start = text.find(reason.text, start + len(reason.text))
    return marks


def marked(text: str, marks: Iterable[Mark], *, reply: bool = False) -> list[Piece]:
    """Return a text in pieces, marked and redacted; joined, they are the redacted text.

    Where marks overlap, the first one counts: flags go before words.
    """
    owner: list[Mark | None] = [None] * len(text)
    for mark in marks:
        for place in range(mark[0], min(mark[1], len(text))):
            owner[place] = owner[place] or mark
    pieces: list[Piece] = []
    done = 0
    for span in find_personal(text, reply=reply):
        pieces += _pieces(text, owner, done, span.start)
        pieces.append(Piece(MARKS[span.kind], "", ""))
        done = span.end
    return pieces + _pieces(text, owner, done, len(text))


def _pieces(text: str, owner: list[Mark | None], start: int, end: int) -> list[Piece]:
    pieces = []
    while start < end:
        stop = start
        while stop < end and owner[stop] is owner[start]:
            stop += 1
        mark = owner[start]
        why = " / ".join(mark[3]) if mark else ""
        pieces.append(Piece(text[start:stop], mark[2] if mark else "", why))
        start = stop
    return pieces
