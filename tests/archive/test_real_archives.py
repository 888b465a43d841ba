"""The six real archives read whole, with nothing configured."""

from __future__ import annotations

from pathlib import Path

import pytest

from gov_sentiment.archive import read_archive
from gov_sentiment.exchange import AGENCY_POST, run_info

pytestmark = pytest.mark.real_data

# name → (format, rows read, exchanges, rejects, unanswered citizens' posts)
EXPECTED = {
    "fuzhou12345_rivers.xlsx": ("lagged_workbook", 1661, 1614, 47, 0),
    "fuzhou_gov_weibo_posts.csv": ("account_posts", 642, 642, 0, 0),
    "govsite_errors_2023_24.csv": ("site_errors", 7221, 7221, 0, 0),
    "hunan_wenzheng_2011_20.xlsx": ("taidi_attachment_4", 2508, 2508, 0, 0),
    "liuyan_gas_2022_23.csv": ("liuyan_handle", 1020, 1020, 0, 78),
    "shanghai_petitions_2023_24.csv": ("petition_office", 4133, 4133, 0, 0),
}


@pytest.mark.parametrize("name", EXPECTED)
def test_archive(shared_data: Path, name: str) -> None:
    archive = read_archive(shared_data / "archives" / name)
    ledger = archive.ledger
    assert ledger.rows_read == ledger.exchanges + ledger.merged + ledger.n_rejected
    found = (ledger.rows_read, ledger.exchanges, ledger.n_rejected, ledger.unanswered)
    assert (archive.sources[0].format, *found) == EXPECTED[name]
    ids = archive.exchanges["exchange_id"].to_pylist()
    assert len(set(ids)) == len(ids)
    assert archive.exchanges["posted_at"].null_count == 0


def test_most_units_of_the_hunan_board_are_found(shared_data: Path) -> None:
    archive = read_archive(shared_data / "archives" / "hunan_wenzheng_2011_20.xlsx")
    found = 1 - archive.exchanges["agency"].null_count / archive.exchanges.num_rows
    assert found >= 0.55


def test_accounts_are_no_citizens(shared_data: Path) -> None:
    archive = read_archive(shared_data / "archives" / "fuzhou_gov_weibo_posts.csv")
    assert set(archive.exchanges["channel"].to_pylist()) == {AGENCY_POST}
    assert run_info(archive.exchanges.schema)["kind"] == "account_posts"


def test_leaders_names_are_gone(shared_data: Path) -> None:
    archive = read_archive(shared_data / "archives" / "liuyan_gas_2022_23.csv")
    agencies = {name for name in archive.exchanges["agency"].to_pylist() if name}
    office = ("书记", "市长", "省长", "区长", "县长", "主任", "州长", "主席", "盟长", "旗长")
    odd = [name for name in agencies if not name.endswith(office)]
    assert len(odd) / len(agencies) < 0.02
