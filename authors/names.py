"""Personal and institutional names: folding, splitting, ordering and the keys that matching uses.

Pure: no database. The keys are stored, so a change here needs a migration that recomputes them.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

MEMORY = 20_000  # distinct strings remembered; bounds the memory of a long import
# Letters that Unicode does not decompose into a base letter and an accent.
PLAIN_LETTERS: dict[str, str | None] = {
    "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŧ": "t", "ŋ": "n",
}  # fmt: skip
_LETTERS = str.maketrans({
    **PLAIN_LETTERS, "-": None, "‐": None, "‑": None, "'": None, "’": None, "‘": None, "ʼ": None, "`": None,
})  # fmt: skip
# What separates words. The vowel signs of Indic and South-East Asian scripts are parts of words that \w does not know.
_BREAKS = re.compile(r"(?:[^\w\u0900-\u0963\u0966-\u0dff\u0e30-\u0e4e\u0eb0-\u0ecd\u1000-\u1049\u1780-\u17d3]|_)+")
PARTICLES = frozenset(
    "van von der den de del della di da das dos do du la le les ten ter te vom zu zum zur bin ibn al el st san y e af".split()
)
SUFFIXES = frozenset("jr sr ii iii iv phd".split())
NOBODY = frozenset("anonymous unknown anon author authors others".split())
_LIST = re.compile(r"[,;&|/]|\band\b|\bund\b|\bet\.? al\b|@|\{|\}|\d|https?:", re.IGNORECASE)
_GROUP = re.compile(
    r"\b(team|group|collaboration|consortium|committee|university|institute|laborator(y|ies)|inc|gmbh|organi[sz]ers|initiative)\b",
    re.IGNORECASE,
)
# The same for text that is ASCII alone, in one pass: small letters, nothing for what joins, blanks for what separates.
_ASCII = {
    code: None if chr(code) in "-'`" else chr(code).lower() if chr(code).isalnum() else " " for code in range(128)
}  # fmt: skip
_COMPANY_FORMS = frozenset("inc ltd llc corp corporation co gmbh ag sa plc the limited incorporated".split())
_GENERIC = frozenset(
    "university universitat universite universidad universita universidade college institute institution of the and for in at"
    " school department dept national research center centre laboratory laboratories lab labs technology technologies science"
    " sciences company group international state de la le du des".split()
)


@lru_cache(MEMORY)
def fold(text: str) -> str:
    """Small letters without accents and marks, words apart by one blank: "Kamilė  Lukošiūtė" gives "kamile lukosiute".

    Hyphens and apostrophes join, so that Xiao-Ming and Xiaoming, O'Brien and OBrien are the same. Scripts without case
    are kept as they are.
    """
    if text.isascii():
        return " ".join(text.translate(_ASCII).split())
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join(_BREAKS.split(plain.casefold().translate(_LETTERS))).strip()


@lru_cache(MEMORY)
def search_key(name: str) -> str:
    """The folded words in alphabetical order, so that "Li, Wei" and "Wei Li" are the same; "Jr." and "III" are left out."""
    return key_of(fold(name).split())


def key_of(words: Sequence[str]) -> str:
    """The search key of a name of these folded words, in any order."""
    kept = [word for word in words if word not in SUFFIXES] if len(words) > 2 else words
    return " ".join(sorted(kept))[:300]


@lru_cache(MEMORY)
def split(name: str) -> tuple[str, str]:
    """(given names, family name) as printed: particles belong to the family name, suffixes to nobody.

    A single word is a family name. The last word is right for about 98 of 100 names; editors correct the rest.

    >>> split("Guy Van den Broeck")
    ('Guy', 'Van den Broeck')
    >>> split("Kaplan, Jared")
    ('Jared', 'Kaplan')
    """
    before, comma, after = (part.strip() for part in name.partition(","))
    if comma and after and fold(after) not in SUFFIXES:
        return after, before
    words = (before if comma else name).split()
    while len(words) > 2 and fold(words[-1]) in SUFFIXES:
        words.pop()
    if len(words) < 2:
        return "", " ".join(words)
    start = len(words) - 1
    while start > 1 and fold(words[start - 1]) in PARTICLES:
        start -= 1
    return " ".join(words[:start]), " ".join(words[start:])


@lru_cache(MEMORY)
def sort_key(name: str) -> str:
    """Family name, then given names, folded: the order of lists of people."""
    given, family = split(name)
    return f"{fold(family)} {fold(given)}".strip()[:300]


@lru_cache(MEMORY)
def short_key(name: str) -> str:
    """Family name and first initial, folded: what "J. Kaplan" and "Jared Kaplan" have in common."""
    given, family = split(name)
    return f"{fold(family).replace(' ', '')} {fold(given)[:1]}".strip()[:300]


def _agree(first: str, second: str) -> bool:
    """Two given names, folded: equal, or one is the initial of the other."""
    return first == second or (min(len(first), len(second)) == 1 and first[0] == second[0])


@lru_cache(MEMORY)
def compatible(first: str, second: str) -> bool:
    """Could both names be one person's? Same words in any order, or same family name and given names that agree.

    Missing middle names agree with anything: "Tom Brown" and "Tom B. Brown".
    """
    if search_key(first) == search_key(second):
        return True
    (given, family), (other_given, other_family) = split(first), split(second)
    if fold(family) != fold(other_family):
        return False
    mine, theirs = fold(given).split(), fold(other_given).split()
    if not mine or not theirs or not _agree(mine[0], theirs[0]):
        return False
    return all(_agree(a, b) for a, b in zip(mine[1:], theirs[1:], strict=False))


def gives_away(name: str, *, former: Iterable[str], shown: str) -> bool:
    """Whether the name says a word of a former one, or its initial, that the name shown by now does not say.

    >>> gives_away("Z. B. Testwright", former=["Zed Testwright"], shown="Ada Testwright")
    True
    """
    kept = {*fold(shown).split()}
    left = {word for one in former for word in fold(one).split()} - kept
    telling = left | ({word[0] for word in left} - {word[0] for word in kept})
    return not telling.isdisjoint(fold(name).split())


@lru_cache(MEMORY)
def is_person(name: str) -> bool:
    """False for what stands in author fields without naming one person: lists, groups, "Anonymous", nothing."""
    folded = fold(name)
    if not folded or folded in NOBODY or len(name) > 80 or len(folded.split()) > 8 or "\\" in name:
        return False
    if not folded[0].isalpha() and not any(character.isalpha() for character in folded):
        return False
    return not _GROUP.search(name) and not _LIST.search(_without_suffix(name))


def _without_suffix(name: str) -> str:
    """ "Ilya Sutskever, Jr." names one person, so its comma says nothing; so does the one in "Kaplan, Jared"."""
    before, comma, after = name.partition(",")
    if comma and (fold(after) in SUFFIXES or (len(before.split()) <= 3 and 0 < len(after.split()) <= 3 and "," not in after)):
        return before if fold(after) in SUFFIXES or 1 in (len(before.split()), len(after.split())) else name
    return name


@lru_cache(MEMORY)
def institution_key(name: str) -> str:
    """The name as matching sees it: folded, without "(United States)", "The", "Inc." and the like."""
    spoken = name.replace("&", " and ")
    words = (fold(re.sub(r"\([^)]*\)", " ", spoken)) or fold(spoken)).split()
    kept = [word for word in words if word not in _COMPANY_FORMS]
    return " ".join(kept or words)[:300]


def institution_tag(name: str, homepage: str = "") -> str:
    """A short slug for cards: the name when it is one word, else its home page's own word, else its telling words.

    >>> institution_tag("openai"), institution_tag("Stanford University", "https://www.stanford.edu")
    ('openai', 'stanford')
    >>> institution_tag("University of Maryland, College Park")
    'maryland-park'
    """
    words = institution_key(name).split()
    if len(words) != 1 and (label := _domain_label(homepage)):
        return label
    telling = [word for word in words if word not in _GENERIC] or words
    return "-".join(telling[:3])[:40].strip("-") or "institution"


def _domain_label(homepage: str) -> str:
    """ "https://www.cs.ox.ac.uk/x" gives "ox", "https://mit.edu" gives "mit", anything odd ""."""
    found = re.fullmatch(r"(?:https?://)?([a-z0-9.-]+\.[a-z]{2,})(?:[:/?#].*)?", homepage.strip().lower())
    labels = found[1].split(".") if found else []
    if (
        len(labels) > 2
        and len(labels[-1]) == 2
        and labels[-2] in {"ac", "co", "edu", "com", "org", "gov", "net", "go", "or", "res"}
    ):
        labels.pop()
    label = labels[-2] if len(labels) > 1 else ""
    return label if 2 <= len(label) <= 24 and label not in {"www", "google", "github", "sites", "wikipedia"} | _GENERIC else ""
