"""Everything the `papers` app stores."""

from papers.models.authorship import Authorship, AuthorshipAffiliation, PaperInstitution
from papers.models.category import Category
from papers.models.citation import Citation, CitationsInYear, PendingReference
from papers.models.duplicates import LikelyDuplicate
from papers.models.metrics import (
    AuthorFigure,
    AuthorMetrics,
    CategoryMetrics,
    InstitutionFigure,
    InstitutionMetrics,
    PaperFigure,
    VenueMetrics,
)
from papers.models.paper import Paper, PaperCategory, PaperIdentifier, PaperLink, PaperVersion
from papers.models.search import AuthorText, InstitutionText, PaperEntry, PaperText, SearchWord, WaitingPaper
from papers.models.venue import Venue, VenueIdentifier

__all__ = [
    "AuthorFigure",
    "AuthorMetrics",
    "AuthorText",
    "Authorship",
    "AuthorshipAffiliation",
    "Category",
    "CategoryMetrics",
    "Citation",
    "CitationsInYear",
    "InstitutionFigure",
    "InstitutionMetrics",
    "InstitutionText",
    "LikelyDuplicate",
    "Paper",
    "PaperCategory",
    "PaperEntry",
    "PaperFigure",
    "PaperIdentifier",
    "PaperInstitution",
    "PaperLink",
    "PaperText",
    "PaperVersion",
    "PendingReference",
    "SearchWord",
    "Venue",
    "VenueIdentifier",
    "VenueMetrics",
    "WaitingPaper",
]
