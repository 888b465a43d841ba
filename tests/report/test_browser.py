"""The page in a browser: clicks, keyboard, accessibility, and that its numbers are the json's."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from page_browser import AXE_FOLDER, Browser, need
from selenium.webdriver.common.keys import Keys

import gov_sentiment as gs
from gov_sentiment.ranking import rank_agencies
from gov_sentiment.report import Summary, summarise, summary_json, write_page
from gov_sentiment.resources import sample_folder

pytestmark = pytest.mark.browser

SHANGHAI, BOARD = "shanghai_petitions_2023_24.csv", "liuyan_gas_2022_23.csv"
ARCHIVES = (
    "sample",
    pytest.param(SHANGHAI, marks=pytest.mark.real_data),
    pytest.param(BOARD, marks=pytest.mark.real_data),
)
_MOST_ROWS = 400  # of an archive: enough for every section, and quickly scored


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    browser = Browser()
    yield browser
    browser.driver.quit()


@pytest.fixture(scope="session")
def axe() -> str:
    """The script of axe-core, installed by npm for the tests alone."""
    script = AXE_FOLDER / "node_modules" / "axe-core" / "axe.min.js"
    if not script.exists():
        need("npm")
        install = ["npm", "ci", "--no-audit", "--no-fund", "--prefix", str(AXE_FOLDER)]
        subprocess.run(install, check=True, capture_output=True, timeout=120)
    return script.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, Summary]]:
    """Pages that were made already, by archive."""
    return {}


@pytest.fixture(params=ARCHIVES)
def page(
    request: pytest.FixtureRequest,
    made: dict[str, tuple[Path, Summary]],
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Path, Summary]:
    name = request.param
    if name not in made:
        if name == "sample":
            exchanges = gs.read_archive(*sorted(sample_folder().iterdir())).exchanges
        else:
            folder = request.getfixturevalue("shared_data") / "archives"
            exchanges = gs.read_archive(folder / name).exchanges.slice(0, _MOST_ROWS)
        scored = gs.score(exchanges)
        summary = summarise(scored, rank_agencies(scored, min_n=5))
        path = tmp_path_factory.mktemp("page") / "report.html"
        write_page(summary, path)
        made[name] = path, summary
    return made[name]


def agencies(browser: Browser) -> list[str]:
    return browser.texts("#ranking-table td.name > :is(a, *):first-child")


def test_quiet_and_alone(browser: Browser, page: tuple[Path, Summary]) -> None:
    browser.open(page[0])
    browser.find("#language").click()
    browser.find("#dark").click()
    assert browser.complaints() == []
    asked = browser.requests()
    assert asked
    assert all(address.startswith(("file:", "data:")) for address in asked)


def test_sort_search_filter_by_clicks(browser: Browser, page: tuple[Path, Summary]) -> None:
    browser.open(page[0])
    summary = page[1]
    head = browser.find("#ranking-table th[data-column=n_exchanges]")
    head.find_element("css selector", "button").click()
    assert head.get_attribute("aria-sort") == "descending"
    shown = [int(text.replace(",", "")) for text in browser.texts("td [data-key$='.n_exchanges']")]
    most = sorted((row["n_exchanges"] for row in summary.ranking), reverse=True)
    assert shown == most[: len(shown)]
    head.find_element("css selector", "button").click()
    assert head.get_attribute("aria-sort") == "ascending"

    wanted = summary.ranking[0]["agency"]
    browser.find("#ranking-search").send_keys(wanted)
    assert agencies(browser) == [
        row["agency"] for row in summary.ranking if wanted in (row["agency"] or "")
    ]
    browser.find("#ranking-search").clear()
    browser.find("#ranking-search").send_keys(Keys.SPACE, Keys.BACKSPACE)
    browser.find("#ranked-only").click()
    assert f"{summary.totals.n_ranked:,}" in browser.find(".datatable .count").text
    browser.run(
        "const s = document.getElementById('tier-filter'); s.value = '1'; s.dispatchEvent(new Event('change'))"
    )
    first = [row["agency"] for row in summary.ranking if row["tier"] == 1]
    assert sorted(agencies(browser)) == sorted(first)[: len(first)]


def test_drill_down_and_back(browser: Browser, page: tuple[Path, Summary]) -> None:
    browser.open(page[0])
    name = agencies(browser)[0]
    browser.find("#ranking-table td.name a").click()
    assert browser.displayed("#agency h2").text == name
    assert not browser.find("#main").is_displayed()
    assert browser.texts("#agency .example")
    browser.find("#back").click()
    browser.displayed("#main")
    assert browser.run("return document.activeElement.textContent") == name


def test_by_keyboard_alone(browser: Browser, page: tuple[Path, Summary]) -> None:
    browser.open(page[0])
    browser.tab_to("#language").send_keys(Keys.ENTER)
    assert browser.run("return document.documentElement.lang") == "en"
    assert "Ranking" in browser.find("#ranking h2").text
    browser.tab_to("#dark").send_keys(Keys.SPACE)
    assert browser.run("return document.documentElement.dataset.theme") == "dark"
    wanted = page[1].ranking[0]["agency"]
    browser.tab_to("#ranking-search").send_keys(wanted)
    browser.tab_to("#tier-filter").send_keys(Keys.ARROW_DOWN)
    assert browser.find("#tier-filter").get_attribute("value") == "1"
    browser.tab_to("#ranked-only").send_keys(Keys.SPACE)
    assert browser.find("#ranked-only").is_selected()
    browser.tab_to("#ranking-table th[data-column=agency] button").send_keys(Keys.ENTER)
    head = browser.find("#ranking-table th[data-column=agency]")
    assert head.get_attribute("aria-sort") == "ascending"
    browser.tab_to("#ranking-table td.name a").send_keys(Keys.ENTER)
    assert browser.displayed("#agency h2").text == wanted
    browser.tab_to("#back").send_keys(Keys.ENTER)
    browser.displayed("#main")


def violations(browser: Browser, axe: str) -> list[tuple[str, str, list[str]]]:
    browser.run(axe)
    found = browser.driver.execute_async_script(
        "axe.run().then((r) => arguments[0](r.violations), (e) => arguments[0]([{id: String(e)}]))"
    )
    return [
        (each["id"], each.get("impact"), [node["html"][:120] for node in each.get("nodes", ())][:3])
        for each in found
        if each.get("impact") not in ("minor", "moderate")
    ]


def test_no_serious_accessibility_violation(
    browser: Browser, page: tuple[Path, Summary], axe: str
) -> None:
    browser.driver.set_script_timeout(60)
    browser.open(page[0])
    browser.run("document.documentElement.dataset.theme = 'light'")
    assert violations(browser, axe) == []
    browser.find("#dark").click()
    browser.find("#ranking-table td.name a").click()
    assert violations(browser, axe) == []


def resolve(document: Any, key: str) -> Any:
    """Follow a key into the json; an agency's name may hold dots."""
    if key.startswith("profiles."):
        name, kind, last = key.removeprefix("profiles.").rsplit(".", 2)
        return document["profiles"][name][kind][last]
    for part in key.split("."):
        document = document[int(part) if isinstance(document, list) else part]
    return document


def same(text: str, form: str, value: Any) -> bool:
    if value is None:
        return text == "–"
    if isinstance(value, bool) or form in ("plain", "text", "kind", "bool"):
        return form in ("bool", "kind") or text == str(value)
    number = float(text.removesuffix("%").replace(",", ""))
    step = {"percent": 0.1, "share": 0.1, "float1": 0.1, "index": 0.1, "float2": 0.01}.get(form, 0)
    if form in ("percent", "share"):
        value *= 100
    return abs(number - value) <= step / 2 + 1e-9


def test_every_number_equals_the_json(browser: Browser, page: tuple[Path, Summary]) -> None:
    browser.open(page[0])
    document = json.loads(summary_json(page[1]))
    read = """return [...document.querySelectorAll('[data-key]')].map((e) =>
        [e.dataset.key, e.dataset.form, (e.querySelector('.zh') || e).textContent.trim()])"""
    cells = browser.run(read)
    browser.find("#ranking-table td.name a").click()
    cells += browser.run(read)
    assert len(cells) > 200
    for key, form, text in cells:
        value = resolve(document, key)
        if key.startswith("findings."):
            assert text == value["zh"], key
        else:
            assert same(text, form, value), (key, form, value, text)
    # No digit of a table or a tile stands outside a cell that was compared, or its interval.
    loose = """return [...document.querySelectorAll('tbody td, dd')].filter((e) =>
        !e.querySelector('[data-key]') && !e.matches('.name, .text, .interval') && /\\d/.test(e.textContent))
        .map((e) => e.textContent)"""
    assert browser.run(loose) == []


def test_fits_a_phone_and_a_sheet_of_paper(browser: Browser, page: tuple[Path, Summary]) -> None:
    browser.open(page[0])
    phone = {"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": True}
    browser.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", phone)
    try:
        assert browser.run("return document.documentElement.scrollWidth") <= 390
    finally:
        browser.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    browser.run("dispatchEvent(new Event('beforeprint'))")
    assert len(agencies(browser)) == min(page[1].totals.n_ranked, 300)
    browser.run("dispatchEvent(new Event('afterprint'))")
