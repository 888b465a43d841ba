"""Models as data: `model.json` and `arrays.npz`, hash-checked, never pickled.

The JSON names the format version, the targets, the shapes and the SHA-256 of the arrays, the
dictionary that the tokens came from and the card. The arrays hold hashed columns and weights:
neither words nor sentences nor names can be read from them.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any, Final

import numpy as np

from gov_sentiment.errors import BadModel
from gov_sentiment.model.arrays import encoder_arrays, read_encoder
from gov_sentiment.model.bins import Bins
from gov_sentiment.model.classifier import TextModel
from gov_sentiment.model.heads import Head
from gov_sentiment.model.layers import FittedView, LinearLayer, to_steps
from gov_sentiment.model.recurrent import net_arrays, read_net
from gov_sentiment.model.targets import Target
from gov_sentiment.model.trees import Forest
from gov_sentiment.model.views import VIEWS

FORMAT: Final = "gov-sentiment-model"
VERSION: Final = 5
"""Heads of earlier versions read other features."""
JSON_FILE: Final = "model.json"
ARRAY_FILE: Final = "arrays.npz"
BASE_FOLDER: Final = "base"
_HEAD_ARRAYS: Final = ("mean", "scale", "weights", "intercept")

Arrays = dict[str, Any]


def save_model(model: TextModel, folder: str | Path) -> None:
    """Write the model into `folder`, which is made where it is missing."""
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    arrays: Arrays = {"overlap": model.overlap.astype(np.float32)}
    layers = {
        name: _layer_out(name, layer, arrays)
        for name, layer in (("post", model.post_layer), ("pair", model.pair_layer))
        if layer is not None
    }
    heads = {}
    for name, head in model.heads.items():
        heads[name] = {
            "temperature": head.temperature,
            "forest": head.forest is not None,
            "bins": head.bins is not None,
        }
        if head.bins is not None:
            arrays[f"bins.{name}.edges"] = head.bins.edges
            arrays[f"bins.{name}.values"] = head.bins.values
        if head.forest is not None:
            for field in fields(Forest):
                arrays[f"forest.{name}.{field.name}"] = getattr(head.forest, field.name)
        for part in _HEAD_ARRAYS:
            arrays[f"head.{name}.{part}"] = getattr(head, part)
    for index, encoder in enumerate(model.encoders):
        arrays |= encoder_arrays(encoder, f"encoder{index}")
    for index, net in enumerate(model.nets):
        arrays |= net_arrays(net, f"net{index}")
    if model.base is not None:
        save_model(model.base, target / BASE_FOLDER)
    data = _pack(arrays)
    document = {
        "format": FORMAT,
        "version": VERSION,
        "arrays_sha256": hashlib.sha256(data).hexdigest(),
        "targets": [
            {
                "name": item.name,
                "text": item.text,
                "kind": item.kind,
                "classes": list(item.classes),
                "low": item.low,
                "high": item.high,
            }
            for item in model.targets
        ],
        "layers": layers,
        "encoders": len(model.encoders),
        "nets": len(model.nets),
        "base": model.base is not None,
        "heads": heads,
        "card": dict(model.card),
    }
    (target / ARRAY_FILE).write_bytes(data)
    text = json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True)
    (target / JSON_FILE).write_text(text + "\n", encoding="utf-8")


def load_model(folder: str | Path) -> TextModel:
    """Return the model in `folder`.

    Raises:
        BadModel: nothing there, a damaged file, or a format that this version cannot read.
    """
    source = Path(folder)
    document, arrays = read_files(source)
    try:
        targets = tuple(
            Target(**{**item, "classes": tuple(item["classes"])}) for item in document["targets"]
        )
        layers = {
            name: _layer_in(name, layout, arrays) for name, layout in document["layers"].items()
        }
        heads = {
            name: Head(
                **{part: arrays[f"head.{name}.{part}"] for part in _HEAD_ARRAYS},
                temperature=float(layout["temperature"]),
                forest=_read_forest(name, arrays) if layout.get("forest") else None,
                bins=_read_bins(name, arrays) if layout.get("bins") else None,
            )
            for name, layout in document["heads"].items()
        }
        overlap = np.round(arrays["overlap"].astype(np.float64), 2)
        encoders = tuple(
            read_encoder(arrays, f"encoder{index}") for index in range(document.get("encoders", 0))
        )
        nets = tuple(read_net(arrays, f"net{index}") for index in range(document.get("nets", 0)))
    except (KeyError, TypeError) as error:
        raise BadModel(f"{source}: {JSON_FILE} lacks a part that it needs: {error}.") from error
    return TextModel(
        targets,
        layers.get("post"),
        layers.get("pair"),
        overlap,
        heads,
        encoders,
        load_model(source / BASE_FOLDER) if document.get("base") else None,
        nets,
        card=document.get("card", {}),
    )


def read_files(source: Path) -> tuple[dict[str, Any], Arrays]:
    """Return the JSON document and the arrays of a model folder, checked."""
    try:
        document = json.loads((source / JSON_FILE).read_text(encoding="utf-8"))
        data = (source / ARRAY_FILE).read_bytes()
    except FileNotFoundError as error:
        raise BadModel(
            f"{source}: no model there ({Path(error.filename).name} is missing).\n"
            "Give the folder that `gov-sentiment train -o` wrote, or see `gov-sentiment models`."
        ) from None
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise BadModel(f"{source}: {JSON_FILE} is damaged. Train the model again.") from error
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise BadModel(f"{source}: {JSON_FILE} is not a model of this program.")
    if document.get("version") != VERSION:
        raise BadModel(
            f"{source}: model format {document.get('version')}, this program reads {VERSION}.\n"
            "Update gov-sentiment, or train the model again with this version."
        )
    if hashlib.sha256(data).hexdigest() != document.get("arrays_sha256"):
        raise BadModel(f"{source}: {ARRAY_FILE} was changed or damaged. Copy or train it again.")
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as stored:
            return document, dict(stored)
    except (ValueError, OSError, zipfile.BadZipFile) as error:
        raise BadModel(f"{source}: {ARRAY_FILE} cannot be read. Train the model again.") from error


def _read_bins(name: str, arrays: Arrays) -> Bins:
    return Bins(arrays[f"bins.{name}.edges"], arrays[f"bins.{name}.values"])


def _read_forest(name: str, arrays: Arrays) -> Forest:
    return Forest(**{f.name: arrays[f"forest.{name}.{f.name}"] for f in fields(Forest)})


def _pack(arrays: Mapping[str, Any]) -> bytes:
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)
    return buffer.getvalue()


def _layer_out(name: str, layer: LinearLayer, arrays: Arrays) -> dict[str, Any]:
    views = []
    for view, weights in zip(layer.views, layer.weights, strict=True):
        key = f"{name}.{view.view.name}"
        arrays[f"{key}.columns"] = view.columns.astype(np.int32)
        arrays[f"{key}.idf"] = view.idf.astype(np.float32)
        arrays[f"{key}.steps"], arrays[f"{key}.scale"] = to_steps(weights)
        views.append({"name": view.view.name, "bits": view.bits, "share": view.share})
    arrays[f"{name}.intercept"] = layer.intercept
    return {"views": views}


def _layer_in(name: str, layout: Mapping[str, Any], arrays: Arrays) -> LinearLayer:
    views, weights = [], []
    for item in layout["views"]:
        key = f"{name}.{item['name']}"
        views.append(
            FittedView(
                VIEWS[item["name"]],
                item["bits"],
                arrays[f"{key}.columns"].astype(np.int64),
                np.round(arrays[f"{key}.idf"].astype(np.float64), 3),
                item["share"],
            )
        )
        weights.append(arrays[f"{key}.steps"] * arrays[f"{key}.scale"])
    return LinearLayer(tuple(views), tuple(weights), arrays[f"{name}.intercept"])
