"""What a result shows of what was found."""

from html import unescape

from hypothesis import given
from hypothesis import strategies as st

from papers.search.highlighting import LENGTH, asked_stems, marked, snippet
from papers.search.syntax import parse


def asked(typed: str) -> frozenset[str]:
    return asked_stems(parse(typed).node)


def test_words_are_marked_in_whatever_form() -> None:
    assert marked("Scaling the Laws, scaled", asked("scale law")) == (
        "<mark>Scaling</mark> the <mark>Laws</mark>, <mark>scaled</mark>"
    )


def test_accents_do_not_hide_a_word() -> None:
    assert marked("À la Poincaré", asked("poincare")) == "À la <mark>Poincaré</mark>"


def test_what_is_excluded_is_not_marked() -> None:
    assert marked("graph tree", asked("graph -tree")) == "<mark>graph</mark> tree"


def test_markup_is_escaped() -> None:
    assert marked("<b>graph</b> & co", asked("graph")) == "&lt;b&gt;<mark>graph</mark>&lt;/b&gt; &amp; co"


def test_a_snippet_shows_the_richest_stretch() -> None:
    text = "graph " + "filler " * 200 + "here a neural graph stands " + "filler " * 200
    found = snippet(text, asked("neural graph"))
    assert "<mark>neural</mark> <mark>graph</mark>" in found
    assert found.startswith("… ")
    assert found.endswith(" …")
    assert len(found.replace("<mark>", "").replace("</mark>", "")) <= LENGTH + 4


def test_without_a_hit_there_is_no_snippet() -> None:
    assert snippet("nothing of it", asked("graph")) == ""


@given(st.text(max_size=400))
def test_no_text_is_changed_by_marking(text: str) -> None:
    shown = marked(text, asked("graph a b c 1")).replace("<mark>", "").replace("</mark>", "")
    assert unescape(shown) == unescape(shown if "&" in text else text)
