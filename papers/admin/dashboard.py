"""The admin's first page: what waits, what is missing, what changed lately; each a link to the list that mends it."""

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import Any
from urllib.parse import urlencode

from django.core.cache import cache
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse

from authors.admin.lists import MOST_LISTED
from authors.curation.changes import ChangeSet
from authors.curation.harvests import Fetch
from authors.curation.jobs.models import Job
from authors.curation.models import ImportProblem, ImportRun
from authors.curation.reports import Report
from authors.models import Author, AuthorIdentifier, Institution, InstitutionIdentifier
from papers.admin.linking import DEAD
from papers.admin.scores import unscored
from papers.models import Authorship, AuthorshipAffiliation, LikelyDuplicate, Paper, PaperEntry, PaperLink
from papers.search.finding import Search
from papers.search.resolving import Resolver
from papers.search.tree import Not, Tag

LATEST = 8  # change sets shown
SLOW, SECONDS = 0.05, 300  # a count that takes longer is kept for so long


@dataclass(frozen=True)
class Entry:
    """A count with its label, and the filtered list it leads to."""

    label: str
    count: int
    address: str

    @property
    def shown(self) -> str:
        return f"{MOST_LISTED:,}+" if self.count > MOST_LISTED else f"{self.count:,}"


@dataclass(frozen=True)
class Question:
    """What is counted, and by which list and filters it is mended."""

    label: str
    model: str  # app_model
    filters: dict[str, str]
    count: Callable[[], int]


def _some(rows: "QuerySet[Any]") -> Callable[[], int]:
    return rows.order_by()[: MOST_LISTED + 1].count


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


def _with_dead_link() -> int:
    return DEAD.values("paper").distinct()[: MOST_LISTED + 1].count()


def _without_abstract() -> int:
    """By the search index, which knows."""
    return Search(Resolver().match(Not(Tag("has", "abstract")))).count.value


def _waiting() -> list[Question]:
    unpublished = Paper.objects.exclude(state=Paper.State.PUBLISHED)  # said so, the index of the few is used
    skipped = ImportProblem.objects.filter(skipped=True)
    running = ImportRun.objects.filter(state=ImportRun.State.RUNNING)
    failed = Job.objects.filter(state=Job.State.FAILED)
    reports = Report.objects.filter(state__in=[Report.State.NEW, Report.State.WAITING])
    drafts, in_review = unpublished.filter(state=Paper.State.DRAFT), unpublished.filter(state=Paper.State.REVIEW)
    return [
        Question("drafts", "papers_paper", {"state": "draft"}, _some(drafts)),
        Question("papers in review", "papers_paper", {"state": "review"}, _some(in_review)),
        Question("unfinished imports", "authors_importrun", {"state__exact": "running"}, _some(running)),
        Question("records that imports left out", "authors_importproblem", {"skipped__exact": "1"}, _some(skipped)),
        Question("likely duplicates", "papers_likelyduplicate", {}, _some(LikelyDuplicate.objects.filter(decision=""))),
        Question("fetched records to review", "authors_fetch", {"outcome": "waiting"}, _some(Fetch.objects.waiting())),
        Question("jobs in the background", "authors_job", {"state__in": "waiting,running"}, _some(Job.objects.unfinished())),
        Question("jobs stopped by an error", "authors_job", {"state__exact": "failed"}, _some(failed)),
        Question("reports from visitors", "authors_report", {}, _some(reports)),
    ]


def _missing() -> list[Question]:
    published = Paper.objects.published()
    nobody, nowhere = Authorship.objects.filter(author=None), AuthorshipAffiliation.objects.filter(institution=None)
    no_category, no_institution = published.filter(primary_category=None), PaperEntry.objects.filter(institutions="")
    return [
        Question("papers without abstract", "papers_paper", {"missing": "abstract"}, _without_abstract),
        Question("papers without category", "papers_paper", {"missing": "category"}, _some(no_category)),
        Question("papers without institution", "papers_paper", {"missing": "institution"}, _some(no_institution)),
        Question("papers with code but no link to it", "papers_paper", {"missing": "code-link"}, _code_without_link),
        Question("papers whose code link is dead", "papers_paper", {"missing": "dead-link"}, _with_dead_link),
        Question("papers that cannot be scored", "papers_paper", {"missing": "novelty"}, _some(published.filter(unscored))),
        Question("names of nobody known", "papers_authorship", {"missing": "person"}, _some(nobody)),
        Question("affiliations of no institution", "papers_authorshipaffiliation", {"missing": "institution"}, _some(nowhere)),
        Question("people without ORCID", "authors_author", {"missing": "orcid"}, _authors_without_orcid),
        Question("institutions without ROR", "authors_institution", {"missing": "ror"}, _institutions_without_ror),
    ]


def _entries(request: HttpRequest, questions: list[Question]) -> list[Entry]:
    entries = []
    for asked in questions:
        app, _, name = asked.model.partition("_")
        if request.user.has_perm(f"{app}.view_{name}"):
            address = reverse(f"admin:{asked.model}_changelist") + (f"?{urlencode(asked.filters)}" if asked.filters else "")
            entries.append(Entry(asked.label, _counted(f"dashboard-{asked.label.replace(' ', '-')}", asked.count), address))
    return entries


def _counted(name: str, count: Callable[[], int]) -> int:
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
