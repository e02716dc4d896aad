"""The kinds of records of a snapshot, in the order in which they are written and read: whatever is named comes first."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q

from authors import names
from authors.models import Affiliation, Author, Institution, Redirect
from papers.models import Category, Citation, GonePaper, Paper, ScoreRun, TextEncoder, Venue
from papers.people import NAMED, public_authors
from papers.snapshots.tables import (
    AUTHOR_PARTS,
    INSTITUTION_PARTS,
    PAPER_PARTS,
    VENUE_PARTS,
    Table,
    fingerprint_of,
    only_published,
)

LETTERED: Mapping[str, Any] = {"A": Author, "I": Institution, "P": Paper, "V": Venue}


@dataclass(frozen=True)
class Kind:
    """`rows` are those that the public sees, now; `size` names a column that says how much hangs on a record."""

    name: str
    about: str
    table: Table
    rows: Callable[[], Any]
    size: str = ""

    @property
    def first(self) -> Any:
        """What all keys come after."""
        return "" if self.table.model._meta.pk.get_internal_type() == "CharField" else 0


def _institutions() -> Any:
    """Those behind published papers, those that public people say they were at, and whatever these are part of."""
    stays = Affiliation.objects.filter(author__in=public_authors().select_related(None).values("pk")).values("institution")
    shown = Institution.objects.filter(Q(NAMED) | Q(pk__in=stays)).order_by()
    above: set[int] = set()
    more = {key for key in shown.values_list("parent", flat=True) if key}
    while more - above:
        above |= more
        more = {key for key in Institution.objects.filter(pk__among=list(more)).values_list("parent", flat=True) if key}
    return Institution.objects.filter(Q(NAMED) | Q(pk__in=stays) | Q(pk__in=sorted(above)))


def _redirects() -> Any:
    """Those that say "withdrawn", or lead to what the public sees."""
    shown: Mapping[str, Any] = {
        "P": Paper.objects.published(),
        "A": public_authors().select_related(None),
        "I": Institution.objects.filter(NAMED),
        "V": _venues(),
    }
    open_ones = Q(target_id=None)
    for letter, rows in shown.items():
        open_ones |= Q(kind=letter, target_id__in=rows.values("pk"))
    return Redirect.objects.filter(open_ones)


def _venues() -> Any:
    return Venue.objects.filter(Exists(Paper.objects.published().filter(venue=OuterRef("pk"))))


def _score_runs() -> Any:
    """The last one: the page on methods tells of it."""
    last = ScoreRun.objects.exclude(finished_at=None).values_list("pk", flat=True).first()
    return ScoreRun.objects.filter(pk=last or 0)


CATEGORY = ("code", "archive", "short_code", "name", "group", "arxiv_code", "parent", "colour")
INSTITUTION = ("id", "name", "tag", "country_code", "city", "kind", "homepage", "parent", "created_at", "updated_at")
VENUE = ("id", "name", "type", "publisher", "default_category", "created_at", "updated_at")
AUTHOR = ("id", "display_name", "homepage", "biography", "visibility", "scores_hidden", "created_at", "updated_at")
PAPER = (
    "id", "title", "abstract", "type", "published", "date_precision", "year", "primary_category", "primary_category_origin",
    "venue", "volume", "issue", "first_page", "last_page", "publisher", "keywords", "track", "acceptance", "award", "language",
    "licence", "open_access", "is_retracted", "retraction_notice", "retracted_on", "authors_count", "authors_complete",
    "has_code", "cited_by_count", "citations_source", "citations_as_of", "referenced_count", "scores_hidden", "created_at",
    "updated_at",
)  # fmt: skip
RUN = (
    "encoder", "novelty_version", "ai_score_version", "weights", "papers", "scored", "unscored", "people", "institutions",
    "category_means", "started_at", "finished_at",
)  # fmt: skip

KINDS = (
    Kind("categories", "What papers are about.", Table(Category, CATEGORY), Category.objects.all),
    Kind(
        "encoders", "What turns texts into numbers, for Novelty.",
        Table(TextEncoder, ("version", "method", "settings", "texts", "content", "fitted_at")), TextEncoder.objects.all,
    ),
    Kind("score_runs", "The last computation of all scores.", Table(ScoreRun, RUN), _score_runs),
    Kind(
        "institutions", "Where people work.",
        Table(
            Institution, INSTITUTION, parts=INSTITUTION_PARTS,
            derived={"name_key": lambda row: names.institution_key(row["name"])},
        ),
        _institutions,
    ),
    Kind(
        "venues", "Where papers appear.",
        Table(Venue, VENUE, parts=VENUE_PARTS, derived={"name_key": lambda row: names.fold(row["name"])[:400]}),
        _venues,
    ),
    Kind(
        "authors", "People who write.",
        Table(Author, AUTHOR, parts=AUTHOR_PARTS, derived={"sort_key": lambda row: names.sort_key(row["display_name"])}),
        lambda: public_authors().select_related(None),
    ),
    Kind(
        "papers", "Published papers, retracted ones among them.",
        Table(
            Paper, PAPER, parts=PAPER_PARTS, tidy=only_published, derived={"fingerprint": fingerprint_of},
            same={"state": Paper.State.PUBLISHED},
        ),
        Paper.objects.published,
        size="authors_count",
    ),
    Kind(
        "withdrawn", "Papers that were withdrawn: their addresses say so, and nothing else of them.",
        Table(Paper, ("id", "created_at", "updated_at"), same={"state": Paper.State.WITHDRAWN}), Paper.objects.withdrawn,
    ),
    Kind(
        "citations", "Which published paper cites which.", Table(Citation, ("citing", "cited")),
        lambda: Citation.objects.filter(citing__state="published", cited__state="published"),
    ),
    Kind(
        "redirects", "Where merged records went; no target: withdrawn. Ids are numbers, `kind` is their letter.",
        Table(Redirect, ("kind", "old_id", "target_id", "reason", "note", "created_at")), _redirects,
    ),
    Kind(
        "gone", "Papers that were public once, as harvesters are told.", Table(GonePaper, ("paper_id", "since", "sets")),
        GonePaper.objects.all,
    ),
)  # fmt: skip
