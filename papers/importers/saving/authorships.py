"""Authorships, their affiliations and a paper's institutions, gathered for one bulk write."""

from collections.abc import Collection, Mapping, Sequence

from authors import names
from authors.curation.bulk import insert, reserve_ids
from papers.importers.records import AuthorMention
from papers.importers.saving.evidence import Person
from papers.importers.saving.institutions import Institutions
from papers.importers.saving.people import People
from papers.models import Authorship, AuthorshipAffiliation

# What an earlier list had settled: person's key, what decided it, place on the profile.
Kept = tuple[int | None, str, int | None]


class AuthorshipRows:
    def __init__(self, institutions: Institutions, people: People) -> None:
        self._institutions, self._people = institutions, people
        self._rows: list[tuple[int, int, AuthorMention, Person | None, str, int | None]] = []
        self._hidden: set[tuple[int, int]] = set()  # (paper, author): not shown on the profile
        self.written: list[tuple[int, int]] = []  # (paper, author) of all lines that name somebody

    def hide(self, paper: int, authors: Collection[int]) -> None:
        """These people do not want the paper shown on their profiles, whatever name the new list prints."""
        self._hidden |= {(paper, author) for author in authors}

    def add(self, paper: int, mentions: Sequence[AuthorMention], *, line: int, kept: Mapping[int, Kept] | None = None) -> None:
        """Queue the authors of `paper`; `kept` gives, by place in the list, what stays as it was settled."""
        kept = kept or {}
        people = {place: self._people[author] if author else None for place, (author, *_) in kept.items()}
        where = [self._institutions_of(mention) for mention in mentions]
        settled = self._people.settle(mentions, where, line=line, kept=people)
        for place, (mention, (person, decided_by)) in enumerate(zip(mentions, settled, strict=True)):
            _, decided_before, on_profile = kept.get(place, (None, decided_by, None))
            self._rows.append((paper, place + 1, mention, person, decided_before, mention.profile_position or on_profile))

    def _institutions_of(self, mention: AuthorMention) -> set[int]:
        return {self._institutions[given] for affiliation in mention.affiliations for given in affiliation.institutions}

    def write(self) -> set[int]:
        """Insert all rows; gives the keys of the authors they name. People must be written before."""
        rows, affiliations = [], []
        for (paper, position, mention, person, decided_by, on_profile), pk in zip(
            self._rows, reserve_ids(Authorship, len(self._rows)), strict=True
        ):
            author = person.pk if person else None
            is_late = person is not None and person.same_as is not None and decided_by == Authorship.DecidedBy.NEW
            key = names.search_key(mention.raw_name)
            decided = Authorship.DecidedBy.RULE if is_late else decided_by
            rows.append((
                pk, paper, position, mention.raw_name, key, author, decided, mention.is_corresponding, on_profile,
                (paper, author) in self._hidden,
            ))  # fmt: skip
            affiliations += [(pk, raw, institution) for raw, institution in self.stated(mention)]
            if author:
                self.written.append((paper, author))
        columns = [
            "id", "paper", "position", "raw_name", "name_key", "author", "decided_by", "is_corresponding", "profile_position",
            "hidden_on_profile",
        ]  # fmt: skip
        insert(Authorship, columns, rows)
        insert(AuthorshipAffiliation, ["authorship", "raw", "institution"], affiliations)
        return {author for _, author in self.written}

    def stated(self, mention: AuthorMention) -> list[tuple[str, int | None]]:
        """One row for each institution, with what was printed; one without institution where nothing was resolved."""
        found: dict[int | str, tuple[str, int | None]] = {}
        for affiliation in mention.affiliations:
            keys = list(dict.fromkeys(self._institutions[given] for given in affiliation.institutions))
            for key in keys:
                found.setdefault(key, (affiliation.raw, key))
            if not keys:
                found.setdefault(affiliation.raw, (affiliation.raw, None))
        return list(found.values())
