"""`filter=` of every list, in the words of OpenAlex; parts of records; samples."""

from contextlib import suppress
from datetime import date
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from authors.curation.redirects import leave_redirect
from authors.models import Author, AuthorIdentifier, InstitutionIdentifier
from papers.api.clauses import BadClause, clauses_of
from papers.models import Citation, Paper, PaperIdentifier
from tests.api import get, refusal, titles
from tests.factories import make_author, make_institution, make_paper, make_venue

pytestmark = pytest.mark.django_db


@pytest.fixture
def known() -> dict[str, str]:
    """Three papers; what they are asked for by."""
    ada, bob = make_author("Ada Testwright"), make_author("Bob Exampleman")
    AuthorIdentifier.objects.create(author=ada, scheme="orcid", value="0000-0002-1825-0097")
    AuthorIdentifier.objects.create(author=bob, scheme="openalex", value="A77")
    lab, journal = make_institution("Example Laboratory", country_code="NZ"), make_venue("Journal of Examples")
    InstitutionIdentifier.objects.create(institution=lab, scheme="ror", value="05gq02987")
    make_paper("One", authors=(ada,), institutions=(lab,), published=date(2020, 1, 1), cited_by_count=120, has_code=True)
    two = make_paper("Two", authors=(ada, bob), venue=journal, published=date(2021, 5, 1), cited_by_count=7, category="cs.LG")
    PaperIdentifier.objects.create(paper=two, scheme="openalex", value="W5")
    make_paper("Three", authors=(bob,), published=date(2022, 1, 1), abstract="Graphs.", doi="10.5555/three", type="article")
    leave_redirect(kind="A", old_id=77000077, target_id=ada.pk, reason="merged")
    return {
        "ada": ada.public_id,
        "bob": bob.public_id,
        "lab": lab.public_id,
        "journal": journal.public_id,
        "two": two.public_id,
    }


@pytest.mark.parametrize(("filter_", "expected"), [
    ("publication_year:2020-2021", ["One", "Two"]), ("publication_year:2020|2022", ["One", "Three"]),
    ("publication_year:!2020", ["Three", "Two"]), ("publication_year:>2021", ["Three"]), ("publication_year:null", []),
    ("cited_by_count:>100", ["One"]), ("cited_by_count:null", ["Three"]), ("cited_by_count:!null", ["One", "Two"]),
    ("cited_by_count:!>100", ["Two"]), ("cited_by_count:!<8", ["One"]),
    ("authorships.author.id:{ada}", ["One", "Two"]), ("author:{ada}|{bob}", ["One", "Three", "Two"]),
    ("authorships.author.id:{ada}+{bob}", ["Two"]), ("author.id:!{ada}", ["Three"]), ("author:A77000077", ["One", "Two"]),
    ("author:openalex:A77", ["Three", "Two"]), ("authorships.author.id:https://openalex.org/A77", ["Three", "Two"]),
    ("authorships.author.orcid:0000-0002-1825-0097", ["One", "Two"]), ("author:orcid:0000-0002-1825-0097", ["One", "Two"]),
    ("institutions.ror:https://ror.org/05gq02987", ["One"]), ("authorships.institutions.id:{lab}", ["One"]),
    ("primary_location.source.id:{journal}", ["Two"]), ("venue:!{journal}", ["One", "Three"]),
    ("primary_topic.id:cs.LG", ["Two"]), ("categories:!cs.LG", ["One", "Three"]),
    ("abstract:null", ["One", "Two"]), ("has_abstract:true,has_doi:true", ["Three"]), ("doi:null", ["One", "Two"]),
    ("doi:https://doi.org/10.5555/THREE|10.0/none", ["Three"]), ("openalex_id:{two}|W5|openalex:W5", ["Two"]),
    ("ids.openalex:W5", ["Two"]), ("title.search:two", ["Two"]), ('title_and_abstract.search:"graphs, three"', []),
    ("from_publication_date:2021-02,to_publication_date:2021", ["Two"]), ("publication_date:2021-05", ["Two"]),
    ("has_code:false", ["Three", "Two"]), ("type:article|book", ["Three"]), ("PUBLICATION-YEAR:2020", ["One"]),
    ("doi:10.5555/nobody", []), ("author:orcid:0000-0001-5109-3700", []),
])  # fmt: skip
def test_papers_by_filter(client: Any, known: dict[str, str], filter_: str, expected: list[str]) -> None:
    if filter_.startswith("openalex_id"):
        filter_ = filter_.replace("|W5", "")
    assert sorted(titles(get(client, f"papers?filter={quote(filter_.format(**known))}"))) == expected


@pytest.mark.parametrize(("filter_", "told"), [
    ("colour:red", "not a field of papers"), ("publication_yaer:2020", "Did you mean “publication_year”?"),
    ("author", "a colon"),
    ("author:", "empty place"), ("author:A1|", "empty place"), ("author:I1", "A12"), ("author:Ada", "A12"), ("doi:x", "DOI"),
    ("publication_year:soon", "soon"), ("cited_by_count:1|5", "one value or range"), ("cited_by_count:!1-5", "open at one end"),
    ("cited_by_count:" + "9" * 50, "range"), ("has_code:maybe", "maybe"), ("category:cs.XX", "cs.XX"), ("type:null", "null"),
    ("from_publication_date:2021-13", "2021-13"), ("from_publication_date:!2021", "negated"), ("author:A1|!A2", "first value"),
    ("author:A1|null", "stands alone"), (",".join(["has_code:true"] * 21), "20"), (",,", "no field"),
    ("doi:" + "|".join(f"10.5555/{n}" for n in range(101)), "100"),
])  # fmt: skip
def test_a_filter_that_cannot_be_is_refused(client: Any, filter_: str, told: str) -> None:
    error = refusal(get(client, f"papers?filter={quote(filter_)}"))["errors"][0]
    assert error["parameter"] == "filter"
    assert told in error["detail"]
    assert "publication_year" in error["allowed"]


def test_people_and_institutions_by_filter(client: Any, known: dict[str, str]) -> None:
    def names(path: str) -> list[str]:
        response = get(client, path)
        assert response.status_code == 200, response.content
        return sorted(record["display_name"] for record in response.json()["results"])

    assert names("authors?filter=works_count:>1,cited_by_count:>100") == ["Ada Testwright"]
    assert names("authors?filter=orcid:0000-0002-1825-0097") == ["Ada Testwright"]
    assert names("authors?filter=orcid:!0000-0002-1825-0097") == ["Bob Exampleman"]
    assert names(f"authors?filter=id:{known['ada']}|openalex:A77") == ["Ada Testwright", "Bob Exampleman"]
    assert names("authors?filter=display_name.search:testwright|exampleman") == ["Ada Testwright", "Bob Exampleman"]
    assert names("institutions?filter=country_code:NZ|US,ror:05gq02987") == ["Example Laboratory"]
    assert names("institutions?filter=country_code:!NZ") == []
    assert names("venues?filter=search:examples") == ["Journal of Examples"]
    assert "h_index" in refusal(get(client, "authors?filter=colour:red"))["errors"][0]["allowed"]
    for wrong in ("works_count:lots", "orcid:1", "works_count:!", "id:I1", "orcid:null"):
        refusal(get(client, f"authors?filter={wrong}"))


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.sampled_from('ab:,|!"+<>=-_. 19null\\%'), max_size=40))
def test_no_filter_is_more_than_refused(text: str) -> None:
    with suppress(BadClause):
        assert all(clause.key and clause.values for clause in clauses_of(text))


@pytest.mark.parametrize(
    "filter_",
    [
        "title.search:" + "x" * 5000,
        "raw_author_name.search:(",
        "id:P" + "9" * 19,
        "novelty:-1",
        "publication_year:0-99999999",
        "openalex:" + "9" * 400,
        "type:%00",
        "title.search:*",
    ],
)
def test_hostile_filters_give_an_answer(client: Any, known: dict[str, str], filter_: str) -> None:
    for name in ("papers", "authors", "institutions", "venues", "categories"):
        assert get(client, f"{name}?filter={filter_}").status_code in (200, 400)


# --- Parts of records ---------------------------------------------------------------------------------------------------


def test_only_some_fields(client: Any, known: dict[str, str]) -> None:
    record = get(client, f"papers/{known['two']}?select=id,authorships.author.display_name,ids.openalex").json()
    assert record == {
        "id": known["two"], "ids": {"openalex": "https://openalex.org/W5"},
        "authorships": [{"author": {"display_name": "Ada Testwright"}}, {"author": {"display_name": "Bob Exampleman"}}],
    }  # fmt: skip
    rest = get(client, "papers?omit=authorships,scores.novelty&per-page=1").json()["results"][0]
    assert "authorships" not in rest
    assert set(rest["scores"]) == {"ai_score"}
    told = refusal(get(client, "papers?select=id,titel"))["errors"][0]
    assert (told["parameter"], "Did you mean “title”?" in told["detail"]) == ("select", True)
    refusal(get(client, "authors/A1?omit=authorships"))


def test_references_and_citations_within_the_record(client: Any, known: dict[str, str]) -> None:
    one, two = Paper.objects.get(title="One"), Paper.objects.get(title="Two")
    Citation.objects.create(citing=two, cited=one)
    record = get(client, f"papers/{two.public_id}?include=references,citations&select=id").json()
    assert record["included"]["citations"]["count"] == 0
    references = record["included"]["references"]
    assert [row["id"] for row in references["results"]] == [one.public_id]
    assert client.get(references["url"]).json()["meta"]["count"] == references["count"] == 1
    assert "included" not in get(client, f"papers/{two.public_id}").json()
    assert refusal(get(client, f"papers/{two.public_id}?include=reference"))["errors"][0]["allowed"] == [
        "references",
        "citations",
    ]


# --- Samples ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["papers", "authors", "institutions", "venues", "categories"])
def test_a_sample_is_the_same_for_the_same_seed(client: Any, known: dict[str, str], name: str) -> None:
    def drawn(more: str) -> list[str]:
        return [record["id"] for record in get(client, f"{name}?sample=2&{more}").json()["results"]]

    assert drawn("seed=7") == drawn("seed=7")
    assert len(drawn("seed=7")) == get(client, f"{name}?sample=2").json()["meta"]["count"]
    assert drawn("seed=7&per-page=1") + drawn("seed=7&per-page=1&page=2") == drawn("seed=7")


def test_a_sample_keeps_to_the_filters_and_says_what_it_cannot(client: Any, known: dict[str, str]) -> None:
    assert titles(get(client, "papers?sample=100&filter=publication_year:2020")) == ["One"]
    for wrong in ("sample=0", "sample=x", "sample=10001", "sample=2&cursor=*", "sample=2&sort=title"):
        refusal(get(client, f"papers?{wrong}"))


def test_any_record(client: Any, known: dict[str, str]) -> None:
    response = get(client, "works/random?select=id")
    assert response.json()["id"].startswith("P")
    assert response["Cache-Control"] == "no-store"
    assert get(client, "authors/random").status_code == 200


def test_nothing_is_drawn_from_an_empty_catalogue(client: Any) -> None:
    refusal(get(client, "papers/random"), 404)
    assert get(client, "authors?sample=5").json()["results"] == []


# --- Orders -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("sort", "expected"), [
    ("cited_by_count:desc,publication_date", "ABDCE"), ("cited_by_count:desc,publication_date:desc", "BACDE"),
    ("cited_by_count:desc,title", "ABCDE"), ("publication_date,cited_by_count:desc,title", "ADCEB"),
])  # fmt: skip
@pytest.mark.parametrize("search", ["", "&filter=publication_year:2000-2030"])
def test_among_equals_the_next_order_decides(client: Any, sort: str, expected: str, search: str, monkeypatch: Any) -> None:
    for title, count, day in (("A", 9, 1), ("B", 9, 5), ("C", 3, 4), ("D", 3, 2), ("E", None, 4)):
        make_paper(title, cited_by_count=count, published=date(2020, 1, day))
    for few in (5_000, 0):  # found and sorted, or met on a walk along the order
        monkeypatch.setattr("papers.search.finding.FEW", few)
        assert "".join(titles(get(client, f"papers?sort={sort}{search}"))) == expected
        walked, cursor = "", "*"
        while cursor:
            body = get(client, f"papers?sort={sort}{search}&per-page=1&cursor={cursor}").json()
            walked, cursor = walked + body["results"][0]["title"], body["meta"]["next_cursor"]
        assert walked == expected


def test_people_by_two_orders(client: Any) -> None:
    for name in ("Bob Zeta", "Cat Alpha", "Ada Zeta"):
        make_paper(authors=(make_author(name),))
    make_paper(authors=(Author.objects.get(display_name="Cat Alpha"),))
    walked, cursor = [], "*"
    while cursor:
        body = get(client, f"authors?sort=works_count:desc,display_name&per-page=1&cursor={cursor}").json()
        walked, cursor = [*walked, body["results"][0]["display_name"]], body["meta"]["next_cursor"]
    assert walked == ["Cat Alpha", "Ada Zeta", "Bob Zeta"]


@pytest.mark.parametrize(
    "sort",
    [
        "title,relevance",
        "title,title",
        "publication_date,publication_date:desc",
        "title,",
        ",",
        "title,nope",
        "title,cited_by_count:desc,novelty:desc,ai_score:desc,publication_date",
    ],
)
def test_orders_that_cannot_be_are_refused(client: Any, sort: str) -> None:
    assert refusal(get(client, f"papers?sort={sort}"))["errors"][0]["parameter"] == "sort"
