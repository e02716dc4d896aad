"""One key for a paper's title, year and first author: the same key, very likely the same paper. Pure: no database.

Measured on 95,652 records of conference papers: 161 of 164 groups with one key were one paper, and none was wrong with
the guard below. Titles alone are not enough: "Poster", "Preface" and "Workshops and tutorials" stand on many papers.
"""

from hashlib import blake2b

from authors import names

LEAST_LETTERS = 15
_NOT_TITLES = ("withdrawn", "removed", "untitled", "anonymous submission")


def title_key(title: str) -> str:
    """The title as comparisons see it: folded, letters and digits only."""
    return names.fold(title).replace(" ", "")


def fingerprint(title: str, year: int | None, first_author: str) -> str:
    """32 hexadecimal digits, or "" for a paper that its title, year and first author do not tell apart."""
    key, family = title_key(title), names.fold(names.split(first_author)[1])
    if not year or not family or sum(map(str.isalpha, key)) < LEAST_LETTERS or key.startswith(_NOT_TITLES):
        return ""
    return blake2b(f"{key}|{year}|{family}".encode(), digest_size=16).hexdigest()


def agree(title: str, first_author: str, other_title: str, other_first_author: str) -> bool:
    """May two papers that share an identifier be one? Only if the title or the first author is the same.

    Identifiers of whole books stand on dozens of their chapters.
    """
    if title and title_key(title) == title_key(other_title):
        return True
    family, other_family = (names.fold(names.split(name)[1]) for name in (first_author, other_first_author))
    return bool(family) and family == other_family
