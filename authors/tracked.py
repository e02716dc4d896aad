"""Which tables of people and institutions have a history."""

from authors.curation.models import Provenance, Redirect
from authors.curation.reports import Report
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

# What a visitor sent is no change of the catalogue, and nobody's name or address is copied into a history; that an answer was
# mailed is not taken back, nor which change set wrote it.
SENT = ("type", "text", "proposed", "name", "email", "orcid", "created_at", "mailed_at", "change_set")


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
    track(Report, owner="record_id", untold=SENT, aside=True)
