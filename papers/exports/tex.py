r"""Text as TeX that means the same: what TeX would take for a command is written out, formulas stay as they are. Pure.

Braces are written as words, for BibTeX counts them even behind a backslash.
"""

import re

_MATH = re.compile(r"(?<!\\)(?:\$\$[^$]{1,2000}\$\$|\$(?=[^\s$])[^$\n]{0,1000}(?<=[^\s\\])\$(?!\d)|\\\([^\n]{1,1000}?\\\))")
_SIGNS = {
    "\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}", "~": r"\textasciitilde{}",
    "^": r"\^{}", "$": r"\$", "&": r"\&", "%": r"\%", "#": r"\#", "_": r"\_",
}  # fmt: skip
_SIGN = re.compile(r"[\\{}~^$&%#_]")
_JOINED = re.compile(r"(?<=-)(?=-)|(?<=')(?=')|(?<=`)(?=`)|(?<=[?!])(?=`)|(?<=<)(?=<)|(?<=>)(?=>)|(?<=,)(?=,)")
_PAIR = re.compile(r"[-'`<>,]{2}|[?!]`")  # told much faster than where exactly two signs would join
_LINE_START = re.compile(r"^@", re.MULTILINE)
_NO_MATH = re.compile(r"(?<!\\)%|\\[.'\"^~=`()]|\\[bcdHkrtuv](?![A-Za-z])")  # comments, accents, further formulas
_WORD = re.compile(r"\S+")
_LETTERS = re.compile(r"[^\W\d_]+")
LONG_WORD = 4
AROUND = "\"'()[]:,.;?!"
ENDS = (":", "?", "!", ".", "—", "–")  # behind these a style keeps a capital by itself


def tex(text: str) -> str:
    return _LINE_START.sub("{@}", "".join(formula or _plain(words) for words, formula in _stretches(text)))


def title_tex(title: str) -> str:
    """The same with braces around the words whose capitals a style must not take away, and around formulas."""
    names = _names_by_capital(title)
    found, after_end = [], True
    for words, formula in _stretches(title):
        if formula:
            found.append(f"{{{formula}}}")
            after_end = False
            continue
        at = 0
        for word in _WORD.finditer(words):
            found.append(words[at : word.start()])
            kept = _has_inner_capital(word[0]) or (names and not after_end and word[0][:1].isupper())
            found.append(_braced(word[0]) if kept else _plain(word[0]))
            at, after_end = word.end(), word[0].endswith(ENDS)
        found.append(words[at:])
    return "".join(found)


def _stretches(text: str) -> list[tuple[str, str]]:
    """(words, "") and ("", formula) in order."""
    found: list[tuple[str, str]] = []
    at = 0
    for math in _MATH.finditer(text) if "$" in text or "\\(" in text else ():
        if _is_sound(math[0]):
            found += [(text[at : math.start()], ""), ("", math[0])]
            at = math.end()
    return [*found, (text[at:], "")]


def _is_sound(formula: str) -> bool:
    """Braces that match and nothing that would end the line: else it would break the file around it."""
    level = 0
    for sign in re.sub(r"\\\\", "", formula):
        level += (sign == "{") - (sign == "}")
        if level < 0:
            return False
    within = formula[2:-2] if formula.startswith((r"\(", "$$")) else formula[1:-1]
    return level == 0 and not _NO_MATH.search(within) and not within.endswith("\\")


def _plain(words: str) -> str:
    apart = _JOINED.sub("\0", words) if _PAIR.search(words) else words
    return _SIGN.sub(lambda sign: _SIGNS[sign[0]], apart).replace("\0", "{}")


def _braced(word: str) -> str:
    """Signs before and behind the word stay outside."""
    core = word.strip(AROUND)
    before, _, behind = word.partition(core)
    return f"{_plain(before)}{{{_plain(core)}}}{_plain(behind)}"


def _names_by_capital(title: str) -> bool:
    """In "A study of German verbs" a capital says that it is a name, in "A Study of German Verbs" it says nothing."""
    long_words = [word for word in _LETTERS.findall(title)[1:] if len(word) >= LONG_WORD]
    return sum(word[0].isupper() for word in long_words) * 2 < len(long_words)


def _has_inner_capital(word: str) -> bool:
    """ "BERT", "GPT-3", "iPhone", "X-ray" and "C" have one; "Self-Attention" and "A" have not."""
    parts = _LETTERS.findall(word)
    alone = len(word.rstrip(":,.;?!")) == 1 and word[0] not in "AI"
    single = any(len(part) == 1 and part.isupper() for part in parts) and (
        alone or len(parts) > 1 or any(map(str.isdigit, word))
    )
    return single or any(sign.isupper() for part in parts for sign in part[1:])
