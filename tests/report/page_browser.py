"""Headless Chromium for the page tests."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support import expected_conditions as ec
from selenium.webdriver.support.wait import WebDriverWait

AXE_FOLDER = Path(__file__).parent / "axe"


def need(*programs: str) -> None:
    """Skip the test where a program is missing; fail where CI has to have it."""
    missing = [name for name in programs if shutil.which(name) is None]
    if missing and os.environ.get("CI") == "true":
        pytest.fail(f"not installed: {', '.join(missing)}")
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)}")


class Browser:
    """One Chromium that can reach nothing but files, with what it said and asked for."""

    def __init__(self) -> None:
        need("chromium", "chromedriver")
        options = Options()
        options.binary_location = str(shutil.which("chromium"))
        for argument in (
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--window-size=1280,900",
            "--host-resolver-rules=MAP * ~NOTFOUND",
        ):
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        service = Service(str(shutil.which("chromedriver")))
        self.driver = webdriver.Chrome(options=options, service=service)

    def open(self, page: Path) -> None:
        self.driver.get("about:blank")
        self.requests()
        self.driver.get(page.as_uri())

    def run(self, script: str, *arguments: Any) -> Any:
        return self.driver.execute_script(script, *arguments)

    def find(self, selector: str) -> WebElement:
        return self.driver.find_element("css selector", selector)

    def displayed(self, selector: str) -> WebElement:
        """Wait for the element: a link followed by a key leads on after the key press returned."""
        located = ec.visibility_of_element_located((By.CSS_SELECTOR, selector))
        return WebDriverWait(self.driver, 10).until(located, f"{selector} is not displayed")

    def texts(self, selector: str) -> list[str]:
        found: list[str] = self.run(
            "return [...document.querySelectorAll(arguments[0])].map((e) => e.textContent)",
            selector,
        )
        return found

    def complaints(self) -> list[str]:
        return [entry["message"] for entry in self.driver.get_log("browser")]

    def requests(self) -> list[str]:
        """Return the addresses asked for since the last call."""
        messages = [json.loads(e["message"])["message"] for e in self.driver.get_log("performance")]
        return [
            message["params"]["request"]["url"]
            for message in messages
            if message["method"] == "Network.requestWillBeSent"
        ]

    def tab_to(self, selector: str, most: int = 80) -> WebElement:
        """Press Tab until the element has the focus: what a keyboard user does."""
        for _ in range(most):
            active = self.driver.switch_to.active_element
            active.send_keys(Keys.TAB)
            if self.run("return document.activeElement.matches(arguments[0])", selector):
                return self.driver.switch_to.active_element
        raise AssertionError(f"{selector} is not reached by {most} times Tab")
