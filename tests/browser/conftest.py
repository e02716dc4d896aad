"""A Chromium for the browser checks, and a catalogue worth looking at."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from selenium import webdriver
from selenium.webdriver.chrome.service import Service

NODE = Path(__file__).parent / "node_modules"
FLAGS = (
    "--headless", "--force-prefers-reduced-motion", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
    "--hide-scrollbars", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)  # fmt: skip


@pytest.fixture(scope="session")
def chromium() -> Iterator[webdriver.Chrome]:
    binary, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not binary or not driver:
        pytest.fail("The browser checks need chromium and chromedriver (Debian: apt install chromium chromium-driver).")
    options = webdriver.ChromeOptions()
    options.binary_location = binary
    for flag in FLAGS:
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    browser = webdriver.Chrome(options=options, service=Service(driver))
    # The debugger's own door: the site's content security policy would refuse an added script.
    axe = (NODE / "axe-core" / "axe.min.js").read_text()
    browser.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": axe})
    yield browser
    browser.quit()


@pytest.fixture
def catalogue(django_db_serialized_rollback: None, transactional_db: None) -> None:
    """The demo catalogue beside what the migrations load, and an administrator called editor."""
    call_command("load_demo", verbosity=0)
    get_user_model().objects.create_superuser("editor", "editor@bylines.example", "correct horse battery")
