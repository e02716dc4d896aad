"""What is imported, and how: the form and its limits."""

import gzip
import re
import zlib
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

from authors.curation.models import Provenance
from papers.importers.reading import GZIP_MAGIC
from papers.models import Paper

MB = 2**20
UNPACKED = 10  # how many times the limit of a file what a compressed one holds may be


class ImportForm(forms.Form):
    """A file or pasted records, and how they are taken."""

    kind = forms.ChoiceField(
        label="Records of", choices=[("P", "papers (OpenAlex, BibTeX, RIS, CSL-JSON, arXiv)"),
                                     ("A", "people (OpenAlex authors)"), ("I", "institutions (OpenAlex or ROR)")],
    )  # fmt: skip
    file = forms.FileField(required=False)
    pasted = forms.CharField(
        label="or pasted records", required=False, strip=False, max_length=2_000_000,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
    )  # fmt: skip
    source = forms.CharField(
        max_length=40, initial="file", help_text="Name of the source for records without an id of their own."
    )
    state = forms.ChoiceField(
        label="New papers are", choices=[(Paper.State.PUBLISHED, "published"), (Paper.State.DRAFT, "drafts")]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = f"Plain or compressed with gzip; at most {settings.IMPORT_UPLOAD_MB:,} MB."

    def clean_source(self) -> str:
        source: str = self.cleaned_data["source"]
        if not re.fullmatch(r"[a-z0-9][a-z0-9._-]{0,39}", source) or source == Provenance.EDITOR:
            raise ValidationError(f"Give up to 40 small letters, digits, dots and hyphens, and not “{Provenance.EDITOR}”.")
        return source

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file and file.size > settings.IMPORT_UPLOAD_MB * MB:
            told = f"The file has {file.size / MB:,.0f} MB, more than {settings.IMPORT_UPLOAD_MB:,}"
            raise ValidationError(f"{told}: import it with manage.py import_papers on the server.")
        if file and file.read(2) == GZIP_MAGIC:
            file.seek(0)
            _check_unpacked(file, settings.IMPORT_UPLOAD_MB * UNPACKED)
        return file

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if not self.errors and bool(given.get("file")) == bool(given.get("pasted", "").strip()):
            raise ValidationError("Choose a file or paste records, one of the two.")
        return given


def _check_unpacked(file: Any, most: int) -> None:
    """A small file may unpack without end."""
    held = 0
    try:
        with gzip.open(file, "rb") as packed:
            while block := packed.read(MB):
                held += len(block)
                if held > most * MB:
                    raise ValidationError(f"Unpacked the file is larger than {most:,} MB.")
    except (OSError, EOFError, zlib.error) as error:
        raise ValidationError(f"The file cannot be unpacked: {error}.") from error
