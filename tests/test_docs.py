"""Every command and option has a docs entry; documents say what is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gov_sentiment.cli.app import COMMANDS, build_app

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").glob("*.md")])


def sections() -> dict[str, str]:
    text = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    parts = re.split(r"^## (\w+)$", text, flags=re.M)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_is_documented(name: str) -> None:
    section = sections()[name]
    help_page = CliRunner().invoke(build_app(), [name, "--help"], terminal_width=96).output
    options = set(re.findall(r"(?<!\S)--[a-z][a-z-]*", help_page))
    missing = {option for option in options if option not in section}
    assert not missing, "run scripts/make_cli_docs.py"


def test_no_documented_command_is_gone() -> None:
    assert set(sections()) == set(COMMANDS)


def test_the_readme_names_every_command() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [name for name in COMMANDS if f"gov-sentiment {name}" not in readme] == []


def test_commands_in_the_documents_exist() -> None:
    for page in PAGES:
        used = re.findall(r"^\s*gov-sentiment ([a-z]+)", page.read_text(encoding="utf-8"), re.M)
        assert set(used) <= set(COMMANDS), page.name


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_documents_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), f"{page.name} → {target}"


def test_paths_named_in_the_readme_exist() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in re.findall(r"`((?:scripts|docs|corpora|models)/[\w./-]*)`", readme):
        assert (ROOT / name).exists(), name
