"""Two people of names that fit: is it one? Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import prod

from authors import names
from papers.duplicates.scoring.points import Point, Weights, counted, listed, shared_identifiers

# Slugs made from names (ACL) and doubled ids (IEEE) speak softly; profiles that people keep themselves do not.
SCHEMES = {
    "orcid": Weights(60, 80), "profile": Weights(50, 40), "openalex": Weights(40, 15), "openreview": Weights(50, 45),
    "semanticscholar": Weights(40, 15), "dblp": Weights(40, 40), "scholar": Weights(50, 45), "ieee": Weights(30, 10),
    "acl": Weights(10, 30), "wikidata": Weights(40, 40), "isni": Weights(40, 30),
}  # fmt: skip
RARE, UNUSUAL = 0.01, 0.3  # expected namesakes among the people of the catalogue
LEAST_PEOPLE = 10_000  # a smaller catalogue knows too few names to call any frequent
SHORT = 2  # letters
INITIALS = 12  # one in so many given names begins with the same letter
NEAR, FAR = 3, 12  # years between the last paper of the one and the first of the other


@dataclass
class Person:
    """What the catalogue knows of somebody. `coauthors` are by search key the names on their papers."""

    names: set[str] = field(default_factory=set)
    identifiers: dict[str, set[str]] = field(default_factory=dict)
    coauthors: dict[str, str] = field(default_factory=dict)
    institutions: dict[int, str] = field(default_factory=dict)
    papers: set[int] = field(default_factory=set)
    years: set[int] = field(default_factory=set)
    category: str = ""


@dataclass(frozen=True)
class Frequencies:
    """How many people have a word in their name, and how many people there are."""

    words: Mapping[str, int]
    people: int

    def namesakes(self, name: str, *, initial: bool = False) -> float:
        """How many others one expects to be called so: people of the family name times those of the given name, over all.

        `initial`: of the given name no more than the first letter is known.
        """
        given, family = (names.fold(part).split() for part in names.split(name))
        people = max(self.people, LEAST_PEOPLE)
        families = min(map(self._bearers, family), default=people)
        if not given:
            return float(families)
        if initial or len(given[0]) == 1:
            return families / INITIALS
        return families * self._bearers(given[0]) / people

    def _bearers(self, word: str) -> int:
        """Short words are counted nowhere; most are frequent family names such as Li, Wu and Xu."""
        return self.words.get(word) or (1 if len(word) > SHORT else max(self.people, LEAST_PEOPLE) // 100)

    def expected(self, key: str) -> float:
        """How many people of the words of this search key one expects, whichever of them is the family name."""
        people, words = max(self.people, LEAST_PEOPLE), key.split()
        return prod(map(self._bearers, words)) / people ** max(len(words) - 1, 0)


def fitting(first: Person, second: Person) -> tuple[str, str] | None:
    """Two of their names that could be one person's, equal ones before others, long ones before short ones."""
    pairs = [(a, b) for a in first.names for b in second.names if names.compatible(a, b)]
    same = [pair for pair in pairs if names.search_key(pair[0]) == names.search_key(pair[1])]
    return min(same or pairs, key=lambda pair: (-len(pair[0]) - len(pair[1]), pair), default=None)


def compare(first: Person, second: Person, frequencies: Frequencies) -> list[Point]:
    """Nothing when they cannot be one person: both stand on one paper, or no name fits."""
    pair = fitting(first, second)
    if pair is None or first.papers & second.papers:
        return []
    namesakes = _namesakes(pair, frequencies)
    points = [
        _of_name(pair, namesakes),
        *_of_other_names(first, second),
        *shared_identifiers(first.identifiers, second.identifiers, SCHEMES),
        *_of_coauthors(first, second, pair, frequencies),
        *_of_institutions(first, second),
        *_of_time(first, second),
    ]
    if first.category and first.category == second.category:
        points.append(Point(f"most papers of both in {first.category}", 3))
    return points


def _namesakes(pair: tuple[str, str], frequencies: Frequencies) -> float:
    return max(frequencies.namesakes(name) for name in pair)


def _of_name(pair: tuple[str, str], namesakes: float) -> Point:
    same = names.search_key(pair[0]) == names.search_key(pair[1])
    said = f"the same name, {pair[0]}" if same else f"names that fit: {pair[0]}, {pair[1]}"
    if namesakes <= RARE:
        return Point(f"{said}, a rare one", 60 if same else 30)
    if namesakes <= UNUSUAL:
        return Point(f"{said}, not a frequent one", 38 if same else 18)
    return Point(f"{said}, a frequent one", 14 if same else 0)


def _of_other_names(first: Person, second: Person) -> list[Point]:
    """ "J. Kaplan" is known as Jared here and as John there."""
    odd = sorted((a, b) for a in first.names for b in second.names if not names.compatible(a, b) and not _other_script(a, b))
    return [Point(f"other names that do not fit: {odd[0][0]}, {odd[0][1]}", -30)] if odd else []


def _other_script(first: str, second: str) -> bool:
    return names.fold(first).isascii() != names.fold(second).isascii()


def _of_coauthors(first: Person, second: Person, pair: tuple[str, str], frequencies: Frequencies) -> list[Point]:
    own = {names.search_key(name) for name in (*first.names, *second.names)}
    shared = (first.coauthors.keys() & second.coauthors.keys()) - own - {""}
    if not shared:
        return []
    telling = [key for key in shared if frequencies.expected(key) <= 1]
    weight = {0: 10, 1: 22, 2: 32}.get(len(telling), 38)
    return [Point(f"{counted(len(shared), 'shared co-author')}: {listed([first.coauthors[key] for key in shared])}", weight)]


def _of_institutions(first: Person, second: Person) -> list[Point]:
    shared = first.institutions.keys() & second.institutions.keys()
    if not shared:
        return [Point("other institutions", -6)] if first.institutions and second.institutions else []
    named = {first.institutions[key] for key in shared}
    return [Point(f"{counted(len(shared), 'shared institution')}: {listed(named)}", 14 if len(shared) == 1 else 20)]


def _of_time(first: Person, second: Person) -> list[Point]:
    if not first.years or not second.years:
        return []
    gap = max(min(second.years) - max(first.years), min(first.years) - max(second.years), 0)
    if gap > FAR:
        return [Point(f"{gap} years apart", -15)]
    said = "active in the same years" if not gap else f"{counted(gap, 'year')} apart"
    return [Point(said, 6 if gap <= NEAR else 0)]
