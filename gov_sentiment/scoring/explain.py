"""Why an exchange got its scores: words, sentences and rules, with weights that add up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np

from gov_sentiment.exchange import TARGET_NAMES
from gov_sentiment.model.attribution import Reason, attribute
from gov_sentiment.model.metrics import UNCERTAIN_LEAD, lead
from gov_sentiment.model.sentence_roles import SentenceRole, sentence_roles
from gov_sentiment.model.shown import Called, pad
from gov_sentiment.model.targets import Target
from gov_sentiment.scoring.checks.rules import Hit, ReplyView, body_span, row_hits
from gov_sentiment.scoring.scorer import Scorer
from gov_sentiment.scoring.tone import tone_phrases

Language = Literal["zh", "en"]
_SENTENCES: Final = (
    "各句的作用（★ 为起决定作用的句子）：",
    "What each sentence does (★: the text turns on it):",
)
_DECIDES: Final = "★"
DECIDING: Final = 0.5
"""The share of a text from which on a sentence is called the one that it turns on."""
_SHOWN: Final = 0.005
"""What two decimals show of a difference."""
_UNCERTAIN: Final = ("（不确定）", " (uncertain)")


@dataclass(frozen=True)
class ScoreExplanation:
    """One score and its reasons.

    score: the label's probability, or the expected value. against: the second likeliest label,
    which a label's reasons are weighed against; None for a scale. uncertain: whether the label
    leads that one by less than `UNCERTAIN_LEAD`.
    total: the log-odds of label against the other, or the value before it is cut to the scale
    and brought to a bin; the weights of `reasons` add up to it.
    """

    target: str
    label: str | None
    score: float
    against: str | None
    uncertain: bool
    total: float
    reasons: tuple[Reason, ...]

    @property
    def moved(self) -> bool:
        """Whether the score is not the total itself: cut to the scale, or brought to a bin."""
        return self.label is None and abs(self.score - self.total) >= _SHOWN

    def top(self, n: int = 8) -> tuple[Reason, ...]:
        """Return the n weightiest reasons but the model's starting point."""
        told = [reason for reason in self.reasons if reason.kind != "start"]
        return tuple(sorted(told, key=lambda reason: -abs(reason.weight))[:n])


@dataclass(frozen=True)
class Explanation:
    """All scores of an exchange, the flags that it shows by itself, and phrases of tone.

    sentences: what each sentence does; the scores' reasons hold what that weighs.
    """

    exchange_id: str
    scores: tuple[ScoreExplanation, ...]
    flags: tuple[Hit, ...]
    tone: tuple[tuple[str, float], ...]
    sentences: tuple[SentenceRole, ...] = ()

    def as_text(self, lang: Language = "zh", n: int = 8, called: Called = str) -> str:
        """Return the explanation for a terminal; the caller redacts it.

        Args:
            lang: the language of the scores' names.
            n: reasons to show for each score.
            called: gives what people call a class, kind of reason, feature, flag or rule.
        """
        lines = [self.exchange_id]
        for score in self.scores:
            name = TARGET_NAMES.get(score.target, (score.target, score.target))[lang == "en"]
            shown = f"{score.score:.2f}"
            if score.label:
                shown = f"{called(score.label)} ({shown})"
            beside = f" ← {called(score.against)}" if score.against else ""
            doubt = _UNCERTAIN[lang == "en"] if score.uncertain else ""
            moved = f" → {shown}" if score.moved else ""
            lines.append(f"{name}: {shown}{beside}{doubt}  Σ {score.total:+.3f}{moved}")
            lines += [_line(reason, called) for reason in score.top(n)]
        lines += [f"{called(hit.flag)}: {called(hit.rule)}" for hit in self.flags]
        lines += [f"  {weight:+.2f}  {phrase}" for phrase, weight in self.tone]
        if self.sentences:
            lines.append(_SENTENCES[lang == "en"])
            lines += [
                f"  {pad(called(sentence.side), 6)} {pad(called(sentence.role), 13)} "
                f"{pad(_DECIDES if sentence.decides >= DECIDING else '', 2)} {sentence.text}"
                for sentence in self.sentences
            ]
        return "\n".join(lines)


def _line(reason: Reason, called: Called) -> str:
    """Return a reason's line; words and sentences are the texts' own and never renamed."""
    text = called(reason.text) if reason.kind == "feature" else reason.text
    return f"  {reason.weight:+.3f}  {pad(called(reason.kind), 8)} {text}".rstrip()


def explain_exchange(scorer: Scorer, row: Mapping[str, Any]) -> Explanation:
    """Return what made the scores of one exchange.

    Args:
        scorer: the one that scored it.
        row: the exchange's columns by name; score columns are not needed.
    """
    title, post, reply = (row.get(name) for name in ("post_title", "post_text", "reply_text"))
    answered = bool(reply and str(reply).strip())
    model = scorer.model
    predicted = model.predict([title], [post], [reply])
    scores = [
        _explain(scorer, target, predicted[target.name].scores[0], (title, post, reply))
        for target in model.targets
        if answered or target.text == "post"
    ]
    flags: tuple[Hit, ...] = ()
    tone: tuple[tuple[str, float], ...] = ()
    if answered:
        labels = {name: predicted[name].labels[0] for name in ("intent", "reply_type")}
        flags = tuple(row_hits(_view(row, labels)))
        tone = tone_phrases(str(reply))
    sentences = sentence_roles(model, title, post, reply)
    return Explanation(str(row.get("exchange_id") or ""), tuple(scores), flags, tone, sentences)


def _explain(
    scorer: Scorer,
    target: Target,
    scores: np.ndarray[Any, np.dtype[np.float64]],
    texts: tuple[str | None, str | None, str | None],
) -> ScoreExplanation:
    if target.nominal:
        order = np.argsort(-scores, kind="stable")
        best, second = int(order[0]), int(order[1])
        reasons = attribute(scorer.model, target, texts, best, second)
        label, against = target.classes[best], target.classes[second]
    else:
        best, label, against = 0, None, None
        reasons = attribute(scorer.model, target, texts, 0, None)
    total = float(sum(reason.weight for reason in reasons))
    uncertain = target.nominal and bool(lead(scores[None, :])[0] < UNCERTAIN_LEAD)
    return ScoreExplanation(
        target.name, label, float(scores[best]), against, uncertain, total, reasons
    )


def _view(row: Mapping[str, Any], labels: Mapping[str, str]) -> ReplyView:
    reply = str(row["reply_text"])
    start, end = body_span(reply)
    return ReplyView(
        post=f"{row.get('post_title') or ''}\n{row.get('post_text') or ''}",
        reply=reply,
        body_start=start,
        body_end=end,
        post_intent=labels["intent"],
        reply_type=labels["reply_type"],
        status=row.get("status"),
        posted_at=row.get("posted_at"),
        replied_at=row.get("first_replied_at"),
    )
