"""Sentences of Chinese official and citizen text, with their place in it."""

from __future__ import annotations

import re
from typing import Final

# A closing quotation mark or bracket belongs to the sentence that it closes.
_END: Final = re.compile(r"(?:[。！？!?；;]|…{1,2})+[”’」』）)\]]*|\n+")


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Return (start, end) of each sentence; together they cover all but blank stretches."""
    spans, start = [], 0
    for match in _END.finditer(text):
        if text[start : match.end()].strip():
            spans.append((start, match.end()))
        start = match.end()
    if text[start:].strip():
        spans.append((start, len(text)))
    return spans


def split_sentences(text: str) -> list[str]:
    """Return the sentences of `text` without the white space around them."""
    return [text[start:end].strip() for start, end in sentence_spans(text)]
