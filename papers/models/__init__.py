"""Everything the `papers` app stores."""

from papers.models.authorship import Authorship, AuthorshipAffiliation, PaperInstitution
from papers.models.category import Category
from papers.models.citation import Citation, CitationsInYear, PendingReference
from papers.models.duplicates import LikelyDuplicate, PairDecision
from papers.models.gone import GonePaper
from papers.models.metrics import (
    AuthorFigure,
    AuthorMetrics,
    CategoryMetrics,
    CategoryTally,
    InstitutionFigure,
    InstitutionMetrics,
    InstitutionTally,
    PaperFigure,
    VenueMetrics,
    VenueTally,
)
from papers.models.paper import Paper, PaperCategory, PaperIdentifier, PaperLink, PaperVersion
from papers.models.scores import NearestEarlier, PaperDistance, ScoreMark, ScoreRun, TextEncoder
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
    "CategoryTally",
    "Citation",
    "CitationsInYear",
    "GonePaper",
    "InstitutionFigure",
    "InstitutionMetrics",
    "InstitutionTally",
    "InstitutionText",
    "LikelyDuplicate",
    "NearestEarlier",
    "PairDecision",
    "Paper",
    "PaperCategory",
    "PaperDistance",
    "PaperEntry",
    "PaperFigure",
    "PaperIdentifier",
    "PaperInstitution",
    "PaperLink",
    "PaperText",
    "PaperVersion",
    "PendingReference",
    "ScoreMark",
    "ScoreRun",
    "SearchWord",
    "TextEncoder",
    "Venue",
    "VenueIdentifier",
    "VenueMetrics",
    "VenueTally",
    "WaitingPaper",
]
