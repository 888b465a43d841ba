"""Kaplan–Meier for many agencies at once, from histograms of waiting times.

Kaplan and Meier 1958; variances by Greenwood. A pending exchange is censored at the export:
it counts as waiting up to then and as nothing after it. Exchanges censored at a time count as at
risk at that time.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Float = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Curves:
    """Survival curves of several groups, as steps.

    Attributes:
        group: group of each step, ascending, (n_steps,).
        time: its time, ascending within a group.
        at_risk: how many still waited just before it.
        events: how many were answered at it.
        survival: the share still unanswered after it.
        greenwood: sum of d / (n (n − d)) up to it, within the group.
        n_groups: groups are 0 … n_groups − 1; a group may have no step.
    """

    group: Ints
    time: Float
    at_risk: Float
    events: Float
    survival: Float
    greenwood: Float
    n_groups: int


def kaplan_meier(group: Ints, time: Float, event: Ints, n: Ints, n_groups: int) -> Curves:
    """Return the curves of all groups.

    Args:
        group: (n_rows,), in 0 … n_groups − 1.
        time: (n_rows,), not negative.
        event: (n_rows,), 1 = answered then, 0 = censored then.
        n: (n_rows,), how many exchanges the row stands for.
        n_groups: how many groups there are.
    """
    order = np.lexsort((time, group))
    group, time, event, n = group[order], time[order], event[order], n[order]
    first = np.ones(len(group), dtype=bool)
    first[1:] = (group[1:] != group[:-1]) | (time[1:] != time[:-1])
    starts = np.flatnonzero(first)
    if not len(starts):
        empty = np.empty(0)
        return Curves(group[:0], empty, empty, empty, empty, empty, n_groups)
    leaving = np.add.reduceat(n, starts)
    events = np.add.reduceat(n * event, starts)
    group, time = group[starts], time[starts]
    total = np.bincount(group, weights=leaving, minlength=n_groups)
    gone = np.cumsum(leaving) - leaving
    before = np.concatenate([[0.0], np.cumsum(total)])[group]
    at_risk = total[group] - (gone - before)
    last = events == at_risk
    safe = np.where(last, 1.0, at_risk - events)
    steps = np.where(last, 0.0, np.log(safe / np.where(last, 1.0, at_risk)))
    # Everyone answered: only possible at a group's last step, so nothing after it is lost.
    survival = np.where(last, 0.0, np.exp(_sum_within(steps, group)))
    added = np.where(last, 0.0, events / (at_risk * safe))
    return Curves(group, time, at_risk, events, survival, _sum_within(added, group), n_groups)


def _sum_within(values: Float, group: Ints) -> Float:
    """Return running sums that start anew with each group."""
    running = np.cumsum(values)
    first = np.ones(len(group), dtype=bool)
    first[1:] = group[1:] != group[:-1]
    starts = np.flatnonzero(first)
    before = np.where(starts > 0, running[starts - 1], 0.0)
    result: Float = running - np.repeat(before, np.diff(np.append(starts, len(group))))
    return result


def _last_step(curves: Curves, limit: float) -> Ints:
    """Return, for each group, the index of its last step at or before `limit`; −1 for none."""
    result = np.full(curves.n_groups, -1, dtype=np.int64)
    inside = np.flatnonzero(curves.time <= limit)
    # Ascending order: the last assignment of a group stays.
    result[curves.group[inside]] = inside
    return result


def answered_by(curves: Curves, limit: float) -> tuple[Float, Float]:
    """Return P(answered within `limit`) of each group and its variance, (n_groups,) each.

    A group without any step has NaN.
    """
    step = _last_step(curves, limit)
    known = np.bincount(curves.group, minlength=curves.n_groups) > 0
    survival = np.where(step >= 0, curves.survival[step] if len(curves.group) else 1.0, 1.0)
    spread = np.where(step >= 0, curves.greenwood[step] if len(curves.group) else 0.0, 0.0)
    nothing = np.where(known, 0.0, np.nan)
    return 1.0 - survival + nothing, survival**2 * spread + nothing


def median_time(curves: Curves) -> Float:
    """Return the first time at which half or fewer still wait; NaN where that is not reached."""
    result = np.full(curves.n_groups, np.nan)
    reached = np.flatnonzero(curves.survival <= 0.5 + 1e-12)[::-1]
    # Backwards, so that a group's first such step is the last to be assigned.
    result[curves.group[reached]] = curves.time[reached]
    return result


def restricted_mean(curves: Curves, limit: float) -> tuple[Float, Float]:
    """Return the mean waiting time up to `limit` and its variance, (n_groups,) each.

    The mean is the area under the curve from 0 to `limit`; after a group's last step its curve
    goes on level. Variance: Klein and Moeschberger, sum over steps of A(t)² d / (n (n − d)),
    with A(t) the area from t to `limit`; a step after which nobody waits adds nothing.
    """
    inside = curves.time < limit
    group, time, survival = curves.group[inside], curves.time[inside], curves.survival[inside]
    known = np.bincount(curves.group, minlength=curves.n_groups) > 0
    nothing = np.where(known, 0.0, np.nan)
    if not len(group):
        return limit + nothing, nothing
    last = np.append(group[1:] != group[:-1], True)
    after = np.where(last, limit, np.append(time[1:], limit))
    area = survival * (after - time)
    starts = np.flatnonzero(np.append(True, group[1:] != group[:-1]))
    first_area = np.full(curves.n_groups, float(limit))
    first_area[group[starts]] = time[starts]
    total: Float = np.bincount(group, weights=area, minlength=curves.n_groups).astype(np.float64)
    mean = first_area + total
    remaining = total[group] - (_sum_within(area, group) - area)
    left = curves.at_risk[inside] - curves.events[inside]
    events = curves.events[inside]
    term = np.where(
        left > 0,
        remaining**2 * events / (curves.at_risk[inside] * np.where(left > 0, left, 1.0)),
        0.0,
    )
    variance: Float = np.bincount(group, weights=term, minlength=curves.n_groups).astype(np.float64)
    return mean + nothing, variance + nothing
