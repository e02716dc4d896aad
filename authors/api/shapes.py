"""The shapes of people and institutions in answers, for the OpenAPI schema alone."""

from rest_framework import serializers

from papers.api.shapes import UNKNOWN, BriefAuthor, BriefCategory, BriefInstitution, CountOfProfile, CountsOfYear, Scores, Shape


class Stay(Shape):
    institution = BriefInstitution()
    start_year = serializers.IntegerField(**UNKNOWN)
    end_year = serializers.IntegerField(**UNKNOWN)


class Author(Shape):
    """A person. `papers_count` and `citations` are what the profile shows, perhaps as a source reports them.

    `works_count` and `cited_by_count` are what the catalogue computes; lists sort by them.
    """

    id = serializers.CharField()
    html_url = serializers.URLField()
    display_name = serializers.CharField()
    alternative_names = serializers.ListField(child=serializers.CharField())
    orcid = serializers.CharField(**UNKNOWN)
    ids = serializers.DictField(child=serializers.CharField(), help_text="By scheme; disputed identifiers are left out.")
    affiliations = Stay(many=True)
    primary_category = BriefCategory(**UNKNOWN)
    papers_count = CountOfProfile()
    works_count = serializers.IntegerField(**UNKNOWN, min_value=0, help_text="Papers in this catalogue that are not retracted.")
    cited_by_count = serializers.IntegerField(**UNKNOWN, min_value=0, help_text="Sum over the papers whose count is known.")
    citations = CountOfProfile()
    h_index = serializers.IntegerField(**UNKNOWN, min_value=0)
    i10_index = serializers.IntegerField(**UNKNOWN, min_value=0)
    counts_by_year = CountsOfYear(many=True, **UNKNOWN, help_text="The newest year first; null while it is not computed.")
    scores = Scores()
    papers_api_url = serializers.URLField()
    merged_from = serializers.ListField(child=serializers.CharField(), help_text="Ids that lead here since a merge.")
    updated_at = serializers.DateTimeField()


class Institution(Shape):
    """A place where people work: university, company, laboratory."""

    id = serializers.CharField()
    html_url = serializers.URLField()
    display_name = serializers.CharField()
    tag = serializers.CharField(help_text="The short name shown on cards.")
    ror = serializers.CharField(**UNKNOWN)
    country_code = serializers.CharField(**UNKNOWN, help_text="ISO 3166-1, two letters.")
    type = serializers.CharField(**UNKNOWN)
    parent = BriefInstitution(**UNKNOWN)
    works_count = serializers.IntegerField(**UNKNOWN, min_value=0)
    cited_by_count = serializers.IntegerField(**UNKNOWN, min_value=0, help_text="Sum over the papers whose count is known.")
    counts_by_year = CountsOfYear(many=True, **UNKNOWN, help_text="The newest year first; null while it is not computed.")
    scores = Scores()
    updated_at = serializers.DateTimeField()


class Coauthor(Shape):
    """Somebody with whom the person wrote papers here that are not retracted."""

    author = BriefAuthor()
    html_url = serializers.URLField()
    papers_together = serializers.IntegerField(min_value=1)
