"""What harvesters are told: when a paper's record changed last, and which papers are gone.

Every change of a record moves `Paper.updated_at`, whichever table it happened in: this is called at the end of everything
that is recorded. A published paper that leaves the public's sight leaves a `GonePaper`.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Q
from django.utils import timezone

from authors.curation.changes import Change
from authors.models import AuthorIdentifier, InstitutionIdentifier
from papers.models import (
    Authorship,
    AuthorshipAffiliation,
    GonePaper,
    Paper,
    PaperCategory,
    PaperIdentifier,
    PaperInstitution,
    PaperLink,
    PaperVersion,
    VenueIdentifier,
)

Created = Sequence[tuple[str, int, int]]  # table, first and last key
PUBLISHED = str(Paper.State.PUBLISHED)


def _label(model: Any) -> str:
    return str(model._meta.label_lower)


PAPER = _label(Paper)
OWN = {
    PAPER,
    *map(_label, (Authorship, AuthorshipAffiliation, PaperIdentifier, PaperLink, PaperVersion)),
    *map(_label, (PaperCategory, PaperInstitution)),
}
# Columns of other tables that papers' records show; empty: whatever happens to a row.
ELSEWHERE: Mapping[str, set[str]] = {
    "authors.author": {"display_name", "visibility"},
    "authors.authorname": {"public", "name"},
    "authors.institution": {"name"},
    "papers.venue": {"name", "publisher", "type"},
    "papers.category": {"name"},
    _label(AuthorIdentifier): set(),
    _label(InstitutionIdentifier): set(),
    _label(VenueIdentifier): set(),
}
IDENTIFIERS = ((AuthorIdentifier, "author"), (InstitutionIdentifier, "institution"), (VenueIdentifier, "venue"))


def announce(changes: Sequence[Change], created: Created) -> None:
    """Call with all that was changed, in the transaction that changed it."""
    states = {change.record_id: change for change in changes if change.model == PAPER}
    lost = [key for key, change in states.items() if _left(change)]
    _say_gone(lost, _sets_before(lost, changes))
    GonePaper.objects.filter(paper_id__among=[key for key, change in states.items() if _came(change)]).delete()
    _touch({change.record_id for change in changes if change.model in OWN}, changes, created)


def _left(change: Change) -> bool:
    was, became = (told and told.get("state") for told in (change.before, change.after))
    return was == PUBLISHED and became != PUBLISHED


def _came(change: Change) -> bool:
    return bool(change.after) and (change.after or {}).get("state") == PUBLISHED


# --- when records changed ----------------------------------------------------------------------------------------------


def _touch(papers: Collection[int], changes: Iterable[Change], created: Created) -> None:
    shown: dict[str, set[Any]] = {"A": set(), "I": set(), "V": set(), "category": set()}
    for change in changes:
        if _shows(change):
            kind, key = (change.kind, change.record_id) if change.kind else ("category", change.row_id)
            shown[kind].add(key)
    for kind, owners in zip("AIV", _newly_identified(created), strict=True):
        shown[kind].update(owners)
    now = timezone.now()
    for showing in [Q(pk__among=list(papers)) if papers else None, *_papers_showing(shown)]:
        if showing is not None:
            Paper.objects.published().filter(showing).update(updated_at=now)


def _shows(change: Change) -> bool:
    columns = ELSEWHERE.get(change.model)
    if columns is None or not columns:
        return columns is not None
    if change.before is None or change.after is None:
        # A name that is not public replaces what papers print; other rows come and go with lines of their own.
        return (change.before or change.after or {}).get("public") is False
    return bool(columns & change.columns.keys())


def _papers_showing(shown: Mapping[str, set[Any]]) -> Iterable[Q | None]:
    people, places, venues, codes = (list(keys) for keys in shown.values())
    by = Authorship.objects.filter(author__among=people).order_by().values("paper")
    at = PaperInstitution.objects.filter(institution__among=places).values("paper")
    listed = PaperCategory.objects.filter(category__among=codes).values("paper")
    yield Q(pk__in=by) if people else None
    yield Q(pk__in=at) if places else None
    yield Q(venue__among=venues) if venues else None
    yield Q(primary_category__among=codes) | Q(pk__in=listed) if codes else None


def _newly_identified(created: Created) -> Iterable[set[int]]:
    """People, institutions and venues that imports gave an identifier; those that are new themselves have new papers only."""
    for model, owner in IDENTIFIERS:
        rows = _within("pk", [run for run in created if run[0] == _label(model)])
        new = _within(owner, [run for run in created if run[0] == _label(model._meta.get_field(owner).related_model)])
        found = model._default_manager.filter(rows).exclude(new).order_by()
        yield set(found.values_list(owner, flat=True)) if rows else set()


def _within(column: str, runs: Created) -> Q:
    found = Q()
    for _, first, last in runs:
        found |= Q(**{f"{column}__gte": first, f"{column}__lte": last})
    return found


# --- which are gone ----------------------------------------------------------------------------------------------------


def say_gone(papers: Collection[int]) -> None:
    """Call before the papers are deleted where no change tells of it, as when an import is undone."""
    keys = list(Paper.objects.published().filter(pk__among=list(papers)).order_by().values_list("pk", flat=True))
    _say_gone(keys, _sets_now(keys))


def _say_gone(papers: Iterable[int], sets: Mapping[int, Iterable[str]]) -> None:
    now = timezone.now()
    rows = [GonePaper(paper_id=key, since=now, sets=f" {' '.join(sorted(sets.get(key, ())))} ") for key in papers]
    GonePaper.objects.bulk_create(
        rows, batch_size=200, update_conflicts=True, unique_fields=["paper_id"], update_fields=["since", "sets"]
    )


def _sets_now(papers: Collection[int]) -> dict[int, set[str]]:
    keys, found = list(papers), {key: set[str]() for key in papers}
    primary = Paper.objects.filter(pk__among=keys).exclude(primary_category=None).values_list("pk", "primary_category")
    further = PaperCategory.objects.filter(paper__among=keys).values_list("paper", "category")
    for key, code in [*primary.order_by(), *further]:
        found[key].add(category_set(code))
    for key, place in PaperInstitution.objects.filter(paper__among=keys).values_list("paper", "institution"):
        found[key].add(institution_set(place))
    return found


def _sets_before(papers: Collection[int], changes: Iterable[Change]) -> dict[int, set[str]]:
    """Also of papers that are no longer there: of rows deleted with them, and of those handed to another paper."""
    found = _sets_now(papers)
    for change in changes:
        before = change.before or {}
        key = before.get("paper_id", change.record_id)
        if key in found and change.model == PAPER and (code := before.get("primary_category_id")):
            found[key].add(category_set(code))
        if key in found and change.model in SETS:
            model, column, spec_of = SETS[change.model]
            told = before.get(column) or model._default_manager.filter(pk=change.row_id).values_list(column, flat=True).first()
            found[key].update({spec_of(told)} if told else ())
    return found


def category_set(code: str) -> str:
    """`category:cs:cs.CL`: what stands before the dot is the set around it."""
    archive, dot, _ = code.partition(".")
    return f"category:{archive}:{code}" if dot else f"category:{code}"


def institution_set(key: int) -> str:
    return f"institution:I{key}"


SETS: Mapping[str, tuple[Any, str, Any]] = {
    _label(PaperCategory): (PaperCategory, "category_id", category_set),
    _label(PaperInstitution): (PaperInstitution, "institution_id", institution_set),
}
