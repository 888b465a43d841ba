"""Where the package's own data lies: the default models and the sample archive."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def _data_folder(name: str) -> Path:
    # A wheel carries the folders inside the package; a checkout has them beside it.
    installed = _PACKAGE / "_data" / name
    return installed if installed.is_dir() else _PACKAGE.parent / name


def models_folder() -> Path:
    """Return the folder of the models that come with the package."""
    return _data_folder("models")


def sample_folder() -> Path:
    """Return the folder of the sample archive that comes with the package."""
    return _data_folder("corpora") / "demo"
