"""The orders that lists know: the same words for pages and API, `key` or `key:desc`.

Every order ends in the key, so that no list ever repeats or loses a row between pages.
"""

from dataclasses import dataclass, replace
from typing import Any

from django.db.models import F, Q, QuerySet

from papers.expressions import known_count

Place = tuple[Any, ...]


class UnknownSort(ValueError):
    """The message names the orders there are."""


@dataclass(frozen=True)
class Sort:
    """`label` is what the page's menu says. Rows stand by `value`, an expression that is never null, and then by their keys,
    both in one direction; papers need no value, for papers.search orders them. `key` names the row's own key in the table
    whose index the order follows."""

    label: str
    value: Any = None
    descending: bool = False
    key: str = "pk"

    def apply(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value is None:
            return queryset
        return queryset.order_by(self.value.desc() if self.descending else self.value.asc(), self.by_key)

    @property
    def by_key(self) -> Any:
        key = F(self.key)  # a bare name would stand for the order of its table
        return key.desc() if self.descending else key.asc()

    def placed(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """In order, each row with its `place_value`."""
        return self.apply(queryset.annotate(place_value=self.value))

    def behind(self, queryset: QuerySet[Any], place: Place) -> list[QuerySet[Any]]:
        """What follows a place, whatever stands there by now: the rest of the rows of its value, then those of the values
        behind. Apart, and the first by key alone, for so SQLite too enters an index of an expression at the very place."""
        value, key = place
        rows, beyond = self.placed(queryset), "lt" if self.descending else "gt"
        rest = rows.filter(**{"place_value": value, f"{self.key}__{beyond}": key})
        return [rest.order_by(self.by_key), rows.filter(**{f"place_value__{beyond}": value})]

    @property
    def place_names(self) -> list[str]:
        """With the key behind them, where a row of `placed` stands."""
        return ["place_value"]


@dataclass(frozen=True)
class Several:
    """Among rows that are equal by the first order the next one decides, and in the end the key, in the first's direction."""

    sorts: tuple[Sort, ...]

    def placed(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        values = {name: sort.value for name, sort in zip(self.place_names, self.sorts, strict=True)}
        orders = [F(name).desc() if sort.descending else F(name).asc() for name, sort in zip(values, self.sorts, strict=True)]
        key = F("pk").desc() if self.sorts[0].descending else F("pk").asc()
        return queryset.annotate(**values).order_by(*orders, key)

    def behind(self, queryset: QuerySet[Any], place: Place) -> list[QuerySet[Any]]:
        names = [*self.place_names, "pk"]
        falling = [*(sort.descending for sort in self.sorts), self.sorts[0].descending]
        behind = Q()
        for number, (name, descends) in enumerate(zip(names, falling, strict=True)):
            same = dict(zip(names[:number], place[:number], strict=True))
            behind |= Q(**same, **{f"{name}__{'lt' if descends else 'gt'}": place[number]})
        return [self.placed(queryset).filter(behind)]

    @property
    def place_names(self) -> list[str]:
        return [f"place_{number}" for number in range(len(self.sorts))]


def sort_of(sorts: dict[str, Sort], name: str) -> Sort | Several:
    """Of one of `sorts`, or of several with commas between them."""
    parts = tuple(sorts[part] for part in name.split(","))
    return parts[0] if len(parts) == 1 else Several(parts)


# What papers.search.finding can order by; a search for words begins with the best match.
PAPERS = {
    "relevance": Sort("Best match"),
    "publication_date:desc": Sort("Newest first"),
    "publication_date": Sort("Oldest first"),
    "cited_by_count:desc": Sort("Most cited"),
    "ai_score:desc": Sort("AI Score"),
    "novelty:desc": Sort("Novelty"),
    "title": Sort("Title"),
    "created_date:desc": Sort("Added last"),
}
MOST_PAPERS = Sort("Most papers", known_count("metrics__papers_count"), descending=True, key="metrics__pk")
MOST_CITED = Sort("Most cited", known_count("metrics__citations"), descending=True, key="metrics__pk")  # the unknown last
AUTHORS = {
    "works_count:desc": MOST_PAPERS,
    "cited_by_count:desc": MOST_CITED,
    "display_name": Sort("Name", F("sort_key")),
}
INSTITUTIONS = {
    "works_count:desc": MOST_PAPERS,
    "cited_by_count:desc": MOST_CITED,
    "display_name": Sort("Name", F("name_key")),
}
VENUES = INSTITUTIONS
CATEGORIES = {
    "id": Sort("Code", F("code")),
    "works_count:desc": replace(MOST_PAPERS, key="pk"),  # categories without papers may have no metrics
    "display_name": Sort("Name", F("name")),
}


def in_order(queryset: QuerySet[Any], sorts: dict[str, Sort], wanted: str | None) -> QuerySet[Any]:
    """`queryset` in the order `wanted`, or in the first of `sorts`. Raises UnknownSort."""
    return sorts[sort_named(sorts, wanted)].apply(queryset)


def sort_named(sorts: dict[str, Sort], wanted: str | None) -> str:
    """The key of the order `wanted`, or of the first of `sorts`. Raises UnknownSort."""
    name = (wanted or next(iter(sorts))).removesuffix(":asc")
    if name not in sorts:
        raise UnknownSort(f"“{name}” is not an order of this list. Known are {', '.join(sorts)}.")
    return name
