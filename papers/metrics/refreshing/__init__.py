"""Recomputing stored figures for the records that a change touched, and for all.

All are of published papers that are not retracted; people's leave out papers hidden on their profiles. Unknown citation counts
are left out of sums, and `cited_papers` says how many were known. docs/metrics.md says what is stored and when it is refreshed.
"""

from papers.metrics.refreshing.groups import (
    refresh_categories,
    refresh_institutions,
    refresh_institutions_of,
    refresh_venues,
)
from papers.metrics.refreshing.people import refresh_authors, write_figures_of_new_authors
from papers.metrics.refreshing.touched import Touched, facts_before, refresh_paper, touched_by, touched_by_run

__all__ = [
    "Touched",
    "facts_before",
    "refresh_authors",
    "refresh_categories",
    "refresh_institutions",
    "refresh_institutions_of",
    "refresh_paper",
    "refresh_venues",
    "touched_by",
    "touched_by_run",
    "write_figures_of_new_authors",
]
