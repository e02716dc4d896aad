"""Whether a record was changed since its row was taken out."""

from collections.abc import Collection, Mapping

from django.db.models import Max

from authors.curation.changes import Change, ChangedRecord
from authors.curation.history import differences, sentence
from authors.curation.models import Provenance


def versions(letter: str, keys: Collection[int]) -> dict[int, int]:
    """By record the number of the last change set that concerns it; none where there is no history yet."""
    rows = ChangedRecord.objects.filter(kind=letter, record_id__among=list(keys)).order_by()
    return dict(rows.values_list("record_id").annotate(last=Max("change_set")))


def changed_since(letter: str, known: Mapping[int, int]) -> dict[int, str]:
    """Of records, each with the version that its row knows: what was changed since, by whom and when."""
    newest = versions(letter, known)
    suspects = [key for key, last in newest.items() if last > known[key]]
    if not suspects:
        return {}
    about = ChangedRecord.objects.filter(kind=letter, record_id__among=suspects, change_set__gt=min(known.values()))
    sets = list(about.order_by().values_list("change_set", flat=True).distinct())
    changes = Change.objects.filter(kind=letter, record_id__among=suspects, change_set__among=sets)
    found: dict[int, str] = {}
    for change in changes.exclude(model=Provenance._meta.label_lower).select_related("change_set").order_by("-pk").iterator():
        if change.record_id not in found and change.change_set_id > known[change.record_id] and differences([change]):
            found[change.record_id] = sentence(change)
    return found
