"""A harvester that asks for what changed since is told of every change of a record, and of papers that are gone."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from authors.curation.changes import ChangeSet
from authors.curation.recording import Action, recorded
from authors.curation.undoing import undo
from authors.models import AuthorIdentifier, AuthorName, InstitutionIdentifier
from papers.editing import change_state, delete_paper, give_category, give_institution
from papers.merging.affiliations import resolve_affiliations
from papers.merging.merging import merge
from papers.models import AuthorshipAffiliation, Category, GonePaper, Paper, PaperCategory, PaperLink, VenueIdentifier
from tests.clients.harvest import OAI, ask, error, headers, listed, record, texts
from tests.factories import make_author, make_category, make_institution, make_paper, make_venue
from tests.payloads import author, import_works, work

pytestmark = pytest.mark.django_db


@pytest.fixture
def paper() -> Paper:
    """With one of everything, and last changed yesterday; so was the other one, which nothing here concerns."""
    place, person = make_institution("Example Institute"), make_author("Ada Testwright")
    found = make_paper("Told Of", authors=(person,), institutions=(place,), venue=make_venue("Exemplary Letters"))
    make_paper("Untouched", authors=(make_author(),), category="math.CO")
    Paper.objects.update(updated_at=timezone.now() - timedelta(days=1))
    return found


def changed() -> dict[str, str]:
    """What a harvester is told of the last minutes."""
    answer = ask(
        "ListIdentifiers", metadataPrefix="oai_dc", since=f"{timezone.now() - timedelta(minutes=9):%Y-%m-%dT%H:%M:%SZ}"
    )
    return headers(answer)


def within(write: Callable[[], Any], kind: str, key: int) -> Any:
    """Write as the admin does: recorded, with the record watched."""
    with recorded(Action.EDIT) as recording:
        recording.watch(kind, [key])
        write()
    return recording.change_set


def _link(paper: Paper) -> None:
    within(lambda: PaperLink.objects.create(paper=paper, kind="code", url="https://example.org/code"), "P", paper.pk)


def _author_renamed(paper: Paper) -> None:
    person = paper.authorships.get().author
    within(lambda: type(person).objects.filter(pk=person.pk).update(display_name="Ada Newname"), "A", person.pk)


def _name_left_behind(paper: Paper) -> None:
    person = paper.authorships.get().author
    within(lambda: AuthorName.objects.filter(author=person).update(public=False), "A", person.pk)


def _orcid(paper: Paper) -> None:
    person = paper.authorships.get().author
    row = {"scheme": "orcid", "value": "0000-0002-1825-0097"}
    within(lambda: AuthorIdentifier.objects.create(author=person, **row), "A", person.pk)


def _authors_merged(paper: Paper) -> None:
    merge(survivor=make_author("A. Testwright"), other=paper.authorships.get().author)


def _institution_renamed(paper: Paper) -> None:
    place = paper.paper_institutions.get().institution
    within(lambda: type(place).objects.filter(pk=place.pk).update(name="Example University"), "I", place.pk)


def _ror(paper: Paper) -> None:
    place = paper.paper_institutions.get().institution
    within(lambda: InstitutionIdentifier.objects.create(institution=place, scheme="ror", value="00cvxb145"), "I", place.pk)


def _institutions_merged(paper: Paper) -> None:
    merge(survivor=make_institution("Example University"), other=paper.paper_institutions.get().institution)


def _affiliation_resolved(paper: Paper) -> None:
    AuthorshipAffiliation.objects.create(authorship=paper.authorships.get(), raw="Ex. Univ.")
    Paper.objects.update(updated_at=timezone.now() - timedelta(days=1))
    resolve_affiliations(["Ex. Univ."], make_institution("Example University"))


def _venue_renamed(paper: Paper) -> None:
    venue = paper.venue
    within(lambda: type(venue).objects.filter(pk=venue.pk).update(name="Exemplary Notes"), "V", venue.pk)


def _issn(paper: Paper) -> None:
    row = {"scheme": "issn", "value": "1234-5679"}
    within(lambda: VenueIdentifier.objects.create(venue=paper.venue, **row), "V", paper.venue.pk)


def _category_renamed(paper: Paper) -> None:
    with recorded(Action.EDIT) as recording:
        recording.watch_rows(Category.objects.filter(pk="cs.CL"))
        Category.objects.filter(pk="cs.CL").update(name="Language")


WAYS = {
    "link": _link,
    "author renamed": _author_renamed,
    "name left behind": _name_left_behind,
    "orcid": _orcid,
    "authors merged": _authors_merged,
    "institution renamed": _institution_renamed,
    "ror": _ror,
    "institutions merged": _institutions_merged,
    "affiliation resolved": _affiliation_resolved,
    "venue renamed": _venue_renamed,
    "issn": _issn,
    "category renamed": _category_renamed,
    "category given": lambda paper: give_category([paper.pk], make_category("cs.LG")),
}


@pytest.mark.parametrize("way", WAYS)
def test_every_change_of_a_record_moves_its_datestamp(way: str, paper: Paper) -> None:
    WAYS[way](paper)
    assert changed() == {paper.public_id: ""}


def test_an_institution_for_the_whole_paper_is_a_change() -> None:
    paper = make_paper()
    Paper.objects.update(updated_at=timezone.now() - timedelta(days=1))
    give_institution([paper.pk], make_institution())
    assert changed() == {paper.public_id: ""}


def test_what_no_record_shows_moves_nothing(paper: Paper) -> None:
    person = paper.authorships.get().author
    within(lambda: type(person).objects.filter(pk=person.pk).update(biography="Ada writes tests."), "A", person.pk)
    within(lambda: AuthorName.objects.create(author=person, name="Ada T."), "A", person.pk)
    assert error("ListIdentifiers", metadataPrefix="oai_dc", since=f"{timezone.now():%Y-%m-%d}") == "noRecordsMatch"


def test_taking_a_change_back_is_a_change(paper: Paper) -> None:
    row = {"kind": "code", "url": "https://example.org/code"}
    change_set = within(lambda: PaperLink.objects.create(paper=paper, **row), "P", paper.pk)
    Paper.objects.update(updated_at=timezone.now() - timedelta(days=1))
    undo(change_set)
    assert changed() == {paper.public_id: ""}


# --- papers that are gone ------------------------------------------------------------------------------------------------

GONE: dict[str, Callable[[Paper], Any]] = {
    "withdrawn": lambda paper: change_state([paper.pk], Paper.State.WITHDRAWN),
    "draft again": lambda paper: change_state([paper.pk], Paper.State.DRAFT),
    "deleted": delete_paper,
    "merged": lambda paper: merge(survivor=make_paper("Survivor", category=None), other=paper),
}


@pytest.mark.parametrize("way", GONE)
def test_a_paper_that_was_public_is_deleted_for_ever(way: str, paper: Paper) -> None:
    PaperCategory.objects.create(paper=paper, category_id="cs.LG")
    name, place = paper.public_id, paper.paper_institutions.get().institution.public_id
    GONE[way](paper)
    assert changed()[name] == "deleted"
    for spec in ("category:cs:cs.CL", "category:cs.LG", "category:cs", f"institution:{place}"):
        assert listed(set=spec)[name] == "deleted", spec
    identifier = f"oai:bylines.localhost:{name}"
    told = ask("GetRecord", identifier=identifier, metadataPrefix="oai_datacite")
    assert headers(told) == {name: "deleted"}
    assert not list(told.iter(f"{OAI}metadata"))
    assert error("ListMetadataFormats", identifier=identifier) == "noMetadataFormats"


@pytest.mark.parametrize("way", GONE)
def test_what_comes_back_is_there_again(way: str, paper: Paper) -> None:
    key = paper.pk
    GONE[way](paper)
    undo(ChangeSet.objects.latest("pk"))
    assert changed()[f"P{key}"] == ""
    assert not GonePaper.objects.exists()
    assert texts(record(Paper.objects.get(pk=key)), f"{OAI}identifier") == [f"oai:bylines.localhost:P{key}"]


def test_what_never_was_public_leaves_nothing() -> None:
    draft, other = make_paper(state="draft"), make_paper(state="draft")
    names = [f"oai:bylines.localhost:{one.public_id}" for one in (draft, other)]
    delete_paper(draft)
    change_state([other.pk], Paper.State.WITHDRAWN)
    assert error("ListIdentifiers", metadataPrefix="oai_dc") == "noRecordsMatch"
    for name in names:
        assert error("GetRecord", identifier=name, metadataPrefix="oai_dc") == "idDoesNotExist"


# --- imports -------------------------------------------------------------------------------------------------------------


def test_an_import_moves_what_it_adds_to() -> None:
    first = work("Trees of examples", "Ada Testwright", id="https://openalex.org/W1")
    import_works(first, work("Forests of examples", "Bob Example", id="https://openalex.org/W2"))
    Paper.objects.update(updated_at=timezone.now() - timedelta(days=1))
    import_works(first | {"doi": "10.1234/one"}, work("Forests of examples", "Bob Example", id="https://openalex.org/W2"))
    assert changed() == {Paper.objects.get(identifiers__value="10.1234/one").public_id: ""}


def test_an_import_that_learns_who_somebody_is_moves_that_persons_papers() -> None:
    ada = author("Ada Testwright", "https://openalex.org/A5000000001")
    import_works(work("Trees of examples", ada, id="https://openalex.org/W1"))
    trees = Paper.objects.get()
    Paper.objects.update(updated_at=timezone.now() - timedelta(days=1))
    ada["author"]["orcid"] = "https://orcid.org/0000-0002-1825-0097"
    import_works(work("Gardens of examples", ada, id="https://openalex.org/W3"))
    assert AuthorIdentifier.objects.filter(author=trees.authorships.get().author, scheme="orcid").exists()
    assert changed()[trees.public_id] == ""


def test_an_import_taken_back_leaves_papers_that_are_gone() -> None:
    run = import_works(work("Trees of examples", "Ada Testwright", id="https://openalex.org/W1"))
    trees = Paper.objects.get()
    undo(ChangeSet.objects.get(run=run))
    assert changed() == {trees.public_id: "deleted"}
