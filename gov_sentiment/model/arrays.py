"""The encoder as named arrays and back; every array is of a plain number type."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from gov_sentiment.model.encoder import Encoder, TextEncoder, make_table

_SIDES: Final = ("post", "reply")
_SIDE_ARRAYS: Final = ("offsets", "bias", "dense", "dense_bias", "attention", "attention_bias")
_SINGLE: Final = ("offsets", "bias")


def encoder_arrays(encoder: Encoder) -> dict[str, Any]:
    """Return the arrays of an encoder; the tables are left out, as they follow from the rest."""
    arrays: dict[str, Any] = {
        "encoder.words": encoder.words,
        "encoder.vectors": encoder.vectors,
        "encoder.step": np.array(encoder.step),
    }
    for side in _SIDES:
        text: TextEncoder = getattr(encoder, side)
        arrays[f"encoder.{side}.kinds"] = np.array((*text.kinds, text.longest))
        for name in _SIDE_ARRAYS:
            arrays[f"encoder.{side}.{name}"] = np.asarray(getattr(text, name), dtype=np.float32)
    for name, values in encoder.layers.items():
        arrays[f"encoder.layer.{name}"] = np.asarray(values, dtype=np.float32)
    return arrays


def read_encoder(arrays: Mapping[str, Any]) -> Encoder | None:
    """Return the encoder among the arrays, None where there is none."""
    if "encoder.words" not in arrays:
        return None
    vectors, step = arrays["encoder.vectors"], float(arrays["encoder.step"])
    post, reply = (_read_side(arrays, side, vectors, step) for side in _SIDES)
    prefix = "encoder.layer."
    layers = {
        name.removeprefix(prefix): values.astype(np.float64)
        for name, values in arrays.items()
        if name.startswith(prefix)
    }
    return Encoder(arrays["encoder.words"], vectors, step, post, reply, layers)


def _read_side(arrays: Mapping[str, Any], side: str, vectors: Any, step: float) -> TextEncoder:
    kinds = [int(kind) for kind in arrays[f"encoder.{side}.kinds"]]
    values = {
        name: arrays[f"encoder.{side}.{name}"].astype(np.float32 if name in _SINGLE else np.float64)
        for name in _SIDE_ARRAYS
    }
    table = make_table(vectors, step, values["offsets"])
    return TextEncoder(kinds=tuple(kinds[:-1]), longest=kinds[-1], table=table, **values)
