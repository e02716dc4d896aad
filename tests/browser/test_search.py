"""The search box, what it finds, facets and paging: by keyboard and mouse, and as axe sees them."""

from typing import Any

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

from authors.models import Author
from papers.models import Paper
from papers.search.indexing import index_papers
from tests.browser.test_pages import AXE, look
from tests.factories import make_author, make_institution, make_paper, make_venue

pytestmark = pytest.mark.browser
SECONDS = 5


@pytest.fixture
def browser(chromium: Any, live_server: Any, catalogue: None) -> Any:
    """On the list of papers, wide enough for everything."""
    chromium.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride", {"width": 1280, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    )
    chromium.get(f"{live_server.url}/papers/")
    return chromium


def findable(title: str, **fields: Any) -> Paper:
    """A paper that the search knows."""
    paper = make_paper(title, **fields)
    index_papers([paper.pk])
    return paper


def until(browser: Any, condition: Any) -> Any:
    return WebDriverWait(browser, SECONDS).until(lambda _: condition())


def box(browser: Any) -> WebElement:
    return browser.find_element(By.ID, "site-search")


def options(browser: Any) -> list[WebElement]:
    return [option for option in browser.find_elements(By.CSS_SELECTOR, "[role=option]") if option.is_displayed()]


def type_ahead(browser: Any, text: str) -> list[WebElement]:
    box(browser).send_keys(text)
    found: list[WebElement] = until(browser, lambda: options(browser))
    return found


def chosen(browser: Any) -> WebElement | None:
    named = box(browser).get_attribute("aria-activedescendant")
    return browser.find_element(By.ID, named) if named else None


def tick(browser: Any, label: str) -> None:
    """By keyboard: the box gets the focus, space ticks it, Enter applies."""
    boxed = browser.find_element(By.XPATH, f"//form[@id='filters']//label[contains(., '{label}')]/input")
    boxed.send_keys(Keys.SPACE)
    assert boxed.is_selected()
    boxed.send_keys(Keys.ENTER)


def heading(browser: Any) -> str:
    return browser.find_element(By.ID, "papers").text


# --- the box ----------------------------------------------------------------------------------------------------------------


def test_a_person_is_reached_without_a_mouse(browser: Any) -> None:
    author = Author.objects.get(display_name="Sam McCandlish")
    browser.find_element(By.TAG_NAME, "body").send_keys("/")
    assert browser.switch_to.active_element == box(browser)
    found = type_ahead(browser, "mccandlish sam")
    assert box(browser).get_attribute("aria-expanded") == "true"
    assert found[0].text.startswith("Sam McCandlish")
    assert "papers" in found[0].text
    assert f"{len(found)} suggestion" in browser.find_element(By.CSS_SELECTOR, ".site-search [role=status]").text
    box(browser).send_keys(Keys.ARROW_DOWN)
    assert chosen(browser) == found[0]
    assert found[0].get_attribute("aria-selected") == "true"
    box(browser).send_keys(Keys.ENTER)
    until(browser, lambda: browser.current_url.endswith(author.get_absolute_url()))


def test_arrows_go_around_the_suggestions_and_escape_closes_them(browser: Any) -> None:
    found = type_ahead(browser, "language")
    assert len(found) > 1
    for key, expected in ((Keys.ARROW_UP, found[-1]), (Keys.ARROW_DOWN, found[0]), (Keys.ARROW_DOWN, found[1])):
        box(browser).send_keys(key)
        assert chosen(browser) == expected
    box(browser).send_keys(Keys.ARROW_LEFT)
    assert chosen(browser) is None
    box(browser).send_keys(Keys.ESCAPE)
    assert (options(browser), box(browser).get_attribute("aria-expanded")) == ([], "false")
    assert box(browser).get_property("value") == "language"
    box(browser).send_keys(Keys.ARROW_DOWN)
    assert chosen(browser) == options(browser)[0]
    box(browser).send_keys(Keys.TAB)
    assert not options(browser)
    assert browser.switch_to.active_element != box(browser)


def test_enter_without_a_choice_searches(browser: Any) -> None:
    type_ahead(browser, "language models")
    box(browser).send_keys(Keys.ENTER)
    until(browser, lambda: browser.current_url.endswith("/search/?q=language+models"))
    assert box(browser).get_property("value") == "language models"
    assert "paper" in heading(browser)
    assert browser.find_elements(By.CSS_SELECTOR, ".card mark")


def test_suggestions_are_text_and_take_a_click(browser: Any) -> None:
    author = make_author("<i>Ada</i> Markupson")
    findable("Written in angle brackets", authors=(author,))
    found = type_ahead(browser, "markupson")
    assert found[0].text.startswith("<i>Ada</i> Markupson")
    found[0].click()
    until(browser, lambda: f"/{author.public_id}/" in browser.current_url)


def test_the_open_list_satisfies_axe(browser: Any) -> None:
    type_ahead(browser, "language")
    box(browser).send_keys(Keys.ARROW_DOWN)
    assert [fault["id"] for fault in browser.execute_async_script(AXE)["violations"]] == []


# --- what is found ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_search_pages_empty_one_and_many(chromium: Any, live_server: Any, catalogue: None, scheme: str) -> None:
    findable("A solitary quokka")
    authors = tuple(make_author(f"Quentin Example{number}") for number in range(60))
    places = tuple(make_institution(f"{'Long' * 12} Institute {number}") for number in range(60))
    for number in range(60):
        findable(
            "Wombats " * 40, authors=(authors[number],), institutions=(places[number],), venue=make_venue(f"{'v' * 90}{number}")
        )
    pages = [
        "",
        "?q=qwertzuiop",
        "?q=langage",
        "?q=quokka",
        "?q=wombats",
        "?q=language&category=!cs.LG&year_from=abc",
        "?q=%22+-",
    ]
    wrong = [fault for page in pages for fault in look(chromium, f"{live_server.url}/search/{page}", scheme=scheme)]
    assert not wrong, "\n".join(wrong)


def test_a_snippet_unfolds_to_the_whole_abstract(browser: Any, live_server: Any) -> None:
    findable("On filling", abstract=f"Begin. {'Filling words. ' * 60} Then a platypus appears. {'More words. ' * 60} End.")
    browser.get(f"{live_server.url}/search/?q=platypus")
    card = browser.find_element(By.CSS_SELECTOR, ".card")
    assert card.find_element(By.CSS_SELECTOR, "mark").text == "platypus"
    assert "End." not in card.text
    card.find_element(By.TAG_NAME, "summary").send_keys(Keys.ENTER)
    until(browser, lambda: "End." in card.text)


# --- facets and pages -------------------------------------------------------------------------------------------------------


def test_facets_and_chips_by_keyboard(browser: Any, live_server: Any) -> None:
    all_of_them = heading(browser)
    tick(browser, "Computation and Language")
    until(browser, lambda: "category=cs.CL" in browser.current_url)
    narrowed = heading(browser)
    assert narrowed != all_of_them
    tick(browser, "Machine Learning")  # a second value of the same facet widens the list
    until(browser, lambda: "category=cs.LG" in browser.current_url)
    assert heading(browser) != narrowed
    chips = browser.find_elements(By.CSS_SELECTOR, ".active-filters .tag")
    assert [chip.text.split() for chip in chips] == [
        ["Remove", "the", "filter", "Category:", code, "×"] for code in ("CL", "LG")
    ]
    chips[0].send_keys(Keys.ENTER)
    until(browser, lambda: "category=cs.CL" not in browser.current_url)
    browser.find_element(By.LINK_TEXT, "Clear all").send_keys(Keys.ENTER)
    until(browser, lambda: heading(browser) == all_of_them)


def test_a_value_is_left_out_and_stays_so(browser: Any, live_server: Any) -> None:
    browser.find_element(By.XPATH, "//button[contains(., 'Leave out Machine Learning')]").send_keys(Keys.ENTER)
    until(browser, lambda: "category=%21cs.LG" in browser.current_url)
    assert "Category, not: LG" in browser.find_element(By.CSS_SELECTOR, ".active-filters").text
    tick(browser, "Computation and Language")
    until(browser, lambda: "category=cs.CL" in browser.current_url)
    assert "category=%21cs.LG" in browser.current_url


def test_a_search_within_papers_keeps_the_filters(browser: Any, live_server: Any) -> None:
    author = Author.objects.get(display_name="Sam McCandlish")
    browser.get(f"{live_server.url}{author.get_absolute_url()}?category=cs.CL&view=compact")
    browser.find_element(By.ID, "search-within").send_keys("language", Keys.ENTER)
    until(browser, lambda: "q=language" in browser.current_url)
    assert "category=cs.CL" in browser.current_url
    assert "view=compact" in browser.current_url
    assert " of " in heading(browser)


def test_paging_by_keyboard(browser: Any, live_server: Any) -> None:
    for number in range(60):
        findable(f"Zorillas, part {number}")
    browser.get(f"{live_server.url}/search/?q=zorillas")
    titles = {link.text for link in browser.find_elements(By.CSS_SELECTOR, ".card-title")}
    browser.find_element(By.LINK_TEXT, "Next").send_keys(Keys.ENTER)
    until(browser, lambda: "page=2" in browser.current_url)
    assert "after=" in browser.current_url
    second = {link.text for link in browser.find_elements(By.CSS_SELECTOR, ".card-title")}
    assert (len(titles | second), titles & second) == (50, set())
    assert browser.find_element(By.CSS_SELECTOR, ".pagination [aria-current]").text.endswith("2")
    browser.find_element(By.LINK_TEXT, "Previous").send_keys(Keys.ENTER)
    until(browser, lambda: "page=1" in browser.current_url)
    assert "after=" not in browser.current_url
    browser.find_element(By.CSS_SELECTOR, ".page-sizes").find_element(By.LINK_TEXT, "100").send_keys(Keys.ENTER)
    until(browser, lambda: len(browser.find_elements(By.CSS_SELECTOR, ".card-title")) == 60)
