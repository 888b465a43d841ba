"""What a model can learn: a label column, its scale, and the text that it is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt

from gov_sentiment.errors import BadLabels, BadModel
from gov_sentiment.exchange import NOMINAL_TARGETS, ORDINAL_TARGETS

Text = Literal["post", "reply", "pair"]
Kind = Literal["nominal", "ordinal", "numeric"]
TEXTS: Final = ("post", "reply", "pair")
_MAX_LEVELS: Final = 11
_MAX_CLASSES: Final = 40

Float = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Target:
    """One label column.

    text: what the label is about; a model of the post never reads the reply.
    kind: nominal (one class of several), ordinal (whole numbers `low`…`high`), or numeric
        (any number in that range, such as a mean of ratings).
    classes: of a nominal target; empty for the others.
    """

    name: str
    text: Text
    kind: Kind = "nominal"
    classes: tuple[str, ...] = ()
    low: float = 0.0
    high: float = 1.0

    def __post_init__(self) -> None:
        if self.text not in TEXTS:
            raise BadModel(f"target {self.name}: text must be one of {', '.join(TEXTS)}.")
        if self.kind == "nominal" and len(self.classes) < 2:
            raise BadModel(f"target {self.name}: needs two classes.")
        if self.kind != "nominal" and not self.low < self.high:
            raise BadModel(f"target {self.name}: needs a range of values.")

    @property
    def nominal(self) -> bool:
        """Whether the target has classes rather than a scale."""
        return self.kind == "nominal"

    def encode(self, values: Float) -> Float:
        """Return regression targets of the linear layer, shape (n_rows, n_outputs).

        Args:
            values: class codes of a nominal target, values on the scale of the others.

        A nominal target has one output a class, an ordinal one an output for each step "at least
        this level" (of a value between two levels, the mean of several coders' labels, its share
        of the step), a numeric one its value scaled to [0, 1].
        """
        if self.kind == "nominal":
            same: Float = (values[:, None] == np.arange(len(self.classes))).astype(np.float64)
            return same
        if self.kind == "ordinal":
            steps = np.arange(self.low + 1, self.high + 1)
            reached: Float = np.clip(values[:, None] - steps[None, :] + 1, 0.0, 1.0)
            return reached
        scaled: Float = ((values - self.low) / (self.high - self.low))[:, None]
        return scaled

    def parse(self, labels: Sequence[Any]) -> Float:
        """Return labels as codes or values.

        Raises:
            BadLabels: a label that the target does not know, with the row's number.
        """
        if self.nominal:
            known = {label: float(code) for code, label in enumerate(self.classes)}
            missing = next((i for i, label in enumerate(labels) if str(label) not in known), None)
            if missing is not None:
                raise BadLabels(
                    f"column {self.name}, row {missing + 1}: a label that is none of "
                    f"{', '.join(self.classes)}."
                )
            return np.array([known[str(label)] for label in labels])
        values = to_numbers(labels)
        outside = np.flatnonzero(~((values >= self.low) & (values <= self.high)))
        if len(outside):
            raise BadLabels(
                f"column {self.name}, row {outside[0] + 1}: not a number from {self.low:g} to "
                f"{self.high:g}."
            )
        return values


def default_targets() -> tuple[Target, ...]:
    """Return the nine labels of the codebook."""
    return tuple(map(codebook_target, (*NOMINAL_TARGETS, *ORDINAL_TARGETS)))


def codebook_target(name: str) -> Target:
    """Return a label of the codebook by its column name; a KeyError for any other."""
    if name in NOMINAL_TARGETS:
        return Target(
            name, "pair" if name == "reply_type" else "post", classes=NOMINAL_TARGETS[name]
        )
    low, high = ORDINAL_TARGETS[name]
    return Target(name, "pair", "ordinal", low=low, high=high)


def infer_target(name: str, labels: Sequence[Any], text: Text | None) -> Target:
    """Return the target of a column: the codebook's scale where it fits, else from its values.

    Raises:
        BadLabels: fewer than two values, or too many classes to be a label.
    """
    found = {str(label) for label in labels}
    if name in (*NOMINAL_TARGETS, *ORDINAL_TARGETS):
        known = codebook_target(name)
        wanted = text or known.text
        fits = (
            found <= set(known.classes)
            if known.nominal
            else bool(np.isin(to_numbers(labels), np.arange(known.low, known.high + 1)).all())
        )
        if fits and len(found) > 1:
            return Target(name, wanted, known.kind, known.classes, known.low, known.high)
    wanted = text or "pair"
    if len(found) < 2:
        raise BadLabels(f"column {name}: only one value. A classifier needs at least two.")
    numbers = to_numbers(labels)
    if not np.isnan(numbers).any():
        low, high = float(numbers.min()), float(numbers.max())
        whole = bool((numbers == np.round(numbers)).all()) and high - low < _MAX_LEVELS
        return Target(name, wanted, "ordinal" if whole else "numeric", low=low, high=high)
    if len(found) > _MAX_CLASSES:
        raise BadLabels(
            f"column {name}: {len(found)} different values, more than {_MAX_CLASSES} classes.\n"
            "Is it the label column? Name another with --target."
        )
    return Target(name, wanted, classes=tuple(sorted(found)))


def to_numbers(labels: Sequence[Any]) -> Float:
    """Return labels as numbers, NaN where one is none."""
    return np.array([_number(label) for label in labels], dtype=np.float64)


def _number(label: Any) -> float:
    try:
        return float(label)
    except (TypeError, ValueError):
        return float("nan")
