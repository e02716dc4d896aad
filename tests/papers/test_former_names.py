"""A name that a person no longer wants shown is shown nowhere, although papers print it."""

from typing import Any

import pytest
from django.test import Client

from authors.models import Author, AuthorName
from papers.correcting import change_name
from papers.models import Paper
from tests.api import get
from tests.factories import make_author, make_authorship, make_paper
from tests.payloads import author, import_works, work

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("printed", ["Old Name Testwright", "TESTWRIGHT, Old Name", "Öld Name Testwright"])
@pytest.mark.parametrize("place", [1, 7])
def test_a_former_name_is_left_out_wherever_papers_name_the_person(client: Client, printed: str, place: int) -> None:
    ada = make_author("Ada Testwright")
    AuthorName.objects.create(author=ada, name="Old Name Testwright", public=False)
    paper = make_paper("Telling Title")
    make_authorship(paper, ada, position=place, raw_name=printed)
    for address in (
        "/papers/", paper.get_absolute_url(), f"/api/v1/papers/{paper.public_id}", "/api/v1/papers", "/search/?q=telling",
        "/search/suggest?q=telling", "/api/v1/autocomplete?q=telling", "/feeds/papers.atom",
    ):  # fmt: skip
        page = client.get(address).text
        assert printed not in page, address
        assert "Old Name" not in page, address
    assert "Ada Testwright" in client.get(paper.get_absolute_url()).text
    record: Any = get(client, f"papers/{paper.public_id}").json()
    assert record["authorships"][0]["raw_author_name"] == "Ada Testwright"


def test_other_printed_names_and_other_people_stay_as_printed(client: Client) -> None:
    ada, bea = make_author("Ada Testwright"), make_author("Bea Exampleman")
    AuthorName.objects.create(author=ada, name="Old Name", public=False)
    AuthorName.objects.create(author=ada, name="A. Testwright")
    paper = make_paper()
    for position, (person, printed) in enumerate(
        [(ada, "A. Testwright"), (bea, "Old Name"), (None, "Old Name"), (None, "")], 1
    ):
        make_authorship(paper, person, position=position, raw_name=printed)
    shown = [row["raw_author_name"] for row in get(client, f"papers/{paper.public_id}").json()["authorships"]]
    assert shown == ["A. Testwright", "Old Name", "Old Name", None]
    assert "[no name]" in client.get(paper.get_absolute_url()).text


@pytest.mark.parametrize("printed", ["Zed B. Oldname", "Z. Oldname", "Oldname, Zed", "Ada Oldname"])
def test_nor_does_an_import_bring_it_back_in_another_spelling(client: Client, printed: str) -> None:
    orcid = "https://orcid.org/0000-0002-1825-0097"
    import_works(work("A first example about trees", author("Zed Oldname", orcid), id="https://openalex.org/W1"))
    person = Author.objects.get()
    change_name(person, "Ada Newname", hide=["Zed Oldname"])
    import_works(
        work("A second example about trees", author(printed, orcid), id="https://openalex.org/W2"),
        work("A third example about trees", author("A. Newname", orcid), id="https://openalex.org/W3"),
    )
    person = Author.objects.get()
    assert {*person.names.filter(public=True).values_list("name", flat=True)} == {"Ada Newname", "A. Newname"}
    paper = Paper.objects.get(title="A second example about trees")
    for address in (person.get_absolute_url(), f"/api/v1/authors/{person.public_id}", paper.get_absolute_url()):
        assert "Oldname" not in client.get(address).text, address
