"""The calendar of days: months, and working days by the official holiday notices."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

import chinese_calendar
import numpy as np
import numpy.typing as npt
import pyarrow as pa

_EPOCH = date(1970, 1, 1)


@lru_cache(maxsize=8)
def known_years() -> frozenset[int]:
    """Return the years for which the holiday library has the State Council's notice."""
    return frozenset(day.year for day in chinese_calendar.holidays)


def is_working(day: date) -> bool:
    """Return whether `day` is worked: by the notice of its year, else Monday to Friday."""
    if day.year in known_years():
        return bool(chinese_calendar.is_workday(day))
    return day.weekday() < 5


def calendar(first_day: int, last_day: int) -> pa.Table:
    """Return one row for each day.

    Args:
        first_day: days since 1970-01-01.
        last_day: the same, included.

    Returns:
        `day` (int64), `month` (12 · year + month − 1) and `workdays` (working days of the table
        up to and with the day). The working days between a post and its answer are the
        difference of two rows: the day of the post does not count, the day of the answer does.
    """
    days: npt.NDArray[np.int64] = np.arange(first_day, last_day + 1, dtype=np.int64)
    dates = [_EPOCH + timedelta(days=int(day)) for day in days]
    months = [12 * day.year + day.month - 1 for day in dates]
    working = np.cumsum([is_working(day) for day in dates], dtype=np.int64)
    return pa.table({"day": days, "month": pa.array(months, pa.int64()), "workdays": working})


def years_without_notice(first_day: int, last_day: int) -> list[int]:
    """Return the years between two days for which Monday to Friday had to do."""
    years = range(
        (_EPOCH + timedelta(days=first_day)).year, (_EPOCH + timedelta(days=last_day)).year + 1
    )
    return [year for year in years if year not in known_years()]
