"""The encoder as named arrays and back; every array is of a plain number type."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from gov_sentiment.model.encoder import Encoder, TextEncoder, make_tables

_SIDES: Final = ("post", "reply")
_SIDE_ARRAYS: Final = (
    "offsets", "bias", "dense", "dense_bias", "attention", "attention_bias", "roles", "roles_bias",
)  # fmt: skip
_SINGLE: Final = ("offsets", "bias")


def encoder_arrays(encoder: Encoder, name: str = "encoder") -> dict[str, Any]:
    """Return the arrays of an encoder; the tables are left out, as they follow from the rest."""
    arrays: dict[str, Any] = {
        f"{name}.words": encoder.words,
        f"{name}.vectors": encoder.vectors,
        f"{name}.steps": encoder.steps,
    }
    for side in _SIDES:
        text: TextEncoder = getattr(encoder, side)
        arrays[f"{name}.{side}.kinds"] = np.array((*text.kinds, text.longest))
        for part in _SIDE_ARRAYS:
            arrays[f"{name}.{side}.{part}"] = np.asarray(getattr(text, part), dtype=np.float32)
    for layer, values in encoder.layers.items():
        arrays[f"{name}.layer.{layer}"] = np.asarray(values, dtype=np.float32)
    return arrays


def read_encoder(arrays: Mapping[str, Any], name: str = "encoder") -> Encoder:
    """Return the encoder among the arrays."""
    vectors, steps = arrays[f"{name}.vectors"], arrays[f"{name}.steps"]
    post, reply = (_read_side(arrays, f"{name}.{side}", vectors, steps) for side in _SIDES)
    prefix = f"{name}.layer."
    layers = {
        key.removeprefix(prefix): values.astype(np.float64)
        for key, values in arrays.items()
        if key.startswith(prefix)
    }
    return Encoder(arrays[f"{name}.words"], vectors, steps, post, reply, layers)


def _read_side(arrays: Mapping[str, Any], name: str, vectors: Any, steps: Any) -> TextEncoder:
    kinds = [int(kind) for kind in arrays[f"{name}.kinds"]]
    values = {
        part: arrays[f"{name}.{part}"].astype(np.float32 if part in _SINGLE else np.float64)
        for part in _SIDE_ARRAYS
    }
    tables = make_tables(vectors, steps, values["offsets"])
    return TextEncoder(kinds=tuple(kinds[:-1]), longest=kinds[-1], tables=tables, **values)
