"""The admin of papers and what belongs to them; importing the modules registers their pages."""

from papers.admin import duplicates, figures, papers, parts, places, scores

__all__ = ["duplicates", "figures", "papers", "parts", "places", "scores"]
