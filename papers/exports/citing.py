"""References in the styles that papers ask for most, as plain text. Pure.

Rules: APA 7, MLA 9, Chicago 17 (author–date), IEEE, and Vancouver as medical journals use it. Titles keep their capitals:
nothing tells which of them are names.
"""

from collections.abc import Callable, Sequence

from papers.exports.people import Person
from papers.exports.records import Item, Kind

MONTHS = "January February March April May June July August September October November December".split()
IN_IEEE = "Jan. Feb. Mar. Apr. May June July Aug. Sept. Oct. Nov. Dec.".split()
WITHIN = frozenset({Kind.CONFERENCE, Kind.CHAPTER, Kind.ENTRY})
ENDS = (".", "?", "!", "”")
CITING: dict[str, Callable[[Item], str]] = {}


def citations(item: Item) -> list[tuple[str, str]]:
    """(style, reference) in the order of the menu."""
    return [(style, write(item)) for style, write in CITING.items()]


def _style(name: str) -> Callable[[Callable[[Item], str]], Callable[[Item], str]]:
    def keep(write: Callable[[Item], str]) -> Callable[[Item], str]:
        CITING[name] = write
        return write

    return keep


@_style("APA")
def apa(item: Item) -> str:
    """Twenty-one authors and more: the first nineteen, an ellipsis, the last."""
    names = [_joined(", ", person.family, person.initials(), person.suffix) for person in item.people]
    if len(names) > 20 and item.complete:
        written = f"{', '.join(names[:19])}, … {names[-1]}"
    else:
        written = _listed(names[:19] if len(names) > 20 else names, last="& ", more="et al." if not item.complete else "")
    what = _joined(" ", item.title, _bracketed(item))
    year = f"({_year(item)})"
    start = [written, year, what] if written else [what, year]
    if item.kind in WITHIN and item.venue:
        pages = f" ({_pages(item)})" if item.first_page else ""
        place = [f"In {item.venue}{pages}", item.publisher]
    elif item.kind is Kind.PREPRINT:
        place = [item.venue or ("arXiv" if item.arxiv else "")]
    else:
        number = f"{item.volume}({item.issue})" if item.volume and item.issue else item.volume or item.issue
        place = [_joined(", ", item.venue, number, item.pages("–")), item.publisher if not item.venue else ""]
    return _sentences(*start, *place, _address(item))


@_style("MLA")
def mla(item: Item) -> str:
    """Three authors and more: the first and "et al."."""
    first = [_inverted(person) for person in item.people[:1]]
    if len(item.people) > 2 or not item.complete:
        names = _listed(first, more="et al.")
    else:
        names = _listed([*first, *(person.printed for person in item.people[1:])], last="and ")
    place = item.venue or ("arXiv" if item.arxiv and item.kind is Kind.PREPRINT else item.publisher)
    about = (*_numbers(item), _day_month_year(item), _pages(item), _address(item))
    return _sentences(names, _quoted(item), _joined(", ", place, *about))


@_style("Chicago")
def chicago(item: Item) -> str:
    """Eleven authors and more: the first seven and "et al."."""
    names = [_inverted(person) if number == 0 else person.printed for number, person in enumerate(item.people)]
    if len(names) > 10 or not item.complete:
        written = _listed(names[:7] if len(names) > 10 else names, more="et al.")
    else:
        written = _listed(names, last="and ")
    start = [written, _year(item), _quoted(item)] if written else [_quoted(item), _year(item)]
    if item.kind in WITHIN and item.venue:
        place = [_joined(", ", f"In {item.venue}", item.pages("–")), item.publisher]
    elif item.venue and item.kind is not Kind.PREPRINT:
        number = _joined(" ", item.venue, item.volume, f"({item.issue})" if item.issue else "")
        place = [_joined(": ", number, item.pages("–"))]
    else:
        place = [item.venue or ("arXiv" if item.arxiv else item.publisher)]
    return _sentences(*start, *place, _address(item))


@_style("IEEE")
def ieee(item: Item) -> str:
    """Seven authors and more: the first and "et al."."""
    names = [_joined(" ", person.initials(), person.family, person.suffix) for person in item.people]
    if len(names) > 6 or not item.complete:
        written = f"{names[0] if len(names) > 6 else ', '.join(names)} et al." if names else ""
    else:
        written = " and ".join(names) if len(names) == 2 else _listed(names, last="and ")
    when = item.date_parts
    month = IN_IEEE[when[1] - 1] if len(when) > 1 and item.kind is Kind.ARTICLE else ""
    venue = f"in {item.venue}" if item.kind in WITHIN and item.venue else item.venue
    about = _joined(", ", venue, *_numbers(item), _pages(item), _joined(" ", month, _year(item)), _ieee_address(item))
    return f"{_joined(', ', written, f'“{_marked(item)},”')} {about}{'' if about.startswith('http') else '.'}"


@_style("Vancouver")
def vancouver(item: Item) -> str:
    """Seven authors and more: the first six and "et al."."""
    names = [_joined(" ", person.family, person.initials(dots=False, apart=False), person.suffix) for person in item.people]
    shown = names[:6] if len(names) > 6 else names
    written = _listed(shown, more="et al." if len(names) > 6 or not item.complete else "")
    month = MONTHS[item.date_parts[1] - 1][:3] if len(item.date_parts) > 1 else ""
    year = str(item.date_parts[0]) if item.date_parts else "[date unknown]"
    when = _joined(" ", year, month, *map(str, item.date_parts[2:]))
    number = _joined("", item.volume, f"({item.issue})" if item.issue else "")
    when += (f";{number}" if number else "") + (f":{item.pages('-')}" if item.first_page else "")
    venue = f"In: {item.venue}" if item.kind in WITHIN and item.venue else item.venue or ("arXiv" if item.arxiv else "")
    publisher = item.publisher if not venue else ""
    address = f"doi: {item.doi}" if item.doi else _address(item)
    return _sentences(written, _marked(item), venue, publisher, when, address)


# --- parts ----------------------------------------------------------------------------------------------------------------


def _joined(sign: str, *parts: str) -> str:
    return sign.join(part for part in parts if part)


def _listed(names: Sequence[str], *, last: str = "", more: str = "") -> str:
    """ "A, B, & C"; with `more` at the end in its place."""
    if more and names:
        return f"{', '.join(names)}, {more}"
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])}, {last}{names[-1]}"


def _sentences(*parts: str) -> str:
    """Each with a full stop unless it has an end of its own; an address has none."""
    return " ".join(part if part.endswith(ENDS) or _ends_in_address(part) else f"{part}." for part in parts if part)


def _ends_in_address(part: str) -> bool:
    return part.rpartition(" ")[2].startswith("http")


def _numbers(item: Item) -> tuple[str, str]:
    return (f"vol. {item.volume}" if item.volume else "", f"no. {item.issue}" if item.issue else "")


def _pages(item: Item) -> str:
    return f"pp. {item.pages('–')}" if item.last_page else f"p. {item.first_page}" if item.first_page else ""


def _inverted(person: Person) -> str:
    return _joined(", ", person.family, person.given, person.suffix)


def _year(item: Item) -> str:
    return str(item.date_parts[0]) if item.date_parts else "n.d."


def _day_month_year(item: Item) -> str:
    """MLA has no sign for a date that is not known: it says nothing."""
    year, month, day = (*item.date_parts, 0, 0, 0)[:3]
    return _joined(" ", str(day or ""), MONTHS[month - 1] if month else "", str(year or ""))


def _marked(item: Item) -> str:
    return f"{item.title} [Retracted]" if item.retraction else item.title


def _quoted(item: Item) -> str:
    title = _marked(item)
    return f"“{title}”" if title.endswith(ENDS) else f"“{title}.”"


def _bracketed(item: Item) -> str:
    kind = {Kind.PREPRINT: "Preprint", Kind.THESIS: "Dissertation", Kind.DATASET: "Data set"}.get(item.kind, "")
    marks = [kind, "Retracted" if item.retraction else ""]
    return " ".join(f"[{mark}]" for mark in marks if mark)


def _address(item: Item) -> str:
    """What leads to the paper itself, before what leads to its page here."""
    return f"https://doi.org/{item.doi}" if item.doi else f"https://arxiv.org/abs/{item.arxiv}" if item.arxiv else item.url


def _ieee_address(item: Item) -> str:
    return f"doi: {item.doi}" if item.doi else f"arXiv:{item.arxiv}" if item.arxiv else f"[Online]. Available: {item.url}"
