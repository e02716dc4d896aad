"""Authors of papers, their affiliations and citations in lists of their own."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest
from django.utils.safestring import SafeString

from authors.admin.base import CatalogueAdmin, FewFilter, Inline, MissingFilter
from authors.admin.choosing import KnownForm
from authors.admin.recording import watch
from authors.admin.records import list_link
from authors.curation.public_ids import parse_public_id
from authors.identifiers import recognise
from authors.models import AuthorIdentifier
from papers.admin.actions import hide_on_profile, move_to_person, resolve_everywhere, show_on_profile
from papers.admin.columns import paper_link, shortened
from papers.admin.forms import AuthorshipForm
from papers.editing import after_edit, last_position, place_authorship
from papers.metrics.citing import count_citations
from papers.metrics.refreshing import touched_by
from papers.models import Authorship, AuthorshipAffiliation, Citation, Paper, PaperIdentifier
from papers.search.for_editors import affiliations_said, lines_called, titled


class PartOfPaperAdmin(CatalogueAdmin):
    """For rows of a paper: a change of theirs is an edit of the paper's collection `lock`."""

    lock = ""

    def paper_of(self, obj: Any) -> Paper:
        return obj.paper

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        form.before = touched_by([self.paper_of(obj).pk])
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if form.has_changed() or any(formset.has_changed() for formset in formsets):
            after_edit(paper=self.paper_of(form.instance), changed={self.lock}, before=form.before)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        self.delete_queryset(request, [obj])

    @transaction.atomic
    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        rows = list(queryset)
        papers = {paper.pk: paper for paper in map(self.paper_of, rows)}
        watch(papers.values())
        before = {key: touched_by([key]) for key in papers}
        self.model.objects.filter(pk__in=[row.pk for row in rows]).delete()
        for key, paper in papers.items():
            after_edit(paper=paper, changed={self.lock}, before=before[key])


class AffiliationForm(KnownForm):
    """What is printed is typed once and never changed; only what it means is."""

    fixed = {"authorship"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "raw" in self.fields:
            self.fields["raw"].disabled = bool(self.instance.pk)
            self.fields["raw"].widget.attrs["rows"] = 2

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if "institution" in given and not given["institution"] and not given.get("raw"):
            raise ValidationError({"raw": "Give the affiliation as printed, or the institution."})
        return given


class AffiliationInline(Inline):
    model = AuthorshipAffiliation
    form = AffiliationForm
    fields = ["raw", "institution"]
    autocomplete_fields = ["institution"]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("institution")


class MissingOfAuthorship(MissingFilter):
    gaps = {
        "person": ("person: unresolved", Q(author=None)),
        "affiliation": ("affiliation", ~Exists(AuthorshipAffiliation.objects.filter(authorship=OuterRef("pk")))),
        "name": ("name as printed", Q(raw_name="")),
    }


class DecidedFilter(FewFilter):
    """Most lines are somebody's first mention; of the others an index is kept."""

    title, parameter_name = "decided by", "decided_by"
    field = "decided_by"
    usual, offered = Authorship.DecidedBy.NEW, Authorship.DecidedBy


@admin.register(Authorship)
class AuthorshipAdmin(PartOfPaperAdmin):
    menu_place = 1
    actions = (move_to_person, hide_on_profile, show_on_profile)
    lock = "authorships"
    form = AuthorshipForm
    inlines = [AffiliationInline]
    list_display = ["raw_name", "author", "decided_by", "position", "paper_"]
    list_filter = [MissingOfAuthorship, DecidedFilter, "is_corresponding", "hidden_on_profile"]
    list_select_related = ["author", "paper"]
    search_fields = ["raw_name"]
    search_help_text = "A name as printed, a person's or paper's id (A12, P34), or any identifier of either."
    sortable_by = ()
    ordering = ["-paper_id", "position"]  # as one index has it; "paper" would bring the papers' own order along
    autocomplete_fields = ["paper", "author"]
    fields = ["paper", "position", "raw_name", "author", "is_corresponding", "hidden_on_profile", "decided_by",
              "profile_position"]  # fmt: skip

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["paper", "decided_by", "profile_position"] if obj else ["decided_by", "profile_position"]

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        term = search_term.replace("\0", "").strip()
        if parsed := parse_public_id(term):
            return queryset.filter(**{{"P": "paper", "A": "author"}.get(parsed[0], "pk"): parsed[1]}), False
        if given := recognise(term):
            named = {"scheme": given[0], "value": given[1]}
            people = AuthorIdentifier.objects.filter(**named).values_list("author", flat=True)
            papers = PaperIdentifier.objects.filter(**named).values_list("paper", flat=True)
            # By their keys: of two subqueries PostgreSQL makes a walk through all lines.
            return queryset.filter(Q(author__among=list(people)) | Q(paper__among=list(papers))), False
        return (queryset.filter(lines_called(term)) if term else queryset), False

    def save_model(self, request: HttpRequest, obj: Authorship, form: Any, change: bool) -> None:
        """Save at a free position, then move to the one that was typed."""
        typed = form.cleaned_data.get("position")
        obj.position = form.initial["position"] if change else last_position(obj.paper) + 1
        super().save_model(request, obj, form, change)
        if typed and typed != obj.position:
            place_authorship(obj, typed)

    @admin.display(description="paper")
    def paper_(self, obj: Authorship) -> SafeString:
        return paper_link(obj.paper)


class MissingOfAffiliation(MissingFilter):
    gaps = {"institution": ("institution: unresolved", Q(institution=None)), "raw": ("text as printed", Q(raw=""))}


@admin.register(AuthorshipAffiliation)
class AuthorshipAffiliationAdmin(PartOfPaperAdmin):
    menu_place = 2
    menu_name = "Affiliations as printed"
    actions = (resolve_everywhere,)
    lock = "authorships"
    form = AffiliationForm
    list_display = ["said", "institution", "whose", "paper_"]
    list_filter = [MissingOfAffiliation]
    list_select_related = ["institution", "authorship__paper"]
    search_fields = ["raw"]
    search_help_text = "Words of an institution's name, or of an unresolved affiliation as printed, or an id such as I5."
    sortable_by = ()
    ordering = ["-id"]
    autocomplete_fields = ["institution"]
    fields = ["whose", "raw", "institution"]
    readonly_fields = ["whose"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Affiliations are added where one sees whose they are: on the authorship's page."""
        return False

    def paper_of(self, obj: AuthorshipAffiliation) -> Paper:
        return obj.authorship.paper

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        parsed = parse_public_id(search_term.strip())
        if parsed and parsed[0] == "I":
            return queryset.filter(institution=parsed[1]), False
        return (queryset.filter(affiliations_said(search_term)) if search_term.strip() else queryset), False

    @admin.display(description="as printed")
    def said(self, obj: AuthorshipAffiliation) -> str:
        return shortened(obj.raw) or "[nothing printed]"

    @admin.display(description="author")
    def whose(self, obj: AuthorshipAffiliation) -> SafeString:
        return list_link("papers_authorship", str(obj.authorship), id__exact=obj.authorship_id)

    @admin.display(description="paper")
    def paper_(self, obj: AuthorshipAffiliation) -> SafeString:
        return paper_link(obj.authorship.paper)


class CitationForm(KnownForm):
    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("citing") and given["citing"] == given.get("cited"):
            raise ValidationError({"cited": "A paper does not cite itself."})
        return given

    class Meta:
        model = Citation
        fields = ["citing", "cited"]


@admin.register(Citation)
class CitationAdmin(CatalogueAdmin):
    menu_place = 5
    form = CitationForm
    list_display = ["id", "citing_", "cited_"]
    list_display_links = ["id"]
    list_select_related = ["citing", "cited"]
    search_fields = ["citing__title"]
    search_help_text = "The id of either paper, such as P34, or words of the citing paper's title."
    sortable_by = ()
    ordering = ["-id"]
    autocomplete_fields = ["citing", "cited"]

    def save_model(self, request: HttpRequest, obj: Citation, form: Any, change: bool) -> None:
        before = list(Citation.objects.filter(pk=obj.pk).values_list("cited", flat=True))
        super().save_model(request, obj, form, change)
        count_citations([obj.cited_id, *before])

    def delete_model(self, request: HttpRequest, obj: Citation) -> None:
        super().delete_model(request, obj)
        count_citations([obj.cited_id])

    @transaction.atomic
    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        cited = list(queryset.values_list("cited", flat=True))
        super().delete_queryset(request, queryset)
        count_citations(cited)

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        parsed = parse_public_id(search_term.strip())
        if parsed and parsed[0] == "P":
            return queryset.filter(Q(citing=parsed[1]) | Q(cited=parsed[1])), False
        return (queryset.filter(citing__among=titled(search_term)) if search_term.strip() else queryset), False

    @admin.display(description="citing")
    def citing_(self, obj: Citation) -> SafeString:
        return paper_link(obj.citing)

    @admin.display(description="cited")
    def cited_(self, obj: Citation) -> SafeString:
        return paper_link(obj.cited)
