"""What the records of papers are made of beside their own rows."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache, cached_property
from typing import Any

from authors.models import Author, AuthorIdentifier, InstitutionIdentifier
from papers.api.fields import Parts, Row, grouped
from papers.api.values import written_id
from papers.models import (
    Authorship,
    AuthorshipAffiliation,
    CitationsInYear,
    Paper,
    PaperCategory,
    PaperFigure,
    PaperIdentifier,
    PaperInstitution,
    PaperLink,
)
from papers.prepared import PreparedValues
from papers.querysets import with_shown_name


class PaperParts(Parts):
    """Of each paper at most `most` authorships. Disputed identifiers are left out."""

    def __init__(self, papers: Sequence[Paper], site: str, *, most: int | None = None) -> None:
        super().__init__(papers, site)
        self._most = most

    @cached_property
    def authorships(self) -> Mapping[int, list[Row]]:
        """By paper, in order."""
        return grouped(_authorships(self._most).rows(self.keys))

    @cached_property
    def affiliations(self) -> Mapping[int, list[Row]]:
        """By authorship."""
        return grouped(_AFFILIATIONS.rows([row.id for rows in self.authorships.values() for row in rows]))

    @cached_property
    def authors(self) -> Mapping[int, dict[str, Any]]:
        """In short, those that the public may see."""
        lines = [row for rows in self.authorships.values() for row in rows if leads_to_somebody(row)]
        orcids = first_address_of(_ORCIDS.rows({row.author for row in lines}))
        return {
            row.author: {
                "id": f"{Author.letter}{row.author}",
                "display_name": row.display_name,
                "orcid": orcids.get(row.author),
            }
            for row in lines
        }

    @cached_property
    def institutions(self) -> Mapping[int, dict[int, dict[str, Any]]]:
        """By paper, by tag: each institution's key and what is said of it in short."""
        rows = list(_INSTITUTIONS.rows(self.keys))
        rors = rors_of({row.institution for row in rows})
        found: dict[int, dict[int, dict[str, Any]]] = defaultdict(dict)
        for row in rows:
            found[row.owner][row.institution] = {
                "id": f"I{row.institution}",
                "display_name": row.name,
                "tag": row.tag,
                "country_code": row.country_code or None,
                "ror": rors.get(row.institution),
            }
        return found

    @cached_property
    def categories(self) -> Mapping[int, list[Row]]:
        """Beside the primary one."""
        return grouped(_CATEGORIES.rows(self.keys))

    @cached_property
    def identifiers(self) -> Mapping[int, list[Row]]:
        return grouped(_IDENTIFIERS.rows(self.keys))

    @property
    def links(self) -> Mapping[int, list[Row]]:
        return self.keep("links", _LINKS)

    @cached_property
    def figures(self) -> Mapping[int, list[Row]]:
        return grouped(_FIGURES.rows(self.keys))

    @property
    def counts_by_year(self) -> Mapping[int, list[Row]]:
        return self.keep("counts_by_year", _COUNTS_BY_YEAR)


def leads_to_somebody(row: Row) -> bool:
    return bool(row.author) and row.visibility != Author.Visibility.HIDDEN and not row.hidden_on_profile


def rors_of(institutions: Collection[int]) -> dict[int, str]:
    return first_address_of(_RORS.rows(institutions))


def first_address_of(rows: Iterable[Row]) -> dict[int, str]:
    found: dict[int, str] = {}
    for row in rows:
        if row.owner not in found:
            found[row.owner] = written_id(row.scheme, row.value)
    return found


# --- the queries ---------------------------------------------------------------------------------------------------------


@cache
def _authorships(most: int | None) -> PreparedValues:
    rows = with_shown_name(Authorship.objects.filter(**({} if most is None else {"position__lte": most})))
    return PreparedValues(
        lambda keys: rows.filter(paper__among=keys).order_by("paper_id", "position"),
        owner="paper_id", id="id", position="position", raw_name="raw_name", is_corresponding="is_corresponding",
        author="author_id", display_name="author__display_name", visibility="author__visibility",
        hidden_on_profile="hidden_on_profile", left_out="left_out",
    )  # fmt: skip


_AFFILIATIONS = PreparedValues(
    lambda keys: AuthorshipAffiliation.objects.filter(authorship__among=keys).order_by("authorship_id", "id"),
    owner="authorship_id", raw="raw", institution="institution_id",
)  # fmt: skip
_INSTITUTIONS = PreparedValues(
    lambda keys: PaperInstitution.objects.filter(paper__among=keys).order_by("institution__tag"),
    owner="paper_id", institution="institution_id", name="institution__name", tag="institution__tag",
    country_code="institution__country_code",
)  # fmt: skip
_CATEGORIES = PreparedValues(
    lambda keys: PaperCategory.objects.filter(paper__among=keys).order_by("category_id"),
    owner="paper_id", origin="origin", code="category_id", short_code="category__short_code", name="category__name",
)  # fmt: skip
_OF_PAPERS = {"owner": "paper_id", "scheme": "scheme", "value": "value"}
_IDENTIFIERS = PreparedValues(
    lambda keys: PaperIdentifier.objects.filter(paper__among=keys, disputed=False).order_by("id"), **_OF_PAPERS
)
_ORCIDS = PreparedValues(
    lambda keys: AuthorIdentifier.objects.filter(author__among=keys, scheme="orcid", disputed=False).order_by("id"),
    **(_OF_PAPERS | {"owner": "author_id"}),
)
_RORS = PreparedValues(
    lambda keys: InstitutionIdentifier.objects.filter(institution__among=keys, scheme="ror", disputed=False).order_by("id"),
    **(_OF_PAPERS | {"owner": "institution_id"}),
)
_LINKS = PreparedValues(
    lambda keys: PaperLink.objects.filter(paper__among=keys).order_by("paper_id", "kind", "id"),
    owner="paper_id", kind="kind", url="url", official="official",
)  # fmt: skip
_COUNTS_BY_YEAR = PreparedValues(
    lambda keys: CitationsInYear.objects.filter(paper__among=keys).order_by("paper_id", "year"),
    owner="paper_id", source="source", year="year", count="count",
)  # fmt: skip
_FIGURES = PreparedValues(
    lambda keys: PaperFigure.objects.filter(subject__among=keys).order_by(),
    owner="subject_id", name="name", origin="origin", source="source", value="value", reason="reason", method="method",
    version="version", parts="parts", n="n", as_of="as_of",
)  # fmt: skip
