"""A paper's whole list of authors put in the place of the one there is: whoever stays keeps their line and what hangs on it."""

from collections import Counter, defaultdict, deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from authors import names
from authors.curation.recording import watch
from authors.models import Author
from papers.editing import after_edit, make_room
from papers.metrics.refreshing import touched_by
from papers.models import Authorship, AuthorshipAffiliation, Paper
from papers.querysets import with_shown_name
from papers.typed import one_line

AT_ONCE = 500
JOINED = "; "  # between affiliations as printed, where they are one text
Stated = tuple[str, int | None]  # an affiliation as printed, and its institution


class BadLine(ValueError):
    """A line that cannot be; `place` counts from 0, `member` is what is wrong with it."""

    def __init__(self, place: int, member: str, told: str) -> None:
        self.place, self.member = place, member
        super().__init__(told)


def in_one_text(printed: Iterable[str]) -> str:
    """Affiliations as printed, each once: one text may stand for several institutions."""
    return JOINED.join(dict.fromkeys(filter(None, printed)))


@dataclass(frozen=True)
class Line:
    """An author as the list is to have it. What is not among `told` stays as it is. `in_one` are the affiliations as printed,
    joined as the public reads them: they are one text unless they are what stands there.
    """

    name: str = ""
    told: frozenset[str] = frozenset()
    author: int | None = None
    is_corresponding: bool = False
    printed: Sequence[str] = ()
    in_one: str | None = None
    institutions: Sequence[int] = ()


@transaction.atomic
def replace_authors(paper: Paper, lines: Sequence[Line]) -> bool:
    """Whether anything was changed. Raises BadLine.

    A line of the same name, if there are several that of the same person, is the one that was there. Whoever sends a list
    back as the public reads it changes nothing: hidden people, whom it does not name, stay where they are.
    """
    watch(paper.letter, [paper.pk])
    before = touched_by([paper.pk])
    plan = Plan(paper, lines)
    if plan.is_done:
        return False
    plan.write()
    after_edit(paper=paper, changed={"authorships"}, before=before)
    return True


@transaction.atomic
def say_complete(paper: Paper, complete: bool) -> bool:
    """Whether the list names all authors; gives whether that is new."""
    if paper.authors_complete == complete:
        return False
    watch(paper.letter, [paper.pk])
    paper.authors_complete = complete
    paper.save(update_fields=["authors_complete", "updated_at"])
    after_edit(paper=paper, changed={"authors_complete"})
    return True


@dataclass
class Plan:
    """What is to be written so that the paper has these lines. `rows` is the list as it is to be, new ones not saved yet."""

    paper: Paper
    lines: Sequence[Line]
    rows: list[Any] = field(default_factory=list)
    edited: list[Any] = field(default_factory=list)
    stated: list[tuple[Any, list[Stated], list[Stated]]] = field(default_factory=list)  # row, before, after

    def __post_init__(self) -> None:
        there = _lines_of(self.paper)
        often = Counter(row.author_id for row in there)
        self.was = [row.pk for row in there]
        known, people = _recognised(there, self.lines), _names_of(self.lines)
        for place, line in enumerate(self.lines):
            row = known.get(place) or self._new(line.name or people.get(line.author or 0, ""), place)
            self._fill(row, line)
            self.rows.append(row)
        _check_people(self.rows, often)

    @property
    def is_done(self) -> bool:
        return not self.edited and not self.stated and self.was == [row.pk for row in self.rows]

    def _new(self, name: str, place: int) -> Authorship:
        if not name:
            raise BadLine(place, "raw_author_name", "Give the name as printed, or the person.")
        return Authorship(paper=self.paper, raw_name=name, name_key=names.search_key(name))

    def _fill(self, row: Any, line: Line) -> None:
        as_it_was = (row.author_id, row.is_corresponding)
        if "author" in line.told and line.author != row.author_id and (line.author or _is_shown(row)):
            row.author_id, row.decided_by = line.author, Authorship.DecidedBy.EDITOR
        if "is_corresponding" in line.told:
            row.is_corresponding = line.is_corresponding
        if row.pk and as_it_was != (row.author_id, row.is_corresponding):
            self.edited.append(row)
        current = [(one.raw, one.institution_id) for one in row.affiliations.all()] if row.pk else []
        wanted = _wanted(current, line)
        if Counter(wanted) != Counter(current):
            self.stated.append((row, current, wanted))

    # --- writing -----------------------------------------------------------------------------------------------------------

    def write(self) -> None:
        stay = {row.pk for row in self.rows}
        self.paper.authorships.filter(pk__among=[key for key in self.was if key not in stay]).delete()
        moved = any(row.position != place for place, row in enumerate(self.rows, start=1))
        if moved:
            make_room(self.paper)
        for place, row in enumerate(self.rows, start=1):
            row.position = place
        there = [row for row in self.rows if row.pk] if moved else []
        Authorship.objects.bulk_update(there, ["position"], batch_size=AT_ONCE)
        Authorship.objects.bulk_update(self.edited, ["author", "decided_by", "is_corresponding"], batch_size=AT_ONCE)
        Authorship.objects.bulk_create([row for row in self.rows if not row.pk], batch_size=AT_ONCE)
        self._write_affiliations()

    def _write_affiliations(self) -> None:
        gone: list[int] = []
        new: list[AuthorshipAffiliation] = []
        for row, current, wanted in self.stated:
            too_many = Counter(current) - Counter(wanted)
            for one in row.affiliations.all() if current else ():
                if too_many[one.raw, one.institution_id] > 0:
                    too_many[one.raw, one.institution_id] -= 1
                    gone.append(one.pk)
            missing = (Counter(wanted) - Counter(current)).elements()
            new += [AuthorshipAffiliation(authorship=row, raw=raw, institution_id=key) for raw, key in missing]
        AuthorshipAffiliation.objects.filter(pk__among=gone).delete()
        AuthorshipAffiliation.objects.bulk_create(new, batch_size=AT_ONCE)


# --- which line is which ---------------------------------------------------------------------------------------------------


def _lines_of(paper: Paper) -> list[Any]:
    rows = with_shown_name(paper.authorships.order_by("position")).select_related("author")
    return list(rows.prefetch_related("affiliations"))


def _recognised(there: Sequence[Any], lines: Sequence[Line]) -> dict[int, Any]:
    """By place in the list that is to be the row that stands there already; of namesakes the earlier one first."""
    found: dict[int, Any] = {}
    taken: set[int] = set()
    for by_person in (True, False):
        free: dict[Any, deque[Any]] = defaultdict(deque)
        for row in there:
            for name in {row.raw_name, row.shown_name, one_line(row.raw_name), one_line(row.shown_name)}:
                free[name, row.author_id if by_person else None].append(row)
        for place, line in enumerate(lines):
            if place in found or (by_person and "author" not in line.told):
                continue
            row = _first_free(free[line.name, line.author if by_person else None], taken)
            if row is not None:
                found[place] = row
                taken.add(row.pk)
    return found


def _check_people(rows: Sequence[Any], often: Mapping[int, int]) -> None:
    """Nobody comes to stand twice; who does so already may stay. Raises BadLine."""
    seen: Counter[int] = Counter()
    for place, row in enumerate(rows):
        seen[row.author_id] += 1
        if row.author_id and seen[row.author_id] > max(1, often[row.author_id]):
            raise BadLine(place, "author", f"A{row.author_id} stands in the list already.")


def _first_free(rows: "deque[Any]", taken: Collection[int]) -> Any:
    while rows:
        row = rows.popleft()
        if row.pk not in taken:
            return row
    return None


def _names_of(lines: Iterable[Line]) -> dict[int, str]:
    """Of the people who stand in the list without a printed name."""
    people = {line.author for line in lines if line.author and not line.name}
    return dict(Author.objects.filter(pk__among=sorted(people)).values_list("pk", "display_name"))


def _is_shown(row: Any) -> bool:
    """Whether the public reads who it is."""
    return bool(row.author_id) and not row.hidden_on_profile and row.author.visibility != Author.Visibility.HIDDEN


def _wanted(current: Sequence[Stated], line: Line) -> list[Stated]:
    """What stays, then what is new: as many printed texts as institutions belong together in their order, and one text to all
    of the institutions; else nobody knows which belongs to which.
    """
    named = [institution for _, institution in current if institution]
    printed = list(dict.fromkeys(_printed(current, line)))
    institutions = list(dict.fromkeys(line.institutions if "institutions" in line.told else named))
    if {*printed} == {raw for raw, _ in current if raw} and {*institutions} == {*named}:
        return list(current)
    kept = [(raw, one) for raw, one in current if one in institutions and raw in printed]
    texts = [raw for raw in printed if raw not in {raw for raw, _ in kept}]
    others = [one for one in institutions if one not in {one for _, one in kept}]
    if others and len(texts) in (1, len(others)):
        return [*kept, *zip(texts * len(others) if len(texts) == 1 else texts, others, strict=True)]
    return [*kept, *((raw, None) for raw in texts), *(("", one) for one in others)]


def _printed(current: Sequence[Stated], line: Line) -> Sequence[str]:
    there = [raw for raw, _ in current if raw]
    if "printed" in line.told:
        as_stored = {one_line(raw): raw for raw in there}
        return [as_stored.get(text, text) for text in line.printed]
    if line.in_one is None or line.in_one == one_line(in_one_text(there)):
        return there
    return [line.in_one] if line.in_one else []
