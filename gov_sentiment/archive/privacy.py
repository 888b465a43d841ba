"""Columns that hold personal data: dropped on read, or kept as a keyed hash.

A header is judged by its name alone, never by looking at people's values. The hash is
BLAKE2b with a key made anew for each run, so the same person gets the same token within
a run and nobody can compare two runs, or try names until one fits (domain notes §6).
"""

from __future__ import annotations

import hashlib
import re
import secrets
import unicodedata
from collections.abc import Iterable
from importlib import resources
from typing import Final, Literal

Protection = Literal["drop", "hash", "keep"]

TOKEN_PREFIX: Final = "人"  # shown where a name stood, so that nobody takes it for an account name
_TOKEN_BYTES: Final = 8


def _listed() -> frozenset[str]:
    text = (resources.files("gov_sentiment.archive") / "data" / "personal_headers.txt").read_text(
        encoding="utf-8"
    )
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return frozenset(word for line in lines for word in line.split())


_PERSONAL: Final = _listed()

# What is left of a header that no list names: a cue that it is about a person, at its end.
_PERSONAL_END: Final = re.compile(
    r"(?:姓名|手机号?码?|电话号?码?|身份证号?码?|证件号码?|住址|昵称|邮箱|微信号|车牌号码?"
    r"|phone|mobile|nickname|id_?card|e_?mail)$"
)
# Lines that belong to an office are evidence of its service, not somebody's data.
_OFFICE: Final = re.compile(r"单位|部门|机关|办公|窗口|热线|承办|受理员|office|dept|agency|hotline")

# Which of the personal columns tells one person from another, best first.
_AUTHOR_ORDER: Final = (
    "user_id",
    "userid",
    "uid",
    "用户id",
    "身份证号",
    "身份证号码",
    "手机号码",
    "手机号",
    "联系电话",
    "来电人电话/账号",
    "来电号码",
    "求助号码",
    "contactphone",
    "留言用户",
    "username",
    "user_name",
    "nickname",
    "user_screen_name",
    "用户昵称",
    "昵称",
    "来电人",
    "信访人",
    "写信人",
    "姓名",
    "contactname",
    "replyname",
)

_SPACES = re.compile(r"\s+")


def _fold(header: str) -> str:
    return _SPACES.sub("", unicodedata.normalize("NFKC", header)).casefold().strip("﻿'\"")


def is_personal(header: str) -> bool:
    """Tell whether a column of this name holds data about a private person."""
    name = _fold(header)
    if name in _PERSONAL:
        return True
    return _PERSONAL_END.search(name) is not None and _OFFICE.search(name) is None


def author_column(headers: Iterable[str]) -> str | None:
    """Return the column that best tells one citizen from another, or None."""
    by_name = {_fold(header): header for header in reversed(list(headers))}
    return next((by_name[name] for name in _AUTHOR_ORDER if name in by_name), None)


class Guard:
    """Drops or hashes personal values; one key a run.

    Args:
        protection: "drop" empties the value, "hash" puts a token in its place, "keep" leaves it
            (only where the user asked with --keep-personal).
        key: 16 to 64 secret bytes; made at random when not given. Give one only to count the
            same people across several runs, and keep it secret.
    """

    def __init__(self, protection: Protection = "drop", key: bytes | None = None) -> None:
        self.protection = protection
        self._key = key if key is not None else secrets.token_bytes(32)

    def token(self, value: str) -> str:
        """Return the run's token for a value; spaces and width make no difference."""
        folded = _SPACES.sub("", unicodedata.normalize("NFKC", value))
        digest = hashlib.blake2b(folded.encode(), key=self._key, digest_size=_TOKEN_BYTES)
        return TOKEN_PREFIX + digest.hexdigest()

    def protect(self, value: str | None) -> str | None:
        """Return what may stay of one personal value."""
        if value is None or self.protection == "keep":
            return value
        if self.protection == "drop" or not value.strip():
            return None
        return self.token(value)
