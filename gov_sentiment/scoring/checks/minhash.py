"""MinHash signatures of character shingles, a whole batch of texts at a time.

Broder, "On the resemblance and containment of documents" (1997): the share of equal entries
in two signatures estimates the Jaccard similarity of the two sets of shingles. The work is
NumPy over the batch's code points, for no loop over characters runs in Python.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

SHINGLE: Final = 3  # characters; two-character Chinese words fall into 3-grams of their own context
_CHUNK_CHARACTERS: Final = 2_000_000
_SEED: Final = 20_140_218

Signatures = npt.NDArray[np.uint32]


def minhash_signatures(texts: Sequence[str], n_hashes: int = 48) -> Signatures:
    """Return the signatures of `texts`.

    Args:
        texts: normalised texts; one shorter than a shingle gets a signature of its own
            characters, an empty one gets all ones.
        n_hashes: entries of a signature.

    Returns:
        uint32 array of shape (n_texts, n_hashes).
    """
    signatures = np.full((len(texts), n_hashes), np.iinfo(np.uint32).max, dtype=np.uint32)
    for start, stop in _chunks(texts):
        signatures[start:stop] = _chunk_signatures(texts[start:stop], n_hashes)
    return signatures


def _chunks(texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    start, characters = 0, 0
    for position, text in enumerate(texts):
        characters += len(text)
        if characters >= _CHUNK_CHARACTERS:
            yield start, position + 1
            start, characters = position + 1, 0
    if start < len(texts):
        yield start, len(texts)


def _chunk_signatures(texts: Sequence[str], n_hashes: int) -> Signatures:
    out = np.full((len(texts), n_hashes), np.iinfo(np.uint32).max, dtype=np.uint32)
    lengths = np.fromiter((len(text) for text in texts), dtype=np.int64, count=len(texts))
    filled = np.flatnonzero(lengths).tolist()
    if not filled:
        return out
    # Each text is followed by zeros, so that its last shingles mark its end and none spans two
    # texts; of each text the shingles that begin inside it count.
    pad = "\0" * (SHINGLE - 1)
    joined = pad.join([*(texts[i] for i in filled), ""])
    codes = np.frombuffer(joined.encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    size = len(codes) - (SHINGLE - 1)
    shingles = codes[:size].copy()
    for offset in range(1, SHINGLE):
        shingles = shingles * np.uint64(0x1F_FFFF + offset) + codes[offset : offset + size]
    widths = lengths[filled] + SHINGLE - 1
    ends = np.cumsum(widths)
    inside = np.ones(int(ends[-1]), dtype=bool)
    for offset in range(1, SHINGLE):
        inside[ends - offset] = False
    shingles = _mix(shingles[inside[:size]])
    starts = np.cumsum(lengths[filled]) - lengths[filled]
    generator = np.random.default_rng(_SEED)
    odd = generator.integers(0, 2**63, size=n_hashes, dtype=np.uint64) * np.uint64(2) + np.uint64(1)
    add = generator.integers(0, 2**63, size=n_hashes, dtype=np.uint64)
    for column in range(n_hashes):
        hashed = ((shingles * odd[column] + add[column]) >> np.uint64(32)).astype(np.uint32)
        out[filled, column] = np.minimum.reduceat(hashed, starts)
    return out


def _mix(values: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Return the finalizer of SplitMix64 (Steele et al. 2014) of each value."""
    mixed = values.copy()
    mixed ^= mixed >> np.uint64(30)
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    mixed ^= mixed >> np.uint64(27)
    mixed *= np.uint64(0x94D049BB133111EB)
    mixed ^= mixed >> np.uint64(31)
    return mixed


def band_keys(signatures: Signatures, rows: int) -> npt.NDArray[np.uint64]:
    """Return one 64-bit key per band of `rows` entries, shape (n_texts, n_hashes // rows)."""
    n_bands = signatures.shape[1] // rows
    keys = np.zeros((len(signatures), n_bands), dtype=np.uint64)
    for row in range(rows):
        part = signatures[:, row : n_bands * rows : rows].astype(np.uint64)
        keys = _mix(keys ^ (part + np.uint64(row + 1)))
    return keys
