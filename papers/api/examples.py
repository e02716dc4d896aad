"""One complete example of each answer for the schema, about nobody; a test holds them against the shapes."""

from typing import Any

SITE = "https://bylines.example"
CATEGORY = {"id": "cs.CL", "code": "CL", "display_name": "Computation and Language", "origin": "source"}
INSTITUTION = {
    "id": "I5", "display_name": "Example Institute", "tag": "example", "country_code": "NZ", "ror": "https://ror.org/05gq02987",
}  # fmt: skip
UNSCORED: dict[str, Any] = {
    "value": None, "reason": "fewer than two parts", "origin": None, "source": None, "method": None, "version": None,
    "parts": {}, "n": None, "computed_at": None, "stale": None,
}  # fmt: skip
SCORES = {
    "novelty": {
        "value": 64.2, "reason": None, "origin": "computed", "source": None, "method": "tfidf-1", "version": "4826b294",
        "parts": {
            "distance": 0.8471, "earlier": 3630, "cohort": "category and year", "cohort_size": 120, "year": 2022,
            "category": "cs.CL",
        },
        "n": 120, "computed_at": "2026-11-12", "stale": False,
    },
    "ai_score": UNSCORED,
}  # fmt: skip

PAPER = {
    "id": "P34",
    "html_url": f"{SITE}/papers/P34/an-example-of-a-paper/",
    "title": "An Example of a Paper",
    "display_name": "An Example of a Paper",
    "abstract": "What an abstract would say.",
    "type": "preprint",
    "publication_date": "2022-05-21",
    "date_precision": "day",
    "publication_year": 2022,
    "language": "en",
    "is_retracted": False,
    "retraction": None,
    "ids": {"doi": "https://doi.org/10.5555/example", "arxiv": "2205.00001", "openalex": "https://openalex.org/W1"},
    "primary_category": CATEGORY,
    "categories": [],
    "venue": {"id": "V6", "display_name": "Example Conference"},
    "biblio": {"volume": None, "issue": None, "first_page": None, "last_page": None},
    "authorships": [
        {
            "position": 1,
            "author_position": "first",
            "raw_author_name": "Ada Testwright",
            "is_corresponding": False,
            "author": {"id": "A12", "display_name": "Ada Testwright", "orcid": None},
            "institutions": [INSTITUTION],
            "raw_affiliation_string": None,
        }
    ],
    "authors_count": 22,
    "authors_complete": False,
    "institutions": [INSTITUTION],
    "links": [{"kind": "code", "url": "https://code.example/paper", "official": True}],
    "has_code": True,
    "cited_by_count": 1203,
    "citations": {"value": 1203, "origin": "reported", "source": "openalex", "as_of": "2026-11-12"},
    "counts_by_year": [{"year": 2023, "cited_by_count": 512}],
    "referenced_count": None,
    "scores": SCORES,
    "created_at": "2026-11-12T09:00:00Z",
    "updated_at": "2026-11-12T09:00:00Z",
}
AUTHOR = {
    "id": "A12",
    "html_url": f"{SITE}/authors/A12/ada-testwright/",
    "display_name": "Ada Testwright",
    "alternative_names": ["A. Testwright"],
    "orcid": "https://orcid.org/0000-0002-1825-0097",
    "ids": {"orcid": "https://orcid.org/0000-0002-1825-0097"},
    "affiliations": [{"institution": INSTITUTION, "start_year": 2020, "end_year": None}],
    "primary_category": {**CATEGORY, "origin": "computed"},
    "papers_count": {"value": 23, "origin": "reported", "source": "profile", "as_of": "2026-11-12", "n": None, "of": None},
    "works_count": 21,
    "cited_by_count": 1203,
    "citations": {"value": 1203, "origin": "computed", "source": None, "as_of": "2026-11-12", "n": 20, "of": 21},
    "h_index": 9,
    "i10_index": 8,
    "counts_by_year": [{"year": 2023, "works_count": 2, "cited_by_count": 512}],
    "scores": SCORES,
    "papers_api_url": f"{SITE}/api/v1/papers?author=A12",
    "merged_from": ["A7"],
    "updated_at": "2026-11-12T09:00:00Z",
}
EXAMPLES: dict[str, dict[str, Any]] = {
    "Paper": PAPER,
    "Author": AUTHOR,
    "Institution": {
        "id": "I5",
        "html_url": f"{SITE}/institutions/I5/example-institute/",
        "display_name": "Example Institute",
        "tag": "example",
        "ror": "https://ror.org/05gq02987",
        "country_code": "NZ",
        "type": "education",
        "parent": None,
        "works_count": 310,
        "cited_by_count": None,
        "counts_by_year": [{"year": 2023, "works_count": 2, "cited_by_count": 512}],
        "scores": {"novelty": UNSCORED, "ai_score": UNSCORED},
        "updated_at": "2026-11-12T09:00:00Z",
    },
    "Venue": {
        "id": "V6",
        "html_url": f"{SITE}/venues/V6/example-conference/",
        "display_name": "Example Conference",
        "type": "conference",
        "default_category": "cs.CL",
        "works_count": 1031,
        "counts_by_year": [{"year": 2023, "works_count": 2, "cited_by_count": 512}],
    },
    "Category": {
        "id": "cs.CL",
        "html_url": f"{SITE}/categories/cs.CL/",
        "code": "CL",
        "display_name": "Computation and Language",
        "group": "Computer Science",
        "works_count": 8,
        "counts_by_year": [{"year": 2023, "works_count": 2, "cited_by_count": 512}],
    },
    "RelatedPaper": {
        "relation": "text_earlier",
        "paper": {
            "id": "P12",
            "html_url": f"{SITE}/papers/P12/an-earlier-example/",
            "display_name": "An Earlier Example",
            "publication_date": "2020-01-01",
            "date_precision": "year",
            "cited_by_count": 12,
            "is_retracted": False,
        },
        "distance": 0.8123,
        "shared_references": None,
        "cited_together": None,
    },
    "Coauthor": {
        "author": {"id": "A13", "display_name": "Bob Exampleman", "orcid": None},
        "html_url": f"{SITE}/authors/A13/bob-exampleman/",
        "papers_together": 4,
    },
    "Suggestions": {
        "meta": {"count": 1, "page": 1, "per_page": 10},
        "results": [
            {
                "id": "A12",
                "html_url": f"{SITE}/authors/A12/ada-testwright/",
                "display_name": "Ada Testwright",
                "entity_type": "author",
                "hint": "Example Institute · CL · 21 papers",
                "works_count": 21,
                "cited_by_count": 1203,
                "external_id": "https://orcid.org/0000-0002-1825-0097",
            }
        ],
    },
    "Version": {
        "version": "submittedVersion",
        "where": "arXiv",
        "url": "https://arxiv.org/abs/2205.10487",
        "licence": None,
        "is_open": True,
    },
    "Root": {
        name: f"{SITE}/api/v1/{name}"
        for name in ("papers", "authors", "institutions", "venues", "categories", "schema", "docs")
    },
}
META = {"count": 1, "count_relation": "eq", "page": 1, "per_page": 25, "next_cursor": None}
GROUPS_EXAMPLE = {
    "meta": {"count": 1203, "count_relation": "eq", "groups_count": 2, "per_page": 200},
    "group_by": [
        {"key": "2023", "key_display_name": "2023", "count": 800},
        {"key": "2022", "key_display_name": "2022", "count": 403},
    ],
}
_UNKNOWN = "There is no parameter “sorts”. Did you mean “sort”? Valid are: search, sort, page, per-page."
PROBLEM_EXAMPLE = {
    "type": f"{SITE}/api/v1/docs#problem-parameters",
    "title": "Invalid query parameters",
    "status": 400,
    "detail": _UNKNOWN,
    "instance": "/api/v1/papers",
    "request_id": "8e03978e40d543ddbc936894a57f9324",
    "errors": [
        {"parameter": "sorts", "code": "unknown", "detail": _UNKNOWN, "allowed": ["search", "sort", "page", "per-page"]},
    ],
    "error": "Invalid query parameters",
    "message": _UNKNOWN,
}
