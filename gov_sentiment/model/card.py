"""The model card: what a model is, what it learnt from, how good it is, what it is not for."""

from __future__ import annotations

import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy
import sklearn

from gov_sentiment.model.checks import LabelChecks
from gov_sentiment.model.evaluate import TargetReport
from gov_sentiment.model.labelled import Labelled
from gov_sentiment.model.targets import Target
from gov_sentiment.text.tokenizer import Tokenizer

if TYPE_CHECKING:
    from gov_sentiment.model.classifier import TextModel
    from gov_sentiment.model.train import Adaptation

CARD_TEXT: Final = "card.md"
_NETS: Final = (
    "Recurrent nets read the text beside the linear layers. In each fold of the measurement nets, "
    "layers and head were learnt without the labels of the rows that it holds out; words and "
    "where their vectors start are of all rows' texts."
)
_LIMITS: Final = (
    "Figures hold for texts like the training rows; other places and channels do worse. Measure "
    "with `gov-sentiment evaluate` on rows of your own before you publish.",
    "The model scores texts, not the case behind them: a reply that claims a result is scored as "
    "claiming it.",
    "Not for judging citizens or named officials, nor for finding petitioners.",
)


def make_card(
    name: str,
    data: Labelled,
    target: Target,
    checks: LabelChecks,
    report: TargetReport,
    adaptation: Adaptation | None,
    licence: str,
    model: TextModel,
) -> dict[str, Any]:
    """Return the card of a model of one target as plain data."""
    head = model.heads[target.name]
    return {
        **base_card(name, [data], licence),
        "targets": {target.name: asdict(report)},
        "checks": {target.name: asdict(checks)},
        "adaptation": asdict(adaptation) if adaptation else None,
        "temperature": head.temperature,
        "nets": len(model.nets),
        "measured": "nested cross-validation; near-duplicates and sources kept together",
    }


def base_card(name: str, files: Sequence[Labelled], licence: str) -> dict[str, Any]:
    """Return what every card says, whatever the targets."""
    return {
        "name": name,
        "made": datetime.now(UTC).date().isoformat(),
        "rows": sum(len(data) for data in files),
        "files": {data.where: data.sha256 for data in files},
        "licence": licence,
        "dictionary_sha256": Tokenizer().dictionary_hash,
        "versions": {
            "python": platform.python_version(),
            "numpy": numpy.__version__,
            "scikit-learn": sklearn.__version__,
        },
        "limits": list(_LIMITS),
    }


def other_dictionary(card: Mapping[str, Any]) -> bool:
    """Return whether the model learnt from words that another dictionary had cut."""
    known = card.get("dictionary_sha256")
    return known is not None and str(known) != Tokenizer().dictionary_hash


def write_card(card: Mapping[str, Any], folder: str | Path) -> None:
    """Write the card as text for people; its data stands in `model.json`."""
    path = Path(folder) / CARD_TEXT
    path.write_text(render_card(card), encoding="utf-8")


def render_card(card: Mapping[str, Any]) -> str:
    """Return the card as Markdown."""
    lines = [f"# Model card: {card['name']}", ""]
    if card.get("summary"):
        lines += [str(card["summary"]), ""]
    lines += [
        f"Made {card['made']} from {card['rows']:,} labelled rows. Labels: {card['licence']}."
    ]
    lines += [f"Measured by {card['measured']}.", ""]
    if card.get("nets"):
        lines += [_NETS, ""]
    for name, report in card["targets"].items():
        lines += [f"## {name}", "", *_target_lines(report)]
        checks = card.get("checks", {}).get(name)
        lines += [f"- Note: {warning}." for warning in (checks or {}).get("warnings", ())]
        lines.append("")
    if card.get("adaptation"):
        lines += [_adaptation_line(card["adaptation"]), ""]
    lines += ["## Limits", "", *(f"- {limit}" for limit in card["limits"]), ""]
    lines += ["## Fingerprints", ""]
    lines += [f"- {name}: SHA-256 {digest}" for name, digest in card["files"].items()]
    lines += [f"- dictionary: SHA-256 {card['dictionary_sha256']}"]
    lines += [f"- {tool} {version}" for tool, version in card["versions"].items()]
    return "\n".join(lines) + "\n"


def _target_lines(report: Mapping[str, Any]) -> list[str]:
    lines = ["| figure | value | 95 % interval |", "| --- | --- | --- |"]
    lines += [
        f"| {name} | {f['value']:.3f} | {f['low']:.3f}–{f['high']:.3f} |"
        for name, f in report["figures"].items()
    ]
    if report["per_class"]:
        lines += [
            "",
            "| class | precision | recall | F1 | rows |",
            "| --- | --- | --- | --- | --- |",
        ]
        lines += [
            f"| {name} | {p:.3f} | {r:.3f} | {f:.3f} | {n} |"
            for name, (p, r, f, n) in report["per_class"].items()
        ]
        classes = report["classes"]
        lines += ["", "Confusion (rows: label, columns: model):", ""]
        lines += [f"| | {' | '.join(classes)} |", f"| --- |{' --- |' * len(classes)}"]
        lines += [
            f"| {name} | {' | '.join(map(str, counts))} |"
            for name, counts in zip(classes, report["confusion"], strict=True)
        ]
    slices = [*report["by_source"], *report["by_length"]]
    if slices:
        lines += ["", f"| part | rows | {report['main']} |", "| --- | --- | --- |"]
        lines += [f"| {part['name']} | {part['n']} | {part['figure']:.3f} |" for part in slices]
    for other in report["baselines"]:
        figures = ", ".join(f"{name} {value:.3f}" for name, value in other["figures"].items())
        lines += ["", f"Beside it, {other['name']}: {figures}."]
    return lines


def _adaptation_line(adaptation: Mapping[str, Any]) -> str:
    as_is = adaptation["as_is"]
    unchanged = "has not this label" if as_is is None else f"{as_is:.3f} unchanged"
    verdict = "helped" if adaptation["adapted"] > adaptation["alone"] else "did not help"
    return (
        f"Starting from {adaptation['base']} {verdict}: it {unchanged}; these rows alone "
        f"{adaptation['alone']:.3f}; both together {adaptation['adapted']:.3f}."
    )
