"""The queue follows what is written: the records that a change set concerns are compared anew once it is committed.

This is no part of the change set: it follows from it, and undoing brings the queue back in the same way.
"""

from collections.abc import Collection, Iterable
from itertools import chain

from authors.curation.changes import Change, ChangedRecord, ChangeSet
from authors.curation.created import created_ranges
from authors.curation.models import ImportRun
from authors.curation.recording import Action, records_of, watch_rows
from authors.models import (
    Affiliation,
    Author,
    AuthorIdentifier,
    AuthorName,
    Institution,
    InstitutionAlias,
    InstitutionIdentifier,
)
from papers.duplicates.blocks import ordered
from papers.duplicates.finding import FINDERS, find_for
from papers.models import Authorship, AuthorshipAffiliation, LikelyDuplicate, PairDecision, Paper, PaperIdentifier
from papers.models.duplicates import MODELS

MOST = 2_000  # records that a write concerns; beyond, the queue waits for `manage.py find_duplicates`
LEFT = f"Likely duplicates were not looked for among more than {MOST:,} records: run manage.py find_duplicates."
COMPARED = [
    model._meta.label_lower
    for model in (
        Author, AuthorName, AuthorIdentifier, Affiliation, Institution, InstitutionAlias, InstitutionIdentifier, Paper,
        PaperIdentifier, Authorship, AuthorshipAffiliation,
    )
]  # fmt: skip


def follow(change_set: ChangeSet) -> None:
    """Compare the records anew of which it changed anything that comparisons look at."""
    if ChangedRecord.objects.filter(change_set=change_set, kind__in=FINDERS)[: MOST + 1].count() > MOST:
        return
    # A decision brings its pair up to date itself; taking it back does not.
    labels = [*COMPARED, PairDecision._meta.label_lower] if change_set.action == Action.UNDO else COMPARED
    _compare(chain.from_iterable(map(records_of, Change.objects.filter(change_set=change_set, model__in=labels))))


def follow_run(run: ImportRun) -> str:
    """The same for what an import added and changed; gives what to say if it was too much."""
    if run.created_count + run.updated_count > MOST:
        return LEFT
    for change_set in ChangeSet.objects.filter(run=run, action=Action.IMPORT):
        changed = ChangedRecord.objects.filter(change_set=change_set).values_list("kind", "record_id")
        _compare(chain(changed, ((kind, key) for kind, keys in created_by(change_set).items() for key in keys)))
    return ""


def created_by(change_set: ChangeSet) -> dict[str, set[int]]:
    """The records that it added, by letter."""
    ranges = created_ranges(change_set)
    found: dict[str, set[int]] = {}
    for kind, model in MODELS.items():
        for first, last in ranges.get(model._meta.label_lower, ()):
            found.setdefault(kind, set()).update(range(first, last + 1))
    return found


def _compare(records: Iterable[tuple[str, int]]) -> None:
    found: dict[str, set[int]] = {}
    for kind, key in records:
        found.setdefault(kind, set()).add(key)
    for kind in FINDERS:
        find_for(kind, sorted(found.get(kind, ())))


def forget(kind: str, keys: Collection[int]) -> None:
    """Records that are taken out are in no pair any more."""
    if kind in FINDERS:
        LikelyDuplicate.objects.concerning(kind, list(keys)).delete()


# --- merging ---------------------------------------------------------------------------------------------------------------


def hand_over(kind: str, survivor: int, other: int) -> None:
    """Whoever may be the same as the other, or was kept apart from it, now is so with the one that stays."""
    _hand_over_decisions(kind, survivor, other)
    pairs = LikelyDuplicate.objects.concerning(kind, [survivor, other])
    known = {(pair.first_id, pair.second_id): pair.pk for pair in pairs}
    for (first, second), pk in known.items():
        if other not in (first, second):
            continue
        third = first if second == other else second
        becomes = ordered(survivor, third)
        if third == survivor or becomes in known:
            LikelyDuplicate.objects.filter(pk=pk).delete()
        else:
            LikelyDuplicate.objects.filter(pk=pk).update(first_id=becomes[0], second_id=becomes[1])


def _hand_over_decisions(kind: str, survivor: int, other: int) -> None:
    """Decisions are part of the merge and of its undoing."""
    own = PairDecision.objects.filter(kind=kind, record_id=other)
    others = list(own.values_list("other_id", flat=True))
    about_it = PairDecision.objects.filter(kind=kind, other_id=other, record_id__in=others)
    watch_rows(own)
    watch_rows(about_it)
    taken = {survivor, *PairDecision.objects.filter(kind=kind, record_id=survivor).values_list("other_id", flat=True)}
    own.filter(other_id__in=taken).delete()
    about_it.filter(record_id__in=taken).delete()
    about_it.update(other_id=survivor)
    own.update(record_id=survivor)
