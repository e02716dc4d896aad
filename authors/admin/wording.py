"""Two wordings of one text, word by word: what goes and what comes."""

import re
from difflib import SequenceMatcher

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

MOST_WORDS = 4_000  # in both together; comparing longer ones takes seconds
_PARTS = re.compile(r"\s+|[^\s]+")


def rewording(now: str, proposed: str) -> SafeString:
    """HTML of the text with its marked deletions and insertions; of very long ones all goes and all comes."""
    old, new = _PARTS.findall(now), _PARTS.findall(proposed)
    if len(old) + len(new) > 2 * MOST_WORDS:
        return _marked([now], [proposed])
    pieces = []
    for kind, old_from, old_to, new_from, new_to in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        gone, come = old[old_from:old_to], new[new_from:new_to]
        pieces.append(format_html("{}", "".join(gone)) if kind == "equal" else _marked(gone, come))
    return format_html_join("", "{}", ((piece,) for piece in pieces))


def _marked(gone: list[str], come: list[str]) -> SafeString:
    marks = [(tag, "".join(words)) for tag, words in (("del", gone), ("ins", come)) if words]
    return format_html_join("", "<{0}>{1}</{0}>", ((SafeString(tag), text) for tag, text in marks))
