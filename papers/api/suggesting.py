"""What is offered while somebody types, in the shape that clients of OpenAlex know."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.http import Http404
from rest_framework.request import Request
from rest_framework.response import Response

from authors.curation.public_ids import parse_public_id
from authors.models import AuthorIdentifier, InstitutionIdentifier
from papers.api.endpoints import Endpoint
from papers.api.parameters import TEXT, Parameter, error, read
from papers.api.problems import BadParameters
from papers.api.suggestion_shapes import Suggestions
from papers.api.values import written_id
from papers.autocomplete import KINDS, Suggestion, suggestions
from papers.models import PaperIdentifier, VenueIdentifier

MOST = 10
LONGEST = 200
PARAMETER = Parameter(
    "q", "What has been typed so far; nothing is offered for less than two letters. A blank at the end says that the last word"
    " is complete.",
    {"type": "string", "pattern": TEXT, "maxLength": LONGEST}, required=True,
)  # fmt: skip
ENTITIES = {
    "papers": "paper", "works": "paper", "authors": "author", "institutions": "institution", "venues": "venue",
    "sources": "venue", "categories": "category", "topics": "category",
}  # fmt: skip
SCHEMES: dict[str, tuple[Any, str]] = {
    "paper": (PaperIdentifier, "doi"),
    "author": (AuthorIdentifier, "orcid"),
    "institution": (InstitutionIdentifier, "ror"),
    "venue": (VenueIdentifier, "issn"),
}


class Autocomplete(Endpoint):
    summary = "Records of every kind that may be meant by what is typed"
    more = "At most ten, people first. `hint` tells namesakes apart."
    tag = "search"
    shape = Suggestions

    @classmethod
    def parameters(cls) -> list[Parameter]:
        return [PARAMETER]

    def get(self, request: Request, entity: str = "") -> Response:
        if entity and entity not in ENTITIES:
            raise Http404
        return Response(self.answer((ENTITIES[entity],) if entity else KINDS))

    def answer(self, kinds: tuple[str, ...]) -> dict[str, Any]:
        typed = read(self.request.query_params, self.parameters())["q"]
        if len(typed) > LONGEST:
            raise BadParameters([error("q", "too_long", f"“q” takes at most {LONGEST} characters.")])
        found = suggestions(typed, kinds=kinds, size=MOST if len(kinds) == 1 else 0)[:MOST]
        known = _external_ids(found)
        results = [_written(each, known.get((each.kind, each.id)), self.site) for each in found]
        return {"meta": {"count": len(results), "page": 1, "per_page": MOST}, "results": results}


class AutocompleteOf(Autocomplete):
    summary = "Records of one kind that may be meant by what is typed"
    problems = (*Endpoint.problems, 404)
    path_name: ClassVar[str] = "entity"
    path_values: ClassVar[tuple[str, ...]] = tuple(ENTITIES)


def _written(found: Suggestion, external_id: str | None, site: str) -> dict[str, Any]:
    return {
        "id": found.id,
        "html_url": site + found.url,
        "display_name": found.display_name,
        "entity_type": found.kind,
        "hint": found.hint,
        "works_count": found.works_count,
        "cited_by_count": found.cited_by_count,
        "external_id": external_id,
    }


def _external_ids(found: Sequence[Suggestion]) -> dict[tuple[str, str], str]:
    """The identifier that others know a record by, by kind and public id: one query a kind."""
    known: dict[tuple[str, str], str] = {}
    for kind, (identifiers, scheme) in SCHEMES.items():
        ids = {parsed[1]: each.id for each in found if each.kind == kind and (parsed := parse_public_id(each.id))}
        rows = identifiers.objects.filter(**{f"{kind}__in": list(ids)}, scheme=scheme, disputed=False).order_by("-id")
        known |= {(kind, ids[key]): written_id(scheme, value) for key, value in rows.values_list(kind, "value")}
    return known
