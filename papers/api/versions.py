"""Where one work appeared: as a preprint, as accepted, as published."""

from typing import Any

from rest_framework import serializers

from papers.api.beside import BesidePaper
from papers.api.beside_shapes import parts_of
from papers.api.shapes import UNKNOWN, Shape
from papers.models import PaperVersion


class Version(Shape):
    """One place where the paper appeared, as the sources say."""

    version = serializers.ChoiceField([kind for kind in PaperVersion.Kind.values if kind], **UNKNOWN)
    where = serializers.CharField(**UNKNOWN, help_text="The journal, repository or site.")
    url = serializers.CharField(**UNKNOWN)
    licence = serializers.CharField(**UNKNOWN)
    is_open = serializers.BooleanField(**UNKNOWN, help_text="Whether it can be read there without payment.")


class Versions(BesidePaper):
    name, operation = "versions", "list_versions"
    summary = "Where a paper appeared: preprint, accepted, published"
    more = "Preprint and published versions are one paper here; its best-known version is the first."
    shape, short = Version, True

    @classmethod
    def answer_shape(cls) -> Any:
        return parts_of(cls.shape)

    def answered(self, record: Any) -> dict[str, Any]:
        _ = self.values  # which refuses every parameter
        rows = [
            {"version": row.kind or None, "where": row.where or None, "url": row.url or None, "licence": row.licence or None,
             "is_open": row.is_open}
            for row in record.versions.order_by("position", "id")
        ]  # fmt: skip
        return {"meta": {"count": len(rows)}, "results": rows}
