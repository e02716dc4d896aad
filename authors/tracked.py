"""Which tables of people and institutions have a history."""

from authors.curation.models import Provenance, Redirect
from authors.curation.tracking import track
from authors.models import (
    Affiliation,
    Author,
    AuthorIdentifier,
    AuthorName,
    Institution,
    InstitutionAlias,
    InstitutionIdentifier,
    SiteIdentity,
)


def track_people() -> None:
    track(Institution, kind="I", owner="pk")
    track(InstitutionAlias, kind="I", owner="institution")
    track(InstitutionIdentifier, kind="I", owner="institution")
    track(Author, kind="A", owner="pk")
    track(AuthorName, kind="A", owner="author")
    track(AuthorIdentifier, kind="A", owner="author")
    track(Affiliation, kind="A", owner="author")
    track(Provenance, owner="record_id")
    track(Redirect, owner="old_id")
    track(SiteIdentity)
