"""What editors decide about likely duplicates: recorded, undone, shown in both histories, one pair after the other."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from authors.admin.merging import version
from authors.curation.changes import ChangeSet
from authors.curation.undoing import Conflict, undo
from authors.models import Author
from papers.duplicates import deciding
from papers.duplicates.deciding import decide
from papers.duplicates.finding import find_for
from papers.models import LikelyDuplicate
from tests.admin_forms import logged_in
from tests.factories import make_author, make_paper

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor() -> Client:
    return logged_in("Senior editors", "sena")


def make_cluster(name: str = "Ada Testwright", size: int = 2) -> list[LikelyDuplicate]:
    bram, found = make_author("Bram Exemplar"), [make_author(name) for _ in range(size)]
    for person in found:
        make_paper(authors=(person, bram))
    keys = [person.pk for person in found]
    find_for("A", keys)
    return list(LikelyDuplicate.objects.filter(first_id__in=keys, second_id__in=keys).order_by("first_id", "second_id"))


def page_of(pair: LikelyDuplicate) -> str:
    return reverse("admin:papers_likelyduplicate_change", args=[pair.pk])


def text_of(answer: Any) -> str:
    assert answer.status_code == 200
    return str(answer.content.decode())


def decision_of(pair: LikelyDuplicate) -> str:
    """As the queue has it, once it is brought up to date."""
    find_for("A", [pair.first_id, pair.second_id])
    return LikelyDuplicate.objects.get(first_id=pair.first_id, second_id=pair.second_id).decision


def test_a_decision_is_a_change_set_with_who_and_why(editor: Client) -> None:
    [pair] = make_cluster()
    answer = editor.post(page_of(pair), {"_apart": "yes", "_reason": "Two <i>fields"}, follow=True)
    change_set = ChangeSet.objects.get()
    assert (change_set.user_name, change_set.channel, change_set.reason) == ("sena", "admin", "Two <i>fields")
    assert reverse("admin:authors_changeset_undo", args=[change_set.pk]) in text_of(answer)
    for key in (pair.first_id, pair.second_id):
        text = text_of(editor.get(reverse("admin:authors_author_history", args=[key])))
        assert f"Kept apart: A{pair.first_id} and A{pair.second_id}" in text
        assert "Two &lt;i&gt;fields" in text


def test_a_decision_is_undone_with_one_click(editor: Client, django_capture_on_commit_callbacks: Any) -> None:
    [pair] = make_cluster()
    editor.post(page_of(pair), {"_apart": "yes"})
    with django_capture_on_commit_callbacks(execute=True):
        editor.post(reverse("admin:authors_changeset_undo", args=[ChangeSet.objects.get().pk]))
    again = LikelyDuplicate.objects.get()
    assert (again.decision, again.decided_by) == ("", "")


def test_each_decision_is_taken_back_on_its_own() -> None:
    [pair] = make_cluster()
    later = decide([pair], "later", user=None).change_set
    apart = decide([pair], "apart", user=None).change_set
    assert later is not None
    assert apart is not None
    assert decision_of(pair) == "apart"
    with pytest.raises(Conflict):
        undo(later)
    undone = undo(apart)
    assert decision_of(pair) == "later"
    undo(undone)
    assert decision_of(pair) == "apart"


def test_deciding_the_same_again_changes_nothing(editor: Client) -> None:
    [pair] = make_cluster()
    for _ in range(2):
        answer = editor.post(page_of(pair), {"_apart": "yes"}, follow=True)
    assert ChangeSet.objects.count() == 1
    assert "already" in text_of(answer)


def test_a_decision_outlives_the_pair_in_the_queue_and_what_is_found_meanwhile() -> None:
    [pair] = make_cluster()
    made = decide([pair], "apart", user=None).change_set
    LikelyDuplicate.objects.all().delete()
    assert decision_of(pair) == "apart"
    LikelyDuplicate.objects.update(score=31, evidence=[])
    assert decision_of(pair) == "apart"
    assert made is not None
    undo(made)
    assert decision_of(pair) == ""


def test_many_are_decided_in_one_change_set(editor: Client) -> None:
    chosen = [*make_cluster(), *make_cluster("Chidi Sampleson")]
    list_page = reverse("admin:papers_likelyduplicate_changelist")
    answer = editor.post(list_page, {"action": "keep_apart", "_selected_action": [pair.pk for pair in chosen]}, follow=True)
    change_set = ChangeSet.objects.get()
    assert reverse("admin:authors_changeset_undo", args=[change_set.pk]) in text_of(answer)
    undo(change_set)
    assert {decision_of(pair) for pair in chosen} == {""}


@pytest.mark.parametrize("size", [2, 4])
def test_deciding_costs_the_same_however_many(size: int, django_assert_max_num_queries: Any) -> None:
    chosen = make_cluster(size=size)
    # the pairs, what was decided (2), the new rows (and again, before and after), the pairs' copies, the change set (4)
    with django_assert_max_num_queries(14):
        decide(chosen, "apart", user=None)


# --- one after the other -------------------------------------------------------------------------------------------------


def merge_through(editor: Client, pair: LikelyDuplicate, survivor: int, other: int) -> Any:
    """From the pair's page to the merge's and back into the queue."""
    address = editor.get(page_of(pair)).context["merge_address"]
    versions = {f"version_{key}": version(Author.objects.get(pk=key)) for key in (survivor, other)}
    form = {"with": f"A{pair.second_id}", "survivor": str(survivor), **versions}
    return editor.post(address, form, follow=True)


def test_a_merge_from_the_queue_leads_to_the_next_pair(editor: Client) -> None:
    [first], [second] = make_cluster(), make_cluster("Chidi Sampleson")
    answer = merge_through(editor, first, first.first_id, first.second_id)
    assert answer.redirect_chain[-1][0] == page_of(second)
    text = text_of(answer)
    assert f"A{first.second_id} was merged into A{first.first_id}." in text
    assert reverse("admin:authors_changeset_undo", args=[ChangeSet.objects.get().pk]) in text


def test_after_the_last_merge_comes_the_list(editor: Client) -> None:
    [pair] = make_cluster()
    answer = merge_through(editor, pair, pair.first_id, pair.second_id)
    assert answer.redirect_chain[-1][0] == reverse("admin:papers_likelyduplicate_changelist")


def test_records_of_one_person_are_merged_one_after_the_other(editor: Client) -> None:
    make_cluster("Chidi Sampleson")
    pair, *_ = make_cluster(size=3)
    third = max(person.pk for person in Author.objects.filter(display_name="Ada Testwright"))
    answer = merge_through(editor, pair, pair.second_id, pair.first_id)
    following = answer.context["pair"]
    assert (following.first_id, following.second_id) == (pair.second_id, third)
    answer = merge_through(editor, following, following.first_id, following.second_id)
    assert "Chidi Sampleson" in text_of(answer)


def test_a_merge_from_elsewhere_leads_to_the_one_that_stays(editor: Client) -> None:
    [pair] = make_cluster()
    make_cluster("Chidi Sampleson")
    versions = {f"version_{key}": version(Author.objects.get(pk=key)) for key in (pair.first_id, pair.second_id)}
    form = {"with": f"A{pair.second_id}", "survivor": str(pair.first_id), **versions}
    address = reverse("admin:authors_author_merge", args=[pair.first_id])
    for number in ("", "x", "0"):
        assert editor.get(address, {"with": f"A{pair.second_id}", "pair": number}).status_code == 200
    answer = editor.post(f"{address}?pair=99999", form)
    assert answer["Location"] == reverse("admin:authors_author_change", args=[pair.first_id])


def test_the_page_says_how_many_wait_and_lets_skip(editor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    pair, other, _ = make_cluster(size=3)
    text = text_of(editor.get(page_of(pair)))
    assert "Skip to the next pair</a>" in text
    assert "2 more" in text
    decide([other], "later", user=None)
    assert "1 more" in text_of(editor.get(page_of(pair)))
    make_cluster("Chidi Sampleson")
    monkeypatch.setattr(deciding, "MOST_COUNTED", 1)
    monkeypatch.setattr("papers.admin.duplicates.MOST_COUNTED", 1)
    assert "more than 1 more" in text_of(editor.get(page_of(pair)))


def test_the_last_pair_says_so(editor: Client) -> None:
    [pair] = make_cluster()
    assert "Nothing else waits." in text_of(editor.get(page_of(pair)))
