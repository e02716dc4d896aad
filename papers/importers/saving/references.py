"""Turning references into citations: at once where the cited paper is here, later when it arrives."""

from collections.abc import Collection, Iterable, Sequence

from authors.curation.bulk import insert
from authors.curation.recording import watch_rows
from papers.importers.records import Identifier, PaperRecord
from papers.metrics.citing import count_citations
from papers.models import Citation, PaperIdentifier, PendingReference


def link_references(saved: Sequence[tuple[int, PaperRecord]], *, retracted: Collection[int] = ()) -> None:
    """For papers just saved: cite what they refer to, and be cited by those who waited for them. `retracted` are those that
    cite from now on in vain, or no longer so."""
    citations = _outgoing(saved) | _incoming(saved)
    there = set(Citation.objects.filter(citing__among={pair[0] for pair in citations}).values_list("citing", "cited"))
    fresh = sorted(citations - there)
    insert(Citation, ["citing", "cited"], fresh, remembered=True)
    cited = {cited for _, cited in fresh}
    if retracted:
        cited |= {*Citation.objects.filter(citing__among=retracted).values_list("cited", flat=True)}
    if cited:
        count_citations(cited)


def _outgoing(saved: Sequence[tuple[int, PaperRecord]]) -> set[tuple[int, int]]:
    wanted = {(pk, reference) for pk, record in saved for reference in record.references}
    here = _papers_with({reference for _, reference in wanted})
    missing = sorted((pk, *reference) for pk, reference in wanted if reference not in here)
    waiting = set(
        PendingReference.objects.filter(citing__among={pk for pk, *_ in missing}).values_list("citing", "scheme", "value")
    ) if missing else set()  # fmt: skip
    insert(PendingReference, ["citing", "scheme", "value"], [row for row in missing if row not in waiting])
    return {(pk, here[reference]) for pk, reference in wanted if reference in here and here[reference] != pk}


def _incoming(saved: Sequence[tuple[int, PaperRecord]]) -> set[tuple[int, int]]:
    identifiers = {identifier for _, record in saved for identifier in record.identifiers}
    rows = PendingReference.objects.all().filter(value__among={value for _, value in identifiers})
    named = [row for row in rows if (row.scheme, row.value) in identifiers]
    arrived = _papers_with((row.scheme, row.value) for row in named)
    waited = [row for row in named if (row.scheme, row.value) in arrived]
    if waited:
        watch_rows(PendingReference.objects.filter(pk__among=[row.pk for row in waited]))
        PendingReference.objects.filter(pk__among=[row.pk for row in waited]).delete()
    return {(row.citing_id, cited) for row in waited if (cited := arrived[row.scheme, row.value]) != row.citing_id}


def _papers_with(identifiers: Iterable[Identifier]) -> dict[Identifier, int]:
    """Undisputed holders only: a disputed identifier does not say who is cited."""
    wanted = set(identifiers)
    rows = PaperIdentifier.objects.filter(disputed=False).values_list("scheme", "value", "paper")
    found = rows.filter(value__among={value for _, value in wanted})
    return {(scheme, value): pk for scheme, value, pk in found if (scheme, value) in wanted}
