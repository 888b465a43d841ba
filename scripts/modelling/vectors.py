"""Word vectors from what stands near what: PPMI and a truncated SVD (Levy & Goldberg 2014)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from scipy import sparse
from sklearn.utils.extmath import randomized_svd

from gov_sentiment.model.hashing import SpanHasher, code_points
from gov_sentiment.model.learn_recurrent import ppmi

WINDOW = 5
SIZE = 128
N_WORDS = 20_000
MIN_COUNT = 5
MIN_TEXTS = 2
SCALE = 0.35


def learn_vectors(
    texts: Sequence[list[str]], sources: Sequence[str]
) -> tuple[np.ndarray, np.ndarray]:
    """Return (sorted word hashes, vectors with two rows before them: empty and unknown).

    Words that only one source has are left unknown: names of its places and offices for the most
    part, from which a model would learn what another place cannot confirm.
    """
    words = travelling(texts, sources)
    vectors = _svd(_ppmi(texts, {word: i for i, word in enumerate(words)}))
    vectors -= vectors.mean(axis=0)
    vectors *= SCALE * np.sqrt(SIZE) / np.sqrt((vectors**2).sum(axis=1).mean())
    hashes = hash_words(words)
    order = np.argsort(hashes)
    table = np.vstack([np.zeros((2, SIZE)), vectors[order]])
    # int8 steps: the file is a quarter as large, and training sees what will be stored.
    step = np.abs(table).max() / 127
    return hashes[order], (np.round(table / step) * step).astype(np.float32)


def travelling(texts: Sequence[list[str]], sources: Sequence[str]) -> list[str]:
    """Return the commonest words that at least two sources have in MIN_TEXTS texts or more."""
    counts = Counter(word for tokens in texts for word in tokens if word != " ")
    spread = Counter()
    for source in sorted(set(sources)):
        own = [set(tokens) for tokens, name in zip(texts, sources, strict=True) if name == source]
        seen = Counter(word for words in own for word in words)
        spread.update(word for word, n in seen.items() if n >= MIN_TEXTS)
    common = [word for word, n in counts.most_common() if n >= MIN_COUNT and spread[word] > 1]
    return common[:N_WORDS]


def hash_words(words: Sequence[str]) -> np.ndarray:
    ends = np.cumsum([len(word) for word in words])
    starts = np.concatenate([[0], ends[:-1]])
    return SpanHasher(code_points("".join(words))).spans(starts, ends, 0)


def _ppmi(texts: Sequence[list[str]], index: dict[str, int]) -> sparse.csr_matrix:
    ids = np.array([index.get(word, -1) for tokens in texts for word in tokens])
    owners = np.repeat(np.arange(len(texts)), [len(tokens) for tokens in texts])
    return ppmi(ids, owners, len(index), WINDOW)


def _svd(matrix: sparse.csr_matrix) -> np.ndarray:
    left, strength, _ = randomized_svd(matrix, n_components=SIZE, n_iter=3, random_state=0)
    vectors = left * np.sqrt(strength)
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
