"""People and institutions."""

from collections.abc import Iterable, Sequence
from typing import Any

from authors.api.author_records import author_records, authors_with_record, public_by_key
from authors.api.records import coauthor_records, institution_records, institutions_with_record
from authors.api.shapes import Author as AuthorShape
from authors.api.shapes import Coauthor
from authors.api.shapes import Institution as InstitutionShape
from authors.filters import AuthorFilter, InstitutionFilter
from authors.models import Author, Institution
from papers import ordering
from papers.api.beside import Beside
from papers.api.beside_shapes import parts_of
from papers.api.details import RecordDetail
from papers.api.endpoints import Records
from papers.api.writing.adding import AddingList
from papers.api.writing.editing import EditedDetail
from papers.api.writing.members import INSTITUTION, PERSON
from papers.people import public_authors, public_institutions
from papers.profiles import authors_with_page, coauthors_of, institutions_with_page
from papers.profiles.people import COAUTHORS
from papers.search.people import authors_named, institutions_named


class Authors(Records):
    tag = "authors"
    shape = AuthorShape

    def with_parts(self, queryset: Any) -> Any:
        return authors_with_record(queryset, fields=self.wanted_fields)

    def fetched(self, keys: list[int]) -> Iterable[Author]:
        return public_by_key(self.wanted_fields).rows(keys)

    def written(self, rows: Sequence[Author]) -> list[dict[str, Any]]:
        return author_records(rows, self.site, fields=self.wanted_fields)


class AuthorList(Authors, AddingList):
    editable = PERSON
    summary = "People, filtered, searched and sorted"
    filters = AuthorFilter
    letter, numbers = Author.letter, ("works_count", "cited_by_count", "h_index", "i10_index")
    sorts = ordering.AUTHORS
    searches = "Names of a person: any public variant in any order, with or without accents; initials match too."

    def visible(self) -> Any:
        return public_authors()

    def one(self) -> RecordDetail:
        return AuthorDetail()

    def searched(self, queryset: Any, words: str) -> Any:
        return authors_named(queryset, words)


class AuthorDetail(Authors, EditedDetail):
    editable = PERSON
    summary = "One person"
    letter, url_name = Author.letter, "api-author"
    ids = "A12, or an ORCID or OpenAlex id with its prefix or as an address."
    id_examples = ("A12", "orcid:0000-0002-1825-0097")

    def visible(self) -> Any:
        return authors_with_page()


class Coauthors(Beside):
    name, operation = "coauthors", "list_coauthors"
    tag = "authors"
    shape, short = Coauthor, True
    letter, url_name = Author.letter, "api-author"
    summary = "With whom a person writes"
    more = f"The {COAUTHORS} with the most joint papers; retracted papers count nowhere, hidden people are left out."
    ids = "A12: the person’s own id here."
    id_examples = ("A12",)

    @classmethod
    def answer_shape(cls) -> Any:
        return parts_of(cls.shape)

    def visible(self) -> Any:
        return authors_with_page()

    def answered(self, record: Author) -> dict[str, Any]:
        found = coauthors_of(record)
        return {"meta": {"count": found.total}, "results": coauthor_records(found.rows, self.site)}


class Institutions(Records):
    tag = "institutions"
    shape = InstitutionShape

    def with_parts(self, queryset: Any) -> Any:
        return institutions_with_record(queryset)

    def written(self, rows: Sequence[Institution]) -> list[dict[str, Any]]:
        return institution_records(rows, self.site)


class InstitutionList(Institutions, AddingList):
    editable = INSTITUTION
    summary = "Institutions with papers, filtered, searched and sorted"
    filters = InstitutionFilter
    letter = Institution.letter
    sorts = ordering.INSTITUTIONS
    searches = "Words that all occur in the name, the tag or an alias, whatever their case and accents."

    def visible(self) -> Any:
        return public_institutions()

    def one(self) -> RecordDetail:
        return InstitutionDetail()

    def searched(self, queryset: Any, words: str) -> Any:
        return institutions_named(queryset, words)


class InstitutionDetail(Institutions, EditedDetail):
    editable = INSTITUTION
    summary = "One institution"
    letter, url_name = Institution.letter, "api-institution"
    ids = "I5, or a ROR or OpenAlex id with its prefix or as an address."
    id_examples = ("I5", "ror:05gq02987")

    def visible(self) -> Any:
        return institutions_with_page()
