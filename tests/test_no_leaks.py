"""What the public may not see stands at no public address: a catalogue is scored, parts of it are hidden, and all is read."""

import gzip
import itertools
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.admindocs.views import simplify_regex
from django.test import Client
from django.urls import get_resolver

from authors.models import Author, AuthorIdentifier, AuthorName, Institution, SiteIdentity
from papers.api.grouping import GROUPS
from papers.api.suggesting import ENTITIES
from papers.correcting import change_name
from papers.editing import change_state
from papers.exports.formats import OF_ONE
from papers.metrics.refreshing import refresh_authors
from papers.metrics.score_runs import run_scores
from papers.models import Citation, CitationsInYear, Paper, Venue
from papers.record_charts import CATEGORIES, CITATIONS, PAPERS
from papers.snapshots.making import make_snapshot
from papers.snapshots.shelf import snapshots
from papers.toplists import LISTS
from tests.factories import make_author, make_authorship, make_institution, make_paper, make_venue

pytestmark = pytest.mark.django_db
EXEMPT = {  # by their beginnings
    "/admin/": "for editors, who see everything; tests/test_roles.py reads it as other people",
    "/site-logo": "an image, and 404 without one",
    "/api/v1/[": "where there is nothing",
    "/api/v1/search": "asked by POST, below",
    "/snapshots/<name>/": "asked for by the names of files, below",
    "/api/v1/changesets/": "for tokens alone",
    "/api/v1/papers/<id>/state": "for tokens alone",
    **{f"/api/v1/{kind}/merge": "for tokens alone" for kind in ("papers", "authors", "institutions")},
}
RECORDS: dict[str, Any] = {"papers": Paper, "authors": Author, "institutions": Institution, "venues": Venue}
CALLED = {"works": "papers", "sources": "venues", "topics": "categories"}
VALUES: dict[str, tuple[str, ...]] = {
    "slug": ("x",), "chart": (PAPERS, CITATIONS, CATEGORIES), "suffix": tuple(OF_ONE), "code": ("cs.CL",), "number": ("0",),
    "kind": tuple(RECORDS), "entity": tuple(ENTITIES), "name": tuple(LISTS),
}  # fmt: skip
SEARCHES = ("secret", "printed", "10.5555/secret", "0000-0002-1825-0097", "institute", "conference")


@pytest.fixture
def hidden(client: Client, settings: Any, tmp_path: Path) -> None:
    """Whatever has “Canary” in it was public while the scores were computed, and is not any more."""
    SiteIdentity.objects.update_or_create(pk=1, defaults={"top_lists": True})
    ada, bea = make_author("Canary Formername"), make_author("Canary Hiddenperson", orcid="0000-0002-1825-0097")
    AuthorName.objects.create(author=bea, name="Canary Variant")
    AuthorIdentifier.objects.create(author=bea, scheme="openalex", value="A77")
    venue, institution = make_venue("Open Conference"), make_institution("Open Institute", tag="open")
    open_ones = [  # so many that there are distances; two of them are read
        make_paper(f"Open words about rivers {number}", authors=(ada,), venue=venue, institutions=(institution,),
                   abstract=f"Rivers run to the sea, {number} times.", cited_by_count=number, doi=f"10.5555/open{number}")
        for number in range(12)
    ]  # fmt: skip
    make_authorship(open_ones[0], bea, position=2, raw_name="P. Printed")
    for state in ("draft", "review", "withdrawn"):
        paper = make_paper(
            f"Canary secret words about rivers {state}", authors=(ada, bea, make_author(f"Canary Author {state}")),
            venue=make_venue(f"Canary Conference {state}"), institutions=(make_institution(f"Canary Institute {state}"),),
            abstract=f"Canary rivers run to the sea {state}.", cited_by_count=9, doi=f"10.5555/secret{state}",
        )  # fmt: skip
        Citation.objects.create(citing=paper, cited=open_ones[0])
        Citation.objects.create(citing=open_ones[1], cited=paper)
    CitationsInYear.objects.create(paper=open_ones[0], year=2024, count=3, source="openalex")
    run_scores()
    assert all("Canary" in client.get(page).text for page in ("/papers/", "/authors/", "/top/people-by-citations/"))
    for state in ("draft", "review", "withdrawn"):
        change_state(list(Paper.objects.filter(title__endswith=f"rivers {state}").values_list("pk", flat=True)), state)
    change_name(ada, "Ada Testwright", hide=["Canary Formername"])
    Author.objects.filter(pk=bea.pk).update(visibility=Author.Visibility.HIDDEN)
    refresh_authors([bea.pk])
    settings.SNAPSHOT_DIR = tmp_path
    make_snapshot(tmp_path, parquet=False)


def routes(resolver: Any = None, before: str = "/") -> Iterator[str]:
    for pattern in (resolver or get_resolver()).url_patterns:
        written = re.sub(r"<\w+:", "<", str(pattern.pattern)).replace("\\", "")
        route = before + (simplify_regex(written).removeprefix("/") if written.startswith("^") else written)
        if hasattr(pattern, "url_patterns"):
            yield from routes(pattern, route)
        elif not route.startswith(tuple(EXEMPT)):
            yield route


def ids_of(kind: str) -> list[str]:
    """Of every record, hidden or not, but for further papers like those that are read."""
    records = RECORDS[kind].objects.order_by("pk")
    return [record.public_id for record in (records.exclude(pk__in=records[2:12]) if kind == "papers" else records)]


def ids_in(route: str) -> list[str]:
    """Of the kind that the route is about."""
    kind = next(part for part in route.split("/") if part in {*RECORDS, *CALLED, "categories"})
    kind = CALLED.get(kind, kind)
    return ["cs.CL"] if kind == "categories" else ids_of(kind)


def addresses(route: str) -> list[str]:
    names = re.findall(r"<(\w+)>", route)
    values = [ids_in(route) if name in ("id", "public_id") else VALUES[name] for name in names]
    found = []
    for chosen in itertools.product(*values):
        address = route
        for name, value in zip(names, chosen, strict=True):
            address = address.replace(f"<{name}>", value)
        found.append(address)
    return found


def questions() -> Iterator[str]:
    """Addresses with something asked."""
    for words in SEARCHES:
        for page in ("/search/", "/papers/", "/authors/", "/institutions/", "/venues/", "/search/suggest", "/search.csv",
                     "/feeds/papers.atom", "/embed/papers/", "/search/suggest/opensearch", "/api/v1/autocomplete"):  # fmt: skip
            yield f"{page}?q={words}"
        yield from (f"/api/v1/{kind}?search={words}" for kind in RECORDS)
    for kind in RECORDS:
        ids = ids_of(kind)
        yield f"/api/v1/{kind}/batch?ids={','.join(ids)}"
        for parameter in ("author", "institution", "venue"):
            if kind == f"{parameter}s":
                for each in ids:
                    yield from (f"{page}?{parameter}={each}" for page in ("/papers/", "/api/v1/papers", "/feeds/papers.atom"))
                    yield f"/api/v1/papers?filter={parameter}:{each}|{ids[0]}"
    yield from (f"/api/v1/papers?group_by={field}" for field in GROUPS)
    yield from (f"/api/v1/autocomplete/{kind}?q=secret" for kind in ENTITIES)
    yield from (f"/api/v1/papers/{paper}?include=references,citations" for paper in ids_of("papers"))
    for each in ("papers", "authors", "institutions"):
        yield f"/compare/?kind={each}&" + "&".join(f"id={each}" for each in ids_of(each)[:4])
    yield from ("/api/v1/papers?doi=10.5555/secretdraft", "/api/v1/changes?limit=1000")
    yield from ("/api/v1/papers/doi:10.5555/secretreview", "/api/v1/authors/orcid:0000-0002-1825-0097")
    for verb in ("ListRecords", "ListIdentifiers"):
        yield from (f"/oai?verb={verb}&metadataPrefix={form}" for form in ("oai_dc", "oai_datacite"))
    yield from (f"/snapshots/{made.name}/{file['path']}" for made in snapshots() for file in made.files)
    yield from ("/oai?verb=ListSets", f"/api/v1/works/batch?ids={','.join(ids_of('papers'))}")
    for paper in ids_of("papers"):
        yield f"/oai?verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:bylines.localhost:{paper}"


def told_at(client: Client, address: str) -> tuple[int, str]:
    answer = client.get(address, follow=True)
    body = answer.getvalue()
    told = (gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body).decode()
    return answer.status_code, told + json.dumps(dict(answer.headers))


def test_nothing_hidden_is_at_any_public_address(client: Client, hidden: None) -> None:
    asked = [(route, address) for route in routes() for address in addresses(route)]
    asked += [(address.partition("?")[0], address) for address in questions()]
    answered, leaks = set(), []
    for route, address in asked:
        status, told = told_at(client, address)
        assert status < 500, address
        answered |= {route} if status == 200 else set()
        leaks += [address] if "canary" in told.lower() else []
    everything = {"where": {"field": "publication_year", "value": ">0"}}
    found = client.post("/api/v1/search", everything, content_type="application/json")
    assert found.json()["meta"]["count"] == 12
    assert leaks == []
    assert "canary" not in found.text.lower()
    unanswered = {route for route in routes() if not {route, *addresses(route)} & answered}
    assert unanswered == set(), "addresses that are new here: say above with what they are asked, or why they are not"
