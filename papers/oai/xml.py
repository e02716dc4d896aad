"""Writing XML: whatever a text holds, what is written is well-formed."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from io import StringIO
from xml.sax.xmlreader import AttributesImpl

from django.utils.xmlutils import SimplerXMLGenerator

from papers.feeds import written

Attributes = Mapping[str, str]
XSI = "http://www.w3.org/2001/XMLSchema-instance"


class Writer:
    """Elements one after another; texts lose the characters that XML 1.0 cannot hold."""

    def __init__(self) -> None:
        self._out = StringIO()
        self._xml = SimplerXMLGenerator(self._out, "utf-8")
        self._xml.startDocument()

    def text(self) -> str:
        return self._out.getvalue()

    @contextmanager
    def inside(self, name: str, **attributes: str) -> Iterator[None]:
        self._xml.startElement(name, AttributesImpl({key: written(value) for key, value in attributes.items()}))
        yield
        self._xml.endElement(name)

    def element(self, name: str, text: str = "", **attributes: str) -> None:
        with self.inside(name, **attributes):
            self._xml.characters(written(text))

    def elements(self, name: str, texts: Iterable[str], **attributes: str) -> None:
        """One for each text that says something."""
        for text in texts:
            if text:
                self.element(name, text, **attributes)

    @contextmanager
    def root(self, name: str, namespaces: Attributes, schema: str) -> Iterator[None]:
        """An element with its namespaces by prefix ("" is the default one) and where its schema stands."""
        told = {f"xmlns:{prefix}" if prefix else "xmlns": address for prefix, address in namespaces.items()}
        with self.inside(name, **told, **{"xmlns:xsi": XSI, "xsi:schemaLocation": schema}):
            yield
