"""What recurrent nets make of the training rows: each row by nets that have not seen it.

Which words are known and where their vectors start is taken from the texts of all rows, as the
weights of words are in the linear layers; labels enter neither.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np

from gov_sentiment.model.features import Parts
from gov_sentiment.model.fitting import Design, Settings, make_folds
from gov_sentiment.model.learn_recurrent import Corpus, Plan, learn_net, make_corpus
from gov_sentiment.model.recurrent import POST_KINDS, REPLY_KINDS, RecurrentNet, mean_logits
from gov_sentiment.model.targets import Target
from gov_sentiment.model.views import Codes, Float


@dataclass(frozen=True)
class Readings:
    """Learns nets of one nominal target for the folds that cross-validation needs.

    corpora: all rows in words, and in characters; one net is learnt of each.
    codes: class code of each row. groups: as for `make_folds`.
    """

    corpora: tuple[Corpus, ...]
    side: Literal["post", "reply"]
    codes: Codes
    n_classes: int
    groups: Sequence[Any]
    settings: Settings
    plan: Plan

    @cached_property
    def unseen(self) -> Float:
        """Outputs for each row by nets of the other folds, shape (n_rows, n_classes)."""
        return self._out_of_fold(np.arange(len(self.codes)))

    @cached_property
    def nets(self) -> tuple[RecurrentNet, ...]:
        """Nets that learnt from all rows."""
        return self._learn(np.arange(len(self.codes)))

    def extend(self, design: Design) -> Design:
        """Return the design of the final model: with nets that learnt from all rows."""
        return design.with_nets(self.nets, self.side, self.unseen)

    def try_out(self, design: Design) -> Design:
        """Return the design of a model with nets that are still to be learnt."""
        return design.with_nets((), self.side, self.unseen)

    def for_fold(self, design: Design, train: Codes, test: Codes) -> Design:
        """Return the design for an outer fold: no net has seen the labels of `test`.

        `test` must be one of the folds of all rows.
        """
        reading = self._out_of_fold(train)
        reading[test] = self.unseen[test]
        return design.with_nets((), self.side, reading)

    def _out_of_fold(self, rows: Codes) -> Float:
        """Return outputs for `rows` by nets of the other folds among them; 0 for other rows."""
        reading = np.zeros((len(self.codes), self.n_classes))
        groups = [self.groups[row] for row in rows]
        for train, test in make_folds(groups, self.settings.folds, self.settings.seed):
            nets = self._learn(rows[train])
            reading[rows[test]] = mean_logits(
                [
                    net.logits(corpus.sequences, rows[test])
                    for net, corpus in zip(nets, self.corpora, strict=True)
                ]
            )
        return reading

    def _learn(self, rows: Codes) -> tuple[RecurrentNet, ...]:
        known = np.full(len(self.codes), -1)
        known[rows] = self.codes[rows]
        return tuple(
            learn_net(corpus, known, self.n_classes, self.plan, seed=0) for corpus in self.corpora
        )


def make_readings(
    parts: Parts,
    target: Target,
    labels: Float,
    groups: Sequence[Any],
    settings: Settings,
    plan: Plan | None = None,
) -> Readings:
    """Return what learns the nets of a nominal target that reads one text."""
    plan = plan or Plan()
    side: Literal["post", "reply"] = "post" if target.text == "post" else "reply"
    kinds = POST_KINDS if side == "post" else REPLY_KINDS
    corpora = tuple(make_corpus(parts, kinds, characters, plan) for characters in (False, True))
    return Readings(
        corpora, side, labels.astype(np.int64), len(target.classes), groups, settings, plan
    )
