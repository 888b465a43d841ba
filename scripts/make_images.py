"""Take the pictures of docs/images from the sample's report and one exchange's page.

Run: python scripts/make_images.py   (needs Chromium, chromedriver, pdftoppm and a CJK font)
"""

from __future__ import annotations

import base64
import io
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from PIL import Image
from selenium import webdriver
from selenium.webdriver.chrome.options import Options

IMAGES = Path(__file__).resolve().parent.parent / "docs" / "images"
WIDTH, PHONE = 1180, 390
# Sections from the first to the last of each picture; the heights where a page is cut.
SECTIONS = {"charts": ("tiers", "waiting"), "passing_on": ("passing_on", "passing_on")}
HEIGHTS = {"report": 1180, "dark": 1000, "agency": 1300, "explain": 1000, "phone": 1100}


def make_pages(folder: Path) -> None:
    """Write the sample's report and the page of the exchange that docs/tutorial.md explains."""
    tool = str(Path(sys.executable).with_name("gov-sentiment"))
    run = [tool, "run", "--sample", "--out", str(folder), "--lang", "en"]
    explain = [tool, "explain", str(folder / "scored.parquet"), "--exchange", "DE0052"]
    page = ["-o", str(folder / "why.html"), "--lang", "en"]
    for command in (run, [*explain, *page]):
        subprocess.run(command, check=True, capture_output=True)


def open_browser() -> Any:
    options = Options()
    for argument in ("--headless=new", "--no-sandbox", "--hide-scrollbars", "--disable-gpu"):
        options.add_argument(argument)
    return webdriver.Chrome(options=options)


def save(browser: Any, name: str, clip: dict[str, float]) -> None:
    shot = browser.execute_cdp_cmd(
        "Page.captureScreenshot",
        {"captureBeyondViewport": True, "clip": {"x": 0, "scale": 1, **clip}},
    )
    picture = Image.open(io.BytesIO(base64.b64decode(shot["data"]))).convert("RGB")
    # A palette makes the file a third as large; the pages have few colours.
    picture.quantize(128, dither=Image.Dither.NONE).save(IMAGES / f"{name}.png", optimize=True)


def set_width(browser: Any, width: int, height: int) -> None:
    metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)


def take(browser: Any, name: str, page: Path, width: int = WIDTH, script: str = "") -> None:
    """Take the top of a page, after a script has changed it."""
    set_width(browser, width, HEIGHTS[name])
    browser.get("about:blank")
    browser.get(page.as_uri())
    browser.execute_script(script)
    save(browser, name, {"y": 0, "width": width, "height": HEIGHTS[name]})


def take_sections(browser: Any, report: Path) -> None:
    set_width(browser, WIDTH, 1000)
    browser.get("about:blank")
    browser.get(report.as_uri())
    for name, (first, last) in SECTIONS.items():
        top, bottom = browser.execute_script(
            "const at = (id) => document.getElementById(id).getBoundingClientRect();"
            "return [at(arguments[0]).top + scrollY, at(arguments[1]).bottom + scrollY]",
            first,
            last,
        )
        save(browser, name, {"y": top, "width": WIDTH, "height": bottom - top})


def take_print(browser: Any, report: Path, folder: Path) -> None:
    """Take the first two A4 pages side by side as a reader of the PDF sees them."""
    browser.get(report.as_uri())
    made = browser.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True})
    pdf = folder / "report.pdf"
    pdf.write_bytes(base64.b64decode(made["data"]))
    pages = [folder / "print-1.png", folder / "print-2.png"]
    for number, page in enumerate(pages, 1):
        only = ["-f", str(number), "-l", str(number), "-singlefile", "-r", "60", "-png"]
        subprocess.run(["pdftoppm", *only, str(pdf), str(page.with_suffix(""))], check=True)
    board = folder / "print.html"
    board.write_text("".join(f'<img src="{page.name}">' for page in pages), encoding="utf-8")
    browser.get(board.as_uri())
    size = browser.execute_script(
        "document.body.style = 'margin: 0; display: flex; gap: 10px; background: #888';"
        "document.body.style.width = 'max-content';"
        "return [document.body.offsetWidth, document.body.offsetHeight]"
    )
    save(browser, "print", {"y": 0, "width": size[0], "height": size[1]})


def main() -> None:
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        make_pages(folder)
        report = folder / "report.html"
        browser = open_browser()
        take(browser, "report", report)
        take(browser, "dark", report, script="document.querySelector('#dark').click()")
        take(browser, "phone", report, width=PHONE)
        first = "document.querySelector('#passing_on td.name a').click()"
        take(browser, "agency", report, script=first)
        take(browser, "explain", folder / "why.html")
        take_sections(browser, report)
        take_print(browser, report, folder)
        browser.quit()


if __name__ == "__main__":
    main()
