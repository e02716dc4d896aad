"""The fields that a search may name, by the API's keys and by short forms. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """`name` is the text field, column or kind of tag; `how` is read by papers.search.syntax; `expects` ends a sentence."""

    name: str
    how: str
    expects: str


FIELDS = {
    "title.search": Kind("title", "text", ""),
    "abstract.search": Kind("abstract", "text", ""),
    "default.search": Kind("", "text", ""),
    "author": Kind("author", "names", "a name, an id like A12 or an ORCID"),
    "institution": Kind("institution", "id", "a name, an id like I5 or a ROR id"),
    "institutions.country_code": Kind("country", "country", "a country: two letters like US, or its name"),
    "venue": Kind("venue", "id", "a name or an id like V6"),
    "category": Kind("category", "category", "a category"),
    "publication_year": Kind("year", "number", "a year or a range like 2019-2023"),
    "from_publication_date": Kind("published", "since", "a day like 2021-03-09"),
    "to_publication_date": Kind("published", "until", "a day like 2021-03-09"),
    "cited_by_count": Kind("citations", "number", "a number, >100 or 10-50"),
    "novelty": Kind("novelty", "number", "a number from 0 to 100 or a range"),
    "ai_score": Kind("ai_score", "number", "a number from 0 to 100 or a range"),
    "has_code": Kind("code", "truth", "true or false"),
    "has_abstract": Kind("abstract", "truth", "true or false"),
    "has_doi": Kind("doi", "truth", "true or false"),
    "is_retracted": Kind("retracted", "truth", "true or false"),
    "type": Kind("type", "type", "a type"),
    "language": Kind("language", "language", "the code of a language, such as en"),
    "doi": Kind("doi", "identifier", "a DOI"),
    "arxiv": Kind("arxiv", "identifier", "an arXiv id"),
}
SHORT = {
    "title": "title.search",
    "abstract": "abstract.search",
    "authors": "author",
    "authorships.author.id": "author",
    "authorships.author.orcid": "author",
    "orcid": "author",
    "authorships.institutions.id": "institution",
    "institutions.ror": "institution",
    "inst": "institution",
    "country": "institutions.country_code",
    "country_code": "institutions.country_code",
    "authorships.countries": "institutions.country_code",
    "authorships.institutions.country_code": "institutions.country_code",
    "lang": "language",
    "primary_category": "category",
    "categories": "category",
    "cat": "category",
    "year": "publication_year",
    "since": "from_publication_date",
    "until": "to_publication_date",
    "cites": "cited_by_count",
    "citations": "cited_by_count",
    "code": "has_code",
    "retracted": "is_retracted",
    "score": "ai_score",
}


def field_of(key: str) -> Kind | None:
    """Case, and the difference of hyphen and underscore, do not matter."""
    name = key.lower().replace("-", "_")
    return FIELDS.get(SHORT.get(name, name))
