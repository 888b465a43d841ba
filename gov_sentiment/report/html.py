"""What every page of ours is made with: templates, the shared look, data that scripts may read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

_FOLDER: Final = Path(__file__).parent
LANGUAGES: Final = ("zh", "en")


def template_environment() -> Environment:
    """Return where the pages' templates are found; a name that is missing is an error."""
    return Environment(
        loader=FileSystemLoader(_FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def render(template: str, lang: str, *, scripts: tuple[str, ...], data: Any, **more: Any) -> str:
    """Return a page's HTML with the shared style and its scripts inside.

    Args:
        template: file in `templates`, which extends `layout.html.j2`.
        lang: "zh" or "en", the language that the page opens in; it holds both.
        scripts: files in `assets`, run in this order.
        data: what the scripts read, as json.
        **more: names that the template uses.
    """
    return (
        template_environment()
        .get_template(template)
        .render(
            lang=lang,
            css=Markup(asset("page.css")),
            script=Markup("\n".join(asset(name) for name in scripts)),
            data=Markup(script_json(data)),
            **more,
        )
    )


def script_json(value: Any) -> str:
    """Return json that is safe inside a script element."""
    text = json.dumps(value, ensure_ascii=False, default=str, allow_nan=False)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def asset(name: str) -> str:
    """Return the text of a file in `assets`."""
    return (_FOLDER / "assets" / name).read_text(encoding="utf-8")
