"""From a record to the columns of a paper, grouped by the field that provenance speaks of."""

from typing import Any

from authors.curation.bulk import column_of
from papers.importers.records import PaperRecord
from papers.importers.saving.context import Incoming, Saving
from papers.importers.saving.venues import Venues
from papers.models import Paper
from papers.models.paper import CategoryOrigin

Columns = dict[str, Any]

# The columns in which new papers differ, in the order they are written.
EMPTY: Columns = {
    "title": "", "abstract": "", "type": "", "published": None, "date_precision": "", "year": None, "primary_category": None,
    "primary_category_origin": "", "venue": None, "volume": "", "issue": "", "first_page": "", "last_page": "", "publisher": "",
    "keywords": [], "track": "", "acceptance": "", "award": "", "language": "", "licence": "", "open_access": "",
    "is_retracted": False, "authors_count": 0, "authors_complete": True,
    "has_code": False, "cited_by_count": None, "citations_source": "", "citations_as_of": None, "referenced_count": None,
    "fingerprint": "",
}  # fmt: skip


def given_fields(
    incoming: Incoming, record: PaperRecord, saving: Saving, venues: Venues, categories: dict[str, str]
) -> dict[str, Columns]:
    """What the record says, by field; the first column of each is the one that comparisons look at."""
    fields: dict[str, Columns] = {}
    for name in ("title", "abstract", "type", "referenced_count"):
        if value := getattr(record, name):
            fields[name] = {name: value}
    fields |= {name: {name: value} for name, value in record.fields.items()}
    if record.when:
        when = record.when
        fields["published"] = {"published": when.first, "date_precision": str(when.precision), "year": when.first.year}
    if record.keywords:
        fields["keywords"] = {"keywords": list(record.keywords)}
    if record.has_code:
        fields["has_code"] = {"has_code": True}
    if record.is_retracted:
        fields["is_retracted"] = {"is_retracted": True}
    if record.venue:
        fields["venue"] = {"venue": venues[record.venue][0]}
    if category := _category(record, venues, categories):
        fields["primary_category"] = category
    if record.cited_by_count is not None:
        fields["cited_by_count"] = {
            "cited_by_count": record.cited_by_count,
            "citations_source": incoming.source,
            "citations_as_of": record.as_of or saving.today,
        }
    return fields


def _category(record: PaperRecord, venues: Venues, categories: dict[str, str]) -> Columns | None:
    if code := categories.get(record.primary_category):
        return {"primary_category": code, "primary_category_origin": str(CategoryOrigin.SOURCE)}
    default = venues[record.venue][1] if record.venue else None
    return {"primary_category": default, "primary_category_origin": str(CategoryOrigin.VENUE)} if default else None


def new_row(fields: dict[str, Columns], record: PaperRecord) -> Columns:
    """The columns of a new paper but those that `same_of_new` gives."""
    row = dict(EMPTY)
    for columns in fields.values():
        row |= columns
    return row | {
        "authors_count": len(record.authors),
        "authors_complete": record.authors_complete,
        "fingerprint": record.fingerprint,
    }


def same_of_new(saving: Saving) -> Columns:
    """The columns that all new papers of a batch have in common."""
    times = {"created_at": saving.now, "updated_at": saving.now}
    return {"state": saving.state, "retraction_notice": "", "retracted_on": None, **times}


def current_value(paper: Paper, column: str) -> Any:
    """The stored value of a column as a record would give it; a flag that is off counts as empty."""
    value = getattr(paper, column_of(Paper, column).attname)
    return None if value is False else value
