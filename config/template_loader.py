"""The project's templates, without what their indentation would leave in every page."""

import re

from django.template import Origin
from django.template.loaders import filesystem

# Blanks before a tag at the beginning of a line, and at the end of one: beside the end of a line no browser shows them.
_BLANKS = re.compile(r"^[ \t]+(?=\{[%#])|[ \t]+$", re.MULTILINE)


class Loader(filesystem.Loader):
    """A line that holds tags alone leaves an empty line; text files stay as they are written."""

    def get_contents(self, origin: Origin) -> str:
        text = super().get_contents(origin)
        return _BLANKS.sub("", text) if origin.name.endswith(".html") else text
