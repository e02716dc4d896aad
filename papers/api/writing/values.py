"""What is wrong with a member of a body."""

from collections.abc import Callable
from typing import Any

from papers.typed import is_seen, tidied

OPTIONAL: dict[str, Any] = {"required": False, "allow_null": True}


class BadMember(ValueError):
    """`path` names the member: `biblio.volume`."""

    def __init__(self, path: str, told: str, allowed: Any = ()) -> None:
        self.path, self.allowed = path, list(allowed)
        super().__init__(told)


def tidied_at(path: str, text: str, tidy: Callable[[str], str] = tidied) -> str:
    """Raises BadMember where there is something, and nobody can see it."""
    if text.strip() and not is_seen(text):
        raise BadMember(path, f"“{path}” has no character that can be seen.")
    return tidy(text)
