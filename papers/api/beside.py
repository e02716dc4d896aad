"""What stands beside one record: related papers, references, citations, co-authors. Asked for by the public id alone."""

from dataclasses import replace
from typing import Any, ClassVar

from rest_framework.response import Response

from authors.curation.public_ids import parse_public_id
from papers.api.beside_shapes import RelatedPaper, parts_of
from papers.api.details import RecordDetail
from papers.api.pagination import PARAMETERS as PAGING
from papers.api.pagination import read_page, scope_of
from papers.api.paper_records import LISTED_AUTHORS, paper_records, published_by_key
from papers.api.parameters import Parameter, error, of_sorts, read, sort_in
from papers.api.problems import BadParameters
from papers.api.records import related_records
from papers.api.rows import SortedRows
from papers.api.shapes import Paper as PaperShape
from papers.api.shapes import listing
from papers.models import Paper
from papers.ordering import Sort, sort_of
from papers.related import CITATION_SORTS, SORTS, cited_by, references_of, related_to


class Beside(RecordDetail):
    """`name` ends the address; `answered` is given the record and the parameters."""

    name: ClassVar[str]
    has_random = False

    @classmethod
    def parameters(cls) -> list[Parameter]:
        return []

    def found(self, given: str) -> Response | None:
        public_id = parse_public_id(given)
        return self.by_public_id(*public_id) if public_id else None

    def with_key(self, key: int) -> Response | None:
        record = self.visible().filter(pk=key).first()
        return Response(self.answered(record)) if record else None

    def moved(self, key: int) -> Response | None:
        moved = super().moved(key)
        if moved is not None:
            moved["Location"] += f"/{self.name}"
        return moved

    def answered(self, record: Any) -> dict[str, Any]:
        raise NotImplementedError

    @property
    def values(self) -> dict[str, str]:
        return read(self.request.query_params, self.parameters())


class BesidePaper(Beside):
    tag = "papers"
    letter, url_name = Paper.letter, "api-paper"
    ids = "P34: the paper’s own id here."
    id_examples = ("P34",)

    def visible(self) -> Any:
        return Paper.objects.published()

    def withdrawn(self) -> Any:
        return Paper.objects.withdrawn()


class RelatedPapers(BesidePaper):
    name, operation = "related", "list_related_papers"
    summary = "Papers near a paper, by text and by references"
    more = "At most ten of each relation, none of them a draft; text distance is no judgement of quality."
    shape, short = RelatedPaper, True

    @classmethod
    def answer_shape(cls) -> Any:
        return parts_of(cls.shape)

    @classmethod
    def parameters(cls) -> list[Parameter]:
        usual = next(iter(SORTS))
        return [replace(of_sorts(SORTS, usual=usual), schema={"type": "string", "enum": list(SORTS), "default": usual})]

    def visible(self) -> Any:
        return super().visible().select_related("distance")

    def answered(self, record: Any) -> dict[str, Any]:
        sort, errors = sort_in(SORTS, self.values)
        if "," in sort:
            errors = [error("sort", "invalid", "“sort” takes one order here.", SORTS)]
        if errors:
            raise BadParameters(errors)
        rows = related_records(related_to(record, sort), self.site)
        return {"meta": {"count": len(rows)}, "results": rows}


class CitedPapers(BesidePaper):
    """A paged list of whole records."""

    shape = PaperShape
    sorts: ClassVar[dict[str, Sort]] = CITATION_SORTS

    @classmethod
    def answer_shape(cls) -> Any:
        return listing(cls.shape)

    @classmethod
    def parameters(cls) -> list[Parameter]:
        return [of_sorts(cls.sorts, usual=next(iter(cls.sorts))), *PAGING]

    def papers(self, record: Paper) -> Any:
        raise NotImplementedError

    def answered(self, record: Any) -> dict[str, Any]:
        values = self.values
        page, errors = read_page(values)
        sort, wrong = sort_in(self.sorts, values)
        if errors or wrong:
            raise BadParameters([*errors, *wrong])
        rows = SortedRows(self.papers(record), sort_of(self.sorts, sort), published_by_key().rows)
        found, meta = page.answer(rows, of=scope_of(f"{record.public_id}/{self.name}", sort, values))
        return {"meta": meta, "results": paper_records(found, self.site, authors=LISTED_AUTHORS)}


class References(CitedPapers):
    name, operation = "references", "list_references"
    summary = "The papers here that a paper cites"
    more = "As far as sources tell; `referenced_count` of the paper is of all its references."

    def papers(self, record: Paper) -> Any:
        return references_of(record)


class Citations(CitedPapers):
    name, operation = "citations", "list_citations"
    summary = "The papers here that cite a paper"
    more = "As far as sources tell; `cited_by_count` of the paper covers papers elsewhere too."

    def papers(self, record: Paper) -> Any:
        return cited_by(record)
