"""Lists of authors in the bodies of changes: read, bounded, and their people and institutions looked up all at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rest_framework import serializers

from authors.models import Author, Institution
from papers.api.naming import keys_of, meant_by, survivors
from papers.api.parameters import hint, is_text, shortened
from papers.api.shapes import Shape
from papers.api.writing.values import OPTIONAL, BadMember, tidied_at
from papers.author_lists import BadLine, Line, replace_authors, say_complete
from papers.typed import one_line

MOST_AUTHORS, MOST_STATED = 10_000, 100
LONGEST_NAME, LONGEST_STATED = 500, 2_000
ANSWERED = ("position", "author_position")  # members of an answer that say nothing here: the order does
MEMBERS = ("raw_author_name", "author", "is_corresponding", "institutions", "raw_affiliation_strings", "raw_affiliation_string")
Ids = Mapping[str, int]


class AuthorshipEdit(Shape):
    """One author. What is not named stays as it is on the line of this name. `author` and `institutions` take the objects of
    an answer too.
    """

    raw_author_name = serializers.CharField(
        **OPTIONAL,
        max_length=LONGEST_NAME,
        help_text="As printed, by which a line of the list is known; null for the person's name.",
    )
    author = serializers.CharField(**OPTIONAL, help_text="A12 or another id of the person; null while nobody knows.")
    is_corresponding = serializers.BooleanField(required=False)
    institutions = serializers.ListField(
        child=serializers.CharField(), required=False, max_length=MOST_STATED, help_text="I5, or other ids, in order."
    )
    raw_affiliation_strings = serializers.ListField(
        child=serializers.CharField(max_length=LONGEST_STATED), required=False, max_length=MOST_STATED,
        help_text="As printed. As many as institutions: each belongs to its institution.",
    )  # fmt: skip


@dataclass(frozen=True)
class AuthorsAsked:
    """What a body says of a paper's authors; None is nothing."""

    lines: list[Line] | None = None
    complete: bool | None = None

    @property
    def says_anything(self) -> bool:
        return self.lines is not None or self.complete is not None

    def write(self, paper: Any) -> None:
        """Raises BadMember."""
        try:
            if self.lines is not None:
                replace_authors(paper, self.lines)
        except BadLine as wrong:
            raise BadMember(f"authorships.{wrong.place}.{wrong.member}", str(wrong)) from wrong
        if self.complete is not None:
            say_complete(paper, self.complete)


def authors_in(body: Mapping[str, Any]) -> AuthorsAsked:
    """Raises BadMember."""
    complete = body.get("authors_complete")
    if not isinstance(complete, bool) and "authors_complete" in body:
        raise BadMember("authors_complete", "“authors_complete” is true or false.")
    return AuthorsAsked(lines_in("authorships", body["authorships"]) if "authorships" in body else None, complete)


def lines_in(path: str, given: Any) -> list[Line]:
    """Raises BadMember. One query a kind of id, however many there are."""
    if not isinstance(given, list) or not all(isinstance(each, Mapping) for each in given):
        raise BadMember(path, f"“{path}” is a list of objects.")
    if len(given) > MOST_AUTHORS:
        raise BadMember(path, f"“{path}” takes at most {MOST_AUTHORS:,} authors.")
    people: dict[str, str] = {}
    institutions: dict[str, str] = {}
    for place, each in enumerate(given):
        at = f"{path}.{place}"
        _check_members(at, each)
        if person := _id(f"{at}.author", each.get("author")):
            people[person] = f"{at}.author"
        institutions |= dict.fromkeys(_ids(f"{at}.institutions", each.get("institutions")), f"{at}.institutions")
    found = _keys(Author, people), _keys(Institution, institutions)
    return [_line(f"{path}.{place}", each, *found) for place, each in enumerate(given)]


def _check_members(path: str, given: Mapping[str, Any]) -> None:
    known = (*MEMBERS, *ANSWERED)
    if unknown := next((name for name in given if name not in known), None):
        told = f"There is no member “{shortened(unknown)}”.{hint(unknown, MEMBERS)} Valid are: {', '.join(MEMBERS)}."
        raise BadMember(shortened(f"{path}.{unknown}"), told, MEMBERS)


def _line(path: str, given: Mapping[str, Any], people: Ids, institutions: Ids) -> Line:
    told = {"author", "is_corresponding", "institutions"} & given.keys()
    corresponding = given.get("is_corresponding", False)
    if not isinstance(corresponding, bool):
        raise BadMember(f"{path}.is_corresponding", f"“{path}.is_corresponding” is true or false.")
    author = _id(path, given.get("author"))
    named = _ids(path, given.get("institutions"))
    printed, in_one = _printed(path, given), None
    if "raw_affiliation_string" in given and printed is None:
        in_one = _text(f"{path}.raw_affiliation_string", given["raw_affiliation_string"], MOST_STATED * LONGEST_STATED)
    return Line(
        name=_text(f"{path}.raw_author_name", given.get("raw_author_name"), LONGEST_NAME),
        told=frozenset(told | ({"printed"} if printed is not None else set())),
        author=people[author] if author else None,
        is_corresponding=corresponding,
        printed=printed or (),
        in_one=in_one,
        institutions=[institutions[one] for one in named],
    )


# --- values ----------------------------------------------------------------------------------------------------------------


def _text(path: str, value: Any, longest: int) -> str:
    if value is None:
        return ""
    if not isinstance(value, str) or not is_text(value) or len(value) > longest:
        raise BadMember(path, f"“{path}” is text of at most {longest:,} characters, or null.")
    return tidied_at(path, value, one_line)


def _printed(path: str, given: Mapping[str, Any]) -> list[str] | None:
    """None where nothing is said of them."""
    if "raw_affiliation_strings" not in given:
        return None
    path, values = f"{path}.raw_affiliation_strings", given["raw_affiliation_strings"]
    _check_list(path, values)
    return [text for value in values if (text := _text(path, value, LONGEST_STATED))]


def _id(path: str, value: Any) -> str | None:
    """Of a text, or of the object that an answer has."""
    found = value.get("id", "") if isinstance(value, Mapping) else value
    if found is None:
        return None
    if not isinstance(found, str) or not is_text(found) or not 0 < len(found) <= LONGEST_NAME:
        raise BadMember(path, f"“{path}” is an id, or null.")
    return found


def _ids(path: str, values: Any) -> list[str]:
    if values is None:
        return []
    _check_list(path, values)
    return [found for value in values if (found := _id(path, value))]


def _check_list(path: str, values: Any) -> None:
    if not isinstance(values, list) or len(values) > MOST_STATED:
        raise BadMember(path, f"“{path}” is a list of at most {MOST_STATED}.")


def _keys(model: Any, wanted: Mapping[str, str]) -> dict[str, int]:
    """By text the key of the record that it means, of a merged one that of the survivor. Raises BadMember."""
    meant = meant_by(model.letter, list(wanted))
    others = keys_of(model.letter, [each for each in meant.values() if isinstance(each, tuple)])
    keys = {text: others.get(each) if isinstance(each, tuple) else each for text, each in meant.items()}
    moved = survivors(model.letter, [key for key in keys.values() if key])
    found = {text: moved.get(key, key) for text, key in keys.items() if key}
    there = set(model.objects.filter(pk__among=list(found.values())).values_list("pk", flat=True))
    for text, path in wanted.items():
        if found.get(text) not in there:
            raise BadMember(path, f"{path}: there is no {model._meta.verbose_name} “{shortened(text)}”.")
    return found
