"""The service for harvesters: the protocol's verbs and errors, both formats, sets, dates and pages."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client

from authors.models import AuthorName, SiteIdentity
from papers.models import (
    AuthorshipAffiliation,
    Category,
    Paper,
    PaperCategory,
    PaperIdentifier,
    PaperLink,
    PaperVersion,
    VenueIdentifier,
)
from papers.oai import verbs
from tests.clients.harvest import DC, KERNEL, OAI, ask, error, listed, record, texts, token
from tests.factories import make_author, make_institution, make_paper, make_venue

pytestmark = pytest.mark.django_db


def at(paper: Paper, moment: str) -> None:
    Paper.objects.filter(pk=paper.pk).update(updated_at=datetime.fromisoformat(moment))


# --- the protocol --------------------------------------------------------------------------------------------------------


def test_the_site_introduces_itself() -> None:
    SiteIdentity(name="Exemplary", contact_email="ada@example.org").save()
    at(make_paper(), "2026-11-02T10:00:00Z")
    answer = ask("Identify")
    assert [one.tag.removeprefix(OAI) for one in answer[2]] == [
        "repositoryName", "baseURL", "protocolVersion", "adminEmail", "earliestDatestamp", "deletedRecord", "granularity",
        "compression", "description",
    ]  # fmt: skip
    assert [one.text for one in answer[2]][:8] == [
        "Exemplary", "http://testserver/oai", "2.0", "ada@example.org", "2026-11-02T10:00:00Z", "persistent",
        "YYYY-MM-DDThh:mm:ssZ", "gzip",
    ]  # fmt: skip


def test_there_is_always_somebody_to_write_to(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["127.0.0.1", "catalogue.example.org", "testserver"]
    assert texts(ask("Identify"), f"{OAI}adminEmail") == ["webmaster@catalogue.example.org"]
    settings.DEFAULT_FROM_EMAIL = "Catalogue <desk@example.org>"
    assert texts(ask("Identify"), f"{OAI}adminEmail") == ["desk@example.org"]


@pytest.mark.parametrize(
    ("code", "verb", "arguments"),
    [
        ("badVerb", "", {}),
        ("badVerb", "Harvest", {}),
        ("badVerb", ["Identify", "Identify"], {}),
        ("badArgument", "Identify", {"set": "category"}),
        ("badArgument", "ListRecords", {}),
        ("badArgument", "GetRecord", {"metadataPrefix": "oai_dc"}),
        ("badArgument", "ListRecords", {"metadataPrefix": ["oai_dc", "oai_dc"]}),
        ("badArgument", "ListRecords", {"metadataPrefix": "oai_dc", "resumptionToken": "x"}),
        ("badArgument", "ListRecords", {"metadataPrefix": "oai_dc", "since": "2026"}),
        ("badArgument", "ListRecords", {"metadataPrefix": "oai_dc", "since": "2026-02-30"}),
        ("badArgument", "ListRecords", {"metadataPrefix": "oai_dc", "since": "0000-01-01"}),
        ("badArgument", "ListRecords", {"metadataPrefix": "oai_dc", "since": "2026-01-01T00:00:00"}),
        ("badArgument", "ListRecords", {"metadataPrefix": "oai_dc", "since": "2026-01-01", "until": "2026-01-02T00:00:00Z"}),
        ("badArgument", "ListRecords", {"metadataPrefix": "oai_dc", "since": "2026-01-02", "until": "2026-01-01"}),
        ("badArgument", "ListRecords", {"metadataPrefix": "oai_dc", "set": "a b"}),
        ("badArgument", "ListRecords", {"metadataPrefix": "oai_dc", "set": "\0"}),
        ("badArgument", "GetRecord", {"metadataPrefix": "oai_dc", "identifier": "\x06"}),
        ("cannotDisseminateFormat", "ListRecords", {"metadataPrefix": "marc"}),
        ("cannotDisseminateFormat", "GetRecord", {"metadataPrefix": "marc", "identifier": "oai:bylines.localhost:P1"}),
        ("badResumptionToken", "ListRecords", {"resumptionToken": "zzz"}),
        ("badResumptionToken", "ListSets", {"resumptionToken": "zzz"}),
        ("idDoesNotExist", "GetRecord", {"metadataPrefix": "oai_dc", "identifier": "oai:elsewhere.org:P1"}),
        ("idDoesNotExist", "GetRecord", {"metadataPrefix": "oai_dc", "identifier": "oai:bylines.localhost:P999999999"}),
        ("idDoesNotExist", "ListMetadataFormats", {"identifier": "oai:bylines.localhost:A1"}),
        ("noRecordsMatch", "ListRecords", {"metadataPrefix": "oai_dc", "until": "1900-01-01"}),
        ("noRecordsMatch", "ListRecords", {"metadataPrefix": "oai_dc", "since": "9999-12-31"}),
        ("noRecordsMatch", "ListRecords", {"metadataPrefix": "oai_dc", "set": "institution:I999999999999999999"}),
        ("noRecordsMatch", "ListRecords", {"metadataPrefix": "oai_dc", "set": "category:xx:cs.CL"}),
        ("noRecordsMatch", "ListRecords", {"metadataPrefix": "oai_dc", "set": "people"}),
    ],
)
def test_every_error_is_told_by_its_code(code: str, verb: Any, arguments: dict[str, Any]) -> None:
    make_paper()
    assert error(verb, **arguments) == code


def test_a_catalogue_with_nothing_in_it() -> None:
    Category.objects.all().delete()
    assert error("ListSets") == "noSetHierarchy"
    assert error("ListRecords", metadataPrefix="oai_dc") == "noRecordsMatch"
    assert texts(ask("Identify"), f"{OAI}earliestDatestamp")[0] > "2026"


def test_the_request_is_repeated_unless_it_was_no_request() -> None:
    paper = make_paper()
    told = record(paper)[1]
    assert told.attrib == {
        "verb": "GetRecord", "identifier": f"oai:bylines.localhost:{paper.public_id}", "metadataPrefix": "oai_dc",
    }  # fmt: skip
    assert ask("Identify", stray="1")[1].attrib == {}
    assert ask("ListRecords", metadataPrefix="marc")[1].attrib == {"verb": "ListRecords", "metadataPrefix": "marc"}


def test_post_asks_the_same_as_get_and_nothing_else_is_served() -> None:
    paper = make_paper()
    assert set(listed(post=True)) == {paper.public_id}
    assert Client(enforce_csrf_checks=True).post("/oai", {"verb": "Identify"}).status_code == 200
    assert Client().delete("/oai").status_code == 405


# --- records -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def paper() -> Paper:
    place = make_institution("Example Institute", tag="example")
    place.identifiers.create(scheme="ror", value="00cvxb145")
    venue = make_venue("Exemplary Letters", type="journal", publisher="Example Press")
    VenueIdentifier.objects.create(venue=venue, scheme="issn", value="1234-5679")
    found = make_paper(
        "Bounds of $\\alpha$ < \x06β & more", authors=(make_author("Ada Testwright", orcid="0000-0002-1825-0097"),),
        institutions=(place,), doi="10.1000/182", abstract="What\x02 is said.", type="article", venue=venue, volume="12",
        issue="3", first_page="45", last_page="67", language="en", licence="cc-by", keywords=["bounds"],
        published=date(2023, 6, 1), date_precision="month",
    )  # fmt: skip
    AuthorshipAffiliation.objects.create(authorship=found.authorships.get(), institution=place, raw="Ex. Inst.")
    PaperIdentifier.objects.create(paper=found, scheme="arxiv", value="2306.00001")
    PaperCategory.objects.create(paper=found, category_id="cs.LG")
    PaperVersion.objects.create(paper=found, url="https://arxiv.org/abs/2306.00001v1")
    PaperLink.objects.create(paper=found, kind="code", url="https://example.org/code")
    return found


def test_dublin_core_says_what_the_page_says(paper: Paper) -> None:
    answer = record(paper)
    found = {tag: texts(answer, f"{DC}{tag}") for tag in ("title", "creator", "subject", "description", "date", "identifier")}
    assert found == {
        "title": ["Bounds of $\\alpha$ <  β & more"],
        "creator": ["Ada Testwright"],
        "subject": ["Computation and Language (cs.CL)", "Machine Learning (cs.LG)", "bounds"],
        "description": ["What  is said."],
        "date": ["2023-06"],
        "identifier": [
            f"http://testserver/papers/{paper.public_id}/", "https://doi.org/10.1000/182", "https://arxiv.org/abs/2306.00001",
        ],
    }  # fmt: skip
    assert texts(answer, f"{DC}source") == ["Exemplary Letters, 12(3), 45-67"]
    assert texts(answer, f"{DC}relation") == ["https://arxiv.org/abs/2306.00001v1", "https://example.org/code"]
    assert texts(answer, f"{DC}rights") == ["cc-by"]
    assert texts(answer, f"{OAI}setSpec")[:2] == ["category:cs:cs.CL", "category:cs:cs.LG"]


def test_datacite_names_people_and_places_by_their_identifiers(paper: Paper) -> None:
    answer = record(paper, "oai_datacite")
    creator = next(answer.iter(f"{KERNEL}creator"))
    assert [one.text for one in creator] == ["Ada Testwright", "0000-0002-1825-0097", "Example Institute"]
    assert creator[2].attrib["affiliationIdentifier"] == "https://ror.org/00cvxb145"
    venue = next(answer.iter(f"{KERNEL}relatedItem"))
    assert [one.text for one in venue if one.tag != f"{KERNEL}titles"] == ["1234-5679", "12", "3", "45", "67"]
    assert texts(answer, f"{KERNEL}identifier") == ["10.1000/182"]
    kind = next(answer.iter(f"{KERNEL}resourceType"))
    assert (kind.text, kind.attrib) == ("article", {"resourceTypeGeneral": "JournalArticle"})


def test_what_the_kernel_demands_and_nobody_knows_is_said_to_be_unknown() -> None:
    answer = record(make_paper(published=None, category=None), "oai_datacite")
    found = [texts(answer, f"{KERNEL}{tag}") for tag in ("creatorName", "publisher", "publicationYear")]
    assert found == [[":unav"], [":unav"], ["0000"]]


def test_retracted_papers_say_so() -> None:
    paper = make_paper(is_retracted=True, retracted_on=date(2024, 2, 3), abstract="As it was.")
    assert texts(record(paper), f"{DC}description") == ["This paper was retracted on 3 February 2024.", "As it was."]
    assert "2024-02-03" in texts(record(paper, "oai_datacite"), f"{KERNEL}date")


def test_names_left_behind_and_people_in_hiding_are_not_told() -> None:
    author = make_author("Ada Testwright", orcid="0000-0002-1825-0097")
    paper = make_paper(authors=(author,))
    paper.authorships.update(raw_name="Otto Former", name_key="former otto")
    AuthorName.objects.create(author=author, name="Otto Former", public=False)
    assert texts(record(paper), f"{DC}creator") == ["Ada Testwright"]
    assert texts(record(paper, "oai_datacite"), f"{KERNEL}nameIdentifier")
    paper.authorships.update(hidden_on_profile=True)
    assert not texts(record(paper, "oai_datacite"), f"{KERNEL}nameIdentifier")


def test_drafts_do_not_exist() -> None:
    draft, shown = make_paper(state="draft"), make_paper()
    assert set(listed()) == {shown.public_id}
    name = f"oai:bylines.localhost:{draft.public_id}"
    assert error("GetRecord", metadataPrefix="oai_dc", identifier=name) == "idDoesNotExist"
    assert error("ListMetadataFormats", identifier=name) == "idDoesNotExist"


# --- lists ---------------------------------------------------------------------------------------------------------------


def test_dates_are_taken_whole_and_both_ends_included() -> None:
    papers = [make_paper() for _ in range(3)]
    for paper, moment in zip(papers, ("2026-11-01T23:59:59.9Z", "2026-11-02T10:00:00.5Z", "2026-11-03T00:00:00Z"), strict=True):
        at(paper, moment)
    first, second, third = (paper.public_id for paper in papers)
    assert set(listed(since="2026-11-02", until="2026-11-02")) == {second}
    assert set(listed(until="2026-11-02")) == {first, second}
    assert set(listed(since="2026-11-02T10:00:00Z", until="2026-11-02T10:00:00Z")) == {second}
    assert set(listed(since="2026-11-02T10:00:01Z")) == {third}


def test_sets_by_category_and_institution() -> None:
    place = make_institution()
    one, two = make_paper(institutions=(place,)), make_paper(category="math.CO")
    PaperCategory.objects.create(paper=two, category_id="cs.CL")
    make_paper(category=None)
    both = {one.public_id, two.public_id}
    assert set(listed(set="category:cs:cs.CL")) == set(listed(set="category:cs.CL")) == set(listed(set="category:cs")) == both
    assert set(listed(set="category:math")) == {two.public_id}
    assert set(listed(set="category")) == both
    assert set(listed(set=f"institution:{place.public_id}")) == set(listed(set="institution")) == {one.public_id}
    found = texts(ask("ListSets"), f"{OAI}setSpec")
    assert {"category", "category:cs", "category:cs:cs.CL", f"institution:{place.public_id}"} <= set(found)
    assert len(found) == len(set(found))


def test_the_list_of_sets_has_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verbs, "PAGE", 2)
    places = [make_institution() for _ in range(5)]
    make_paper(institutions=tuple(places))
    answer, found = ask("ListSets"), []
    for pages in range(3):
        found += texts(answer, f"{OAI}setSpec")
        assert bool(token(answer)) == (pages < 2)
        answer = ask("ListSets", resumptionToken=token(answer)) if pages < 2 else answer
    assert [spec for spec in found if ":I" in spec] == [f"institution:{place.public_id}" for place in places]


def test_a_token_serves_its_own_list_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verbs, "PAGE", 1)
    make_paper(), make_paper()
    answer = ask("ListRecords", metadataPrefix="oai_dc")
    resumption = next(answer.iter(f"{OAI}resumptionToken"))
    assert (resumption.attrib["completeListSize"], resumption.attrib["cursor"]) == ("2", "0")
    assert datetime.fromisoformat(resumption.attrib["expirationDate"]) > datetime.now(UTC)
    assert error("ListIdentifiers", resumptionToken=token(answer)) == "badResumptionToken"
    assert error("ListRecords", resumptionToken=token(answer)[:-1] + "!") == "badResumptionToken"
    last = ask("ListRecords", resumptionToken=token(answer))
    assert (token(last), next(last.iter(f"{OAI}resumptionToken")).attrib["cursor"]) == ("", "1")


@pytest.mark.parametrize("papers", [1, 3])
def test_a_page_asks_as_much_whatever_it_lists(papers: int, django_assert_num_queries: Any) -> None:
    for number in range(papers):
        made = make_paper(
            authors=(make_author(),), institutions=(make_institution(),), venue=make_venue(), doi=f"10.1000/{number}"
        )
        AuthorshipAffiliation.objects.create(authorship=made.authorships.get(), raw="Somewhere")
    ask("Identify")
    # Two counts; datestamps of papers and of those gone; eleven for a record as the API's; versions; ISSNs.
    with django_assert_num_queries(17):
        ask("ListRecords", metadataPrefix="oai_datacite")
    with django_assert_num_queries(7):  # the counts, the datestamps, papers, their further categories, their institutions
        ask("ListIdentifiers", metadataPrefix="oai_dc")
