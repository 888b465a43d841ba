from __future__ import annotations

import hashlib
import json
import shutil

import numpy as np
import pytest

from gov_sentiment.errors import BadModel
from gov_sentiment.model import load_model, save_model
from gov_sentiment.model.card import other_dictionary
from gov_sentiment.model.storage import VERSION


@pytest.fixture
def folder(trained, tmp_path):
    return shutil.copytree(trained[1], tmp_path / "model")


def change(folder, **values):
    path = folder / "model.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    document.update(values)
    path.write_text(json.dumps(document), encoding="utf-8")


def test_nothing_there(tmp_path):
    with pytest.raises(BadModel, match=r"no model there \(model.json is missing\)"):
        load_model(tmp_path)


def test_another_version_says_what_to_do(folder):
    for version in (0, VERSION - 1, VERSION + 1):
        change(folder, version=version)
        said = rf"model format {version}, this program reads {VERSION}\.\nUpdate .* or train"
        with pytest.raises(BadModel, match=said):
            load_model(folder)


def test_a_foreign_file_is_refused(folder):
    change(folder, format="other")
    with pytest.raises(BadModel, match="not a model of this program"):
        load_model(folder)
    (folder / "model.json").write_text("{", encoding="utf-8")
    with pytest.raises(BadModel, match=r"model\.json is damaged"):
        load_model(folder)


def test_changed_arrays_are_noticed(folder):
    path = folder / "arrays.npz"
    path.write_bytes(path.read_bytes() + b"x")
    with pytest.raises(BadModel, match="changed or damaged"):
        load_model(folder)


def test_pickled_objects_are_never_loaded(folder):
    path = folder / "arrays.npz"
    np.savez(path, overlap=np.array([{"a": 1}], dtype=object))
    change(folder, arrays_sha256=hashlib.sha256(path.read_bytes()).hexdigest())
    with pytest.raises(BadModel, match="cannot be read"):
        load_model(folder)


def test_missing_parts_are_named(folder):
    change(folder, targets=[{"name": "x"}])
    with pytest.raises(BadModel, match="lacks a part"):
        load_model(folder)


def test_saving_again_changes_nothing(trained, tmp_path):
    model = load_model(trained[1])
    save_model(model, tmp_path)
    again = load_model(tmp_path)
    assert (again.heads["reply_type"].weights == model.heads["reply_type"].weights).all()
    for old, new in zip(model.pair_layer.weights, again.pair_layer.weights, strict=True):
        assert np.allclose(old, new, rtol=1e-6, atol=0)


def test_another_dictionary_is_noticed_and_no_hindrance(folder):
    document = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    assert not other_dictionary(document["card"])
    document["card"]["dictionary_sha256"] = "0" * 64
    change(folder, card=document["card"])
    model = load_model(folder)
    assert other_dictionary(model.card)
    assert model.predict([None], ["灯坏了"], ["已修复"])["reply_type"].labels
