"""What a snapshot holds: for every table its public rows and columns. Writer, schema and reader all follow these.

A column that stands nowhere here is in no snapshot: whoever adds one to a model decides whether it is public.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Q, Value, When

from authors import names
from authors.curation.bulk import column_of
from authors.models import (
    Affiliation,
    AuthorIdentifier,
    AuthorName,
    InstitutionAlias,
    InstitutionIdentifier,
    Provenance,
)
from papers.fingerprint import fingerprint
from papers.models import (
    AuthorFigure,
    AuthorMetrics,
    Authorship,
    AuthorshipAffiliation,
    CitationsInYear,
    InstitutionFigure,
    Paper,
    PaperCategory,
    PaperDistance,
    PaperFigure,
    PaperIdentifier,
    PaperInstitution,
    PaperLink,
    PaperVersion,
    PendingReference,
    ScoreMark,
    VenueIdentifier,
)
from papers.people import public_authors
from papers.querysets import with_shown_name
from papers.snapshots.values import Form, form_of, json_value

Rows = Any  # a queryset
Record = dict[str, Any]
SCORES = ("novelty", "ai_score")


def _as_they_are(rows: Rows) -> Rows:
    return rows


def _leave(_: list[Record]) -> None: ...


@dataclass(frozen=True)
class Table:
    """Rows of one model: records, or what hangs on them by the column `owner`.

    `public` narrows the rows and may annotate them; `instead` gives expressions for columns that the public reads otherwise.
    `parts` are the tables that hang on this one, `single` those of which a record has one row or none. The rest is for
    reading a snapshot: `same` columns are equal in all rows, `derived` columns are made from a record as it stands in the
    file, one of the columns `needs` must say something.
    """

    model: Any
    columns: tuple[str, ...]
    owner: str = ""
    single: bool = False
    public: Callable[[Rows], Rows] = _as_they_are
    instead: Callable[[], Mapping[str, Any]] = dict
    parts: Mapping[str, "Table"] = field(default_factory=dict)
    forms_instead: Mapping[str, Form] = field(default_factory=dict)
    tidy: Callable[[list[Record]], None] = _leave
    same: Mapping[str, Any] = field(default_factory=dict)
    derived: Mapping[str, Callable[[Record], Any]] = field(default_factory=dict)
    needs: tuple[str, ...] = ()

    @cached_property
    def forms(self) -> dict[str, Form]:
        found = {name: form_of(column_of(self.model, name)) for name in self.columns}
        return found | dict(self.forms_instead)


def _identifiers(model: Any, owner: str, *more: str) -> Table:
    """Disputed ones decide nothing and are left out."""
    return Table(model, ("scheme", "value", *more), owner, public=lambda rows: rows.filter(disputed=False))


def _provenance(letter: str) -> Table:
    columns = ("source", "source_key", "fields", "given_at")
    return Table(Provenance, columns, "record_id", public=lambda rows: rows.filter(kind=letter), same={"kind": letter})


def _figures(model: Any, *, may_hide: bool = True) -> Table:
    shown = ~Q(name__in=SCORES) | Q(subject__scores_hidden=False) if may_hide else Q()
    columns = ("name", "origin", "source", "value", "reason", "method", "version", "parts", "n", "as_of")
    return Table(model, columns, "subject", public=lambda rows: rows.filter(shown))


# --- people and institutions ---------------------------------------------------------------------------------------------

AUTHOR_PARTS: Mapping[str, Table] = {
    "names": Table(
        AuthorName, ("name",), "author",
        public=lambda rows: rows.filter(public=True),
        derived={
            "search_key": lambda row: names.search_key(row["name"]),
            "short_key": lambda row: names.short_key(row["name"]),
        },
    ),
    "identifiers": _identifiers(AuthorIdentifier, "author", "verified"),
    "affiliations": Table(Affiliation, ("institution", "start_year", "end_year", "is_current", "source"), "author"),
    "figures": _figures(AuthorFigure),
    "reported": Table(
        AuthorMetrics, ("reported_category",), "author", single=True,
        public=lambda rows: rows.exclude(reported_category=None),
    ),
    "provenance": _provenance("A"),
}  # fmt: skip

INSTITUTION_PARTS: Mapping[str, Table] = {
    "aliases": Table(
        InstitutionAlias, ("name",), "institution", derived={"name_key": lambda row: names.institution_key(row["name"])}
    ),
    "identifiers": _identifiers(InstitutionIdentifier, "institution"),
    "figures": _figures(InstitutionFigure, may_hide=False),
    "provenance": _provenance("I"),
}

VENUE_PARTS: Mapping[str, Table] = {"identifiers": _identifiers(VenueIdentifier, "venue"), "provenance": _provenance("V")}


# --- papers ---------------------------------------------------------------------------------------------------------------


def _shown_lines() -> dict[str, Any]:
    """To the public a line leads to nobody where the person is hidden, or does not want to be shown with the paper."""
    shown = Q(hidden_on_profile=False) & Exists(public_authors().filter(pk=OuterRef("author")).select_related(None))
    return {
        "author": Case(When(shown, then=F("author_id"))),
        "decided_by": Case(When(shown, then=F("decided_by")), default=Value("")),
        "raw_name": Case(When(left_out=True, then=F("author__display_name")), default=F("raw_name")),
    }


def only_published(records: list[Record]) -> None:
    """A distance may name papers that were published when it was computed."""
    found = [record["distance"] for record in records if record["distance"]]
    keys = {int(key[1:]) for each in found for key in (*(pair[0] for pair in each["nearest"]), *each["same_text"])}
    public = {f"P{key}" for key in Paper.objects.published().filter(pk__among=list(keys)).values_list("pk", flat=True)}
    for each in found:
        each["nearest"] = [pair for pair in each["nearest"] if pair[0] in public]
        each["same_text"] = [key for key in each["same_text"] if key in public]


def _key(value: Any) -> int:
    text = value if isinstance(value, str) else ""
    if not text.startswith("P") or not text[1:].isdecimal() or len(text) > 18:
        raise ValueError(f"{str(value)[:60]!r} is no id such as P34")
    return int(text[1:])


def _read_nearest(value: Any) -> list[list[Any]]:
    pairs = [pair for pair in json_value(value) if isinstance(pair, list) and len(pair) == 2]
    if len(pairs) != len(value) or not all(type(pair[1]) in (int, float) for pair in pairs):
        raise ValueError("it is no list of papers with their similarity")
    return [[_key(paper), similarity] for paper, similarity in pairs]


_PAPER_ID = {"type": "string", "pattern": "^P[1-9][0-9]*$"}
NEAREST = Form(
    {"type": "array", "items": {"type": "array", "prefixItems": [_PAPER_ID, {"type": "number"}], "minItems": 2, "maxItems": 2}},
    lambda pairs: [[f"P{key}", similarity] for key, similarity in pairs],
    _read_nearest,
    "json",
)
SAME_TEXT = Form(
    {"type": "array", "items": _PAPER_ID},
    lambda keys: [f"P{key}" for key in keys],
    lambda value: [_key(each) for each in json_value(value)],
    "json",
)


def fingerprint_of(paper: Record) -> str:
    first = paper["authorships"][0].get("raw_name") if paper["authorships"] else ""
    return fingerprint(paper["title"], paper["year"], first if isinstance(first, str) else "")


AFFILIATIONS = Table(AuthorshipAffiliation, ("raw", "institution"), "authorship", needs=("raw", "institution"))
PAPER_PARTS: Mapping[str, Table] = {
    "authorships": Table(
        Authorship,
        ("position", "raw_name", "author", "decided_by", "is_corresponding", "profile_position"),
        "paper",
        public=with_shown_name,
        instead=_shown_lines,
        parts={"affiliations": AFFILIATIONS},
        derived={"name_key": lambda row: names.search_key(row["raw_name"])},
    ),
    "institutions": Table(PaperInstitution, ("institution", "of_whole_paper"), "paper"),
    "further_categories": Table(PaperCategory, ("category", "origin"), "paper"),
    "identifiers": _identifiers(PaperIdentifier, "paper"),
    "links": Table(PaperLink, ("kind", "url", "official", "status", "checked_at", "moved_to"), "paper"),
    "versions": Table(PaperVersion, ("position", "kind", "where", "url", "licence", "is_open"), "paper"),
    "counts_by_year": Table(CitationsInYear, ("year", "count", "source", "as_of"), "paper"),
    "figures": _figures(PaperFigure),
    "references_elsewhere": Table(PendingReference, ("scheme", "value"), "citing"),
    "provenance": _provenance("P"),
    "distance": Table(
        PaperDistance,
        ("encoder", "digest", "distance", "earlier", "least", "nearest", "same_text", "computed_at"),
        "paper",
        single=True,
        instead=lambda: {"distance": Case(When(paper__scores_hidden=False, then=F("distance")))},
        forms_instead={"nearest": NEAREST, "same_text": SAME_TEXT},
    ),
    "score_mark": Table(ScoreMark, ("kind", "reason", "made_at"), "paper", single=True),
}
