"""Saving records of people: their names, identifiers, affiliations and the figures a source reports of them.

Found by identifier, else by the same name and a shared institution; else somebody new, who is public at once.
"""

from collections.abc import Sequence
from typing import cast

from authors import names
from authors.curation.models import Provenance
from authors.curation.recording import current, watch
from authors.models import Affiliation, Author, AuthorIdentifier, AuthorName
from papers.importers.records import AuthorRecord, Note
from papers.importers.saving.context import Incoming, Owners, Saving, may_write, owners_of
from papers.importers.saving.institutions import Institutions
from papers.importers.saving.papers import category_codes, write_provenance
from papers.metrics.refreshing import refresh_authors
from papers.models import AuthorFigure, AuthorMetrics, AuthorshipAffiliation
from papers.search.indexing import index_authors, index_papers_of_authors

KIND = "A"


def save_authors(batch: Sequence[Incoming], saving: Saving) -> None:
    """Save every record of `batch`; must run inside a transaction."""
    institutions = Institutions(saving)
    records = [cast(AuthorRecord, incoming.record) for incoming in batch]
    institutions.resolve(mention for record in records for mention, *_ in record.affiliations)
    categories = category_codes()
    for incoming, record in zip(batch, records, strict=True):
        _save(incoming, record, saving, institutions, categories)


def _save(
    incoming: Incoming, record: AuthorRecord, saving: Saving, institutions: Institutions, categories: dict[str, str]
) -> None:
    author = _find(record, institutions)
    is_new = author is None
    owners: Owners = {}
    if author is None:
        author = Author.objects.create(display_name=record.name, homepage=record.homepage, visibility=Author.Visibility.PUBLIC)
        written = ["display_name", "homepage"] if record.homepage else ["display_name"]
        if recording := current():
            recording.created(Author, [author.pk])
    else:
        watch(KIND, [author.pk])
        owners = owners_of(KIND, [author.pk]).get(author.pk, {})
        written = _update(author, record, owners, incoming)
    refresh_authors([author.pk])
    open_to = {name for name in ("names", "identifiers", "affiliations") if owners.get(name, ("",))[0] != Provenance.EDITOR}
    additions = [
        "names" in open_to and _add_names(author, record),
        "identifiers" in open_to and _add_identifiers(author, record, incoming, saving),
        "affiliations" in open_to and _add_affiliations(author, record, institutions, incoming),
        _add_figures(author, record, incoming, saving),
        _add_category(author, categories.get(record.primary_category)),
    ]
    if record.primary_category and record.primary_category not in categories:
        note = Note("primary_category", f"{record.primary_category!r} is not a category of this catalogue; left out")
        saving.report(incoming.line, [note], record=record.name)
    index_authors([author.pk])
    if "display_name" in written and not is_new:
        index_papers_of_authors([author.pk])
    if is_new:
        saving.created += 1
    elif written or any(additions):
        saving.updated += 1
    else:
        saving.unchanged += 1
    write_provenance(KIND, [(author.pk, incoming, sorted(written))], saving)


def _find(record: AuthorRecord, institutions: Institutions) -> Author | None:
    for scheme, value in record.identifiers:
        if author := Author.objects.with_identifier(scheme, value).first():
            return author
    where = {institutions[mention] for mention, *_ in record.affiliations}
    named = AuthorName.objects.filter(search_key=names.search_key(record.name)).values_list("author", flat=True)
    worked = AuthorshipAffiliation.objects.filter(authorship__author__in=named, institution__in=where)
    stayed = Affiliation.objects.filter(author__in=named, institution__in=where)
    found = sorted({*worked.values_list("authorship__author", flat=True), *stayed.values_list("author", flat=True)})
    schemes = {scheme for scheme, _ in record.identifiers}
    taken = set(AuthorIdentifier.objects.filter(author__in=found, scheme__in=schemes).values_list("author", flat=True))
    return Author.objects.filter(pk__in=set(found) - taken).order_by("pk").first()


def _update(author: Author, record: AuthorRecord, owners: Owners, incoming: Incoming) -> list[str]:
    given = {"display_name": record.name, "homepage": record.homepage}
    written = [
        name for name, value in given.items()
        if may_write(name, current=getattr(author, name), incoming=value, owners=owners, me=incoming.me)
    ]  # fmt: skip
    for name in written:
        setattr(author, name, given[name])
    if written:
        author.save()
    return written


def _add_names(author: Author, record: AuthorRecord) -> bool:
    there = set(author.names.values_list("name", flat=True))
    fresh = [name for name in dict.fromkeys([record.name, *record.names]) if name not in there]
    for name in fresh:
        AuthorName.objects.create(author=author, name=name)
    return bool(fresh)


def _add_identifiers(author: Author, record: AuthorRecord, incoming: Incoming, saving: Saving) -> bool:
    there = set(author.identifiers.values_list("scheme", "value"))
    fresh = [given for given in record.identifiers if given not in there]
    for scheme, value in fresh:
        other = Author.objects.with_identifier(scheme, value).exclude(pk=author.pk).first()
        if other:
            note = Note("ids", f"{scheme}:{value} already belongs to {other}; marked as disputed")
            saving.report(incoming.line, [note], record=record.name)
        AuthorIdentifier.objects.create(author=author, scheme=scheme, value=value, disputed=bool(other))
    return bool(fresh)


def _add_affiliations(author: Author, record: AuthorRecord, institutions: Institutions, incoming: Incoming) -> bool:
    grown = False
    for mention, start, end in record.affiliations:
        stay, created = Affiliation.objects.get_or_create(
            author=author, institution_id=institutions[mention], start_year=start,
            defaults={"end_year": end, "source": incoming.source},
        )  # fmt: skip
        if not created and stay.source == incoming.source and stay.end_year != end:
            stay.end_year, created = end, True
            stay.save(update_fields=["end_year"])
        grown = grown or created
    return grown


def _add_figures(author: Author, record: AuthorRecord, incoming: Incoming, saving: Saving) -> bool:
    grown = False
    for name, value in record.figures:
        figure = author.figures.filter(
            name=name, origin=AuthorFigure.Origin.REPORTED, source=_reporter(incoming, record)
        ).first()
        if figure is None:
            figure = AuthorFigure(
                subject=author, name=name, origin=AuthorFigure.Origin.REPORTED, source=_reporter(incoming, record)
            )
        if figure.value != value:
            figure.value, figure.as_of, grown = value, record.as_of or saving.today, True
            figure.save()
    return grown


def _reporter(incoming: Incoming, record: AuthorRecord) -> str:
    """Figures that stand on a person's profile are the profile's, whatever file brought them."""
    return "profile" if any(scheme == "profile" for scheme, _ in record.identifiers) else incoming.source


def _add_category(author: Author, code: str | None) -> bool:
    if not code:
        return False
    return bool(AuthorMetrics.objects.filter(author=author).exclude(reported_category=code).update(reported_category=code))
