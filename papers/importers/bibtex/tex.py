"""TeX in bibliographies as text: accents, signs and braces decoded, formulas kept as they are. Pure."""

import logging
import re
from functools import cache, lru_cache

from pylatexenc.latex2text import LatexNodes2Text, MacroTextSpec, get_default_latex_context_db
from pylatexenc.latexwalker import LatexWalker
from pylatexenc.latexwalker import get_default_latex_context_db as macros_known
from pylatexenc.macrospec import LatexContextDb

logging.getLogger("pylatexenc").setLevel(logging.CRITICAL)  # it would report every slip of every author

DECODED_AT_MOST = 20_000  # characters; longer texts would take seconds
REPEATED = 500  # characters; texts up to this length, such as names of proceedings, come again and again
DEEPEST = 100  # braces within braces; the decoder calls itself for each
_TEX = re.compile(r"[\\$~%]|--|``|''")
_BARE = re.compile(r"(?<!\\)%")
_ESCAPED = re.compile(r"\\([_%&#$~])")
_WRAPPING = re.compile(r"\\(?:url|path|href)\s*(?=\{)|[{}]")
_SPACED = re.compile(r"\\([\^~])\{\s*\}")  # a circumflex or tilde over nothing: people mean the sign itself
_SIGNS = {"^": "^", "~": r"\textasciitilde{}"}
_LINKED = re.compile(r"\\href\s*\{[^{}]*\}")  # what is left is the text of the link
_INLINE = re.compile(r"\\\((.{1,500}?)\\\)", re.DOTALL)
_COMMAND = re.compile(r"\\[A-Za-z]+\s*|[{}]")


@cache
def _decoder() -> LatexNodes2Text:
    signs = get_default_latex_context_db()
    signs.add_context_category(
        "bibliographies",
        prepend=True,
        macros=[
            MacroTextSpec("url", simplify_repl="%s"),
            MacroTextSpec("cite", simplify_repl=""),
            MacroTextSpec("footnote", simplify_repl=""),
            MacroTextSpec("noopsort", simplify_repl=""),
            MacroTextSpec("textbraceleft", simplify_repl="{"),
            MacroTextSpec("textbraceright", simplify_repl="}"),
        ],
    )
    return LatexNodes2Text(latex_context=signs, math_mode="verbatim", keep_braced_groups=False)


@cache
def _known() -> LatexContextDb:
    """Putting the table of macros together takes longer than most titles."""
    return macros_known()


def text_of(tex: str) -> str:
    r"""What TeX would print; formulas stay TeX.

    >>> text_of(r"{DNA} in $\alpha$-Sch{\"o}n")
    'DNA in $\\alpha$-Schön'
    """
    if not _TEX.search(tex):
        return tex.replace("{", "").replace("}", "") if "{" in tex or "}" in tex else tex
    return _remembered(tex) if len(tex) <= REPEATED else _decoded(tex)


def _decoded(tex: str) -> str:
    if len(tex) > DECODED_AT_MOST or _depth(tex) > DEEPEST:
        return _COMMAND.sub("", tex)
    prepared = _INLINE.sub(r"$\1$", _BARE.sub(r"\\%", tex))  # nobody writes comments inside fields
    prepared = _LINKED.sub("", prepared)
    prepared = _SPACED.sub(lambda found: _SIGNS[found[1]], prepared)
    try:
        nodes, *_ = LatexWalker(prepared, latex_context=_known(), tolerant_parsing=True).get_latex_nodes()
        text = str(_decoder().nodelist_to_text(nodes))
    except Exception:  # whatever a decoder makes of broken TeX, its letters are worth keeping
        return _COMMAND.sub("", tex)
    return _COMMAND.sub("", tex) if "%s" in text and "%s" not in tex else text  # a macro without what it works on


_remembered = lru_cache(4096)(_decoded)


def verbatim(tex: str) -> str:
    """Addresses and identifiers: nothing but escapes and braces is TeX in them."""
    return _ESCAPED.sub(r"\1", _WRAPPING.sub("", tex))


def _depth(tex: str) -> int:
    level = deepest = 0
    for sign in tex:
        if sign == "{":
            level += 1
            deepest = max(deepest, level)
        elif sign == "}":
            level -= 1
    return deepest
