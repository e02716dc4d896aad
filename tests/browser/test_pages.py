"""Every kind of page in Chromium: WCAG 2.2 AA by axe-core, no sideways scrolling, no errors, valid HTML."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver.common.by import By

from authors.models import Author, Institution
from papers.models import Paper, PaperIdentifier
from tests.browser.conftest import NODE
from tests.factories import make_author, make_authorship, make_institution, make_paper, make_venue

pytestmark = pytest.mark.browser
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE = f"const done = arguments[arguments.length - 1]; axe.run(document, {{runOnly: {RULES}}}).then(done)"
HTML_RULES = {
    "extends": ["html-validate:recommended", "html-validate:a11y", "html-validate:document"],
    "root": True,
}
SIZES = ((1280, 900), (360, 740))


def public_pages() -> list[str]:
    author = Author.objects.get(display_name="Sam McCandlish")
    crowded = Paper.objects.order_by("-authors_count").first()
    institution = Institution.objects.filter(paper_institutions__isnull=False).first()
    return [
        "/", "/papers/", "/papers/?year_from=abc", "/papers/?view=compact", crowded.get_absolute_url(), "/authors/",
        author.get_absolute_url(), "/institutions/", institution.get_absolute_url(), "/categories/", "/categories/cs.CL/",
        "/venues/", "/methods/", "/about/", "/accessibility/", "/nowhere/", "/search/?q=model",
        "/compare/?id=A1&id=A2", "/snapshots/", crowded.get_absolute_url() + "references/",
        "/papers/?category=cs.CL&category=cs.LG&author=!A1&author=!A2",
    ]  # fmt: skip


def look(browser: Any, address: str, *, scheme: str) -> list[str]:
    """What is wrong with the page in light or dark, at both sizes."""
    wrong = []
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]})
    for width, height in SIZES:
        browser.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride", {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        )
        browser.get(address)
        for violation in browser.execute_async_script(AXE)["violations"]:
            where = violation["nodes"][0]["target"]
            wrong.append(f"{address} {scheme} {width}: {violation['id']} at {where} ({len(violation['nodes'])} places)")
        if browser.execute_script("return document.documentElement.scrollWidth > innerWidth + 1"):
            wrong.append(f"{address} {scheme} {width}: scrolls sideways")
    noise = [entry["message"] for entry in browser.get_log("browser") if entry["level"] == "SEVERE"]
    return wrong + [f"{address} {scheme}: {message}" for message in noise if " 404 " not in message]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_public_pages(chromium: Any, live_server: Any, catalogue: None, scheme: str) -> None:
    wrong = [fault for page in public_pages() for fault in look(chromium, live_server.url + page, scheme=scheme)]
    assert not wrong, "\n".join(wrong)


def test_long_words_do_not_widen_a_page(chromium: Any, live_server: Any, catalogue: None) -> None:
    venue = make_venue("v" * 300)
    author, institution = make_author("n" * 250), make_institution("i" * 250, homepage=f"https://example.org/{'h' * 300}")
    paper = make_paper("t" * 5000, authors=(author,), institutions=(institution,), venue=venue, publisher="p" * 250)
    make_authorship(paper, None, position=2, raw_name="m" * 290)
    PaperIdentifier.objects.create(paper=paper, scheme="source:test", value="w" * 250)
    paper.versions.create(where="", url=f"https://example.org/{'u' * 400}")
    pages = ["/papers/", *(record.get_absolute_url() for record in (paper, author, institution, venue))]
    wide = []
    for width, height in SIZES:
        chromium.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride", {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        )
        for page in pages:
            chromium.get(live_server.url + page)
            if chromium.execute_script("return document.documentElement.scrollWidth > innerWidth + 1"):
                wide.append((width, page[:40]))
    assert not wide


def test_what_is_reached_by_keyboard_can_be_seen(chromium: Any, live_server: Any, catalogue: None) -> None:
    chromium.get(f"{live_server.url}/papers/")
    for selector in (".site-search button", ".to-filters"):
        chromium.execute_script("document.querySelector(arguments[0]).focus({focusVisible: true})", selector)
        element = chromium.find_element(By.CSS_SELECTOR, selector)
        assert (element.value_of_css_property("clip-path"), element.size["width"] > 40) == ("none", True), selector


def test_formulas_can_be_read_as_their_source(chromium: Any, live_server: Any, catalogue: None) -> None:
    chromium.get(live_server.url + make_paper("On $x^2$").get_absolute_url())
    chromium.find_element(By.CSS_SELECTOR, ".math-toggle").click()
    chromium.refresh()
    assert chromium.find_element(By.CSS_SELECTOR, "h1").text.split() == ["On", "x^2"]
    chromium.execute_script("localStorage.clear()")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_admin(chromium: Any, live_server: Any, catalogue: None, scheme: str) -> None:
    chromium.get(f"{live_server.url}/admin/login/")
    chromium.find_element(By.NAME, "username").send_keys("editor")
    chromium.find_element(By.NAME, "password").send_keys("correct horse battery")
    chromium.find_element(By.CSS_SELECTOR, "[type=submit]").click()
    wrong = look(chromium, f"{live_server.url}/admin/", scheme=scheme)
    chromium.delete_all_cookies()
    assert not wrong, "\n".join(wrong)


def test_html_is_valid(client: Any, catalogue: None, tmp_path: Path) -> None:
    pages = [*public_pages(), "/api/v1/docs"]  # what Swagger UI draws there has faults of its own
    for number, page in enumerate(pages):
        (tmp_path / f"{number}.html").write_bytes(client.get(page).content)
    (tmp_path / ".htmlvalidate.json").write_text(json.dumps(HTML_RULES))
    files = [str(path) for path in sorted(tmp_path.glob("*.html"))]
    with (tmp_path / "report.json").open("w") as report:  # a pipe would be cut at 64 kB
        subprocess.run(
            [NODE / ".bin" / "html-validate", "--formatter", "json", *files], cwd=tmp_path, stdout=report, check=False
        )
    faults = [
        f"{pages[int(Path(result['filePath']).stem)]}:{fault['line']} {fault['ruleId']}: {fault['message']}"
        for result in json.loads((tmp_path / "report.json").read_text())
        for fault in result["messages"]
        if fault["severity"] == 2
    ]
    assert not faults, "\n".join(faults[:40])


def test_pages_without_javascript_say_everything(client: Any, catalogue: None) -> None:
    author = Author.objects.get(display_name="Sam McCandlish")
    text = client.get(author.get_absolute_url()).content.decode()
    assert "93,653" in text
    assert text.count('class="card') >= 23
