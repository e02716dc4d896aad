"""Merging two records: everything of the one goes to the other, its address leads there, and undoing restores both."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from authors.curation.models import Provenance, Redirect
from authors.curation.provenance import record_edit
from authors.curation.public_ids import PublicIdModel
from authors.curation.recording import Action, Recording, recorded
from authors.curation.redirects import leave_redirect
from authors.models import Author, AuthorName, Institution, InstitutionAlias
from papers.duplicates.following import hand_over
from papers.editing import put_in_order, repeat_facts
from papers.merging.kinds import KINDS, Part, collection_names
from papers.metrics.refreshing import Touched, facts_before, touched_by
from papers.models import Authorship, Citation, Paper, PaperInstitution
from papers.search.indexing import remove_papers
from papers.settling import settle


class CannotMerge(ValueError):
    """Why the two cannot be one; the message is for the editor."""


@dataclass(frozen=True)
class Moved:
    """Of one part: how many rows come along, and how many are there already."""

    part: Part
    coming: int
    doubled: int

    @property
    def name(self) -> str:
        about = self.part.model._meta
        return str(about.verbose_name if self.coming == 1 else about.verbose_name_plural)


@dataclass(frozen=True)
class Choice:
    """One field of both; `taken` when the survivor says nothing, so that the other's value fills it."""

    field: str
    mine: Any
    theirs: Any
    taken: bool


def choices(survivor: PublicIdModel, other: PublicIdModel) -> list[Choice]:
    """Fields in which the two differ and the other has something to say."""
    found = []
    for name, columns in KINDS[survivor.letter].fields.items():
        mine, theirs = getattr(survivor, columns[0]), getattr(other, columns[0])
        if theirs not in (None, "", []) and mine != theirs:
            found.append(Choice(name, mine, theirs, taken=mine in (None, "", [])))
    return found


def preview(survivor: PublicIdModel, other: PublicIdModel) -> list[Moved]:
    """What would move, part by part; nothing is written."""
    check(survivor, other)
    found = []
    for part in KINDS[survivor.letter].parts:
        doubled = len(_doubled(part, survivor, other))
        count = part.model._base_manager.filter(**{part.column: other.pk}).count()
        if count:
            found.append(Moved(part, count - doubled, doubled))
    return found


def shared_papers(survivor: PublicIdModel, other: PublicIdModel) -> list[Paper]:
    """Papers that name both people: most often a sign that they are two."""
    mine = Authorship.objects.filter(author=survivor.pk).values("paper")
    return list(Paper.objects.filter(authorships__author=other.pk, pk__in=mine).distinct().order_by("pk")[:20])


def check(survivor: PublicIdModel, other: PublicIdModel) -> None:
    if type(survivor) is not type(other) or survivor.letter not in KINDS:
        raise CannotMerge("Only two people, two papers or two institutions can be merged.")
    if survivor.pk == other.pk:
        raise CannotMerge("A record cannot be merged with itself.")


@transaction.atomic
def merge(*, survivor: PublicIdModel, other: PublicIdModel, take: Collection[str] = (), though_both: bool = False) -> Recording:
    """`take` names fields (and, of papers, `authorships`) whose value comes from the other; what the survivor lacks comes
    anyway. Raises CannotMerge; `though_both` merges people who stand together on a paper.
    """
    check(survivor, other)
    if isinstance(survivor, Author) and not though_both and (both := shared_papers(survivor, other)):
        named = ", ".join(paper.public_id for paper in both)
        raise CannotMerge(f"Both stand on {named}: they are two people, or a line of its authors is doubled.")
    kind, keys = survivor.letter, [survivor.pk, other.pk]
    summary = f"Merged {other.public_id} ({other}) into {survivor.public_id} ({survivor})"
    with recorded(Action.MERGE, summary=summary) as recording:
        recording.watch(kind, keys)
        recording.watch_referring(type(other), keys[1:])
        survivor.refresh_from_db()  # as it is now that nobody else can change it
        other.refresh_from_db()
        called, before = _called(survivor), _before(survivor, other)
        taken = [choice.field for choice in choices(survivor, other) if choice.taken or choice.field in take]
        _keep_names(survivor, other)
        papers = _move_all(survivor, other, lists="authorships" in take)
        _hand_over_provenance(survivor, other, {*taken, *take, *collection_names(kind)})
        hand_over(kind, survivor.pk, keys[1])
        _end(other)
        _take_fields(survivor, other, taken)
        leave_redirect(kind=kind, old_id=keys[1], target_id=survivor.pk, reason=Redirect.Reason.MERGED)
        record_edit(kind=kind, record_id=survivor.pk, fields=take)
        settle(
            {"P": papers} | {kind: {*keys, *(papers if kind == "P" else ())}},
            renamed=[survivor.pk] if _called(survivor) != called else [],
            relocated=[survivor.pk] if "country_code" in taken else [],
            of_people=kind == "A",
            left=before,
        )
    return recording


def _before(survivor: PublicIdModel, other: PublicIdModel) -> Touched | None:
    if isinstance(survivor, Paper):
        return touched_by([survivor.pk, other.pk])
    return facts_before(_papers_of(other)) if isinstance(survivor, Author) else None


def _called(record: PublicIdModel) -> Any:
    """Of a person: how papers show them."""
    if not isinstance(record, Author):
        return None
    hidden = (
        AuthorName.objects.filter(author=record.pk, public=False).order_by("search_key").values_list("search_key", flat=True)
    )
    return record.display_name, record.visibility, list(hidden)


def _keep_names(survivor: PublicIdModel, other: PublicIdModel) -> None:
    """Whoever was found by the other's name still is."""
    if isinstance(survivor, Author):
        AuthorName.objects.get_or_create(author_id=other.pk, name=str(other))
    if isinstance(survivor, Institution):
        InstitutionAlias.objects.get_or_create(institution=survivor, name=str(other))


# --- rows ------------------------------------------------------------------------------------------------------------------


def _move_all(survivor: PublicIdModel, other: PublicIdModel, *, lists: bool) -> set[int]:
    """Gives the papers whose rows were touched."""
    papers = _papers_of(other)
    if isinstance(survivor, Paper):
        Citation.objects.filter(citing__in=[survivor.pk, other.pk], cited__in=[survivor.pk, other.pk]).delete()
        _choose_list(survivor, other, theirs=lists)
    if isinstance(survivor, Institution) and isinstance(other, Institution):
        _keep_out_of_circles(survivor, other)
    if isinstance(survivor, Author):
        _hide_what_either_hides(survivor, other)
    for part in KINDS[survivor.letter].parts:
        rows = part.model._base_manager
        rows.filter(pk__in=_doubled(part, survivor, other)).delete()
        rows.filter(**{part.column: other.pk}).update(**{part.column: survivor.pk})
    _settle_disputes(survivor)
    return papers


def _papers_of(record: PublicIdModel) -> set[int]:
    if isinstance(record, Author):
        return {*Authorship.objects.filter(author=record).values_list("paper", flat=True)}
    if isinstance(record, Institution):
        return {*PaperInstitution.objects.filter(institution=record).values_list("paper", flat=True)}
    return set()


def _doubled(part: Part, survivor: PublicIdModel, other: PublicIdModel) -> list[Any]:
    """Keys of the other's rows that the survivor has already."""
    if not part.telling:
        return []
    rows = part.model._base_manager
    mine = set(rows.filter(**{part.column: survivor.pk}).values_list(*part.telling))
    theirs = rows.filter(**{part.column: other.pk}).values_list("pk", *part.telling)
    return [key for key, *telling in theirs if tuple(telling) in mine]


def _choose_list(survivor: Paper, other: PublicIdModel, *, theirs: bool) -> None:
    """One of the two lists of authors is kept whole: a list is what one title page says. Who hid the paper, hid it."""
    hidden = Authorship.objects.filter(paper__in=[survivor.pk, other.pk], hidden_on_profile=True)
    people = list(hidden.exclude(author=None).values_list("author", flat=True))
    if theirs or not survivor.authorships.exists():
        survivor.authorships.all().delete()
        Authorship.objects.filter(paper=other.pk).update(paper=survivor)
    else:
        Authorship.objects.filter(paper=other.pk).delete()
    Authorship.objects.filter(paper=survivor, author__in=people).update(hidden_on_profile=True)


def _hide_what_either_hides(survivor: Author, other: PublicIdModel) -> None:
    """A name that one of the two left behind is not made public by the other's."""
    hidden = AuthorName.objects.filter(author__in=[survivor.pk, other.pk], public=False).values_list("search_key", flat=True)
    AuthorName.objects.filter(author__in=[survivor.pk, other.pk], search_key__in=list(hidden)).update(public=False)


def _keep_out_of_circles(survivor: Institution, other: Institution) -> None:
    above, seen = survivor.parent, set[int]()
    while above is not None and above.pk not in seen:
        seen.add(above.pk)
        if above.pk == other.pk:
            parent = other.parent_id if other.parent_id != survivor.pk else None
            Institution.objects.filter(pk=survivor.pk).update(parent=parent)
            survivor.parent_id = parent
        above = above.parent
    if other.parent_id == survivor.pk:
        Institution.objects.filter(pk=other.pk).update(parent=None)
        other.parent_id = None


def _settle_disputes(survivor: Any) -> None:
    """An identifier that both claimed has one owner now."""
    for row in survivor.identifiers.filter(disputed=True):
        if not type(row).objects.filter(scheme=row.scheme, value=row.value).exclude(pk=row.pk).exists():
            type(row).objects.filter(pk=row.pk).update(disputed=False)


def _hand_over_provenance(survivor: PublicIdModel, other: PublicIdModel, kept: Collection[str]) -> None:
    """The sources of both speak of the survivor; the other's own what came from it."""
    mine = {(row.source, row.source_key): row for row in Provenance.objects.filter(kind=survivor.letter, record_id=survivor.pk)}
    for row in Provenance.objects.filter(kind=survivor.letter, record_id=other.pk):
        fields = sorted({*row.fields} & {*kept})
        if there := mine.get((row.source, row.source_key)):
            there.fields = sorted({*there.fields, *fields})
            there.save(update_fields=["fields"])
            row.delete()
        else:
            row.fields, row.record_id = fields, survivor.pk
            row.save(update_fields=["fields", "record_id"])


# --- fields ----------------------------------------------------------------------------------------------------------------


def _end(other: PublicIdModel) -> None:
    if isinstance(other, Paper):
        remove_papers([other.pk])
    type(other)._base_manager.filter(pk=other.pk).delete()


def _take_fields(survivor: Any, other: Any, names: Collection[str]) -> None:
    """After the other is gone: what is unique, such as an institution's tag, is free then."""
    own_parent = getattr(survivor, "parent_id", None)
    for name in names:
        for column in KINDS[survivor.letter].fields[name]:
            attname = survivor._meta.get_field(column).attname
            setattr(survivor, attname, getattr(other, attname))
    if isinstance(survivor, Author | Paper):
        survivor.scores_hidden = survivor.scores_hidden or other.scores_hidden
    if isinstance(survivor, Author):
        if Author.Visibility.HIDDEN in (survivor.visibility, other.visibility):  # whoever was promised to be hidden stays so
            survivor.visibility = Author.Visibility.HIDDEN
        AuthorName.objects.get_or_create(author=survivor, name=survivor.display_name)
    if isinstance(survivor, Institution):
        InstitutionAlias.objects.filter(institution=survivor, name=survivor.name).delete()
        if _is_above_itself(survivor):
            survivor.parent_id = own_parent if own_parent != survivor.pk else None
    survivor.save()
    if isinstance(survivor, Paper):
        put_in_order(survivor, list(survivor.authorships.order_by("position").values_list("pk", flat=True)))
        repeat_facts(survivor)


def _is_above_itself(institution: Institution) -> bool:
    """Whether somebody walking up from it would come back."""
    at, seen = institution.parent_id, {institution.pk}
    while at is not None:
        if at in seen:
            return True
        seen.add(at)
        at = Institution.objects.filter(pk=at).values_list("parent", flat=True).first()
    return False
