"""What is wrong with a member of a body."""

from typing import Any

OPTIONAL: dict[str, Any] = {"required": False, "allow_null": True}


class BadMember(ValueError):
    """`path` names the member: `biblio.volume`."""

    def __init__(self, path: str, told: str, allowed: Any = ()) -> None:
        self.path, self.allowed = path, list(allowed)
        super().__init__(told)
