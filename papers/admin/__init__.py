"""The admin of papers and what belongs to them; importing the modules registers their pages."""

from papers.admin import figures, papers, parts, places

__all__ = ["figures", "papers", "parts", "places"]
