"""How many people would bear a name by chance: a rare name needs less evidence than a common one.

    expected = (people with this family name) × (people with this given name) / (all people)

The counts are those of the words in people's names (`SearchWord`), as of the batch's beginning and those who came since.
"""

from collections import Counter
from collections.abc import Iterable

from authors import names
from authors.curation.bulk import rows_of
from authors.models import Author
from papers.models import SearchWord

UNIQUE, RARE = 0.05, 1.0  # expected people of the name: up to which the name alone says who, and one proof does
FEWEST = 1_000  # people from which on counts tell anything
MANY = 10_000  # people who are counted one by one
SHORTEST = 3  # letters of a word that is counted


class Rarity:
    def __init__(self, mentioned: Iterable[str]) -> None:
        words = {word for name in mentioned for word in _telling(name)}
        known = SearchWord.objects.filter(kind=SearchWord.Kind.NAME).order_by().values_list("word", "uses")
        self._uses = Counter(dict(rows_of(known.filter(word__among=words)))) if words else Counter[str]()
        self._people = self._estimate()

    @staticmethod
    def _estimate() -> int:
        """People; of many about how many there are, for counting them takes long."""
        some = Author.objects.order_by()[:MANY].count()
        last = Author.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        return max(some, last) if some == MANY else some

    def learn(self, name: str) -> None:
        """Somebody new bears the name."""
        self._people += 1
        self._uses.update(set(_telling(name)))

    def expected(self, name: str) -> float:
        """People of the name to be expected by chance; infinite where the name does not tell, as with an initial."""
        told = _telling(name)
        if len(told) < 2 or self._people < FEWEST:
            return float("inf")
        given, family = told
        return max(1, self._uses[given]) * max(1, self._uses[family]) / self._people

    def least_proofs(self, name: str) -> int:
        """Of somebody of the same name."""
        if self._people < FEWEST:
            return 1
        expected = self.expected(name)
        return 0 if expected <= UNIQUE else 1 if expected <= RARE else 2

    def least_proofs_of_variant(self, name: str, other: str) -> int:
        """Of somebody whose name fits: the one that says more tells how rare it is."""
        return 1 if min(self.expected(name), self.expected(other)) <= UNIQUE else 2


def _telling(name: str) -> list[str]:
    """The first given name and the last word of the family name; nothing where one is missing or too short to be counted."""
    given, family = (names.fold(part).split() for part in names.split(name))
    found = [*given[:1], *family[-1:]]
    return found if len(found) > 1 and all(len(word) >= SHORTEST for word in found) else []
