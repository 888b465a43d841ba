"""What a ranking is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from gov_sentiment.ranking.methods import methods_paragraph
from gov_sentiment.ranking.notices import Notice
from gov_sentiment.ranking.writers import Sheets, write_sheets

_FIELDS: Final[list[pa.Field[Any]]] = [
    pa.field("agency", pa.string()),
    pa.field("peer_group", pa.string()),
    pa.field("n_exchanges", pa.int64()),
    pa.field("n_replied", pa.int64()),
    pa.field("n_pending", pa.int64()),
    pa.field("response_rate", pa.float64()),
    pa.field("on_time_rate", pa.float64()),
    pa.field("median_days", pa.float64()),
    pa.field("rmst_days", pa.float64()),
    pa.field("quality", pa.float64()),
    pa.field("substantive_share", pa.float64()),
    pa.field("boilerplate_share", pa.float64()),
    pa.field("mismatch_share", pa.float64()),
    pa.field("negative_share", pa.float64()),
    pa.field("satisfaction", pa.float64()),
    pa.field("index", pa.float64()),
    pa.field("index_low", pa.float64()),
    pa.field("index_high", pa.float64()),
    pa.field("rank", pa.int64()),
    pa.field("rank_low", pa.int64()),
    pa.field("rank_high", pa.int64()),
    pa.field("tier", pa.int64()),
    pa.field("note", pa.string()),
]
RANKING_SCHEMA: Final = pa.schema(_FIELDS)


@dataclass(frozen=True, slots=True)
class Ranking:
    """Agencies with their measures, index, ranks and tiers, and how they came about.

    Attributes:
        table: one row for each agency, the columns of `RANKING_SCHEMA`; ranked agencies first, by
            peer group and rank. Rates are in [0, 1] and shrunk, times in days, the index and its
            95 % interval are 0 to 100, `rank` is the median over the draws with its 95 %
            interval: equal ranks are ties.
        full: the same rows and columns with more beside them: for each measure `_raw`, `_n`,
            `_low`, `_high` (95 %), 90 % rank intervals, P(top k), P(bottom k), adjusted index
            and rank, the rank among all peer groups.
        tiers: one row for each tier.
        pairs: neighbours in the order and how often it holds.
        trends: one row for each agency and period; empty where there are no dates.
        notices: what a reader has to know, in Chinese and English.
        settings: what the run used; goes into the methods paragraph.
        tallies: counts and sums of each agency, ordered by name.
    """

    table: pa.Table
    full: pa.Table
    tiers: pa.Table
    pairs: pa.Table
    trends: pa.Table
    notices: tuple[Notice, ...]
    settings: Mapping[str, Any]
    tallies: pa.Table

    @property
    def warnings(self) -> tuple[str, ...]:
        """The notices in Chinese."""
        return tuple(notice.zh for notice in self.notices)

    def top(self, n: int = 10) -> Top:
        """Return the first `n` ranked agencies, as something to print."""
        return Top(self, n)

    def methods(self, lang: str = "zh") -> str:
        """Return a paragraph on how the ranking was made, for a paper.

        Args:
            lang: "zh" or "en".

        Raises:
            BadSettings: another language.
        """
        return methods_paragraph(self.settings, self.notices, lang)

    def write(self, path: str | Path) -> None:
        """Write the ranking as csv, xlsx, json or parquet, by the path's suffix.

        Raises:
            BadSettings: another suffix.
        """
        methods = {lang: self.methods(lang) for lang in ("zh", "en")}
        tables = {
            "排名": self.table,
            "全部数值": self.full,
            "档次": self.tiers,
            "相邻单位": self.pairs,
        }
        document = {
            "agencies": self.full.to_pylist(),
            "tiers": self.tiers.to_pylist(),
            "pairs": self.pairs.to_pylist(),
            "trends": self.trends.to_pylist(),
            "notices": [{"code": n.code, "zh": n.zh, "en": n.en} for n in self.notices],
            "methods": methods,
            "settings": dict(self.settings),
        }
        write_sheets(Sheets(self.table, tables, list(methods.values()), document), Path(path))


@dataclass(frozen=True, slots=True)
class Top:
    """The head of a ranking; printing it gives a table with intervals and tiers."""

    ranking: Ranking
    n: int

    def rows(self) -> list[dict[str, Any]]:
        """Return the rows, each a dict of the ranking's columns."""
        table = self.ranking.table
        ranked = [row for row in table.slice(0, table.num_rows).to_pylist() if row["rank"]]
        ranked.sort(key=lambda row: (row["rank"], -row["index"], row["agency"]))
        return ranked[: self.n]

    def __str__(self) -> str:
        rows = self.rows()
        if not rows:
            return "没有达到最低样本量的单位，不排名。"
        lines = ["名次 [95%区间]  档  指数 [95%区间]        n  单位"]
        for row in rows:
            place = f"{row['rank']} [{row['rank_low']}–{row['rank_high']}]"
            index = f"{row['index']:.1f} [{row['index_low']:.1f}–{row['index_high']:.1f}]"
            lines.append(
                f"{place:<13} {row['tier']:>3}  {index:<19} {row['n_exchanges']:>5}  "
                f"{row['agency']}"
            )
        lines.append("名次相同即并列；同一档内的先后不可靠。")
        return "\n".join(lines)

    def __repr__(self) -> str:
        return str(self)
