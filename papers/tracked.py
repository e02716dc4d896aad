"""Which tables of papers have a history."""

from authors.curation.tracking import track
from papers.models import (
    AuthorFigure,
    Authorship,
    AuthorshipAffiliation,
    Category,
    Citation,
    CitationsInYear,
    InstitutionFigure,
    Paper,
    PaperCategory,
    PaperFigure,
    PaperIdentifier,
    PaperInstitution,
    PaperLink,
    PaperVersion,
    PendingReference,
    Venue,
    VenueIdentifier,
)


def track_papers() -> None:
    track(Category)
    track(Venue, kind="V", owner="pk")
    track(VenueIdentifier, kind="V", owner="venue")
    track(Paper, kind="P", owner="pk")
    track(Authorship, kind="P", owner="paper")
    track(AuthorshipAffiliation, kind="P", owner="authorship__paper")
    for model in (PaperIdentifier, PaperLink, PaperVersion, PaperCategory, PaperInstitution, CitationsInYear):
        track(model, kind="P", owner="paper")
    track(Citation, kind="P", owner="citing")
    track(PendingReference, kind="P", owner="citing")
    track(PaperFigure, kind="P", owner="subject")
    track(AuthorFigure, kind="A", owner="subject")
    track(InstitutionFigure, kind="I", owner="subject")
