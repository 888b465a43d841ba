"""Write the table of known formats into docs/formats.md.

python scripts/make_format_docs.py
"""

from __future__ import annotations

from pathlib import Path

from gov_sentiment.archive import list_formats

PAGE = Path(__file__).resolve().parent.parent / "docs" / "formats.md"
START, END = "<!-- formats: made by scripts/make_format_docs.py -->", "<!-- end of formats -->"
KINDS = {
    "exchanges": "post and reply in a row",
    "messages": "one message a row",
    "account_posts": "an agency's own posts",
    "accounts": "who is official; no posts",
}


def table() -> str:
    """Return the formats as a Markdown table."""
    lines = [
        "| name | what it is | rows | dated | known by the headers |",
        "| --- | --- | --- | --- | --- |",
    ]
    for each in list_formats():
        needs = ", ".join(f"`{name}`" for name in each.needs)
        lines.append(
            f"| `{each.name}` | {each.title} | {KINDS[each.kind]} | {each.dated} | {needs} |"
        )
    return "\n".join(lines)


def page(text: str) -> str:
    """Return the page with its table made anew."""
    head, _, rest = text.partition(START)
    _, _, tail = rest.partition(END)
    return f"{head}{START}\n{table()}\n{END}{tail}"


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
