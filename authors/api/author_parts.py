"""What the records of people are made of beside their own rows."""

from collections import defaultdict
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse

from authors.curation.models import Redirect
from authors.models import Affiliation, Author, AuthorIdentifier, AuthorName
from papers.api.fields import Parts, Row, grouped
from papers.api.paper_parts import rors_of
from papers.models import AuthorFigure, PaperInstitution
from papers.prepared import PreparedValues
from papers.profiles import ShownFigure, counts_shown


class AuthorParts(Parts):
    @cached_property
    def names(self) -> Mapping[int, list[Row]]:
        """Those that the public may see."""
        return grouped(_NAMES.rows(self.keys))

    @cached_property
    def identifiers(self) -> Mapping[int, list[Row]]:
        return grouped(_IDENTIFIERS.rows(self.keys))

    @cached_property
    def stays(self) -> Mapping[int, list[dict[str, Any]]]:
        rows = list(_STAYS.rows(self.keys))
        rors = rors_of({row.institution for row in rows})
        found: dict[int, list[dict[str, Any]]] = defaultdict(list)
        for row in rows:
            institution = {
                "id": f"I{row.institution}" if row.has_record else None,
                "display_name": row.name,
                "tag": row.tag,
                "country_code": row.country_code or None,
                "ror": rors.get(row.institution),
            }
            found[row.owner].append({"institution": institution, "start_year": row.start_year, "end_year": row.end_year})
        return found

    @cached_property
    def merged(self) -> Mapping[int, list[str]]:
        """The public ids that once were other records."""
        return {owner: [f"A{row.old}" for row in rows] for owner, rows in grouped(_MERGED.rows(self.keys)).items()}

    @cached_property
    def figures(self) -> Mapping[int, list[Row]]:
        return grouped(_FIGURES.rows(self.keys))

    @cached_property
    def counts(self) -> Mapping[int, dict[str, ShownFigure]]:
        """The papers and citations that profiles show."""
        figures = self.figures
        return {each.pk: counts_shown(getattr(each, "metrics", None), figures.get(each.pk, ())) for each in self.records}

    @cached_property
    def papers_address(self) -> str:
        """Of a person's papers, but for the id at its end."""
        return f"{self.site}{reverse('api-papers')}?author="


_NAMES = PreparedValues(
    lambda keys: AuthorName.objects.filter(author__among=keys, public=True).order_by("author_id", "id"),
    owner="author_id", name="name",
)  # fmt: skip
_IDENTIFIERS = PreparedValues(
    lambda keys: AuthorIdentifier.objects.filter(author__among=keys, disputed=False).order_by("-verified", "id"),
    owner="author_id", scheme="scheme", value="value",
)  # fmt: skip
_STAYS = PreparedValues(
    lambda keys: Affiliation.objects.filter(author__among=keys).annotate(
        has_record=Exists(PaperInstitution.objects.filter(institution=OuterRef("institution"), paper__state="published"))
    ),
    owner="author_id", institution="institution_id", name="institution__name", tag="institution__tag",
    country_code="institution__country_code", has_record="has_record", start_year="start_year", end_year="end_year",
)  # fmt: skip
_MERGED = PreparedValues(
    lambda keys: Redirect.objects.filter(kind=Author.letter, target_id__among=keys).order_by("old_id"),
    owner="target_id", old="old_id",
)  # fmt: skip
_FIGURES = PreparedValues(
    lambda keys: AuthorFigure.objects.filter(subject__among=keys).order_by(),
    owner="subject_id", name="name", origin="origin", source="source", value="value", reason="reason", method="method",
    version="version", parts="parts", n="n", as_of="as_of",
)  # fmt: skip
