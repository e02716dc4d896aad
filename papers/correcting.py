"""Taking up what a visitor proposed: texts into a record, and a person's identifier as verified.

Each function changes one record with all that follows from it; the caller records the change.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Min

from authors import names
from authors.curation.recording import Action, Recording, recorded
from authors.editing import author_edited, institution_edited
from authors.models import Author, AuthorIdentifier, AuthorName, Institution
from papers.editing import after_edit
from papers.metrics.refreshing import refresh_authors, refresh_institutions_of, touched_by
from papers.models import Authorship, Paper
from papers.search.indexing import (
    index_authors,
    index_institutions,
    index_papers_of_authors,
    index_papers_of_institutions,
)
from papers.settling import settle


@transaction.atomic
def write_texts(record: Any, texts: Mapping[str, str]) -> None:
    """ValidationError if the record cannot hold one of them; what it says already is no change."""
    changed = {name: value for name, value in texts.items() if getattr(record, name) != value}
    was = {name: getattr(record, name) for name in changed}
    for name, value in changed.items():
        setattr(record, name, value)
    record.clean_fields(exclude={field.name for field in record._meta.fields} - set(changed))
    if changed:
        with recorded(Action.EDIT) as recording:
            recording.watch(record.letter, [record.pk])
            SAVE[record.letter](record, was)


def _save_paper(paper: Paper, was: Mapping[str, str]) -> None:
    before = touched_by([paper.pk])
    paper.save()
    after_edit(paper=paper, changed=was, before=before)


def _save_author(author: Author, was: Mapping[str, str]) -> None:
    author.save()
    _author_changed(author, was)
    if "display_name" in was:
        index_papers_of_authors([author.pk])


def _author_changed(author: Author, changed: Any) -> None:
    author_edited(author=author, changed=changed)
    refresh_authors([author.pk])
    index_authors([author.pk])


def _save_institution(institution: Institution, was: Mapping[str, str]) -> None:
    institution.save()
    institution_edited(institution=institution, changed=was, former_name=was.get("name", ""))
    index_institutions([institution.pk])
    if "country_code" in was:
        index_papers_of_institutions([institution.pk])


SAVE: dict[str, Callable[[Any, Mapping[str, str]], None]] = {"P": _save_paper, "A": _save_author, "I": _save_institution}


@transaction.atomic
def change_visibility(author_ids: Collection[int], visibility: str) -> Recording:
    """Hide people from the public, or show them again."""
    authors = list(Author.objects.filter(pk__in=author_ids).exclude(visibility=visibility))
    summary = f"{len(authors):,} people: {Author.Visibility(visibility).label}"
    with recorded(Action.STATE, summary=summary) as recording:
        recording.watch(Author.letter, [author.pk for author in authors])
        for author in authors:
            author.visibility = visibility
            author.save(update_fields=["visibility", "updated_at"])
            _author_changed(author, {"visibility"})
            refresh_institutions_of(author)
        index_papers_of_authors([author.pk for author in authors])
    return recording


@dataclass(frozen=True)
class KnownName:
    """A name that the person goes by, or that papers print; `papers` is how many print it, in whatever spelling."""

    name: str
    public: bool
    papers: int

    def fits(self, name: str) -> bool:
        """Whether it says nothing but what `name` says too: the same words, or initials of them."""
        given, _ = names.split(self.name)
        is_initials = all(len(word) == 1 for word in names.fold(given.replace(".", " ")).split())
        return names.search_key(self.name) == names.search_key(name) or (
            is_initials and names.short_key(self.name) == names.short_key(name)
        )


def known_names(author: Author) -> list[KnownName]:
    """The displayed name first, then by papers. Names that differ in accents, case or order alone are one."""
    lines = author.authorships.exclude(name_key="").order_by().values_list("name_key")
    printed = {key: (count, name) for key, count, name in lines.annotate(Count("paper", distinct=True), Min("raw_name"))}
    known: dict[str, tuple[str, bool]] = {}
    for row in author.names.order_by("public", "pk"):  # one that is not public hides all of its spellings
        known.setdefault(row.search_key, (row.name, row.public))
    for key, (_, name) in printed.items():
        known.setdefault(key, (name, True))
    own = names.search_key(author.display_name)
    known[own] = (author.display_name, known.get(own, ("", True))[1])
    found = [(key, KnownName(name, public, printed.get(key, (0,))[0])) for key, (name, public) in known.items()]
    return [name for _, name in sorted(found, key=lambda pair: (pair[0] != own, -pair[1].papers, pair[1].name))]


@transaction.atomic
def change_name(author: Author, name: str, *, hide: Collection[str] = ()) -> Recording:
    """From now on the person is called `name` everywhere. Names in `hide` are not public any more: editors find the person by
    them, imports still recognise them, and papers that print one show the new name.

    ValidationError if the record cannot hold the name.
    """
    new, left = names.search_key(name), {names.search_key(former) for former in hide}
    with recorded(Action.EDIT, summary=f"Changed the name of {author.public_id} to {name}"[:300]) as recording:
        recording.watch(author.letter, [author.pk])
        for former in [author.display_name, *hide]:
            AuthorName.objects.get_or_create(author=author, name=former[:300])
        author.display_name = name
        author.clean_fields(exclude={field.name for field in author._meta.fields} - {"display_name"})
        author.save()
        AuthorName.objects.get_or_create(author=author, name=name)
        author.names.filter(search_key__in=left - {new}).update(public=False)
        author.names.filter(search_key=new).update(public=True)
        _author_changed(author, {"display_name", "names"})
        index_papers_of_authors([author.pk])
    return recording


@transaction.atomic
def show_on_profiles(authorships: Collection[int], *, shown: bool) -> Recording:
    """Leave these papers out of the profiles of the people on these lines, or show them there again.

    The papers stay public, and the printed names stay on them. Lines that name nobody are passed over. No lock is needed:
    imports carry the person's wish over, whatever list of authors they bring.
    """
    rows = list(Authorship.objects.filter(pk__in=authorships, author__isnull=False, hidden_on_profile=shown))
    people, papers = {row.author_id for row in rows}, {row.paper_id for row in rows}
    done = "Shown on profiles again" if shown else "Hidden on profiles"
    summary = f"{done}: {', '.join(f'P{key}' for key in sorted(papers)[:20])}"
    with recorded(Action.EDIT, summary=summary) as recording:
        mine = Authorship.objects.filter(pk__in=[row.pk for row in rows])
        recording.watch_rows(mine)
        mine.update(hidden_on_profile=not shown)
        settle({"A": {key for key in people if key}, "P": papers}, of_people=True)
    return recording


@transaction.atomic
def verify_identifier(author: Author, scheme: str, value: str) -> None:
    """Mark the person's identifier as verified, adding it if need be. ValidationError if it is somebody else's."""
    with recorded(Action.EDIT) as recording:
        recording.watch(author.letter, [author.pk])
        known = author.identifiers.filter(scheme=scheme, value=value).first()
        identifier = known or AuthorIdentifier(author=author, scheme=scheme, value=value)
        if holder := Author.objects.filter(identifiers__scheme=scheme, identifiers__value=value).exclude(pk=author.pk).first():
            told = f"{holder.public_id} ({holder}) has this {identifier.label}: merge the two, or take it from one of them."
            raise ValidationError(told)
        identifier.verified = True
        identifier.save()
        _author_changed(author, {"identifiers"})
