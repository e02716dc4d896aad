"""How many people would bear a name by chance: a rare name needs less evidence than a common one.

    expected = (people with this family name) × (people with this given name) / (all people)

The counts are those of the words in people's names (`SearchWord`), as of the batch's beginning and those who came since.
Words too short to be counted are taken for as frequent as such words are.
"""

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

from authors import names
from authors.curation.bulk import rows_of
from papers.importers.saving.evidence import is_abbreviated
from papers.models import AuthorText, SearchWord

UNIQUE, RARE = 0.02, 1.0  # expected people of the name: up to which the name alone says who, and one proof does
LONE = 0.15  # the same for a name with an initial, up to which nobody but one bears the family name
SHARES = {1: 0.1, 2: 0.01}  # of all people who have a certain initial, and a certain word of two letters
FEWEST = 1_000  # people from which on counts tell anything
MANY = 10_000  # people who are counted one by one
COMMON = 200  # people of one family name, above which one does not look at all of them


class Rarity:
    def __init__(self, mentioned: Iterable[str]) -> None:
        words = {word for name in mentioned for word in _telling(name)}
        known = SearchWord.objects.filter(kind=SearchWord.Kind.NAME).order_by().values_list("word", "uses")
        self._uses = Counter(dict(rows_of(known.filter(word__among=words)))) if words else Counter[str]()
        self._people = self._estimate()

    @staticmethod
    def _estimate() -> int:
        """People whose words are counted: those who are public. Of many, about how many, for counting them takes long."""
        some = AuthorText.objects.order_by()[:MANY].count()
        last = AuthorText.objects.order_by("-author").values_list("author", flat=True).first() or 0
        return max(some, last) if some == MANY else some

    @property
    def tells(self) -> bool:
        return self._people >= FEWEST

    def learn(self, name: str) -> None:
        """Somebody new bears the name."""
        self._people += 1
        self._uses.update(set(_telling(name)))

    def expected(self, name: str) -> float:
        """People of the name to be expected by chance; infinite where the name does not tell."""
        told = _telling(name)
        if not told or not self.tells:
            return float("inf")
        given, family = told
        return self._count(given) * self._count(family) / self._people

    def _count(self, word: str) -> float:
        share = SHARES.get(len(word))
        return max(1.0, share * self._people if share else self._uses[word])

    def is_common(self, name: str) -> bool:
        """Too many people have the family name to look at all of them."""
        told = _telling(name)
        return not told or len(told[-1]) in SHARES or self._uses[told[-1]] > COMMON

    def least_proofs(self, name: str) -> int:
        """Of somebody of the same name."""
        return _least(self.expected(name)) if self.tells else 1

    def least_proofs_of_variant(self, name: str, other: str) -> int:
        """Of somebody whose name fits. Where one has an initial for the other's given name, the fuller tells how rare it is."""
        rarer, commoner = sorted((self.expected(name), self.expected(other)))
        if is_abbreviated(name) == is_abbreviated(other):
            return _least(commoner)
        return 0 if commoner <= LONE else 1 if rarer <= UNIQUE else 2


def _least(expected: float) -> int:
    return 0 if expected <= UNIQUE else 1 if expected <= RARE else 2


@lru_cache(names.MEMORY)
def _telling(name: str) -> tuple[str, ...]:
    """The first given name and the last word of the family name; nothing where one is missing."""
    given, family = (names.fold(part).split() for part in names.split(name))
    return (given[0], family[-1]) if given and family else ()
