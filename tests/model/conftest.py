from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from samples import as_table, make_rows

from gov_sentiment.model import Training, train


@pytest.fixture(scope="session")
def rows():
    return make_rows()


@pytest.fixture(scope="session")
def table(rows):
    return as_table(rows)


@pytest.fixture(scope="session")
def trained(table, tmp_path_factory) -> tuple[Training, Path]:
    folder = tmp_path_factory.mktemp("model")
    return train(table, "reply_type", folder), folder
