"""From identifiers to a file of records, step by step, so that what was fetched is never fetched again."""

import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, field
from datetime import date
from hashlib import blake2b
from pathlib import Path
from typing import Any

from authors.identifiers import normalise
from papers.importers.arxiv import arxiv_records
from papers.importers.fetching.asking import Problem, Wanted, read_ids
from papers.importers.fetching.client import Client
from papers.importers.fetching.errors import FetchError, NotFound, Unreadable
from papers.importers.fetching.sources import (
    MOST_WORKS,
    Record,
    TooMany,
    crossref_work,
    openalex_institution,
    openalex_work,
    updated_works_of,
    works_of,
    works_on_orcid,
)
from papers.importers.records import FileError

ARXIV_AT_ONCE, ARXIVS_DOIS = 50, "10.48550/arxiv."
PATIENCE = 200  # works of a person that are fetched while somebody waits
Step = Sequence[Wanted]


@dataclass
class Reached:
    """How far a file got: steps done, its size and its records, and what gave nothing."""

    steps: int = 0
    size: int = 0
    count: int = 0
    problems: list[list[Any]] = field(default_factory=list)


@dataclass
class Collector:
    """Fetches what is wanted into `path`. `since` is from when on changes are wanted, for whom it is known.

    Who is not `patient` gets TooMany when a person has more works than somebody should wait for.
    """

    client: Client
    path: Path
    since: Mapping[str, date] = field(default_factory=dict)
    patient: bool = True

    def collect(self, steps: Sequence[Step], reached: Reached) -> Iterator[None]:
        """Go on after `reached`, and bring it up to date before each step's end is told. What a worker wrote that died
        before it could say so is taken away first. What several people wrote together is there once.
        """
        seen: set[bytes] = set()
        with self.path.open("ab") as file:
            file.truncate(reached.size)
            for step in steps[reached.steps :]:
                for given in self._step(step):
                    if isinstance(given, Problem):
                        reached.problems.append(list(astuple(given)))
                    elif (digest := blake2b(given, digest_size=16).digest()) not in seen:
                        seen.add(digest)
                        file.write(given)
                        reached.count += 1
                file.flush()
                reached.steps, reached.size = reached.steps + 1, file.tell()
                yield

    def _step(self, step: Step) -> Iterator[bytes | Problem]:
        """Lines of the file, and what gave none."""
        try:
            for given in self._answers(step):
                yield given if isinstance(given, Problem) else _line(given)
        except TooMany:
            raise
        except FetchError as error:
            again = not isinstance(error, NotFound)
            yield from (Problem(wanted.line, wanted.text, str(error), again) for wanted in step)

    def _answers(self, step: Step) -> Iterator[Record | Problem]:
        wanted = step[0]
        if wanted.scheme == "arxiv":
            yield from self._preprints(step)
        elif wanted.is_person:
            yield from self._works_of(wanted)
        elif wanted.scheme == "doi":
            yield self._by_doi(wanted.value)
        elif wanted.scheme == "work":
            yield openalex_work(self.client, wanted.value)
        else:
            yield openalex_institution(self.client, wanted.value)

    def _by_doi(self, doi: str) -> Record:
        """OpenAlex knows institutions and people; Crossref knows new and odd ones, and arXiv its own."""
        preprint = normalise("arxiv", doi.removeprefix(ARXIVS_DOIS)) if doi.startswith(ARXIVS_DOIS) else None
        try:
            return openalex_work(self.client, f"doi:{doi}")
        except FetchError as first:
            try:
                return self._entries([preprint])[preprint] if preprint else crossref_work(self.client, doi)
            except (FetchError, KeyError) as second:
                if isinstance(first, NotFound) and isinstance(second, (NotFound, KeyError)):
                    raise NotFound(f"neither OpenAlex nor {'arXiv' if preprint else 'Crossref'} knows it") from first
                raise (second if isinstance(first, NotFound) else first) from None

    def _preprints(self, step: Step) -> Iterator[Record | Problem]:
        found = self._entries([wanted.value for wanted in step])
        for wanted in step:
            yield found.get(wanted.value) or Problem(wanted.line, wanted.text, "arXiv knows no such paper")

    def _entries(self, numbers: Sequence[str]) -> dict[str, Record]:
        """arXiv's entries by number, without version."""
        feed = self.client.xml("arxiv", "/api/query", {"id_list": ",".join(numbers), "max_results": len(numbers)})
        try:
            raws = [raw.value for raw in arxiv_records(io.BytesIO(feed), Path("arXiv")) if raw.value]
        except FileError as error:
            raise Unreadable("The answer of export.arxiv.org is damaged.") from error
        return {number: entry for entry in raws if (number := normalise("arxiv", str(entry.get("id"))))}

    def _works_of(self, person: Wanted) -> Iterator[Record | Problem]:
        if since := self.since.get(person.value):
            yield from updated_works_of(self.client, person.scheme, person.value, since=since)
            return
        most = MOST_WORKS if self.patient else PATIENCE
        works = works_of(self.client, person.scheme, person.value, most=most, patient=self.patient)
        if first := next(works, None):
            yield first
            yield from works
        elif person.scheme == "author":
            raise NotFound("OpenAlex knows no works of this person")
        else:
            yield from self._works_on_orcid(person)

    def _works_on_orcid(self, person: Wanted) -> Iterator[Record | Problem]:
        """Whom OpenAlex does not know by ORCID iD may have a list at ORCID itself; its DOIs and arXiv ids lead on."""
        try:
            named = works_on_orcid(self.client, person.value)
        except NotFound as error:
            raise NotFound("neither OpenAlex nor ORCID knows works of this person") from error
        wanted, _ = read_ids("\n".join(value for _, value in named), most=len(named))
        if len(wanted) > ARXIV_AT_ONCE and not self.patient:
            raise TooMany(f"{person.value} has {len(wanted):,} works.")
        for step in steps_of(wanted):
            try:
                yield from (given for given in self._answers(step) if not isinstance(given, Problem))
            except NotFound:  # of such a list the one or other is known nowhere
                continue


def _line(record: Record) -> bytes:
    try:
        return json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode(errors="replace") + b"\n"
    except RecursionError as error:
        raise Unreadable("A record of the answer is nested too deeply.") from error


def steps_of(wanted: Iterable[Wanted]) -> list[Step]:
    """One service's questions: arXiv is asked for fifty at once, the others for one record or one person."""
    preprints: list[Wanted] = []
    others: list[Wanted] = []
    for one in wanted:
        (preprints if one.scheme == "arxiv" else others).append(one)
    cut: Iterator[Step] = (preprints[start : start + ARXIV_AT_ONCE] for start in range(0, len(preprints), ARXIV_AT_ONCE))
    return [*([one] for one in others), *cut]
