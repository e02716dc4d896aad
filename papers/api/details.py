"""One record of any kind; each kind's view says the rest in a few lines."""

import math
import random
import re
from typing import Any, ClassVar

from django.http import Http404
from django.urls import reverse
from rest_framework.request import Request
from rest_framework.response import Response

from authors.curation.public_ids import parse_public_id
from authors.curation.redirects import find_redirect
from authors.identifiers import recognise
from papers.api.drawing import Sample
from papers.api.endpoints import Endpoint, Records, parameters_of
from papers.api.parameters import Parameter, is_text, read
from papers.api.problems import BadParameters, Gone
from papers.api.sparse import PARAMETERS as FIELDS_WANTED
from papers.api.sparse import AnyOf, Sparsely, sparse

LONGEST_ID = 500
_ONE_SLASH = re.compile(r"^(https?):/+", re.IGNORECASE)


class RecordDetail(Records):
    """One record by its public id or by an identifier that it alone has."""

    problems: ClassVar[tuple[int, ...]] = (*Endpoint.problems, 404, 410)
    letter: ClassVar[str]
    url_name: ClassVar[str]
    ids: ClassVar[str]
    id_examples: ClassVar[tuple[str, ...]]
    has_random: ClassVar[bool] = True

    def withdrawn(self) -> Any:
        """Records that say of themselves that they were withdrawn."""
        return self.visible().none()

    @classmethod
    def answer_shape(cls) -> Any:
        return AnyOf(f"{cls.shape.__name__}OrPart", [cls.shape, sparse(cls.shape)])

    @classmethod
    def parameters(cls) -> list[Parameter]:
        return FIELDS_WANTED

    def get(self, request: Request, id: str) -> Response:  # noqa: A002 - the schema shows this name
        values = read(request.query_params, parameters_of(type(self)))
        self.fields = Sparsely(values, self.shape)
        if self.fields.errors:
            raise BadParameters(self.fields.errors)
        self.wanted_fields = self.fields_wanted(self.fields)
        if len(id) > LONGEST_ID or not is_text(id):
            raise Http404
        if found := self.found(id):
            return found
        raise Http404

    def found(self, given: str) -> Response | None:
        if given == "random" and self.has_random:
            self.cache_control = "no-store"
            keys = Sample(1, str(random.random())).of_queryset(self.visible())  # noqa: S311 - a draw, no secret
            return self.one_of(self.visible().filter(pk__in=keys))
        public_id = parse_public_id(given)
        if public_id:
            return self.by_public_id(*public_id)
        identifier = recognise(_ONE_SLASH.sub(r"\1://", given))
        return self.by_identifier(*identifier) if identifier else None

    def by_public_id(self, letter: str, key: int) -> Response | None:
        if letter != self.letter:
            return None
        return self.with_key(key) or self.moved(key)

    def with_key(self, key: int) -> Response | None:
        return self.answer_of(list(self.fetched([key])))

    def by_identifier(self, scheme: str, value: str) -> Response | None:
        about = {"identifiers__scheme": scheme, "identifiers__value": value, "identifiers__disputed": False}
        found = self.one_of(self.visible().filter(**about))
        if not found and self.withdrawn().filter(**about).exists():
            raise Gone(f"{value} was withdrawn from this catalogue.")
        return found

    def one_of(self, queryset: Any) -> Response | None:
        return self.answer_of(list(self.with_parts(queryset)[:1]))

    def answer_of(self, rows: list[Any]) -> Response | None:
        """Of one row or none."""
        if not rows:
            return None
        answer: Any = Response(self.fields.written(self.written(rows))[0] | self.beside(rows[0]))
        answer.row, answer.holds = rows[0], math.inf
        return answer

    def beside(self, row: Any) -> dict[str, Any]:
        """Further fields that were asked for."""
        return {}

    def moved(self, key: int) -> Response | None:
        """To the survivor of a merge, if the public may see it; else the record is gone or was never there."""
        redirect = find_redirect(kind=self.letter, old_id=key)
        target = redirect.target_id if redirect else None
        if target and self.visible().filter(pk=target).exists():
            address = reverse(self.url_name, args=[f"{self.letter}{target}"])
            return Response(status=301, headers={"Location": self.site + address})
        if (redirect and not target) or self.withdrawn().filter(pk=target or key).exists():
            note = f" {redirect.note}" if redirect and redirect.note else ""
            raise Gone(f"{self.letter}{key} was withdrawn from this catalogue.{note}")
        return None
