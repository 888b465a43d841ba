"""jieba's dictionary and algorithm, at the speed of Rust.

`rjieba` is the engine, `jieba` the reference; both cut without the hidden Markov model, which
invents words such as 转市 / 住 / 建局 in official text, and both know our government terms.
"""

from __future__ import annotations

import hashlib
import logging
import tempfile
import warnings
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Literal

DICTIONARY: Final = Path(__file__).parent / "data" / "gov_dict.txt"
Engine = Literal["rjieba", "jieba"]


def read_dictionary(path: Path = DICTIONARY) -> list[tuple[str, int, str]]:
    """Return (word, frequency, tag) of each line; lines that begin with # are comments."""
    entries = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            word, frequency, tag = line.split(" ")
            entries.append((word, int(frequency), tag))
    return entries


class Tokenizer:
    """Cuts text into words.

    Args:
        engine: "rjieba" (fast) or "jieba" (the reference); they give the same tokens.
        hmm: guess words that no dictionary has; off for features.
    """

    def __init__(self, engine: Engine = "rjieba", *, hmm: bool = False) -> None:
        if engine not in ("rjieba", "jieba"):
            raise ValueError(f"unknown engine {engine!r}; choose rjieba or jieba")
        self.engine: Engine = engine
        self.hmm = hmm

    def cut(self, text: str) -> list[str]:
        """Return the tokens of `text`; joined they are the text."""
        cutter = _cutter(self.engine)
        if self.engine == "rjieba":
            tokens: list[str] = cutter.cut(text, self.hmm)
            return tokens
        return list(cutter.cut(text, HMM=self.hmm))

    def tag(self, text: str) -> tuple[list[str], list[str]]:
        """Return the tokens of `text` and the tag that the dictionary gives each (rjieba only)."""
        if self.engine != "rjieba":
            raise ValueError("tags need the engine rjieba")
        pairs = _cutter(self.engine).tag(text, self.hmm)
        return [word for word, _ in pairs], [tag for _, tag in pairs]

    def cut_batch(self, texts: Sequence[str]) -> list[list[str]]:
        """Return the tokens of each text."""
        if self.engine == "rjieba":
            cut = _cutter("rjieba").cut
            return [cut(text, self.hmm) for text in texts]
        return [self.cut(text) for text in texts]

    @property
    def dictionary_hash(self) -> str:
        """SHA-256 of our dictionary, which a model records and checks."""
        return _dictionary_hash()


@lru_cache(maxsize=1)
def _dictionary_hash() -> str:
    content = DICTIONARY.read_bytes() if DICTIONARY.is_file() else b""
    return hashlib.sha256(content).hexdigest()


@lru_cache(maxsize=2)
def _cutter(engine: Engine) -> Any:
    entries = read_dictionary() if DICTIONARY.is_file() else []
    cutter: Any
    if engine == "rjieba":
        import rjieba

        cutter = rjieba.Jieba()
    else:
        with warnings.catch_warnings():
            # jieba 0.42 imports pkg_resources, which warns of its own end.
            warnings.simplefilter("ignore")
            import jieba
        jieba.setLogLevel(logging.WARNING)
        cutter = jieba.Tokenizer()
        # Its cache is a marshalled file in the shared temporary folder by default, where anyone
        # may have put another one.
        with tempfile.TemporaryDirectory() as folder:
            cutter.tmp_dir = folder
            cutter.initialize()
    for word, frequency, tag in entries:
        cutter.add_word(word, frequency, tag)
    if engine == "jieba":
        # jieba counts a word twice whose frequency is replaced, and one that its own dictionary
        # lists twice. rjieba does not, and where two ways to cut are equally likely the last bit
        # of the total decides.
        cutter.total = sum(cutter.FREQ.values())
    return cutter
