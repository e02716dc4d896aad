"""Text of titles and abstracts as HTML: what is typeset, what stays, and that nothing hostile gets through."""

import time
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from papers.mathml import LONGEST, formula
from papers.typesetting import pieces, plain, typeset

TEXT = {"a", "em", "strong", "code"}
LEAVES = {"mi", "mn", "mo", "mtext", "ms", "mspace"}
ROWS = {"math", "mrow", "mstyle", "mpadded", "mphantom", "menclose", "msqrt", "mtable", "mtr", "mtd"}
SCRIPTS = {"mfrac", "mroot", "msub", "msup", "msubsup", "munder", "mover", "munderover"}
ALLOWED = TEXT | LEAVES | ROWS | SCRIPTS


class Elements(HTMLParser):
    """Every element of the page with its attributes, and the text without the elements."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def read(html: str) -> Elements:
    parser = Elements()
    parser.feed(html)
    parser.close()
    return parser


@pytest.mark.parametrize(
    ("text", "signs"),
    [
        (r"image$\leftrightarrow$text", "image↔text"),
        (r"$D_{\mathrm{KL}}$ stays small", "DKL stays small"),
        (r"\(x^2\) and $$y$$ and \[z\]", "x2 and y and z"),
        (r"by $95\%$ and 224$\times$224", "by 95% and 224×224"),
        (r"$O(n \log n)$ steps", "O(nlogn) steps"),
    ],
)
def test_formulas_become_mathml_and_plain_signs(text: str, signs: str) -> None:
    assert "<math " in typeset(text)
    assert "$" not in read(typeset(text)).text
    assert plain(text) == signs


@pytest.mark.parametrize(
    "text",
    [
        "costs $5 and $6",
        "between $5-$6 a day",
        "either $A and B$ or none",
        r"an unknown $\foo{x}$ command",
        r"a torn $\frac{1}$ fraction",
        r"an open $x^$ exponent",
        r"one $ alone, \( alone, $$ alone",
        "$" + "x" * (LONGEST + 1) + "$",
    ],
)
def test_what_is_no_mathematics_stays_as_it_is_written(text: str) -> None:
    assert typeset(text) == text
    assert plain(text) == text


def test_the_formula_is_there_for_those_who_cannot_see_it() -> None:
    assert r'alttext="x_2 &lt; y"' in typeset(r"$x_2 < y$")


def test_an_escaped_dollar_is_a_dollar() -> None:
    assert typeset(r"\$5 for $x$").startswith("$5 for <math")


def test_addresses_become_links_without_the_sentence_around_them() -> None:
    link = '<a href="https://example.org/a_(b)?q=1&amp;r=2" rel="nofollow noopener">https://example.org/a_(b)?q=1&amp;r=2</a>'
    assert typeset("(see https://example.org/a_(b)?q=1&r=2).") == f"(see {link})."
    assert typeset("https://example.org/", links=False) == "https://example.org/"
    assert typeset("javascript:alert(1) http:// ftp://example.org") == "javascript:alert(1) http:// ftp://example.org"


def test_emphasis_of_running_text() -> None:
    assert typeset(r"an \emph{emphasised} <b>word</b>") == "an <em>emphasised</em> &lt;b&gt;word&lt;/b&gt;"
    assert plain(r"an \emph{emphasised} word") == "an emphasised word"


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        r"$\text{<script>alert(1)</script>}$",
        r"$\text{<img src=x onerror=alert(1)>}$",
        r"$\href{javascript:alert(1)}{x}$",
        r"$\style{background:url(//example.org)}{x}$",
        r"$\class{hidden}{x}$",
        r"$\color{red}x$",
        r'$x" onmouseover="alert(1)$',
        r"$\text{</mtext></math><svg onload=alert(1)>}$",
        "https://example.org/\"onclick='alert(1)'",
        r"\emph{<i onclick=x>}",
        r"$\text{<!DOCTYPE a [<!ENTITY b 'c'>]>&b;}$",
    ],
)
def test_hostile_text_brings_no_element_and_no_attribute_of_its_own(text: str) -> None:
    for tag, attributes in read(typeset(text)).found:
        assert tag in ALLOWED
        assert not {name for name in attributes if name.startswith("on") or name in ("style", "class", "id")}
        assert attributes.get("href", "https://").startswith(("https://", "http://"))
        assert tag == "a" or "href" not in attributes


def test_signs_that_pages_must_not_contain_are_left_out() -> None:
    assert typeset("a\x00b\x0b\ud800c\ufffe\x85d\n") == "abcd\n"


def test_a_missing_child_would_break_the_formula() -> None:
    assert formula(r"\frac{1}{2}") is not None
    assert formula(r"\frac{1}") is None


TEX = st.text(alphabet=st.sampled_from(list("$\\{}()[]^_&%#~<>\"' aB1,.:/-")), max_size=120)


@settings(deadline=None, max_examples=300)
@given(TEX | st.text(max_size=200) | st.builds("${}$".format, TEX))
def test_any_text_gives_wellformed_safe_html(text: str) -> None:
    found = read(typeset(text))
    assert {tag for tag, _ in found.found} <= ALLOWED
    typeset(text).encode()
    plain(text).encode()


@settings(deadline=None)
@given(TEX)
def test_no_text_is_lost(text: str) -> None:
    assert "".join(piece.raw for piece in pieces(text)) == text


@pytest.mark.parametrize(
    "unit", ["$", "\\(", "$a_$ ", "\\emph{", "http://", "https://a/)", "\\\\", "$^{", "lorem ipsum ", "{", "\\text{<"]
)
def test_time_grows_with_the_text_only(unit: str) -> None:
    """Half a megabyte in well under what a quadratic reading would take (minutes)."""
    text = unit * (500_000 // len(unit))
    begun = time.perf_counter()
    typeset(text)
    assert time.perf_counter() - begun < 8
