from __future__ import annotations

import sys
from pathlib import Path

import pyarrow as pa
import pytest

from gov_sentiment.scoring import Scorer

sys.path.insert(0, str(Path(__file__).parent))

from scoring_rows import ROWS, make_batch


@pytest.fixture(scope="session")
def scorer() -> Scorer:
    return Scorer.load()


@pytest.fixture
def batch() -> pa.RecordBatch:
    return make_batch(*ROWS)
