"""What each sentence of an exchange does, as the encoder reads it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from gov_sentiment.model.classifier import TextModel
from gov_sentiment.model.encoder import POST_ROLES, REPLY_ROLES
from gov_sentiment.model.layout import known_words, sentences_read
from gov_sentiment.model.prepare import prepare


@dataclass(frozen=True, slots=True)
class SentenceRole:
    """A sentence and its likeliest role.

    text: folded as the model reads it, digits as 0.
    likelihood: of the role, in [0, 1].
    decides: how much the whole text turns on this sentence; a text's sentences sum to 1.
    """

    side: Literal["post", "reply"]
    text: str
    role: str
    likelihood: float
    decides: float


def sentence_roles(
    model: TextModel, title: str | None, post: str | None, reply: str | None
) -> tuple[SentenceRole, ...]:
    """Return the sentences of an exchange in their order; none for a model without encoder."""
    found: list[SentenceRole] = []
    if not model.encoders:
        return ()
    encoder = model.encoders[0]
    parts = prepare([title], [post], [reply])
    ids = known_words(parts, encoder.words)
    sides: tuple[tuple[Literal["post", "reply"], tuple[str, ...]], ...] = (
        ("post", POST_ROLES),
        ("reply", REPLY_ROLES),
    )
    for side, names in sides:
        text = encoder.post if side == "post" else encoder.reply
        sentences = sentences_read(parts, text.kinds, text.longest)
        roles, decides = text.sentence_roles(text.lay_out(parts, ids))
        found += [
            SentenceRole(side, sentence, names[int(row.argmax())], float(row.max()), float(share))
            for sentence, row, share in zip(sentences, roles, decides, strict=False)
            if sentence
        ]
    return tuple(found)
