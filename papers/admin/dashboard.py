"""The admin's first page: what waits, what is missing, what changed lately; each a link to the list that mends it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from time import monotonic
from typing import Any
from urllib.parse import urlencode

from django.apps import apps
from django.core.cache import cache
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse

from authors.curation.changes import ChangeSet
from authors.curation.models import ImportProblem, ImportRun
from authors.models import Author, AuthorIdentifier, Institution, InstitutionIdentifier
from papers.models import Authorship, AuthorshipAffiliation, Paper, PaperEntry, PaperLink

LATEST = 8  # change sets shown
MOST = 10_000  # counted one by one; more are "more than"
SLOW, SECONDS = 0.05, 300  # a count that takes longer is kept for so long


@dataclass(frozen=True)
class Entry:
    """A count with its label, and the filtered list it leads to."""

    label: str
    count: int
    address: str

    @property
    def shown(self) -> str:
        return f"{MOST:,}+" if self.count > MOST else f"{self.count:,}"


Counter = Callable[[], int]


def _some(rows: "QuerySet[Any]") -> Counter:
    return rows.order_by()[: MOST + 1].count


def _authors_without_orcid() -> int:
    """By subtraction, from two indexes: asking each person would take long."""
    with_one = AuthorIdentifier.objects.filter(scheme="orcid", disputed=False).order_by().values("author").distinct().count()
    return max(0, Author.objects.count() - with_one)


def _institutions_without_ror() -> int:
    known = InstitutionIdentifier.objects.filter(scheme="ror").order_by().values("institution").distinct().count()
    return max(0, Institution.objects.count() - known)


def _code_without_link() -> int:
    linked = PaperLink.objects.filter(kind=PaperLink.Kind.CODE).order_by().values("paper").distinct().count()
    return max(0, PaperEntry.objects.filter(has_code=True).count() - linked)


def _waiting() -> Iterator[tuple[str, str, str, dict[str, str], Counter]]:
    """(name, label, list, its filters, how to count)."""
    for state, label in ((Paper.State.DRAFT, "drafts"), (Paper.State.REVIEW, "papers in review")):
        yield state, label, "papers_paper", {"state__exact": state}, _some(Paper.objects.filter(state=state))
    yield (
        "unfinished",
        "unfinished imports",
        "authors_importrun",
        {"state__exact": "running"},
        _some(ImportRun.objects.filter(state=ImportRun.State.RUNNING)),
    )
    yield (
        "problems",
        "records that imports left out",
        "authors_importproblem",
        {"skipped__exact": "1"},
        _some(ImportProblem.objects.filter(skipped=True)),
    )
    for model, label, filters in (("papers.LikelyDuplicate", "likely duplicates", {"decision": ""}),
                                  ("authors.Report", "reports from visitors", {"state": "new"})):  # fmt: skip
        if model.rpartition(".")[2].lower() in apps.all_models[model.partition(".")[0]]:
            rows = apps.get_model(model)._default_manager.filter(**filters)
            yield label, label, model.lower().replace(".", "_"), {}, _some(rows)


def _missing() -> Iterator[tuple[str, str, str, dict[str, str], Counter]]:
    published = Paper.objects.published()
    yield "abstract", "papers without abstract", "papers_paper", {"missing": "abstract"}, _some(published.filter(abstract=""))
    yield (
        "category",
        "papers without category",
        "papers_paper",
        {"missing": "category"},
        _some(published.filter(primary_category=None)),
    )
    yield (
        "institution",
        "papers without institution",
        "papers_paper",
        {"missing": "institution"},
        _some(PaperEntry.objects.filter(institutions="")),
    )
    yield "code", "papers with code but no link to it", "papers_paper", {"missing": "code-link"}, _code_without_link
    yield (
        "person",
        "names of nobody known",
        "papers_authorship",
        {"missing": "person"},
        _some(Authorship.objects.filter(author=None)),
    )
    yield (
        "affiliation",
        "affiliations of no institution",
        "papers_authorshipaffiliation",
        {"missing": "institution"},
        _some(AuthorshipAffiliation.objects.filter(institution=None)),
    )
    yield "orcid", "people without ORCID", "authors_author", {"missing": "orcid"}, _authors_without_orcid
    yield "ror", "institutions without ROR", "authors_institution", {"missing": "ror"}, _institutions_without_ror


def _entries(request: HttpRequest, found: Iterator[tuple[str, str, str, dict[str, str], Counter]]) -> list[Entry]:
    entries = []
    for name, label, model, filters, count in found:
        app, _, model_name = model.partition("_")
        if request.user.has_perm(f"{app}.view_{model_name}"):
            counted = _counted(f"dashboard-{name}".replace(" ", "-"), count)
            address = reverse(f"admin:{model}_changelist")
            entries.append(Entry(label, counted, f"{address}?{urlencode(filters)}" if filters else address))
    return entries


def _counted(name: str, count: Counter) -> int:
    """Anew each time, unless that takes long: an editor wants to see what she has just done."""
    known = cache.get(name)
    if known is None:
        began = monotonic()
        known = count()
        if monotonic() - began > SLOW:
            cache.set(name, known, SECONDS)
    return int(known)


def dashboard(request: HttpRequest) -> dict[str, Any]:
    """What the first page shows beside the list of everything; counts that take long are at most SECONDS old."""
    may_look = request.user.has_perm("authors.view_changeset")
    latest = list(ChangeSet.objects.select_related("undone_by", "user")[:LATEST]) if may_look else []
    return {"waiting": _entries(request, _waiting()), "missing": _entries(request, _missing()), "latest": latest}
