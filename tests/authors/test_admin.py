"""People, institutions and bookkeeping in the admin, as an editor meets them."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from authors.curation.models import ImportProblem, ImportRun, Provenance, Redirect
from authors.models import Affiliation, Author, AuthorIdentifier, Institution, InstitutionAlias, SiteIdentity
from papers.metrics.refreshing import refresh_authors
from papers.models import AuthorFigure
from tests.admin_forms import errors_of, fill_in, form_of, listed, row
from tests.factories import make_author, make_institution, make_paper

pytestmark = pytest.mark.django_db
ORCID = "0000-0002-1825-0097"


def editors_fields(kind: str, record_id: int) -> list[str]:
    return Provenance.objects.get(kind=kind, record_id=record_id, source="editor").fields


# --- lists -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_ask_the_same_number_of_questions_whatever_the_rows(
    editor: Client, rows: int, django_assert_num_queries: Any
) -> None:
    run = ImportRun.objects.create(kind="P", source="test", file_name="one.jsonl", fingerprint="1")
    for number in range(rows):
        institution = make_institution()
        author = make_author(orcid=f"0000-0002-1825-009{number}")
        make_paper(authors=(author,), institutions=(institution,))
        AuthorFigure.objects.create(subject=author, name="novelty", origin="reported", source="x", value=1)
        ImportProblem.objects.create(run=run, line=number, reason="x")
        Provenance.objects.create(kind="A", record_id=author.pk, source="x", run=run, given_at=timezone.now())
        Redirect.objects.create(kind="A", old_id=1000 + number, reason="withdrawn")
        ImportRun.objects.create(kind="P", source="test", file_name="two.jsonl", fingerprint=str(number))
    # Always: session, account, two for its permissions, the count and the rows. Lists that filter by a source or a run
    # ask which there are.
    expected = {
        "authors_author": 6, "authors_institution": 6, "authors_redirect": 6, "authors_provenance": 6,
        "authors_importrun": 7, "authors_importproblem": 7, "papers_authorfigure": 6,
    }  # fmt: skip
    SiteIdentity.current()  # cached for a minute
    for name, queries in expected.items():
        address = reverse(f"admin:{name}_changelist")
        with django_assert_num_queries(queries, info=name):
            assert editor.get(address).status_code == 200


@pytest.mark.parametrize("wanted", ["A{pk}", "a{pk}", ORCID, f"https://orcid.org/{ORCID}", "S-77", "testwright ada", "Äda"])
def test_a_person_is_found_by_id_identifier_or_any_name(editor: Client, wanted: str) -> None:
    ada = make_author("Ada Testwright", orcid=ORCID)
    AuthorIdentifier.objects.create(author=ada, scheme="source:example", value="S-77")
    refresh_authors([ada.pk, make_author("Bob Example").pk])  # as whoever adds people does
    assert listed(editor, "authors_author", q=wanted.format(pk=ada.pk)) == [ada]


def test_editors_find_people_by_hidden_names(editor: Client) -> None:
    ada = make_author("Ada Testwright")
    ada.names.create(name="Formername Testwright", public=False)
    assert listed(editor, "authors_author", q="formername") == [ada]


def test_an_institution_is_found_by_alias_or_ror(editor: Client) -> None:
    institute = make_institution("Example Institute")
    institute.aliases.create(name="Beispielinstitut")
    institute.identifiers.create(scheme="ror", value="05dxps055")
    make_institution("Another Place")
    for wanted in ("beispielinstitut", "https://ror.org/05dxps055", institute.public_id):
        assert listed(editor, "authors_institution", q=wanted) == [institute]


@pytest.mark.parametrize("search", ["\0", "x" * 3000, "A999999999999999999", "%", "' OR 1=1 --", "https://doi.org/"])
def test_odd_searches_find_nothing_and_break_nothing(editor: Client, search: str) -> None:
    for model in ("authors_author", "authors_institution", "authors_provenance", "authors_redirect", "papers_authorship"):
        assert editor.get(reverse(f"admin:{model}_changelist"), {"q": search}).status_code == 200
    autocomplete = {"term": search, "app_label": "papers", "model_name": "authorship", "field_name": "author"}
    assert editor.get(reverse("admin:autocomplete"), autocomplete).status_code == 200


def test_people_who_lack_something_are_listed(editor: Client) -> None:
    bare, full = make_author("Bare Testwright"), make_author("Full Testwright", orcid=ORCID)
    Affiliation.objects.create(author=full, institution=make_institution())
    make_paper(authors=(full,))
    refresh_authors([bare.pk])
    for gap in ("orcid", "identifier", "affiliation", "papers"):
        assert listed(editor, "authors_author", missing=gap) == [bare], gap
    page = editor.get(reverse("admin:authors_author_changelist"), {"missing": "nonsense"})
    assert page.status_code == 302


def test_institutions_who_lack_something_are_listed(editor: Client) -> None:
    bare, full = make_institution(), make_institution(country_code="GB", kind="education")
    full.identifiers.create(scheme="ror", value="05dxps055")
    make_paper(institutions=(full,))
    for gap in ("ror", "country", "kind", "papers"):
        assert listed(editor, "authors_institution", missing=gap) == [bare], gap


def test_autocompletes_tell_people_of_one_name_apart(editor: Client) -> None:
    one, two = make_author("Jun Testwright"), make_author("Jun Testwright")
    make_paper(authors=(two,))
    refresh_authors([one.pk])
    query = {"term": "jun", "app_label": "papers", "model_name": "authorship", "field_name": "author"}
    offered = editor.get(reverse("admin:autocomplete"), query).json()["results"]
    told = [f"Jun Testwright · A{one.pk} · 0 papers", f"Jun Testwright · A{two.pk} · 1 paper"]
    assert [found["text"] for found in offered] == told


# --- people ------------------------------------------------------------------------------------------------------------


def test_a_new_name_joins_the_others_and_no_import_takes_it_back(editor: Client) -> None:
    ada = make_author("Ada Testwright")
    assert fill_in(editor, form_of(ada), display_name="Ada Newname").status_code == 302
    ada.refresh_from_db()
    assert ada.sort_key == "newname ada"
    assert set(ada.names.values_list("name", flat=True)) == {"Ada Testwright", "Ada Newname"}
    assert editors_fields("A", ada.pk) == ["display_name"]


def test_saving_without_a_change_marks_nothing(editor: Client) -> None:
    ada = make_author("Ada Testwright", orcid=ORCID)
    assert fill_in(editor, form_of(ada)).status_code == 302
    assert not Provenance.objects.exists()


def test_identifiers_are_recognised_and_written_in_their_own_way(editor: Client) -> None:
    ada = make_author()
    added = row("identifiers", 0, scheme="", value=f"https://orcid.org/{ORCID}")
    assert fill_in(editor, form_of(ada), **added).status_code == 302
    assert str(ada.identifiers.get()) == f"orcid:{ORCID}"
    assert editors_fields("A", ada.pk) == ["identifiers"]


@pytest.mark.parametrize(
    ("scheme", "value", "said"),
    [
        ("orcid", "0000-0002-1825-0098", "not a valid value of ORCID"),
        ("", "some words", "No scheme claims this value"),
        ("orcid", ORCID, "Another record has this identifier"),
    ],
)
def test_a_wrong_identifier_is_an_error_in_the_form(editor: Client, scheme: str, value: str, said: str) -> None:
    make_author(orcid=ORCID)
    answer = fill_in(editor, form_of(make_author()), **row("identifiers", 0, scheme=scheme, value=value))
    assert said in errors_of(answer)


def test_the_same_identifier_twice_is_an_error_in_the_form(editor: Client) -> None:
    twice = row("identifiers", 0, scheme="orcid", value=ORCID) | row("identifiers", 1, scheme="", value=f"orcid:{ORCID}")
    assert "stands here twice" in errors_of(fill_in(editor, form_of(make_author()), **twice))


def test_affiliations_are_checked_and_become_the_editors(editor: Client) -> None:
    ada, institute = make_author(), make_institution()
    stay = row("affiliations", 0, institution=institute.pk, start_year=2020, end_year=2019)
    assert "last year comes before the first" in errors_of(fill_in(editor, form_of(ada), **stay))
    assert fill_in(editor, form_of(ada), **stay | {"affiliations-0-end_year": 2021}).status_code == 302
    assert ada.affiliations.get().source == "editor"


def test_a_number_too_large_for_the_database_is_an_error_in_the_form(editor: Client) -> None:
    stay = row("affiliations", 0, institution=make_institution().pk, start_year=10**30)
    assert "less than or equal" in errors_of(fill_in(editor, form_of(make_author()), **stay))


def test_what_is_counted_and_who_said_what_stand_on_the_persons_page(editor: Client) -> None:
    ada = make_author("Ada Testwright")
    make_paper(authors=(ada,), cited_by_count=1234)
    said = {"source": "example", "source_key": "E1", "fields": ["homepage"], "given_at": timezone.now()}
    Provenance.objects.create(kind="A", record_id=ada.pk, **said)
    page = editor.get(form_of(ada)).content.decode()
    for expected in ("1,234", "example", "E1", "homepage", "Papers that name this person"):
        assert expected in page


def test_a_person_without_papers_can_go_and_the_address_says_so(editor: Client) -> None:
    ada = make_author()
    assert editor.post(reverse("admin:authors_author_delete", args=[ada.pk]), {"post": "yes"}).status_code == 302
    assert not Author.objects.exists()
    redirect = Redirect.objects.get()
    assert (redirect.kind, redirect.old_id, redirect.target_id) == ("A", ada.pk, None)


def test_a_person_with_papers_stays(editor: Client) -> None:
    ada = make_author("Ada Testwright")
    for _ in range(12):
        make_paper(authors=(ada,))
    page = editor.post(reverse("admin:authors_author_delete", args=[ada.pk]), {"post": "yes"}, follow=True)
    assert Author.objects.filter(pk=ada.pk).exists()
    assert "… and 2 more" in page.content.decode()


def test_only_who_has_a_page_leads_to_it(editor: Client) -> None:
    ada, hidden, lab, nowhere = make_author(), make_author(visibility="hidden"), make_institution(), make_institution()
    make_paper(authors=(ada, hidden), institutions=(lab,))
    for record, there in ((ada, True), (hidden, False), (make_author(), False), (lab, True), (nowhere, False)):
        assert ("View on site" in editor.get(form_of(record)).content.decode()) is there, record


# --- institutions ------------------------------------------------------------------------------------------------------


def test_a_renamed_institution_is_still_found_by_its_former_name(editor: Client) -> None:
    institute = make_institution("Former Institute")
    assert fill_in(editor, form_of(institute), name="Present Institute").status_code == 302
    assert InstitutionAlias.objects.get().name == "Former Institute"
    assert editors_fields("I", institute.pk) == ["name"]


def test_an_institution_is_never_its_own_parent(editor: Client) -> None:
    above = make_institution()
    below = make_institution(parent=above)
    for parent in (above, below):
        assert "part of itself" in errors_of(fill_in(editor, form_of(above), parent=parent.pk))
    assert Institution.objects.get(pk=above.pk).parent is None


# --- site and bookkeeping ----------------------------------------------------------------------------------------------


def test_the_sites_identity_is_one_form_from_the_first_day(client: Client) -> None:
    client.force_login(User.objects.create_superuser("root"))
    answer = client.get(reverse("admin:authors_siteidentity_changelist"))
    assert answer["Location"] == reverse("admin:authors_siteidentity_change", args=[1])
    assert "#" in errors_of(fill_in(client, answer["Location"], accent="teal"))
    assert fill_in(client, answer["Location"], name="Who Wrote It").status_code == 302
    assert SiteIdentity.objects.get().name == "Who Wrote It"
    assert "Who Wrote It" in client.get(reverse("admin:index")).content.decode()
    assert client.get(reverse("admin:authors_siteidentity_change", args=[2])).status_code == 302
    cache.clear()  # what this test named the site is forgotten with its database


def test_a_run_counts_its_problems_and_leads_to_them(editor: Client) -> None:
    run = ImportRun.objects.create(kind="P", source="test", file_name="a.jsonl", fingerprint="1")
    other = ImportRun.objects.create(kind="P", source="test", file_name="b.jsonl", fingerprint="2")
    for line, of in enumerate([run, run, other]):
        ImportProblem.objects.create(run=of, line=line, reason="no title")
    assert f'?run__id__exact={run.pk}">2<' in editor.get(form_of(run)).content.decode()
    assert len(listed(editor, "authors_importproblem", run__id__exact=str(run.pk))) == 2


def test_provenance_is_found_by_the_records_id(editor: Client) -> None:
    mine = Provenance.objects.create(kind="P", record_id=34, source="x", given_at=timezone.now())
    Provenance.objects.create(kind="A", record_id=34, source="x", given_at=timezone.now())
    assert listed(editor, "authors_provenance", q="P34") == [mine]


def test_redirects_never_need_two_steps_and_lead_to_records(editor: Client) -> None:
    ada = make_author()
    add = reverse("admin:authors_redirect_add")
    assert "There is no A99099" in errors_of(fill_in(editor, add, kind="A", old_id=90_009, reason="merged", target_id=99_099))
    assert "Say with which record" in errors_of(fill_in(editor, add, kind="A", old_id=90_009, reason="merged"))
    assert "leads nowhere" in errors_of(fill_in(editor, add, kind="A", old_id=90_009, reason="withdrawn", target_id=ada.pk))
    Redirect.objects.create(kind="A", old_id=80_008, target_id=90_009, reason="merged")
    assert fill_in(editor, add, kind="A", old_id=90_009, reason="merged", target_id=ada.pk).status_code == 302
    assert set(Redirect.objects.values_list("old_id", "target_id")) == {(80_008, ada.pk), (90_009, ada.pk)}
    assert "already exists" in errors_of(fill_in(editor, add, kind="A", old_id=90_009, reason="merged", target_id=ada.pk))


def test_scores_run_to_a_hundred_and_computed_ones_are_not_typed_over(editor: Client) -> None:
    ada = make_author()
    add = reverse("admin:papers_authorfigure_add")
    typed = {"subject": ada.pk, "name": "novelty", "source": "survey"}
    assert "from 0 to 100" in errors_of(fill_in(editor, add, **typed, value=101))
    assert fill_in(editor, add, **typed, value=59).status_code == 302
    assert ada.figures.get().origin == "reported"
    assert "already exists" in errors_of(fill_in(editor, add, **typed, value=60))
    computed = AuthorFigure.objects.create(subject=ada, name="novelty", origin="computed", value=1)
    assert editor.post(reverse("admin:papers_authorfigure_change", args=[computed.pk]), {"value": 2}).status_code == 403
