"""Code links: whether what they lead to is still there.

A job asks for at most MOST links and leaves the others to a further one, so that nothing else waits long for the worker.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.dispatch import receiver
from django.utils import timezone

from authors.curation.changes import Change
from authors.curation.jobs.models import Job
from authors.curation.jobs.queue import check, enqueue, task
from authors.curation.undoing import restored
from papers.importers.fetching.errors import FetchError, NotFound, Refused
from papers.importers.fetching.looking import Looker, code_host
from papers.models import Paper, PaperLink
from papers.tasks import keys_in

Status = PaperLink.Status
DAYS = 30  # between two looks at a link that is there, or is known not to be
TIMES = 2  # nothing is there so many runs in a row: it is dead
MOST, AT_ONCE = 600, 200  # links of a job, which is ten minutes; and in one query
SKIPPED = "skipped"
UNCHECKED: dict[str, Any] = {"status": Status.UNKNOWN, "checked_at": None, "moved_to": "", "failures": 0}


# --- asking for it -------------------------------------------------------------------------------------------------------


def ask_for_check(*, again: int = DAYS, ranges: Sequence[Sequence[int]] = (), user: Any = None) -> Job | None:
    """Of the papers in `ranges` of keys, or of all of them; None when all are being checked already."""
    if not ranges and Job.objects.unfinished().filter(task="links", parameters__ranges=[]).exists():
        return None
    papers = len(keys_in(ranges))
    summary = f"Check code links of {papers:,} {'paper' if papers == 1 else 'papers'}" if papers else "Check code links"
    told: dict[str, Any] = {"since": timezone.now().isoformat(), "again": again, "ranges": list(ranges), "after": 0}
    return enqueue("links", summary, user=user, **told)


def due_links(since: datetime, *, again: int, ranges: Sequence[Sequence[int]] = ()) -> QuerySet[PaperLink]:
    """Those that a run begun at `since` looks at: not looked at for `again` days, or of no sure state at the last run."""
    long_ago = Q(checked_at=None) | Q(checked_at__lt=since - timedelta(days=again))
    unsure = Q(checked_at__lt=since) & (Q(status=Status.UNREACHABLE) | (Q(failures__gt=0) & ~Q(status=Status.DEAD)))
    links = PaperLink.objects.filter(long_ago | unsure, kind=PaperLink.Kind.CODE, paper__state=Paper.State.PUBLISHED)
    return links.filter(paper__among=keys_in(ranges)) if ranges else links


# --- doing it ------------------------------------------------------------------------------------------------------------


@task("links")
def check_in_background(job: Job) -> str:
    told, looker = job.parameters, Looker()
    links = due_links(datetime.fromisoformat(told["since"]), again=told["again"], ranges=told["ranges"])
    place = job.reached.get("place", told["after"])
    counts = Counter(job.reached.get("counts", {}))
    if job.total is None:
        urls = links.filter(pk__gt=place).order_by().values_list("url", flat=True).iterator()
        job.report(job.done, total=min(MOST, sum(1 for url in urls if code_host(url))))
    for link in _each(links, place):
        if job.done >= MOST:
            _go_on(job)
            break
        if looker.gave_up(link.url):
            counts[SKIPPED] += 1
            continue
        check(job)
        with transaction.atomic():
            counts[_look_at(link, looker)] += 1
            job.report(job.done + 1, place=link.pk, counts=counts)
    return _told(counts)


def _each(links: QuerySet[PaperLink], after: int) -> Iterator[PaperLink]:
    """In the order of their keys; those on other hosts are not asked for."""
    while chunk := list(links.filter(pk__gt=after).order_by("pk")[:AT_ONCE]):
        yield from (link for link in chunk if code_host(link.url))
        after = chunk[-1].pk


def _go_on(job: Job) -> None:
    """Once, even if the worker dies after this."""
    told = {**job.parameters, "after": job.reached["place"]}
    if not Job.objects.filter(task="links", parameters__since=told["since"], parameters__after=told["after"]).exists():
        enqueue("links", job.summary, user=job.user, **told)


def _told(counts: Mapping[str, int]) -> str:
    names = {**dict(Status.choices), Status.UNKNOWN: "not found for the first time", SKIPPED: "not asked"}
    return ", ".join(f"{counts[name]:,} {text}" for name, text in names.items() if counts.get(name)) or "No link was due."


def _look_at(link: PaperLink, looker: Looker) -> str:
    """What was found, by which it is counted. The link may have got another address meanwhile: then it is not said of that."""
    found = _found(link, looker)
    if found is None:
        return SKIPPED
    PaperLink.objects.filter(pk=link.pk, url=link.url).update(**found, checked_at=timezone.now())
    return "" if found["failures"] and found["status"] != Status.DEAD else str(found["status"])


def _found(link: PaperLink, looker: Looker) -> dict[str, Any] | None:
    """None where nothing new is known: the host has had enough questions, or a dead link's does not answer."""
    try:
        found = looker.look(link.url)
    except NotFound:
        failures = min(link.failures + 1, 99)
        if failures >= TIMES:
            return {"status": Status.DEAD, "moved_to": "", "failures": failures}
        return {"status": link.status, "moved_to": link.moved_to, "failures": failures}
    except FetchError as error:
        if link.status == Status.DEAD or (isinstance(error, Refused) and error.lasting):
            return None
        return {"status": Status.UNREACHABLE, "moved_to": "", "failures": link.failures}
    longest = PaperLink._meta.get_field("moved_to").max_length
    moved = found.moved and len(found.address) <= (longest or 0)
    return {"status": Status.MOVED if moved else Status.ALIVE, "moved_to": found.address if moved else "", "failures": 0}


@receiver(restored)
def forget_what_other_addresses_were(changes: Sequence[Change], **_: Any) -> None:
    """A link that got its former address back was looked at under the other."""
    own = [change for change in changes if change.model == PaperLink._meta.label_lower]
    keys = [int(change.row_id) for change in own if "url" in (change.before or {}) and change.after is not None]
    PaperLink.objects.filter(pk__among=keys).update(**UNCHECKED)
