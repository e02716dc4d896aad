"""Text from outside: what nobody can see goes, what somebody could have seen stays."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers.importers.cleaning import clean_line, clean_name, clean_text


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [
        ("  two   words ", "two words"),
        ("nul\x00 and bell\x07", "nul and bell"),
        ("del\x7fete", "delete"),
        ("no\u00a0break\u202fspace", "no break space"),
        ("line\r\nend\u2028again\x0cagain", "line end again again"),
        ("zero\u200bwidth\ufeff soft\u00adhyphen", "zerowidth softhyphen"),
        ("DaumÃ© said â€œnoâ€\x9d", "Daumé said “no”"),
        ("Sella\u0301n", "Sellán"),
        ("lone \ud800 surrogate", "lone surrogate"),
        ("astral 𝜋 stays 😀", "astral 𝜋 stays 😀"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("right\u202eto left", "right\u202eto left"),
        ("", ""),
    ],
)
def test_clean_line(dirty: str, clean: str) -> None:
    assert clean_line(dirty) == clean


def test_paragraphs_stay_apart() -> None:
    assert clean_text("one\nline\r\n\r\ntwo  lines\n \n\n three ") == "one line\n\ntwo lines\n\nthree"


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [
        ("Linh KU+000E4stner", "Linh Kästner"),
        ("Ada Testwright*†", "Ada Testwright"),
        ("and Bram Exemplar", "Bram Exemplar"),
        ("Anders And", "Anders And"),
        ("U+D800 stays", "U+D800 stays"),
        ("\x06Ada\x7f", "Ada"),
    ],
)
def test_clean_name(dirty: str, clean: str) -> None:
    assert clean_name(dirty) == clean


@given(st.text(max_size=200))
def test_nothing_raises_and_nothing_unseen_is_left(text: str) -> None:
    for clean in (clean_line(text), clean_text(text), clean_name(text)):
        clean.encode()  # no lone surrogates
        assert not any(ord(character) < 32 and character != "\n" for character in clean)
        assert clean == clean.strip()
    assert "\n" not in clean_line(text)


# Without letters that could be half of a character in the wrong encoding: mending these may show others.
@given(st.text(alphabet=st.characters(min_codepoint=0x250) | st.characters(max_codepoint=0x7F), max_size=200))
def test_a_clean_line_stays_as_it_is(text: str) -> None:
    once = clean_line(text)
    assert clean_line(once) == once


@pytest.mark.parametrize(
    "text", ["word " * 1_000_000, "é" * 5_000_000, "a" + "\u0301\u0316" * 1_000_000, "Ã©" * 1_000_000, "\n" * 3_000_000]
)
def test_five_megabytes_take_seconds_at_most(text: str) -> None:
    began = time.process_time()
    clean_text(text)
    assert time.process_time() - began < 3
