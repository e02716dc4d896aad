"""The shapes of what is offered while somebody types, for the OpenAPI schema alone."""

from rest_framework import serializers

from papers.api.shapes import UNKNOWN, Shape


class SuggestionsMeta(Shape):
    count = serializers.IntegerField(min_value=0, help_text="Of the suggestions given.")
    page = serializers.IntegerField(min_value=1)
    per_page = serializers.IntegerField(min_value=1)


class Suggestion(Shape):
    """A record that may be meant; `hint` tells it from others of the same name."""

    id = serializers.CharField()
    html_url = serializers.URLField()
    display_name = serializers.CharField()
    entity_type = serializers.ChoiceField(["paper", "author", "institution", "venue", "category"])
    hint = serializers.CharField()
    works_count = serializers.IntegerField(**UNKNOWN, min_value=0)
    cited_by_count = serializers.IntegerField(**UNKNOWN, min_value=0)
    external_id = serializers.CharField(**UNKNOWN, help_text="DOI, ORCID or ROR id as an address, a venue's ISSN.")


class Suggestions(Shape):
    """What is offered while somebody types, at most ten."""

    meta = SuggestionsMeta()
    results = Suggestion(many=True)
