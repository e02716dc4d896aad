"""The queue of likely duplicates in the admin: ranked, decided pair by pair, told of while a record is added."""

from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse

from authors.models import Author
from papers.duplicates.finding import find_all
from papers.merging.merging import merge
from papers.models import LikelyDuplicate, Paper
from tests.admin_forms import fill_in, row
from tests.factories import make_author, make_institution, make_paper

pytestmark = pytest.mark.django_db
LIST = "/admin/papers/likelyduplicate/"


def someone(role: str) -> User:
    account = User.objects.create_user(role.lower().replace(" ", "-"), is_staff=True)
    account.groups.add(Group.objects.get(name=role))
    return account


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(someone("Senior editors"))
    return client


def find(kinds: str = "API") -> None:
    for kind in kinds:
        for _ in find_all(kind):
            pass


def make_pair(name: str = "Ada Testwright") -> LikelyDuplicate:
    """Two records of one person, and the queue brought up to date."""
    bram = make_author("Bram Exemplar")
    first, second = (make_author(name) for _ in range(2))
    for author in (first, second):
        make_paper(authors=(author, bram))
    find("A")
    return LikelyDuplicate.objects.get(kind="A", first_id=first.pk, second_id=second.pk)


def page_of(pair: LikelyDuplicate) -> str:
    return reverse("admin:papers_likelyduplicate_change", args=[pair.pk])


def text_of(answer: Any) -> str:
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_the_list_shows_both_records_and_why(editor: Client) -> None:
    pair = make_pair()
    text = text_of(editor.get(LIST))
    assert text.count("Ada Testwright") >= 2
    assert f"A{pair.first_id} · 1 paper · 2023" in text
    assert "1 shared co-author: Bram Exemplar" in text


def test_names_are_escaped(editor: Client) -> None:
    pair = make_pair("Ada <b>Testwright")
    assert "<b>Testwright" not in text_of(editor.get(LIST)) + text_of(editor.get(page_of(pair)))


def test_the_list_ranks_by_score_and_leaves_out_what_was_kept_apart(editor: Client) -> None:
    pair = make_pair()
    make_institution("Example University")
    make_institution("Example University")
    find("I")
    other = LikelyDuplicate.objects.get(kind="I")
    shown = [row.pk for row in editor.get(LIST).context["cl"].result_list]
    assert shown[:1] == [max(LikelyDuplicate.objects.all(), key=lambda found: found.score).pk]
    assert {pair.pk, other.pk} <= set(shown)
    editor.post(page_of(pair), {"_apart": "yes"})
    assert pair.pk not in [row.pk for row in editor.get(LIST).context["cl"].result_list]
    assert [row.pk for row in editor.get(LIST, {"decision": "apart"}).context["cl"].result_list] == [pair.pk]
    assert [row.pk for row in editor.get(LIST, {"kind__exact": "I"}).context["cl"].result_list] == [other.pk]


@pytest.mark.parametrize("query", [{"decision": "nonsense"}, {"kind__exact": "X"}, {"p": "x"}, {"p": "99"}])
def test_odd_addresses_are_no_errors(editor: Client, query: dict[str, str]) -> None:
    make_pair()
    assert editor.get(LIST, query, follow=True).status_code == 200


@pytest.mark.parametrize("key", ["0", "999999", "x", "1%2F2"])
def test_unknown_pairs_are_404(editor: Client, key: str) -> None:
    assert editor.get(f"{LIST}{key}/change/").status_code == 404


def test_the_page_compares_the_two_and_leads_to_the_merge(editor: Client) -> None:
    pair = make_pair()
    text = text_of(editor.get(page_of(pair)))
    assert f'href="/admin/authors/author/{pair.first_id}/merge/?with=A{pair.second_id}&amp;pair={pair.pk}"' in text
    assert "Keep apart" in text
    assert "An Example Paper" in text
    assert "1 shared co-author: Bram Exemplar" in text
    merging = editor.get(f"/admin/authors/author/{pair.first_id}/merge/", {"with": f"A{pair.second_id}"})
    assert "What moves" in text_of(merging)


def test_papers_and_institutions_have_pages_too(editor: Client) -> None:
    ada = make_author("Ada Testwright")
    for _ in range(2):
        make_paper("On the Scaling of Entirely Invented Models", authors=(ada,))
        make_institution("Example University", country_code="GB")
    editor.get("/")  # the index of titles is made before a request
    find()
    for kind, said in (("P", "the same title"), ("I", "the same country: GB")):
        assert said in text_of(editor.get(page_of(LikelyDuplicate.objects.get(kind=kind))))


def test_keeping_apart_is_remembered_and_leads_to_the_next_pair(editor: Client) -> None:
    first, second = make_pair(), make_pair("Chidi Sampleson")
    answer = editor.post(page_of(first), {"_apart": "yes"}, follow=True)
    assert answer.redirect_chain[-1][0] == page_of(second)
    assert f"Kept apart: A{first.first_id} and A{first.second_id}." in text_of(answer)
    first.refresh_from_db()
    assert (first.decision, str(first.decided_by)) == ("apart", "senior-editors")
    assert "Kept apart by senior-editors" in text_of(editor.get(page_of(first)))
    editor.post(page_of(first), {"_open": "yes"})
    first.refresh_from_db()
    assert (first.decision, first.decided_by, first.decided_at) == ("", "", None)


def test_after_the_last_pair_comes_the_list(editor: Client) -> None:
    pair = make_pair()
    assert editor.post(page_of(pair), {"_later": "yes"})["Location"] == LIST
    assert [row.decision for row in editor.get(LIST).context["cl"].result_list] == ["later"]


def test_a_decision_that_is_none_changes_nothing(editor: Client) -> None:
    pair = make_pair()
    assert "Choose what to do" in text_of(editor.post(page_of(pair), {"_nonsense": "yes"}, follow=True))
    pair.refresh_from_db()
    assert pair.decision == ""


def test_many_are_kept_apart_at_once(editor: Client) -> None:
    chosen = [make_pair().pk, make_pair("Chidi Sampleson").pk]
    answer = editor.post(LIST, {"action": "keep_apart", "_selected_action": chosen}, follow=True)
    assert "Kept apart: 2 pairs" in text_of(answer)
    assert set(LikelyDuplicate.objects.filter(pk__in=chosen).values_list("decision", flat=True)) == {"apart"}


def test_a_pair_whose_record_is_gone_is_not_listed(editor: Client) -> None:
    pair = make_pair()
    merge(survivor=Author.objects.get(pk=pair.first_id), other=Author.objects.get(pk=pair.second_id))
    assert list(editor.get(LIST).context["cl"].result_list) == []
    assert editor.get(page_of(pair)).status_code == 404


@pytest.mark.parametrize(
    ("role", "decides", "merges"), [("Viewers", 403, False), ("Editors", 302, False), ("Senior editors", 302, True)]
)
def test_who_may_decide_and_who_may_merge(client: Client, role: str, decides: int, merges: bool) -> None:
    pair = make_pair()
    client.force_login(someone(role))
    text = text_of(client.get(page_of(pair)))
    assert ("Keep apart" in text) == (decides == 302)
    assert ("/merge/?with=" in text) == merges
    assert client.post(page_of(pair), {"_apart": "yes"}).status_code == decides
    assert ("keep_apart" in text_of(client.get(LIST))) == (decides == 302)


def test_nobody_sees_the_queue_without_logging_in(client: Client) -> None:
    assert client.get(page_of(make_pair())).status_code == 302


@pytest.mark.parametrize("pairs", [1, 3])
def test_the_list_costs_the_same_queries_however_many(editor: Client, pairs: int, django_assert_max_num_queries: Any) -> None:
    for number in range(pairs):
        make_pair(f"Ada Testwright{number}")
    editor.get(LIST)  # the index, the site's identity
    # session, user, permissions (2), count, rows, people, and what every page asks of site and filters
    with django_assert_max_num_queries(12):
        editor.get(LIST)


@pytest.mark.parametrize("papers", [1, 3])
def test_the_page_costs_the_same_queries_however_much_it_shows(
    editor: Client, papers: int, django_assert_max_num_queries: Any
) -> None:
    pair = make_pair()
    for _ in range(papers):
        make_paper(authors=(Author.objects.get(pk=pair.first_id),), institutions=(make_institution(),))
    editor.get(LIST)
    # session, user, permissions, the pair, both records, the next pair (2), five lists for each of the two
    with django_assert_max_num_queries(22):
        editor.get(page_of(pair))


# --- while a record is added -------------------------------------------------------------------------------------------------


def test_adding_somebody_who_is_there_already_is_told(editor: Client) -> None:
    known = make_author("Ada Testwright")
    made = row("names", 0, name="Ada Testwright", public="on")
    address = reverse("admin:authors_author_add")
    answer = editor.get(fill_in(editor, address, display_name="Ada Testwright", **made)["Location"])
    assert f"Looks like A{known.pk}: <a href" in text_of(answer)
    assert page_of(LikelyDuplicate.objects.get()) in text_of(answer)


def test_adding_somebody_new_is_not(editor: Client) -> None:
    make_author("Ada Testwright")
    made = row("names", 0, name="Bram Exemplar", public="on")
    answer = fill_in(editor, reverse("admin:authors_author_add"), display_name="Bram Exemplar", **made)
    assert "Looks like" not in text_of(editor.get(answer["Location"]))


def test_adding_a_paper_and_an_institution_that_are_there(editor: Client) -> None:
    title = "On the Scaling of Entirely Invented Models"
    paper = make_paper(title, authors=(make_author("Ada Testwright"),))
    place = make_institution("Example University", country_code="GB")
    added = fill_in(editor, reverse("admin:papers_paper_add"), title=title, date="2023", state="published")
    assert Paper.objects.count() == 2
    assert f"Looks like P{paper.pk}:" in text_of(editor.get(added["Location"]))
    added = fill_in(
        editor, reverse("admin:authors_institution_add"), name="Example University", tag="another", country_code="GB"
    )
    assert f"Looks like I{place.pk}:" in text_of(editor.get(added["Location"]))
