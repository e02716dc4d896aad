"""Whole lists of authors through the API: put in order, added to, taken from; who stays keeps what hangs on their line."""

from typing import Any

import pytest

from authors.curation.changes import ChangeSet
from authors.curation.provenance import locked_fields
from authors.models import AuthorName
from papers.affiliating import keep_paper_institutions
from papers.models import Authorship, AuthorshipAffiliation, Paper
from tests.factories import make_author, make_authorship, make_institution, make_paper
from tests.tokens import Program, problem

pytestmark = pytest.mark.django_db


def listed(paper: Paper) -> list[tuple[int, str, int | None]]:
    return list(paper.authorships.order_by("position").values_list("position", "raw_name", "author"))


@pytest.fixture
def paper() -> Paper:
    """By three, the second of whom nobody has recognised."""
    found = make_paper("A Title", authors=(make_author("Ada Testwright"),))
    make_authorship(found, None, position=2, raw_name="B. Testwright")
    make_authorship(found, make_author("Cy Testwright"), position=3)
    Paper.objects.update(authors_count=3)
    return found


def test_a_list_as_it_was_read_changes_nothing(paper: Paper) -> None:
    hidden, off, renamed = make_author("D", visibility="hidden"), make_author("E"), make_author("F Newname")
    AuthorName.objects.create(author=renamed, name="F Oldname", public=False)
    make_authorship(paper, hidden, position=4)
    make_authorship(paper, off, position=5, hidden_on_profile=True)
    make_authorship(paper, renamed, position=6, raw_name="F Oldname")
    first, lab = paper.authorships.get(position=1), make_institution()
    for raw, institution in (("Example Lab", lab), ("Elsewhere; and there", None)):
        AuthorshipAffiliation.objects.create(authorship=first, raw=raw, institution=institution)
    keep_paper_institutions([paper.pk])
    editor, before = Program(), list(Authorship.objects.values())
    address = f"papers/{paper.public_id}"
    answer = editor.patch(address, {"authorships": editor.get(address).json()["authorships"]})
    assert (answer.status_code, answer.json().get("change")) == (200, None), answer.content
    assert list(Authorship.objects.values()) == before
    assert locked_fields(kind="P", record_id=paper.pk) == []


def test_authors_are_put_in_order_added_and_taken_out(client: Any, paper: Paper) -> None:
    ada, _, cy = (row.author for row in paper.authorships.order_by("position"))
    known, editor, dora = paper.authorships.get(author=cy), Program(), make_author("Dora Testwright")
    Authorship.objects.filter(pk=known.pk).update(profile_position=7)
    wanted = [{"raw_author_name": "Cy Testwright"}, {"author": dora.public_id}, {"raw_author_name": "Eve Testwright"}]
    answer = editor.patch(f"papers/{paper.public_id}", {"title": "Another", "authorships": wanted, "reason": "As printed."})
    assert answer.status_code == 200, answer.content
    assert listed(paper) == [(1, "Cy Testwright", cy.pk), (2, "Dora Testwright", dora.pk), (3, "Eve Testwright", None)]
    assert paper.authorships.get(position=1).pk == known.pk
    assert paper.authorships.get(position=1).profile_position == 7
    assert client.get(f"/api/v1/papers/{paper.public_id}").json() == answer.json()["record"]
    assert client.get(f"/api/v1/authors/{ada.public_id}").status_code == 404  # on no paper any more
    assert client.get(f"/api/v1/authors/{dora.public_id}").json()["works_count"] == 1
    assert client.get("/api/v1/papers?search=author:eve").json()["meta"]["count"] == 1
    assert {*locked_fields(kind="P", record_id=paper.pk)} == {"authorships", "title"}
    assert ChangeSet.objects.count() == 1
    assert editor.post(f"changesets/{answer.json()['change']['id']}/undo", {}).status_code == 200
    assert [name for _, name, _ in listed(paper)] == ["Ada Testwright", "B. Testwright", "Cy Testwright"]
    assert client.get(f"/api/v1/authors/{ada.public_id}").json()["works_count"] == 1


def test_who_somebody_is(paper: Paper) -> None:
    editor, bea = Program(), make_author("Bea Testwright", orcid="0000-0002-1825-0097")
    wanted: list[dict[str, Any]] = [{"raw_author_name": "Ada Testwright", "author": None}]
    wanted += [{"raw_author_name": "B. Testwright", "author": {"id": "orcid:0000-0002-1825-0097"}, "is_corresponding": True}]
    assert editor.patch(f"papers/{paper.public_id}", {"authorships": wanted}).status_code == 200
    first, second = paper.authorships.order_by("position")
    assert (first.author, first.decided_by) == (None, "editor")
    assert (second.author, second.decided_by, second.is_corresponding) == (bea, "editor", True)


def test_namesakes_keep_their_lines() -> None:
    one, other, editor = make_author("Ada Testwright"), make_author("Ada Testwright"), Program()
    paper = make_paper(authors=(one, other))
    keys = dict(paper.authorships.values_list("author", "pk"))
    wanted = [{"raw_author_name": "Ada Testwright", "author": each.public_id} for each in (other, one)]
    assert editor.patch(f"papers/{paper.public_id}", {"authorships": wanted}).status_code == 200
    assert dict(paper.authorships.values_list("author", "pk")) == keys
    assert [key for _, _, key in listed(paper)] == [other.pk, one.pk]


@pytest.mark.parametrize(("there", "said", "then"), [
    ([("Lab", None)], {"institutions": ["{a}"]}, [("Lab", "a")]),  # what is printed means
    ([("Lab", "a")], {"institutions": []}, [("Lab", None)]),
    ([("Lab", "a")], {"institutions": ["{a}", "{b}"]}, [("Lab", "a"), ("", "b")]),
    ([("", "a")], {"raw_affiliation_strings": ["Lab"]}, [("Lab", "a")]),
    ([("Lab", "a")], {"raw_affiliation_string": "Lab"}, [("Lab", "a")]),
    ([("Lab", "a")], {"raw_affiliation_string": None}, [("", "a")]),
    ([("Lab", "a")], {"raw_affiliation_strings": ["Lab", "Hut"], "institutions": ["{a}", "{b}"]}, [("Lab", "a"), ("Hut", "b")]),
    ([], {"raw_affiliation_strings": ["Lab and Hut"], "institutions": ["{a}", "{b}"]},
     [("Lab and Hut", "a"), ("Lab and Hut", "b")]),
    ([], {"raw_affiliation_strings": ["One", "Two", "Three"], "institutions": ["{a}"]},
     [("One", None), ("Two", None), ("Three", None), ("", "a")]),
])  # fmt: skip
def test_affiliations(client: Any, there: Any, said: Any, then: Any) -> None:
    labs = {"a": make_institution("Lab A"), "b": make_institution("Lab B")}
    paper, editor = make_paper(authors=(make_author("Ada Testwright"),)), Program()
    line = paper.authorships.get()
    for raw, lab in there:
        AuthorshipAffiliation.objects.create(authorship=line, raw=raw, institution=labs.get(lab))
    keep_paper_institutions([paper.pk])
    ids = {f"{{{key}}}": lab.public_id for key, lab in labs.items()}
    given = said | ({"institutions": [ids[one] for one in said["institutions"]]} if "institutions" in said else {})
    answer = editor.patch(f"papers/{paper.public_id}", {"authorships": [{"raw_author_name": "Ada Testwright", **given}]})
    assert answer.status_code == 200, answer.content
    expected = [(raw, labs[lab].pk if lab else None) for raw, lab in then]
    assert list(line.affiliations.order_by("pk").values_list("raw", "institution")) == expected
    stated = {labs[lab].public_id for _, lab in then if lab}
    assert {one["id"] for one in answer.json()["record"]["institutions"]} == stated


def test_names_are_tidied(paper: Paper) -> None:
    editor, address = Program(), f"papers/{paper.public_id}"
    sent = [{"raw_author_name": "Ada\n Testwright\u200b"}, {"raw_author_name": "\u202eEve\tTestwright"}]
    assert editor.patch(address, {"authorships": sent}).status_code == 200
    ada = paper.authorships.get(position=1)
    assert ada.author is not None  # the line that was there
    assert [name for _, name, _ in listed(paper)] == ["Ada Testwright", "Eve Testwright"]
    for unseen in ("\u200b", "\u3164", "\u202e\u0301"):
        refused = problem(editor.patch(address, {"authorships": [{"raw_author_name": unseen}]}), 400)
        assert refused["errors"][0]["parameter"] == "authorships.0.raw_author_name"
    Authorship.objects.filter(pk=ada.pk).update(raw_name="Ada\n Testwright")  # as an older import left it
    AuthorshipAffiliation.objects.create(authorship=ada, raw="Lab\u200b  A")
    answer = editor.patch(address, {"authorships": editor.get(address).json()["authorships"]})
    assert (answer.status_code, answer.json().get("change")) == (200, None), answer.content


def test_nobody_comes_to_stand_twice(paper: Paper) -> None:
    ada, address, editor = paper.authorships.get(position=1).author.public_id, f"papers/{paper.public_id}", Program()
    twice = [{"author": ada}, {"raw_author_name": "Eve Testwright"}, {"author": ada}]
    refused = problem(editor.patch(address, {"authorships": twice}), 400)
    assert refused["errors"][0]["parameter"] == "authorships.2.author"
    problem(editor.post("papers", {"title": "A Wholly New Example", "authorships": twice}), 400)
    paper.authorships.filter(position=2).update(author=paper.authorships.get(position=1).author)  # as a source had it
    read = editor.get(address).json()["authorships"]
    assert editor.patch(address, {"authorships": read}).json()["change"] is None
    assert editor.patch(address, {"authorships": [*read[1:], read[0]]}).status_code == 200
    problem(editor.patch(address, {"authorships": [*read, {"raw_author_name": "A. T.", "author": ada}]}), 400)


def test_one_affiliation_of_two_institutions_is_told_once(paper: Paper) -> None:
    line, editor, address = paper.authorships.get(position=1), Program(), f"papers/{paper.public_id}"
    for raw, lab in (("Lab A and B", make_institution()), ("Lab A and B", make_institution()), ("Hut", None)):
        AuthorshipAffiliation.objects.create(authorship=line, raw=raw, institution=lab)
    keep_paper_institutions([paper.pk])
    read = editor.get(address).json()["authorships"]
    assert (read[0]["raw_affiliation_string"], len(read[0]["institutions"])) == ("Lab A and B; Hut", 2)
    assert editor.patch(address, {"authorships": read}).json()["change"] is None


def test_a_list_can_be_said_to_be_complete() -> None:
    paper, editor = make_paper(authors=(make_author("Ada Testwright"),), authors_complete=False), Program()
    wanted = [{"raw_author_name": "Ada Testwright"}, {"raw_author_name": "Bea Testwright"}]
    record = editor.patch(f"papers/{paper.public_id}", {"authorships": wanted, "authors_complete": True}).json()["record"]
    assert (record["authors_count"], record["authors_complete"]) == (2, True)
    assert record["authorships"][1]["author_position"] == "last"


def test_of_two_who_change_the_list_the_second_hears_it(paper: Paper) -> None:
    editor, address = Program(), f"papers/{paper.public_id}"
    seen = editor.get(address)["ETag"]
    assert editor.patch(address, {"authorships": [{"raw_author_name": "Ada Testwright"}]}).status_code == 200
    problem(editor.patch(address, {"authorships": []}, version=seen), 412)
    problem(editor.patch(f"authors/{paper.authorships.get().author.public_id}", {"authorships": []}), 400)
    assert len(listed(paper)) == 1


def test_a_long_list_takes_no_more_queries(django_assert_max_num_queries: Any) -> None:
    editor = Program()
    for many in (2, 60):
        paper = make_paper(authors=(make_author(),))
        people = [make_author() for _ in range(many)]
        wanted = [{"author": one.public_id, "raw_affiliation_strings": ["Lab"]} for one in people]
        # the token, the ids, the lines with their history, figures of everybody, the index, the answer
        with django_assert_max_num_queries(190):
            answer = editor.patch(f"papers/{paper.public_id}", {"authorships": wanted}, version="*")
        assert answer.status_code == 200
        assert len(listed(paper)) == many
