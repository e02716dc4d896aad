"""A harvester that others wrote, against a running server; and what a harvest sees of changes that happen meanwhile."""

import random
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from django.utils import timezone
from sickle import Sickle
from sickle.oaiexceptions import BadArgument, BadResumptionToken, CannotDisseminateFormat, IdDoesNotExist, NoRecordsMatch

from papers.editing import change_state, delete_paper
from papers.models import Category, Paper
from papers.oai import verbs
from tests.clients.harvest import OAI, ask, headers, texts
from tests.factories import make_author, make_paper


@pytest.mark.django_db(transaction=True)
def test_sickle_harvests_three_pages_in_both_formats(live_server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verbs, "PAGE", 4)
    Category.objects.get_or_create(code="cs.CL", defaults={"short_code": "CL", "name": "Computation and Language"})
    papers = [make_paper(authors=(make_author(),)) for _ in range(10)]
    harvester = Sickle(f"{live_server.url}/oai")
    expected = [f"oai:bylines.localhost:{paper.public_id}" for paper in papers]
    for form in harvester.ListMetadataFormats():
        records = list(harvester.ListRecords(metadataPrefix=form.metadataPrefix))
        assert [record.header.identifier for record in records] == expected
    assert [header.identifier for header in harvester.ListIdentifiers(metadataPrefix="oai_dc")] == expected
    assert harvester.Identify().baseURL == f"{live_server.url}/oai"
    assert "category:cs:cs.CL" in [one.setSpec for one in harvester.ListSets()]
    assert harvester.GetRecord(identifier=expected[3], metadataPrefix="oai_dc").metadata["title"] == [papers[3].title]
    by_post = Sickle(f"{live_server.url}/oai", http_method="POST")
    assert len(list(by_post.ListIdentifiers(metadataPrefix="oai_dc", set="category:cs"))) == 10
    for problem, arguments in (
        (BadArgument, {}),
        (CannotDisseminateFormat, {"metadataPrefix": "marc"}),
        (BadResumptionToken, {"resumptionToken": "zzz"}),
        (NoRecordsMatch, {"metadataPrefix": "oai_dc", "until": "1900-01-01"}),
    ):
        with pytest.raises(problem):
            harvester.ListRecords(**arguments)
    with pytest.raises(IdDoesNotExist):
        harvester.GetRecord(identifier="oai:nope:0", metadataPrefix="oai_dc")


def pages(**arguments: str) -> Iterator[ElementTree.Element]:
    answer = ask("ListRecords", metadataPrefix="oai_dc", **arguments)
    while True:
        yield answer
        if not (resumption := list(answer.iter(f"{OAI}resumptionToken"))) or not resumption[0].text:
            return
        answer = ask("ListRecords", resumptionToken=resumption[0].text)


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(4))
def test_a_harvest_misses_nothing_while_the_catalogue_changes(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the harvester holds after a harvest among changes, and one since it began, is what the catalogue holds."""
    monkeypatch.setattr(verbs, "PAGE", 3)
    chance, held, began = random.Random(seed), dict[str, str](), ""
    for _ in range(12):
        make_paper()
    Paper.objects.update(updated_at=timezone.now() - timedelta(days=1))
    untouched = {paper.public_id for paper in Paper.objects.all()}
    for number, page in enumerate(pages()):
        began = began or texts(page, f"{OAI}responseDate")[0]
        held |= headers(page)
        if number < 8:
            untouched -= _change_something(chance)
    later = {key: status for page in pages(since=began) for key, status in headers(page).items()}
    assert not untouched & later.keys(), "what nobody changed is not harvested again"
    held |= later
    assert {key for key, status in held.items() if not status} == {paper.public_id for paper in Paper.objects.published()}


def _change_something(chance: random.Random) -> set[str]:
    """Gives whom it concerned."""
    paper = chance.choice(list(Paper.objects.published()))
    what = chance.choice(["add", "edit", "delete", "withdraw", "back"])
    if what == "add":
        return {make_paper().public_id}
    if what == "back":
        withdrawn = list(Paper.objects.withdrawn()[:1])
        change_state([one.pk for one in withdrawn], Paper.State.PUBLISHED)
        return {one.public_id for one in withdrawn}
    name = paper.public_id
    if what == "edit":
        paper.title += " again"
        paper.save()
    elif what == "delete":
        delete_paper(paper)
    else:
        change_state([paper.pk], Paper.State.WITHDRAWN)
    return {name}
