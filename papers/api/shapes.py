"""The shapes of answers, for the OpenAPI schema alone: records are written by functions, not by serializers.

tests/test_api_schema.py holds every kind of answer against these. A field is always there; `may_be_unknown` ones can be null.
"""

from functools import cache
from typing import Any

from rest_framework import serializers

UNKNOWN: dict[str, Any] = {"allow_null": True}
RELATIONS = ["eq", "approx"]


class Shape(serializers.Serializer[Any]):
    """A JSON object."""


class BriefCategory(Shape):
    id = serializers.CharField(help_text="The category's code, such as cs.CL.")
    code = serializers.CharField(help_text="The short code that badges show, such as CL.")
    display_name = serializers.CharField()
    origin = serializers.CharField(**UNKNOWN, help_text="Who says so: source, editor, venue; for people computed or reported.")


class BriefVenue(Shape):
    id = serializers.CharField()
    display_name = serializers.CharField()


class BriefAuthor(Shape):
    id = serializers.CharField()
    display_name = serializers.CharField()
    orcid = serializers.CharField(**UNKNOWN)


class BriefInstitution(Shape):
    id = serializers.CharField(**UNKNOWN, help_text="Null where the catalogue has no record of its own to show.")
    display_name = serializers.CharField()
    tag = serializers.CharField(help_text="The short name shown on cards.")
    country_code = serializers.CharField(**UNKNOWN, help_text="ISO 3166-1, two letters.")
    ror = serializers.CharField(**UNKNOWN)


class Score(Shape):
    """An index from 0 to 100. `value` is null when there is none, and `reason` then says why."""

    value = serializers.FloatField(**UNKNOWN, min_value=0, max_value=100)
    reason = serializers.CharField(**UNKNOWN)
    origin = serializers.ChoiceField(["computed", "reported"], **UNKNOWN)
    source: Any = serializers.CharField(**UNKNOWN)
    method = serializers.CharField(**UNKNOWN)
    version = serializers.CharField(**UNKNOWN)
    parts = serializers.DictField(help_text="What the method weighed, by name.")
    n = serializers.IntegerField(**UNKNOWN, min_value=0)
    computed_at = serializers.DateField(**UNKNOWN)
    stale = serializers.BooleanField(**UNKNOWN, help_text="Whether what it was computed from has changed since.")


class Scores(Shape):
    novelty = Score()
    ai_score = Score()


class PaperCitations(Shape):
    """How often the paper is cited, as one source says."""

    value = serializers.IntegerField(**UNKNOWN, min_value=0)
    origin = serializers.ChoiceField(["computed", "reported"], **UNKNOWN)
    source: Any = serializers.CharField(**UNKNOWN)
    as_of = serializers.DateField(**UNKNOWN)


class CountOfProfile(PaperCitations):
    """The number a profile shows: reported by a source, else computed here over `n` of `of` papers."""

    n = serializers.IntegerField(**UNKNOWN, min_value=0)
    of = serializers.IntegerField(**UNKNOWN, min_value=0)


class CitationsOfYear(Shape):
    year = serializers.IntegerField()
    cited_by_count = serializers.IntegerField(min_value=0)


class CountsOfYear(Shape):
    year = serializers.IntegerField()
    works_count = serializers.IntegerField(min_value=0)
    cited_by_count = serializers.IntegerField(**UNKNOWN, min_value=0)


class Biblio(Shape):
    volume = serializers.CharField(**UNKNOWN)
    issue = serializers.CharField(**UNKNOWN)
    first_page = serializers.CharField(**UNKNOWN)
    last_page = serializers.CharField(**UNKNOWN)


class Authorship(Shape):
    position = serializers.IntegerField(min_value=1)
    author_position = serializers.ChoiceField(["first", "middle", "last"])
    raw_author_name = serializers.CharField(
        **UNKNOWN, help_text="The name as printed, or the person's name today instead of a former one."
    )
    is_corresponding = serializers.BooleanField()
    author = BriefAuthor(
        **UNKNOWN, help_text="Null while nobody knows who it is, and for people without a public record or who hid the paper."
    )
    institutions = BriefInstitution(many=True)
    raw_affiliation_string = serializers.CharField(**UNKNOWN, help_text="The affiliations as printed.")


class Link(Shape):
    kind = serializers.ChoiceField(["landing", "pdf", "code", "data", "model", "project"])
    url = serializers.CharField()
    official = serializers.BooleanField(**UNKNOWN, help_text="Whether the authors made it.")


class Retraction(Shape):
    """When and where the paper was taken back, as far as it is known."""

    retracted_on = serializers.DateField(**UNKNOWN)
    notice_url = serializers.CharField(**UNKNOWN)


class Paper(Shape):
    """A publication, its preprint and published versions together."""

    id = serializers.CharField()
    html_url = serializers.URLField()
    title = serializers.CharField(**UNKNOWN)
    display_name = serializers.CharField(help_text="The title, or “[untitled]”.")
    abstract = serializers.CharField(**UNKNOWN)
    type = serializers.CharField(**UNKNOWN, help_text="article, preprint, book-chapter … as the source says.")
    publication_date = serializers.DateField(**UNKNOWN, help_text="The first day of the year, month or day known.")
    date_precision = serializers.ChoiceField(["year", "month", "day"], **UNKNOWN)
    publication_year = serializers.IntegerField(**UNKNOWN)
    language = serializers.CharField(**UNKNOWN)
    is_retracted = serializers.BooleanField()
    retraction = Retraction(**UNKNOWN, help_text="Null unless the paper is retracted.")
    ids = serializers.DictField(child=serializers.CharField(), help_text="By scheme; disputed identifiers are left out.")
    primary_category = BriefCategory(**UNKNOWN)
    categories = BriefCategory(many=True, help_text="Further categories beside the primary one.")
    venue = BriefVenue(**UNKNOWN)
    biblio = Biblio()
    authorships = Authorship(many=True, help_text="In a list at most the first 100; `authors_count` tells how many there are.")
    authors_count = serializers.IntegerField(min_value=0)
    authors_complete = serializers.BooleanField(help_text="False when the source names only some of the authors.")
    institutions = BriefInstitution(many=True, help_text="Every institution of the paper, also those named for it as a whole.")
    links = Link(many=True)
    has_code = serializers.BooleanField()
    cited_by_count = serializers.IntegerField(**UNKNOWN, min_value=0)
    citations = PaperCitations()
    counts_by_year = CitationsOfYear(many=True)
    referenced_count = serializers.IntegerField(**UNKNOWN, min_value=0)
    scores = Scores()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class Venue(Shape):
    """A conference, journal, repository or series."""

    id = serializers.CharField()
    html_url = serializers.URLField()
    display_name = serializers.CharField()
    type = serializers.CharField(**UNKNOWN)
    default_category = serializers.CharField(**UNKNOWN, help_text="Given to papers of the venue whose source names none.")
    works_count = serializers.IntegerField(**UNKNOWN, min_value=0)
    counts_by_year = CountsOfYear(many=True, **UNKNOWN, help_text="The newest year first; null while it is not computed.")


class Category(Shape):
    """A subject category."""

    id = serializers.CharField()
    html_url = serializers.URLField()
    code = serializers.CharField()
    display_name = serializers.CharField()
    group = serializers.CharField(**UNKNOWN)
    works_count = serializers.IntegerField(**UNKNOWN, min_value=0, help_text="Papers that have it as their primary category.")
    counts_by_year = CountsOfYear(
        many=True, **UNKNOWN, help_text="Of these; the newest year first; null while it is not computed."
    )


class Meta(Shape):
    count = serializers.IntegerField(**UNKNOWN, min_value=0, help_text="Of all rows, on this page or not; null if not counted.")
    count_relation = serializers.ChoiceField(
        RELATIONS, **UNKNOWN, help_text="`eq`: so many; `approx`: about so many, beyond 10,000."
    )
    page = serializers.IntegerField(**UNKNOWN, min_value=1, help_text="Null with a cursor.")
    per_page = serializers.IntegerField(min_value=1)
    next_cursor = serializers.CharField(**UNKNOWN, help_text="Leads to the rows after these; null where the list ends.")


class GroupsMeta(Shape):
    count = serializers.IntegerField(min_value=0, help_text="Of all papers asked for.")
    count_relation = serializers.ChoiceField(
        RELATIONS, help_text="`eq`: all counts are exact; `approx`: beyond 10,000 papers, estimates that may miss small groups."
    )
    groups_count = serializers.IntegerField(min_value=0, help_text="Of all groups, given here or not.")
    per_page = serializers.IntegerField(min_value=1, help_text="How many groups are given at most.")


class Group(Shape):
    key = serializers.CharField(help_text="What the filter of the same name takes.")
    key_display_name = serializers.CharField()
    count = serializers.IntegerField(min_value=0)


class Groups(Shape):
    """What `group_by` gives: the largest group first."""

    meta = GroupsMeta()
    group_by = Group(many=True)


class ProblemError(Shape):
    parameter = serializers.CharField()
    code = serializers.CharField()
    detail = serializers.CharField()
    allowed = serializers.ListField(child=serializers.CharField(), help_text="Empty where the values cannot be listed.")


class Problem(Shape):
    """What went wrong (RFC 9457). `error` and `message` repeat title and detail for clients of OpenAlex."""

    type = serializers.URLField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    instance = serializers.CharField()
    request_id = serializers.CharField(help_text="By which the site's log knows the request: the header X-Request-Id.")
    errors: Any = ProblemError(many=True)
    error = serializers.CharField()
    message = serializers.CharField()


class ConflictProblem(Problem):
    """What stands against a change."""

    records = serializers.ListField(child=serializers.URLField(), help_text="Addresses of the records that stand against it.")


class Root(Shape):
    """Where everything is."""

    papers = serializers.URLField()
    authors = serializers.URLField()
    institutions = serializers.URLField()
    venues = serializers.URLField()
    categories = serializers.URLField()
    schema = serializers.URLField()
    docs = serializers.URLField()


@cache
def listing(record: type[Shape]) -> type[Shape]:
    """The shape of a list of records."""
    fields = {"meta": Meta(), "results": record(many=True)}
    return type(f"{record.__name__}List", (Shape,), {**fields, "__doc__": "One page of a list.", "__module__": __name__})
