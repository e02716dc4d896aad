"""What belongs to papers in the admin: their authors, identifiers, links, venues and categories."""

from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse

from authors.curation.models import Provenance, Redirect
from papers.models import Authorship, Category, Paper
from tests.admin_forms import errors_of, fill_in, form_of, listed, offered, row
from tests.factories import make_author, make_authorship, make_category, make_institution, make_paper, make_venue

pytestmark = pytest.mark.django_db


def editors_fields(paper: Paper) -> list[str]:
    return Provenance.objects.get(kind="P", record_id=paper.pk, source="editor").fields


def byline(paper: Paper) -> list[tuple[int, str]]:
    return list(paper.authorships.order_by("position").values_list("position", "raw_name"))


def by_position(client: Client, paper: Paper, **positions: int) -> dict[str, Any]:
    """Typed positions by the printed name's first word."""
    data = offered(client, form_of(paper))
    prefixes = {
        Authorship.objects.get(pk=value).raw_name.split()[0]: name.removesuffix("-id")
        for name, value in data.items()
        if name.startswith("authorships-") and name.endswith("-id") and value
    }
    return {f"{prefixes[first]}-position": position for first, position in positions.items()}


# --- the list of authors -----------------------------------------------------------------------------------------------


def paper_of(*names: str) -> Paper:
    return make_paper(authors=tuple(make_author(name) for name in names))


@pytest.mark.parametrize(
    ("positions", "order"),
    [
        ({"Ada": 2, "Bea": 1}, ["Bea", "Ada", "Cyd"]),
        ({"Cyd": 1}, ["Cyd", "Ada", "Bea"]),
        ({"Ada": 3}, ["Bea", "Cyd", "Ada"]),
        ({"Bea": 77}, ["Ada", "Cyd", "Bea"]),
    ],
)
def test_authors_are_put_in_another_order(editor: Client, positions: dict[str, int], order: list[str]) -> None:
    paper = paper_of("Ada Testwright", "Bea Testwright", "Cyd Testwright")
    assert fill_in(editor, form_of(paper), **by_position(editor, paper, **positions)).status_code == 302
    assert byline(paper) == [(place, f"{name} Testwright") for place, name in enumerate(order, 1)]
    assert editors_fields(paper) == ["authorships"]


def test_an_author_taken_out_leaves_no_gap_and_one_comes_between(editor: Client) -> None:
    paper = paper_of("Ada Testwright", "Bea Testwright", "Cyd Testwright")
    typed = {"authorships-0-DELETE": "on"} | row("authorships", 3, raw_name="D. Newcomer", position=3)
    assert fill_in(editor, form_of(paper), **typed).status_code == 302
    assert byline(paper) == [(1, "Bea Testwright"), (2, "D. Newcomer"), (3, "Cyd Testwright")]
    paper.refresh_from_db()
    assert paper.authors_count == 3


def test_editors_who_delete_no_records_still_take_an_author_off_a_paper(client: Client) -> None:
    account = User.objects.create_user("edith", password="x", is_staff=True)
    account.groups.add(Group.objects.get(name="Editors"))
    client.force_login(account)
    paper = paper_of("Ada Testwright", "Bea Testwright")
    assert fill_in(client, form_of(paper), **{"authorships-0-DELETE": "on"}).status_code == 302
    assert byline(paper) == [(1, "Bea Testwright")]


@pytest.mark.parametrize("position", ["0", "-1", "x", str(10**12)])
def test_a_wrong_position_is_an_error_in_the_form(editor: Client, position: str) -> None:
    paper = paper_of("Ada Testwright", "Bea Testwright")
    assert "position" in errors_of(fill_in(editor, form_of(paper), **{"authorships-0-position": position}))
    assert byline(paper) == [(1, "Ada Testwright"), (2, "Bea Testwright")]


def test_an_author_needs_a_name_or_a_person(editor: Client) -> None:
    answer = fill_in(editor, form_of(make_paper()), **row("authorships", 0, is_corresponding="on"))
    assert "Give the name as printed, or the person" in errors_of(answer)


def test_whoever_resolves_a_name_has_decided_it(editor: Client) -> None:
    paper, ada = make_paper(), make_author("Ada Testwright")
    authorship = make_authorship(paper, None, position=1, raw_name="A. Testwright")
    assert fill_in(editor, form_of(authorship), author=ada.pk).status_code == 302
    authorship.refresh_from_db()
    assert (authorship.author, authorship.decided_by, authorship.raw_name) == (ada, "editor", "A. Testwright")
    assert ada.metrics.papers_count == 1
    assert editors_fields(paper) == ["authorships"]


def test_an_author_moves_from_one_person_to_another_with_the_counts(editor: Client) -> None:
    wrong, right = make_author("Jun Testwright"), make_author("Jun Testwright")
    paper = make_paper(authors=(wrong,))
    assert fill_in(editor, form_of(paper), **{"authorships-0-author": right.pk}).status_code == 302
    wrong.metrics.refresh_from_db()
    assert (wrong.metrics.papers_count, right.metrics.papers_count) == (0, 1)


def test_a_long_list_of_authors_is_edited_in_a_list_of_its_own(editor: Client) -> None:
    paper = make_paper()
    rows = [Authorship(paper=paper, position=place, raw_name=f"Author {place}") for place in range(1, 3001)]
    Authorship.objects.bulk_create(rows)
    Paper.objects.filter(pk=paper.pk).update(authors_count=3000)
    page = editor.get(form_of(paper)).content.decode()
    assert "authorships-0-" not in page
    assert "3,000 authors in a list of their own" in page
    assert len(listed(editor, "papers_authorship", paper__id__exact=str(paper.pk))) == 50
    last = paper.authorships.get(position=3000)
    assert fill_in(editor, form_of(last), position=2).status_code == 302
    assert [name for _, name in byline(paper)[:3]] == ["Author 1", "Author 3000", "Author 2"]
    assert editor.post(reverse("admin:papers_authorship_delete", args=[last.pk]), {"post": "yes"}).status_code == 302
    assert [name for _, name in byline(paper)[:2]] == ["Author 1", "Author 2"]
    assert byline(paper)[-1] == (2999, "Author 2999")
    question = editor.get(reverse("admin:papers_paper_delete", args=[paper.pk])).content.decode()
    assert "Authorships: 2999" in question
    assert "Author 1500" not in question


def test_an_affiliation_resolved_reaches_the_paper(editor: Client) -> None:
    paper, institute = make_paper(authors=(make_author(),)), make_institution()
    affiliation = paper.authorships.get().affiliations.create(raw="Example Hall")
    typed = {"institution": institute.pk, "raw": "Something Else"}
    assert fill_in(editor, form_of(affiliation), **typed).status_code == 302
    affiliation.refresh_from_db()
    assert (affiliation.institution, affiliation.raw) == (institute, "Example Hall")
    assert list(paper.paper_institutions.values_list("institution", "of_whole_paper")) == [(institute.pk, False)]
    assert institute.metrics.papers_count == 1


def test_the_same_institution_twice_on_one_author_is_an_error_in_the_form(editor: Client) -> None:
    authorship, institute = make_authorship(make_paper(), make_author(), position=1), make_institution()
    authorship.affiliations.create(institution=institute)
    other = authorship.affiliations.create(raw="Example Hall")
    assert "already exists" in errors_of(fill_in(editor, form_of(other), institution=institute.pk))
    again = row("affiliations", 2, raw="Hall", institution=institute.pk)
    assert "duplicate" in errors_of(fill_in(editor, form_of(authorship), **again))


# --- what hangs on a paper ---------------------------------------------------------------------------------------------


def test_a_shared_identifier_is_an_error_unless_disputed(editor: Client) -> None:
    make_paper(doi="10.1000/abc")
    paper = make_paper()
    typed = row("identifiers", 0, scheme="", value="https://doi.org/10.1000/ABC")
    assert "mark it as disputed" in errors_of(fill_in(editor, form_of(paper), **typed))
    assert fill_in(editor, form_of(paper), **typed, **{"identifiers-0-disputed": "on"}).status_code == 302
    assert paper.identifiers.get().disputed


def test_institutions_of_the_whole_paper_come_and_go(editor: Client) -> None:
    paper, one, two = make_paper(authors=(make_author(),)), make_institution(), make_institution()
    paper.authorships.get().affiliations.create(institution=two)
    assert fill_in(editor, form_of(paper), **row("paper_institutions", 0, institution=one.pk)).status_code == 302
    assert set(paper.paper_institutions.values_list("institution", flat=True)) == {one.pk, two.pk}
    assert editors_fields(paper) == ["institutions"]
    assert fill_in(editor, form_of(paper), **{"paper_institutions-0-DELETE": "on"}).status_code == 302
    assert list(paper.paper_institutions.values_list("institution", flat=True)) == [two.pk]


def test_further_categories_of_an_editor_say_so(editor: Client) -> None:
    paper = make_paper()
    assert fill_in(editor, form_of(paper), **row("further_categories", 0, category="cs.AI")).status_code == 302
    assert paper.further_categories.get().origin == "editor"
    assert editors_fields(paper) == ["categories"]


@pytest.mark.parametrize("url", ["javascript:alert(1)", "not an address", "https://" + "x" * 2000])
def test_a_wrong_link_is_an_error_in_the_form(editor: Client, url: str) -> None:
    assert "url" in errors_of(fill_in(editor, form_of(make_paper()), **row("links", 0, kind="code", url=url)))


def test_the_same_link_twice_is_an_error_in_the_form(editor: Client) -> None:
    link = {"kind": "code", "url": "https://example.org/"}
    twice = row("links", 0, **link) | row("links", 1, **link)
    assert "duplicate" in errors_of(fill_in(editor, form_of(make_paper()), **twice))


def test_a_paper_does_not_cite_itself_nor_twice(editor: Client) -> None:
    one, two = make_paper(), make_paper()
    add = reverse("admin:papers_citation_add")
    assert "does not cite itself" in errors_of(fill_in(editor, add, citing=one.pk, cited=one.pk))
    assert fill_in(editor, add, citing=one.pk, cited=two.pk).status_code == 302
    assert "already exists" in errors_of(fill_in(editor, add, citing=one.pk, cited=two.pk))


# --- venues and categories ---------------------------------------------------------------------------------------------


def test_a_venue_is_edited_and_deleted_without_taking_its_papers(editor: Client) -> None:
    venue = make_venue()
    paper = make_paper(venue=venue)
    assert fill_in(editor, form_of(venue), default_category="cs.CL").status_code == 302
    assert Provenance.objects.get(kind="V").fields == ["default_category"]
    assert editor.post(reverse("admin:papers_venue_delete", args=[venue.pk]), {"post": "yes"}).status_code == 302
    paper.refresh_from_db()
    assert paper.venue is None
    assert Redirect.objects.get().kind == "V"


def test_a_category_in_use_stays_and_its_code_is_for_ever(client: Client) -> None:
    client.force_login(User.objects.create_superuser("root"))
    make_paper(category="cs.CL")
    assert fill_in(client, form_of(make_category()), code="cs.XX", name="Words").status_code == 302
    assert (make_category().name, Category.objects.filter(code="cs.XX").exists()) == ("Words", False)
    page = client.post(reverse("admin:papers_category_delete", args=["cs.CL"]), {"post": "yes"})
    assert b"papers in cs.CL" in page.content
    assert client.post(reverse("admin:papers_category_delete", args=["cs.AI"]), {"post": "yes"}).status_code == 302
    assert not Category.objects.filter(code="cs.AI").exists()
    new = {"code": "x.Y", "short_code": "Y", "name": "Y", "colour": "red"}
    assert "hexadecimal" in errors_of(fill_in(client, reverse("admin:papers_category_add"), **new))


@pytest.mark.parametrize("field", ["venue", "primary_category"])
@pytest.mark.parametrize("typed", ["../x", "²", "9" * 40, "a\0b", "-1"])
def test_a_key_that_is_none_is_an_error_in_the_form(editor: Client, field: str, typed: str) -> None:
    page = fill_in(editor, form_of(make_paper(venue=make_venue())), **{field: typed})
    assert page.status_code == 200
    assert "not one of the available choices" in errors_of(page)
