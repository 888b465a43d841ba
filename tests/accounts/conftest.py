"""The sample of crawler exports, read once."""

from __future__ import annotations

import importlib.util
import sys
from types import ModuleType

import pytest
from accounts_corpus import CORPUS, ROOT

from gov_sentiment.accounts import AccountsSummary, measure_accounts
from gov_sentiment.archive.messages import MessageArchive, read_messages


@pytest.fixture(scope="session")
def builder() -> ModuleType:
    """The script that writes the corpus; its sources are the independent truth of the tests."""
    path = ROOT / "scripts" / "build_accounts_corpus.py"
    spec = importlib.util.spec_from_file_location("build_accounts_corpus", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def archive() -> MessageArchive:
    return read_messages(CORPUS)


@pytest.fixture(scope="session")
def summary(archive: MessageArchive) -> AccountsSummary:
    return measure_accounts(archive)
