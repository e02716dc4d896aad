"""Lists of names as BibTeX writes them. Pure.

Names are taken apart before TeX is decoded: braces say what belongs together ("{The ATLAS Collaboration}").
"""

import re

from bibtexparser.middlewares.names import parse_single_name_into_parts, split_multiple_persons_names

from papers.importers.bibtex.tex import text_of
from papers.importers.entries import in_print

NAMES_AT_MOST = 10_000
_OTHERS = re.compile(r"\{?\s*(others|et\.? al\.?)\s*\}?", re.IGNORECASE)
_AND_OTHERS = re.compile(r"[\s,]+(?:et\.?~?\s?al\.?|and others)\s*$", re.IGNORECASE)
_LABELLED = re.compile(r"\s*(family|given|prefix|suffix|useprefix|\w+-i)\s*=", re.IGNORECASE)
_SUFFIX = re.compile(r"\{?(?:jr|sr|[ivx]+|esq|ph\.?d)\.?\}?", re.IGNORECASE)


def names_in(field: str) -> tuple[list[str], bool]:
    """The names as printed, and whether they are all."""
    cut = _AND_OTHERS.sub("", field)
    listed = [name for name in split_multiple_persons_names(cut)[: NAMES_AT_MOST + 1] if name.strip()]
    named = [name for name in listed[:NAMES_AT_MOST] if not _OTHERS.fullmatch(name.strip())]
    return [printed(name) for name in named], cut == field and len(named) == len(listed)


def printed(name: str) -> str:
    """One name in the order it is printed in: "van der Berg, Jr., Ada" gives "Ada van der Berg Jr."."""
    if _LABELLED.match(name):
        return _labelled(name)
    name = name.strip().rstrip(",")
    commas = _commas(name)
    if commas == 2 and _SUFFIX.fullmatch(name.rpartition(",")[2].strip()):  # "Berg, Ada, Jr.": the suffix in the wrong place
        family, given, suffix = name.split(",")
        name = f"{family},{suffix},{given}"
    elif commas > 2 or (commas == 2 and not _SUFFIX.fullmatch(name.split(",")[1].strip())):
        return text_of(name)  # several people, or a company and where it sits: not to be turned round
    parts = parse_single_name_into_parts(name, strict=False)
    whole = in_print(" ".join(parts.first), " ".join(parts.von), " ".join(parts.last), " ".join(parts.jr))
    return text_of(whole)


def _labelled(name: str) -> str:
    """BibLaTeX's way: "family=Berg, given=Ada, prefix=van der"."""
    pairs = (part.partition("=") for part in re.split(r",(?![^{]*\})", name))
    said = {key.strip().lower(): value.strip().strip('"') for key, _, value in pairs}
    return text_of(in_print(*(said.get(key, "") for key in ("given", "prefix", "family", "suffix"))))


def _commas(name: str) -> int:
    level = found = 0
    for sign in name:
        level += (sign == "{") - (sign == "}")
        found += sign == "," and level <= 0
    return found
