"""The papers that the catalogue is grown from, as templates of the made ones."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.db.models import Exists, OuterRef

from authors import names
from authors.models import Author, Provenance
from papers.models import Authorship, AuthorshipAffiliation, Paper, PaperCategory, PaperInstitution
from papers.querysets import PaperQuerySet

SOURCE = "sample"
MANY = 10  # papers of one person
TEMPLATES = 30_000  # at most; more would cost memory and change no share by a hundredth
NAMES = 100_000  # at most, likewise

# What a made paper has from its template as it is.
COPIED = (
    "type", "published", "date_precision", "year", "primary_category", "primary_category_origin", "venue", "volume", "issue",
    "first_page", "last_page", "publisher", "keywords", "track", "acceptance", "award", "language", "licence", "open_access",
    "state", "authors_complete", "has_code", "citations_as_of", "referenced_count",
)  # fmt: skip

Affiliation = tuple[str, int | None]
Home = int | str  # an institution, or for those without one the category in which they publish


@dataclass(slots=True)
class Template:
    title: str
    abstract: str
    category: str
    citations: int | None
    copied: tuple[Any, ...]
    homes: list[Home] = field(default_factory=list)  # of each author, in order
    affiliations: list[list[Affiliation]] = field(default_factory=list)  # likewise
    institutions: list[tuple[int, bool]] = field(default_factory=list)
    categories: list[tuple[str, str]] = field(default_factory=list)  # the further ones


@dataclass(slots=True)
class Source:
    templates: list[Template]
    names: list[str]
    people_per_mention: float
    people_with_one: float  # paper, as a part of all
    people_with_many: float
    names_per_person: float


def made_papers() -> PaperQuerySet:
    return Paper.objects.filter(_is_made())


def source_papers() -> PaperQuerySet:
    return Paper.objects.counted().filter(~_is_made())


def _is_made() -> Exists:
    return Exists(Provenance.objects.filter(kind="P", record_id=OuterRef("pk"), source=SOURCE))


def load_source() -> Source:
    """Everything that made papers are recombined from: at most `TEMPLATES` papers, evenly over all."""
    keys = list(source_papers().order_by("pk").values_list("pk", flat=True))
    keys = keys[:: -(-len(keys) // TEMPLATES) or 1]
    templates = _templates(keys)
    _add_authors(templates)
    institutions = PaperInstitution.objects.filter(paper__among=keys).values_list("paper", "institution", "of_whole_paper")
    for paper, institution, of_whole_paper in institutions:
        templates[paper].institutions.append((institution, of_whole_paper))
    for paper, code, origin in PaperCategory.objects.filter(paper__among=keys).values_list("paper", "category", "origin"):
        templates[paper].categories.append((code, origin))
    return Source(list(templates.values()), *_people())


def _templates(keys: list[int]) -> dict[int, Template]:
    columns = ("pk", "title", "abstract", "primary_category", "cited_by_count", *COPIED)
    rows = Paper.objects.filter(pk__among=keys).order_by("pk").values_list(*columns)
    return {
        pk: Template(title, abstract, category or "", citations, tuple(copied))
        for pk, title, abstract, category, citations, *copied in rows.iterator()
    }


def _add_authors(templates: dict[int, Template]) -> None:
    keys = list(templates)
    stated: dict[int, list[Affiliation]] = {}
    rows = AuthorshipAffiliation.objects.filter(authorship__paper__among=keys).order_by("pk")
    for authorship, raw, institution in rows.values_list("authorship", "raw", "institution").iterator():
        stated.setdefault(authorship, []).append((raw, institution))
    lines = Authorship.objects.filter(paper__among=keys).order_by("paper_id", "position")
    for paper, authorship in lines.values_list("paper", "pk").iterator():
        template, affiliations = templates[paper], stated.get(authorship, [])
        template.homes.append(home_of((institution for _, institution in affiliations), template.category))
        template.affiliations.append(affiliations)


def home_of(institutions: Iterable[int | None], category: str) -> Home:
    return next((institution for institution in institutions if institution), category)


def _people() -> tuple[list[str], float, float, float, float]:
    """Names to recombine, people per mention, the parts of them with one and with many papers, names per person."""
    mentions = Authorship.objects.filter(paper__in=source_papers(), author__isnull=False).order_by()
    per_person = Counter(mentions.values_list("author", flat=True).iterator())
    number = max(1, len(per_person))
    people = Author.objects.filter(pk__in=mentions.values("author")).order_by("pk")
    names_count = people.filter(names__isnull=False).count()
    some = islice(people.values_list("display_name", flat=True).iterator(), 0, None, -(-number // NAMES))
    known = [name for name in some if all(names.split(name))]
    with_one = sum(count == 1 for count in per_person.values()) or 1
    with_many = sum(count >= MANY for count in per_person.values())
    return known, number / max(1, per_person.total()), with_one / number, with_many / number, names_count / number
