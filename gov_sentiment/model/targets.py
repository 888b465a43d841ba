"""What a model can learn: a label column, its scale, and the text that it is about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from gov_sentiment.errors import BadModel
from gov_sentiment.exchange import NOMINAL_TARGETS, ORDINAL_TARGETS

Text = Literal["post", "reply", "pair"]
TEXTS: Final = ("post", "reply", "pair")


@dataclass(frozen=True)
class Target:
    """One label column.

    classes: labels of a nominal target, or the levels of an ordinal one as text, lowest first.
    ordinal: whether the classes are the whole numbers from `lowest` upwards.
    text: what the label is about; a model of the post never reads the reply.
    """

    name: str
    classes: tuple[str, ...]
    text: Text
    ordinal: bool = False
    lowest: int = 0

    def __post_init__(self) -> None:
        if len(self.classes) < 2 or self.text not in TEXTS:
            raise BadModel(
                f"target {self.name}: needs two classes and a text of {', '.join(TEXTS)}."
            )

    @property
    def n_outputs(self) -> int:
        """Linear outputs: one a class, or one for each step "at least this level"."""
        return len(self.classes) - self.ordinal

    def encode(self, codes: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
        """Return 0/1 regression targets, shape (n_rows, n_outputs), for class codes."""
        levels = np.arange(len(self.classes))
        if self.ordinal:
            return (codes[:, None] >= levels[None, 1:]).astype(np.float64)
        return (codes[:, None] == levels[None, :]).astype(np.float64)


def default_targets() -> tuple[Target, ...]:
    """Return the nine labels of the codebook."""
    nominal = [
        Target(name, classes, "pair" if name == "reply_type" else "post")
        for name, classes in NOMINAL_TARGETS.items()
    ]
    ordinal = [
        Target(name, tuple(map(str, range(low, high + 1))), "pair", ordinal=True, lowest=low)
        for name, (low, high) in ORDINAL_TARGETS.items()
    ]
    return (*nominal, *ordinal)
