"""Taking up what a visitor proposed: texts into a record, and a person's identifier as verified.

Each function changes one record with all that follows from it; the caller records the change.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from authors.curation.recording import Action, Recording, recorded
from authors.editing import author_edited, institution_edited
from authors.models import Author, AuthorIdentifier, Institution
from papers.editing import after_edit
from papers.metrics.refreshing import refresh_authors, refresh_institutions_of, touched_by
from papers.models import Paper
from papers.search.indexing import index_authors, index_institutions, index_papers_of_authors


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
