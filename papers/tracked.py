"""Which tables of papers have a history."""

from django.db.models import Q

from authors.curation.tracking import track
from papers.models import (
    AuthorFigure,
    Authorship,
    AuthorshipAffiliation,
    Category,
    Citation,
    CitationsInYear,
    InstitutionFigure,
    PairDecision,
    Paper,
    PaperCategory,
    PaperFigure,
    PaperIdentifier,
    PaperInstitution,
    PaperLink,
    PaperVersion,
    PendingReference,
    ScoreMark,
    Venue,
    VenueIdentifier,
)
from papers.models.metrics import Figure

CHECKED = ("status", "checked_at", "moved_to", "failures")  # of links: a look at an address is nobody's edit


def track_papers() -> None:
    track(Category)
    track(Venue, kind="V", owner="pk")
    track(VenueIdentifier, kind="V", owner="venue")
    track(Paper, kind="P", owner="pk")
    track(Authorship, kind="P", owner="paper")
    track(AuthorshipAffiliation, kind="P", owner="authorship__paper")
    for model in (PaperIdentifier, PaperVersion, PaperCategory, PaperInstitution, CitationsInYear):
        track(model, kind="P", owner="paper")
    track(PaperLink, kind="P", owner="paper", untold=CHECKED)
    track(Citation, kind="P", owner="citing")
    track(PendingReference, kind="P", owner="citing")
    for figures, letter in ((PaperFigure, "P"), (AuthorFigure, "A"), (InstitutionFigure, "I")):
        track(figures, kind=letter, owner="subject", only=~Q(origin=Figure.Origin.COMPUTED))
    track(ScoreMark, kind="P", owner="paper")
    track(PairDecision, owner="record_id")
