"""BibTeX and BibLaTeX as paper records. Pure."""

from papers.importers.bibtex.papers import paper_record
from papers.importers.bibtex.reading import bibtex_records

__all__ = ["bibtex_records", "paper_record"]
