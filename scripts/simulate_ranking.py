"""Does the ranking keep its promises? Simulated archives whose truth is known.

    python scripts/simulate_ranking.py [--replications 500] [--agencies 100] [--draws 1000]

Each replication draws agencies (5 to 5,000 exchanges, log-uniform) with true rates from a beta
distribution, counts from them, and asks the package's own functions for shrunk rates, ranks,
tiers and corrected shares. The truth must lie in the 95 % intervals as often as they say.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from gov_sentiment.exchange import REPLY_TYPES, SUBSTANTIVE
from gov_sentiment.ranking.correct import Confusion, correct_classes, correct_share
from gov_sentiment.ranking.draws import (
    Component,
    draw_index,
    rank_draws,
    summarise_ranks,
)
from gov_sentiment.ranking.shrink import shrink_means, shrink_rates, variances_of_means, wilson
from gov_sentiment.ranking.tiers import make_tiers, simultaneous_ranks

Float = npt.NDArray[np.float64]


@dataclass
class Shares:
    """Hits out of trials, by name."""

    hits: dict[str, float] = field(default_factory=dict)
    trials: dict[str, float] = field(default_factory=dict)

    def add(self, name: str, inside: npt.ArrayLike) -> None:
        """Count hits, or add numbers up for a mean."""
        values = np.asarray(inside, dtype=float).ravel()
        self.hits[name] = self.hits.get(name, 0.0) + float(values.sum())
        self.trials[name] = self.trials.get(name, 0.0) + len(values)

    def lines(self) -> list[str]:
        """Return one line for each name."""
        return [
            f"{name:<58}{self.hits[name] / max(self.trials[name], 1):8.4f}" for name in self.hits
        ]


def true_ranks(values: Float) -> npt.NDArray[np.int64]:
    ranks = np.empty(len(values), dtype=np.int64)
    ranks[np.argsort(-values)] = np.arange(1, len(values) + 1)
    return ranks


def check_ranks(shares: Shares, part: Component, names: list[str], truth: Float, draws: int,
                label: str, together: bool) -> None:  # fmt: skip
    drawn = draw_index(names, [part], draws, seed=0)
    summary = summarise_ranks(rank_draws(drawn.index), 10)
    place = true_ranks(truth)
    shares.add(
        f"{label}: rank intervals, marginal", (summary.low <= place) & (place <= summary.high)
    )
    tiers = make_tiers(drawn.index, drawn.index_mean)
    apart = tiers[:, None] < tiers[None, :]
    if apart.any():
        wrong = truth[:, None] < truth[None, :]
        shares.add(f"{label}: wrong order across tiers", wrong[apart])
    shares.add(f"{label}: more than one tier", [tiers.max() > 1])
    if together:
        low, high = simultaneous_ranks(drawn.index)
        shares.add(
            f"{label}: all simultaneous rank sets right", [np.all((low <= place) & (place <= high))]
        )


def simulate_rates(rng: np.random.Generator, shares: Shares, names: list[str], draws: int) -> None:
    n = sizes(rng, len(names))
    mean = rng.uniform(0.3, 0.95)
    precision = np.exp(rng.uniform(np.log(10.0), np.log(100.0)))
    truth = rng.beta(mean * precision, (1.0 - mean) * precision, len(names))
    k = rng.binomial(n.astype(int), truth).astype(float)
    groups = np.zeros(len(names), dtype=np.int64)
    posterior = shrink_rates(k, n, groups)
    low, high = posterior.interval()
    shares.add("rates: shrunk 95 % intervals", (low <= truth) & (truth <= high))
    small = n < 30
    shares.add("rates: shrunk 95 % intervals, n < 30", ((low <= truth) & (truth <= high))[small])
    raw_low, raw_high = wilson(k, n)
    shares.add("rates: Wilson intervals (raw)", (raw_low <= truth) & (truth <= raw_high))
    part = Component("rate", posterior, 1.0, 100.0, 0.0)
    check_ranks(shares, part, names, truth, draws, "rates", together=True)


def simulate_means(rng: np.random.Generator, shares: Shares, names: list[str], draws: int) -> None:
    n = sizes(rng, len(names))
    truth = rng.normal(3.2, rng.uniform(0.15, 0.5), len(names))
    sums, squares = np.empty(len(n)), np.empty(len(n))
    for row, size in enumerate(n.astype(int)):
        values = rng.normal(truth[row], 0.9, size)
        sums[row], squares[row] = values.sum(), (values**2).sum()
    mean, variance = variances_of_means(sums, squares, n)
    posterior = shrink_means(mean, variance, np.zeros(len(n), dtype=np.int64), 1.0, 5.0)
    low, high = posterior.interval()
    shares.add("means: shrunk 95 % intervals", (low <= truth) & (truth <= high))
    part = Component("quality", posterior, 1.0, 25.0, -25.0)
    check_ranks(shares, part, names, truth, draws, "means", together=False)


def sizes(rng: np.random.Generator, n_agencies: int) -> Float:
    return np.floor(np.exp(rng.uniform(np.log(5.0), np.log(5001.0), n_agencies)))


def simulate_classifier(
    rng: np.random.Generator, shares: Shares, names: list[str], draws: int, n_labels: int
) -> None:
    """A classifier that is right on 80 % of the exchanges; its errors are known from a sample."""
    n = sizes(rng, len(names)).astype(int)
    mean = rng.dirichlet(np.full(5, 1.5))
    classes = rng.dirichlet(np.maximum(mean, 0.02) * 20.0, len(names))
    errors = np.full((5, 5), 0.05) + 0.75 * np.eye(5)
    truth = classes[:, [label in SUBSTANTIVE for label in REPLY_TYPES]].sum(axis=1)
    counts = np.array(
        [rng.multinomial(size, row @ errors) for size, row in zip(n, classes, strict=True)]
    )
    sample = rng.multinomial(n_labels, (classes * n[:, None]).sum(axis=0) / n.sum())
    matrix = np.array(
        [rng.multinomial(total, row) for total, row in zip(sample, errors, strict=True)]
    )
    confusion = Confusion(REPLY_TYPES, matrix)
    inside = np.array([label in SUBSTANTIVE for label in REPLY_TYPES])
    k, trials = counts[:, inside].sum(axis=1).astype(float), n.astype(float)
    posterior = shrink_rates(k, trials, np.zeros(len(n), dtype=np.int64))
    low, high = posterior.interval()
    shares.add("classifier of 80 %: naive (as predicted)", (low <= truth) & (truth <= high))
    raw_low, raw_high = wilson(k, trials)
    shares.add("classifier of 80 %: naive, Wilson", (raw_low <= truth) & (truth <= raw_high))
    correction = correct_share(confusion, SUBSTANTIVE, draws, 0, "simulated")
    part = Component("substantive_share", posterior, 1.0, 100.0, 0.0, correction=correction)
    drawn = draw_index(names, [part], draws, seed=0)
    _, low, high = drawn.summaries["substantive_share"]
    shares.add("classifier of 80 %: corrected", (low <= truth) & (truth <= high))
    if correction is not None:
        shares.add("classifier of 80 %: average error, naive", np.abs(k / trials - truth))
        shares.add(
            "classifier of 80 %: average error, corrected",
            np.abs(drawn.summaries["substantive_share"][0] - truth),
        )
    if np.all(matrix.sum(axis=1) > 0):
        classes_found, _ = correct_classes(counts, confusion)
        shares.add(
            "classifier of 80 %: average error, matrix method",
            np.abs(classes_found[:, inside].sum(axis=1) - truth),
        )


def compare_with_quapy(replications: int, n_agencies: int, n_labels: int, seed: int) -> list[str]:
    """Return mean absolute errors of shares of five classes, ours beside QuaPy's."""
    import quapy.functional as functional
    from quapy.method.aggregative import ACC

    errors = np.full((5, 5), 0.05) + 0.75 * np.eye(5)
    shares = Shares()
    for replication in range(replications):
        rng = np.random.default_rng([seed, 7, replication])
        n = sizes(rng, n_agencies).astype(int)
        mean = np.maximum(rng.dirichlet(np.full(5, 1.5)), 0.02)
        truth = rng.dirichlet(mean * 20.0, n_agencies)
        counts = np.array(
            [rng.multinomial(size, row @ errors) for size, row in zip(n, truth, strict=True)]
        )
        sample = rng.multinomial(n_labels, mean / mean.sum())
        if sample.min() == 0:
            continue
        matrix = np.array(
            [rng.multinomial(total, row) for total, row in zip(sample, errors, strict=True)]
        )
        ours, _ = correct_classes(counts, Confusion(REPLY_TYPES, matrix))
        rates = (matrix / matrix.sum(axis=1, keepdims=True)).T
        raw = counts / counts.sum(axis=1, keepdims=True)
        exact, least = [], []
        for row in raw:
            solved = ACC.solve_adjustment(rates, row, "inversion", "exact-raise")
            exact.append(functional.normalize_prevalence(solved, method="mapsimplex"))
            solved = ACC.solve_adjustment(rates, row, "inversion", "minimize")
            least.append(functional.normalize_prevalence(solved, method="clip"))
        groups = np.zeros(n_agencies, dtype=np.int64)
        shrunk = np.empty_like(ours)
        for place, label in enumerate(REPLY_TYPES):
            posterior = shrink_rates(counts[:, place].astype(float), n.astype(float), groups)
            correction = correct_share(Confusion(REPLY_TYPES, matrix), (label,), 400, 0, label)
            if correction is None:
                shrunk[:, place] = posterior.mean()
                continue
            part = Component(label, posterior, 0.0, 100.0, 0.0, correction=correction)
            names = [f"agency-{number}" for number in range(n_agencies)]
            shrunk[:, place] = draw_index(names, [part], 400, 0).summaries[label][0]
        table = {
            "predicted (classify and count)": raw,
            "QuaPy ACC (inversion, minimize, clip: its default)": np.array(least),
            "QuaPy ACC (inversion, exact, mapsimplex)": np.array(exact),
            "ours, matrix method (correct_classes)": ours,
            "ours in rankings (correction with shrinkage)": shrunk,
        }
        for name, values in table.items():
            shares.add(name, np.abs(values - truth))
            shares.add(f"  n < 50: {name}"[:58], np.abs(values - truth)[n < 50])
        shares.add("largest gap, ours to QuaPy exact", np.abs(ours - np.array(exact)).max())
    return shares.lines()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replications", type=int, default=500)
    parser.add_argument("--agencies", type=int, default=100)
    parser.add_argument("--draws", type=int, default=1000)
    parser.add_argument("--labels", type=int, default=400)
    parser.add_argument("--seed", type=int, default=20261124)
    parser.add_argument("--quapy", action="store_true", help="compare with QuaPy alone")
    given = parser.parse_args()
    if given.quapy:
        lines = compare_with_quapy(given.replications, given.agencies, given.labels, given.seed)
        print("\n".join(lines))
        return
    shares = Shares()
    names = [f"agency-{number}" for number in range(given.agencies)]
    for replication in range(given.replications):
        rng = np.random.default_rng([given.seed, replication])
        simulate_rates(rng, shares, names, given.draws)
        simulate_means(rng, shares, names, given.draws)
        simulate_classifier(rng, shares, names, given.draws, given.labels)
    print(f"{given.replications} replications of {given.agencies} agencies, seed {given.seed}")
    print("\n".join(shares.lines()))


if __name__ == "__main__":
    main()
