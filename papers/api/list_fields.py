"""The fields of `filter=` for people, institutions, venues and categories: their filters' own, and numbers of their metrics."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q

from papers.api.clauses import NULL, BadClause, Clause, clauses_of
from papers.api.naming import keys_named
from papers.api.parameters import filter_errors, hint, shortened
from papers.search.ranges import limits_of

METRICS = {
    "works_count": "metrics__papers_count", "cited_by_count": "metrics__citations", "h_index": "metrics__h_index",
    "i10_index": "metrics__i10_index",
}  # fmt: skip
ALIASES = {
    "display_name.search": "search", "default.search": "search", "name.search": "search", "openalex_id": "id", "openalex": "id",
    "ids.openalex": "id", "country_code": "country", "last_known_institutions.id": "institution", "ids.ror": "ror",
    "affiliations.institution.id": "institution", "last_known_institution.id": "institution", "ids.orcid": "orcid",
}  # fmt: skip


class ListFields:
    """Of one kind of list; `numbers` are keys of METRICS. `searched` narrows a queryset by words."""

    def __init__(self, view: Any, numbers: Sequence[str]) -> None:
        self.view, self.numbers = view, numbers
        self.letter = getattr(view, "letter", "")

    @property
    def names(self) -> list[str]:
        own = [name for name in self.view.filters.base_filters if name != "name"]
        return [*(["id"] if self.letter else []), "search", *own, *self.numbers]

    def narrowed(self, queryset: Any, text: str) -> Any:
        """Raises BadClause."""
        for clause in clauses_of(text):
            condition = self._condition(clause)
            queryset = queryset.exclude(condition) if clause.negated else queryset.filter(condition)
        return queryset

    def _condition(self, clause: Clause) -> Q:
        name = self._name(clause.key)
        if clause.is_null and name not in self.numbers:
            raise BadClause(f"{clause.key}: “null” can be asked of {', '.join(self.numbers) or 'nothing here'}.")
        if name == "id":
            return Q(pk__in=keys_named(self.letter, clause.key, clause.values))
        found = Q()
        for value in clause.values:
            found |= self._number(clause.key, name, value) if name in self.numbers else self._by_filter(clause.key, name, value)
        return found

    def _name(self, key: str) -> str:
        name = ALIASES.get(key, key)
        name = "kind" if name == "type" and "kind" in self.view.filters.base_filters else name
        if name not in self.names:
            raise BadClause(
                f"“{key[:60]}” is not a field of {self.view.tag}.{hint(key, self.names)} Valid are: {', '.join(self.names)}."
            )
        return name

    def _number(self, key: str, name: str, value: str) -> Q:
        column = METRICS[name]
        if value == NULL:
            return Q(**{f"{column}__isnull": True})
        limits = limits_of(value) if len(value) <= 20 else None
        if limits is None:
            raise BadClause(f"{key}: “{shortened(value)}” is neither a number nor a range such as >100, <10 or 10-50.")
        ends = zip((f"{column}__gte", f"{column}__lte"), limits, strict=True)
        return Q(**{f"{column}__isnull": False}, **{name: min(end, 1e15) for name, end in ends if end is not None})

    def _by_filter(self, key: str, name: str, value: str) -> Q:
        rows = self.view.filters.Meta.model.objects.all()
        if name == "search":
            return Q(pk__in=self.view.searched(rows, value).values("pk"))
        filterset = self.view.filters({name: value}, queryset=rows)
        if wrong := filter_errors(filterset):
            raise BadClause(wrong[0]["detail"].replace(f"{name}:", f"{key}:", 1))
        return Q(pk__in=filterset.qs.values("pk"))
