"""What a profile shows beside its list of papers, as plain objects for pages and API."""

from papers.profiles.counts import Coverage, Tally, coverage
from papers.profiles.figures import (
    ShownFigure,
    author_figures,
    counts_shown,
    institution_figures,
    shown_figure,
    venue_figures,
)
from papers.profiles.methods import score_methods
from papers.profiles.people import (
    Stay,
    TopList,
    affiliations_of,
    authors_with_page,
    coauthor_graph,
    coauthors_of,
    has_page,
    institutions_with_page,
    latest_institutions,
    parts_of,
    people_at,
    people_with_similar_names,
    venues_with_page,
)
from papers.profiles.scores import PaperScore, paper_scores

__all__ = [
    "Coverage",
    "PaperScore",
    "ShownFigure",
    "Stay",
    "Tally",
    "TopList",
    "affiliations_of",
    "author_figures",
    "authors_with_page",
    "coauthor_graph",
    "coauthors_of",
    "counts_shown",
    "coverage",
    "has_page",
    "institution_figures",
    "institutions_with_page",
    "latest_institutions",
    "paper_scores",
    "parts_of",
    "people_at",
    "people_with_similar_names",
    "score_methods",
    "shown_figure",
    "venue_figures",
    "venues_with_page",
]
