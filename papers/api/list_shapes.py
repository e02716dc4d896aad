"""The shapes of lists of papers with more than the papers, for the OpenAPI schema alone."""

from rest_framework import serializers

from papers.api.including import PaperIncluding
from papers.api.shapes import RELATIONS, Group, Meta, Shape
from papers.api.sparse import sparse


class Facet(Shape):
    """The papers asked for, counted by the values of one field; the largest groups first."""

    count_relation = serializers.ChoiceField(RELATIONS, help_text="`eq`: all counts are exact; `approx`: they are estimates.")
    groups_count = serializers.IntegerField(min_value=0, help_text="Of all groups, given here or not.")
    groups = Group(many=True)


class SparsePapersWithMore(Shape):
    """One page of a list with what `include` and `facets` add."""

    meta = Meta()
    results = sparse(PaperIncluding)(many=True)
    facets = serializers.DictField(child=Facet(), required=False, help_text="By the names that were asked for.")
