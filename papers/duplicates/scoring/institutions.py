"""Two institutions of one name or home page: is it one? Pure."""

import re
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from authors import names
from papers.duplicates.scoring.points import Point, Weights, shared_identifiers

SCHEMES = {
    "ror": Weights(60, 60), "grid": Weights(40, 20), "isni": Weights(40, 10), "wikidata": Weights(40, 20),
    "openalex": Weights(40, 15),
}  # fmt: skip
_HOST = re.compile(r"(?:https?://)?(?:www\.)?([a-z0-9.-]+\.[a-z]{2,})(?:[:/?#].*)?")
ALIKE, NEARLY = 0.5, 0.92  # of two names, how many of the words of both are in both; how much of the letters is the same
SMALL = frozenset("of the at for and in an a de la le du des di der für".split())


@dataclass
class Place:
    key: int = 0
    name: str = ""
    name_key: str = ""
    aliases: set[str] = field(default_factory=set)
    country: str = ""
    city: str = ""
    homepage: str = ""
    parent: int | None = None
    identifiers: dict[str, set[str]] = field(default_factory=dict)


def domain(homepage: str) -> str:
    """ "https://www.ox.ac.uk/research" gives "ox.ac.uk"; what is no address, ""."""
    found = _HOST.fullmatch(homepage.strip().lower())
    return found[1] if found else ""


def compare(first: Place, second: Place) -> list[Point]:
    """Nothing when they cannot be one: two countries, or one is part of the other."""
    if first.country and second.country and first.country != second.country:
        return []
    if first.key in (second.parent, second.key) or first.parent == second.key:
        return []
    called = _of_name(first, second)
    points = [
        *called,
        *shared_identifiers(first.identifiers, second.identifiers, SCHEMES),
        *_of_place(first, second),
    ]
    where = domain(first.homepage)
    if where and where == domain(second.homepage):
        points.append(Point(f"the same home page: {where}", 25))
    return points


def _of_name(first: Place, second: Place) -> list[Point]:
    if first.name_key == second.name_key:
        return [Point("the same name" if first.name == second.name else "names equal but for case and the like", 60)]
    if shared := ({first.name_key, *first.aliases} & {second.name_key, *second.aliases}) - {""}:
        # Acronyms stand for many: "MIT", "NTU".
        return [Point(f"the same further name: {min(shared)}", 46 if any(len(one) > 6 for one in shared) else 24)]
    return [point] if (point := _of_words(first.name_key, second.name_key)) else []


def _of_words(first: str, second: str) -> Point | None:
    mine, theirs = ({*key.split()} - SMALL for key in (first, second))
    if mine == theirs:
        return Point("names of the same words", 40)
    if SequenceMatcher(None, first, second, autojunk=False).ratio() >= NEARLY:
        return Point("names nearly equal", 28)
    return Point("names with most words in common", 12) if len(mine & theirs) > ALIKE * len(mine | theirs) else None


def _of_place(first: Place, second: Place) -> list[Point]:
    points = []
    if first.country and first.country == second.country:
        points.append(Point(f"the same country: {first.country}", 15))
    if first.city and second.city:
        same = names.fold(first.city) == names.fold(second.city)
        points.append(Point(f"the same city: {first.city}", 10) if same else Point("two cities", -20))
    return points
