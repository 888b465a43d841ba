"""Stable hashes of all spans of a batch of texts, computed over its code points in NumPy.

A span's hash is a polynomial over its code points modulo 2**64, taken from one prefix sum for
the whole batch: with the odd base B, prefix H[i] = Σ_{k<i} c_k·B^k and inverse B⁻¹,
hash(i, j) = (H[j] − H[i])·B⁻ⁱ. It depends on the characters alone, not on where the span
stands, so batches of any size and order give the same numbers on every machine. A final
multiply–xorshift (the `fmix64` step of MurmurHash3, public domain) spreads it over the table.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

UInt64 = npt.NDArray[np.uint64]
Int64 = npt.NDArray[np.int64]

_BASE: Final = 0x9E3779B97F4A7C15
_INVERSE: Final = pow(_BASE, -1, 1 << 64)
_MIX_1: Final = np.uint64(0xFF51AFD7ED558CCD)
_MIX_2: Final = np.uint64(0xC4CEB9FE1A85EC53)
_SHIFT: Final = np.uint64(33)


class SpanHasher:
    """Hashes of spans of one long string of code points."""

    def __init__(self, codes: npt.NDArray[np.uint32]) -> None:
        size = len(codes)
        powers = _powers(_BASE, size)
        self._unshift = _powers(_INVERSE, size)
        self._prefix = np.zeros(size + 1, dtype=np.uint64)
        # Code 0 would make "a" and "\0a" equal; every character counts from 1.
        np.cumsum((codes.astype(np.uint64) + np.uint64(1)) * powers, out=self._prefix[1:])

    def spans(self, starts: Int64, ends: Int64, salt: UInt64 | int) -> UInt64:
        """Return the hash of each span `[start, end)`, shape (n_spans,).

        Args:
            starts: first code point of each span.
            ends: one behind its last; spans must not be empty.
            salt: the namespace, one for all spans or one for each.
        """
        return mix(self.codes(starts, ends), salt)

    def codes(self, starts: Int64, ends: Int64) -> UInt64:
        """Return the polynomial of each span, which `mix` makes a hash of in any namespace."""
        polynomial: UInt64 = (self._prefix[ends] - self._prefix[starts]) * self._unshift[starts]
        return polynomial


def mix(values: UInt64, salt: UInt64 | int) -> UInt64:
    """Return well-spread 64-bit values; equal input and salt give equal output."""
    salts = np.asarray(salt, dtype=np.uint64) * np.uint64(_BASE)
    mixed = values ^ salts
    mixed ^= mixed >> _SHIFT
    mixed *= _MIX_1
    mixed ^= mixed >> _SHIFT
    mixed *= _MIX_2
    mixed ^= mixed >> _SHIFT
    return mixed


def powers_of_base(exponents: Int64) -> UInt64:
    """Return the base to these powers: code(ab) = code(a) + code(b) · base**len(a)."""
    return _powers(_BASE, int(exponents.max(initial=0)) + 1)[exponents]


def to_columns(hashes: UInt64, bits: int) -> Int64:
    """Return table columns in [0, 2**bits) from the hashes' top bits."""
    return (hashes >> np.uint64(64 - bits)).astype(np.int64)


def sorted_unique(values: Int64) -> Int64:
    """Return the distinct values in ascending order.

    `numpy.unique` goes through a hash table since 2.3, which took ten times as long here.
    """
    ordered = np.sort(values)
    new = np.ones(len(ordered), dtype=np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=new[1:])
    return ordered[new]


def code_points(text: str) -> npt.NDArray[np.uint32]:
    """Return the code points of `text`, shape (len(text),)."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")


def _powers(base: int, size: int) -> UInt64:
    powers = np.full(max(size, 1), base, dtype=np.uint64)
    powers[0] = 1
    np.cumprod(powers, out=powers)
    return powers[:size]
