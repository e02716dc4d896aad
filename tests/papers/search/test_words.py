"""Text as the index sees it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers.search import words


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Scaling Laws", "scaled law"),
        ("Poincaré", "poincare"),
        ("POINCARÉ", "poincaré"),
        ("Bayes’ rule", "bayes rule"),
        ("don't", "dont"),
        ("Łukasz Gødel", "lukasz godel"),
        ("ﬁne", "fine"),
        ("the art of the state", "art state"),
        ("naïve — “quoted”…", "naive quoted"),
    ],
)
def test_texts_that_are_the_same_to_a_search(first: str, second: str) -> None:
    assert words.stems(first) == words.stems(second)


@pytest.mark.parametrize(("first", "second"), [("universe", "unit"), ("news", "newt"), ("organ", "bank")])
def test_texts_that_differ(first: str, second: str) -> None:
    assert words.stems(first) != words.stems(second)


def test_function_words_are_left_out() -> None:
    assert words.stems("It is what they have been for the") == ["what"]


def test_scripts_without_blanks_are_searched_sign_by_sign() -> None:
    assert words.stems("深度学习 model") == ["深", "度", "学", "习", "model"]


def test_indic_vowel_signs_stay_with_their_words() -> None:
    assert words.stems("भाषा मॉडल") == ["भाषा", "मॉडल"]


def test_compounds_are_indexed_in_parts_and_joined() -> None:
    assert words.indexed("Pre-training (fine-tuning).") == " pre train fine tune finetun pretrain "


def test_a_text_without_words_is_empty() -> None:
    assert words.indexed("… — ?!") == words.indexed("") == ""


@given(st.text(max_size=300))
def test_any_text_becomes_words_that_both_databases_keep_together(text: str) -> None:
    for stem in words.indexed(text).split():
        assert stem == stem.lower()
        assert all(not c.isascii() or c.isalnum() for c in stem)
        assert "§" not in stem


@pytest.mark.parametrize("name", ["Geoffrey E. Hinton", "Hinton, Geoffrey E.", "HINTON Geoffrey E", "Geoffrey É. Hintón"])
def test_pairs_of_a_name_do_not_depend_on_its_order(name: str) -> None:
    assert {"geoffrey·hinton", "e·hinton"} <= set(words.name_words(name))


def test_a_name_is_found_by_its_initial() -> None:
    assert "g·hinton" in words.name_words("Geoffrey Hinton")
    assert words.pair("hinton", "g") == "g·hinton"


def test_shown_words_know_where_they_stand() -> None:
    text = "Café-scale LLMs, naïvely"
    assert [(text[start:end], stems) for start, end, stems in words.shown_words(text)] == [
        ("Café", ["cafe"]),
        ("scale", ["scale"]),
        ("LLMs", ["llms"]),
        ("naïvely", ["naiv"]),
    ]


def test_clean_makes_one_line() -> None:
    assert words.clean("a\0b\n c\ud800 ", 100) == "a b c"
    assert words.clean("x" * 50, 10) == "x" * 10
