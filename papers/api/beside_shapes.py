"""The shapes of what stands beside a record, for the OpenAPI schema alone."""

from rest_framework import serializers

from papers.api.shapes import UNKNOWN, Shape


class BriefPaper(Shape):
    id = serializers.CharField()
    html_url = serializers.URLField()
    display_name = serializers.CharField()
    publication_date = serializers.DateField(**UNKNOWN)
    date_precision = serializers.ChoiceField(["year", "month", "day"], **UNKNOWN)
    cited_by_count = serializers.IntegerField(**UNKNOWN, min_value=0)
    is_retracted = serializers.BooleanField()


class RelatedPaper(Shape):
    """A paper near another one. `distance` is of the texts, from 0 to 1; the other two numbers are of the references."""

    relation = serializers.ChoiceField(
        ["text_earlier", "text_later", "references"],
        help_text="A nearest earlier paper by text, a later one that has it among its nearest, or near by references.",
    )
    paper = BriefPaper()
    distance = serializers.FloatField(**UNKNOWN, min_value=0, max_value=1)
    shared_references = serializers.IntegerField(**UNKNOWN, min_value=0, help_text="Papers that both cite.")
    cited_together = serializers.IntegerField(**UNKNOWN, min_value=0, help_text="Papers that cite both.")


class PartsMeta(Shape):
    count = serializers.IntegerField(min_value=0, help_text="Of all there are; the answer may hold fewer.")


def parts_of(record: type[Shape]) -> type[Shape]:
    """The shape of a short list that comes at once."""
    fields = {"meta": PartsMeta(), "results": record(many=True)}
    return type(f"{record.__name__}s", (Shape,), {**fields, "__doc__": "A short list, at once.", "__module__": __name__})
