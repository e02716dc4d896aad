"""What a visitor types, and what is understood."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers.search.engines import postgresql, sqlite
from papers.search.ranges import days_of, limits_of
from papers.search.syntax import MOST_LEAVES, parse
from papers.search.tree import And, Between, Everything, Lookup, Not, Nothing, Or, Phrase, Prefix, Tag, Word, leaves


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("scaling laws", And((Word("scale"), Word("law")))),
        ("Scaling AND laws", And((Word("scale"), Word("law")))),
        ('"neural networks"', Phrase(("neural", "network"))),
        ('"state of the art"', Phrase(("state", "art"))),
        ("graph -tree", And((Word("graph"), Not(Word("tree"))))),
        ("graph NOT tree", And((Word("graph"), Not(Word("tree"))))),
        ('-"big tree"', Not(Phrase(("big", "tree")))),
        ("graph OR tree", Or((Word("graph"), Word("tree")))),
        ("graph | tree", Or((Word("graph"), Word("tree")))),
        ("deep (graph OR tree)", And((Word("deep"), Or((Word("graph"), Word("tree")))))),
        ("title.search:attention", Word("attent", "title")),
        ('title:"all you need"', Phrase(("all", "you", "need"), "title")),
        ("abstract:graph", Word("graph", "abstract")),
        ("author:hinton", Word("hinton", "names")),
        ('author:"Geoffrey Hinton"', Word("geoffrey·hinton", "names")),
        ('author:"Hinton, Geoffrey E."', Word("geoffrey·hinton", "names")),
        ("author:A12", Tag("author", "12")),
        ("author:0000-0002-1825-0097", Lookup("orcid", "0000-0002-1825-0097")),
        ("institution:i5", Tag("institution", "5")),
        ("institution:MIT", Lookup("institution", "MIT")),
        ("venue:V6", Tag("venue", "6")),
        ("venue:acl", Word("acl", "venue")),
        ("category:cs.CL", Lookup("category", "cs.CL")),
        ("category:!cs.CL|cs.AI", Not(Or((Lookup("category", "cs.CL"), Lookup("category", "cs.AI"))))),
        ("publication_year:2019-2023", Between("year", 2019, 2023)),
        ("year:2019..2023", Between("year", 2019, 2023)),
        ("Year:2019", Between("year", 2019, 2019)),
        ("cited_by_count:>100", Between("citations", 101, None)),
        ("cites:<=5", Between("citations", None, 5)),
        ("has_code:true", Tag("has", "code")),
        ("code:no", Not(Tag("has", "code"))),
        ("since:2020-02", Between("published", "2020-02-01", None)),
        ("to-publication-date:2020-02", Between("published", None, "2020-02-29")),
        ("doi:10.5555/ABC", Lookup("doi", "10.5555/abc")),
        ("fine-tuning", Or((Phrase(("fine", "tune")), Word("finetun")))),
        ("", Everything()),
    ],
)
def test_what_is_understood(typed: str, understood: object) -> None:
    parsed = parse(typed)
    assert parsed.node == understood
    assert parsed.problems == []


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("the of", "as common as these"),
        ("😀", "no word in this"),
        ("- OR |", "no word in this"),
        (")(", "no word in this"),
        ("year:soon graph", "year: “soon” is not a year or a range"),
        ("code:perhaps graph", "code: “perhaps” is not true or false"),
        ("doi:nonsense graph", "is not a DOI"),
        ("sauthor:hinton", "“sauthor:” is not a field"),
        ("graph " * 400, "Only the first 1,000 characters"),
    ],
)
def test_what_cannot_be_used_is_told(typed: str, told: str) -> None:
    assert told in " ".join(parse(typed).told)


def test_nothing_to_look_for_finds_nothing_rather_than_everything() -> None:
    assert parse("the").node == Nothing()
    assert parse("😀 !!").node == Nothing()


def test_the_last_word_may_be_unfinished_while_one_types() -> None:
    assert parse("deep lear", typing=True).node == And((Word("deep"), Or((Prefix("lear"), Word("lear")))))
    assert parse("deep learning ", typing=True).node == And((Word("deep"), Word("learn")))


def test_more_than_can_be_used_is_cut_off() -> None:
    parsed = parse(" ".join(f"w{number}x" for number in range(MOST_LEAVES + 5)))
    assert sum(1 for _ in leaves(parsed.node)) == MOST_LEAVES
    assert f"first {MOST_LEAVES}" in parsed.problems[0]


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        ("100", (100, 100)), (">100", (101, None)), (">=100", (100, None)), ("<100", (None, 99)), ("<=7", (None, 7)),
        ("10-50", (10, 50)), ("10-", (10, None)), ("-50", (None, 50)), ("10..50", (10, 50)), ("1,000", (1000, 1000)),
        (">0.5", (0.5, None)), ("-", None), ("", None), ("a", None), ("1-2-3", None), (">", None), ("--5", None),
    ],
)  # fmt: skip
def test_ranges(text: str, limits: object) -> None:
    assert limits_of(text) == limits


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("2021", ("2021-01-01", "2021-12-31")), ("2021-02", ("2021-02-01", "2021-02-28")),
        ("2021-12", ("2021-12-01", "2021-12-31")),
        ("2021-2-9", ("2021-02-09", "2021-02-09")), ("2021-13", None), ("2021-02-30", None), ("0000", None),
        ("21", None),
    ],
)  # fmt: skip
def test_days(text: str, days: tuple[str, str] | None) -> None:
    assert days_of(text) == days


TYPED = st.one_of(
    st.text(max_size=200),
    st.lists(
        st.sampled_from(
            ['"', "(", ")", "-", "OR", "AND", "NOT", "|", "!", ":", "year:", "author:", "cites:>", "title:", "code:true",
             "a", "graph",
             "\0", "😀", "é", "深", "*", "'", "§all", "·", "NEAR", "^", "{title}", "\\", "%", "a" * 500]
        ),
        max_size=60,
    ).map(" ".join),
)  # fmt: skip


@given(TYPED)
def test_nothing_that_can_be_typed_is_an_error(typed: str) -> None:
    parsed = parse(typed)
    assert typed == "" or parsed.node != Everything()
    for compiled in (sqlite.expression(_without_lookups(parsed.node)), postgresql.expression(_without_lookups(parsed.node))):
        assert compiled.count("(") == compiled.count(")")


def _without_lookups(node: object) -> object:
    if isinstance(node, And | Or):
        return type(node)(tuple(_without_lookups(part) for part in node.parts))
    if isinstance(node, Not):
        return Not(_without_lookups(node.part))
    return Everything() if isinstance(node, Lookup | Between | Prefix) else node


@pytest.mark.parametrize("times", [1, 2, 33, 34, 248])
def test_not_may_be_said_as_often_as_one_likes(times: int) -> None:
    word = Word("robot")
    assert parse("NOT " * times + "robot").node == (Not(word) if times % 2 else word)


def test_every_value_of_a_field_counts_as_one_thing_asked_for() -> None:
    parsed = parse(" ".join(f"inst:{'|'.join(f'a{n}' for n in range(40))}" for _ in range(7)))
    assert sum(1 for _ in leaves(parsed.node)) <= MOST_LEAVES + 1
    assert parsed.problems
