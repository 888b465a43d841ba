"""Strings → tokens, sentences, parts of a reply; redaction of personal data."""

from gov_sentiment.text.redact import find_personal, redact
from gov_sentiment.text.reply_parts import ReplyParts, split_reply
from gov_sentiment.text.sentences import sentence_spans, split_sentences
from gov_sentiment.text.tokenizer import Tokenizer

__all__ = [
    "ReplyParts",
    "Tokenizer",
    "find_personal",
    "redact",
    "sentence_spans",
    "split_reply",
    "split_sentences",
]
