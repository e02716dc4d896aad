"""OpenAlex objects (works, authors, institutions) as records. Pure.

The shape is OpenAlex's (https://docs.openalex.org), as answered by its API and written in its snapshots, with a few
further keys that docs/import.md lists: `abstract`, `primary_category`, `categories`, `code_url`, `has_code`,
`authors_truncated`, `profile_position`, `institutions` of a work, `reported_scores`, `track`, `status`, `award`.
"""

from typing import Any

from papers.importers.openalex.authors import author_record
from papers.importers.openalex.institutions import institution_record
from papers.importers.openalex.works import paper_record

__all__ = ["author_record", "institution_record", "paper_record", "source_of"]


def source_of(value: Any, default: str) -> str:
    """`openalex` for objects with an OpenAlex id, else `default`."""
    given = value.get("id") if isinstance(value, dict) else None
    return "openalex" if isinstance(given, str) and given.lower().startswith("https://openalex.org/") else default
