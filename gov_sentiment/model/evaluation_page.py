"""An evaluation as one HTML page that opens without a network."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from gov_sentiment.model.evaluate import Evaluation

_TEMPLATES: Final = Path(__file__).parent / "templates"
_PAGE: Final = "evaluation.html.j2"


def evaluation_page(evaluation: Evaluation) -> str:
    """Return the page; it holds figures and names of classes and sources, but no texts."""
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(_PAGE).render(evaluation=evaluation)
