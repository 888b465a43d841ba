"""What an installed package promises: three functions, a quick start, files that come along."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import gov_sentiment
from gov_sentiment import resources

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def test_versions_agree() -> None:
    assert PROJECT["project"]["version"] == gov_sentiment.__version__
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"## {gov_sentiment.__version__}" in changelog


def test_the_public_api_is_three_functions() -> None:
    assert sorted(gov_sentiment.__all__) == ["rank_agencies", "read_archive", "score"]
    assert all(callable(getattr(gov_sentiment, name)) for name in gov_sentiment.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = gov_sentiment.nonsense


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys\n"
        "from gov_sentiment.cli.app import build_app\n"
        "build_app()(['--help'], standalone_mode=False)\n"
        "heavy = {'numpy', 'pyarrow', 'sklearn', 'duckdb', 'rich', 'altair', 'pyspark'}\n"
        "sys.exit(', '.join(heavy & set(sys.modules)) or 0)\n"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert result.returncode == 0, result.stderr


def test_models_and_sample_come_along() -> None:
    assert (resources.models_folder() / "default" / "model.json").is_file()
    assert any(resources.sample_folder().iterdir())
    carried = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    assert all((ROOT / folder).is_dir() for folder in carried)


def test_the_core_install_is_light() -> None:
    core = " ".join(PROJECT["project"]["dependencies"]).lower()
    for heavy in ("pyspark", "torch", "selenium", "pandas", "polars", "tensorflow"):
        assert heavy not in core


def test_our_files_are_small() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True
    ).stdout
    size = sum((ROOT / name).stat().st_size for name in listed.split("\0") if name)
    assert size < 60_000_000
