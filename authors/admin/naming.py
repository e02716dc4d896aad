"""Giving a person another name: what they are called from now on, and which names are not public any more."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html

from authors import names
from authors.admin.merging import version
from authors.admin.recording import editing
from authors.models import Author
from papers.correcting import KnownName, change_name, known_names

MEANWHILE = "This person was changed since the page was opened. Look at the names again before you change anything."


class NameForm(forms.Form):
    name = forms.CharField(
        label="New name", max_length=300, widget=forms.TextInput(attrs={"class": "vTextField", "autocomplete": "off"})
    )
    leave = forms.BooleanField(label="The old name is not public any more", required=False, initial=True)

    def __init__(self, *args: Any, author: Author, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.author = author

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        if not names.fold(name):
            raise ValidationError("A name has letters.")
        if name == self.author.display_name:
            raise ValidationError("This is how the person is called now.")
        return name


class Renames:
    """For the ModelAdmin of people."""

    opts: Any
    admin_site: Any
    get_queryset: Any
    has_change_permission: Any

    def get_urls(self) -> list[Any]:
        page = path("<int:pk>/name/", self.admin_site.admin_view(self.name_view), name="authors_author_name")
        return [page, *super().get_urls()]  # type: ignore[misc]

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> HttpResponse:
        person = context.get("original")
        address = ""
        if person is not None and self.has_change_permission(request, person):
            address = reverse("admin:authors_author_name", args=[person.pk])
        rendered: HttpResponse = super().render_change_form(request, context | {"name_address": address}, *args, **kwargs)  # type: ignore[misc]
        return rendered

    def name_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Asks for the name, then shows what it changes, then changes it."""
        author = self.get_queryset(request).filter(pk=pk).first()
        if author is None:
            raise Http404
        if not self.has_change_permission(request, author):
            raise PermissionDenied
        form = NameForm(request.POST if request.method == "POST" else None, author=author)
        if not form.is_valid() or "again" in request.POST:
            return self._page(request, author, form=form)
        if "apply" not in request.POST:
            return self._preview(request, author, form)
        if request.POST.get("version") != version(author):
            return self._preview(request, author, form, problem=MEANWHILE)
        return self._change(request, author, form)

    def _page(self, request: HttpRequest, author: Author, **more: Any) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request), "opts": self.opts, "object": author, "original": author,
            "title": f"Change the name of {author.public_id}", "reason": request.POST.get("_reason", ""), **more,
        }  # fmt: skip
        return TemplateResponse(request, "admin/change_name.html", context)

    def _preview(self, request: HttpRequest, author: Author, form: NameForm, problem: str = "") -> HttpResponse:
        """Every known name, ticked where it would give the old one away."""
        name, leave = form.cleaned_data["name"], form.cleaned_data["leave"]
        rows: list[dict[str, Any]] = [
            {"known": known, "ticked": _goes(known, name, leave=leave), "stays": _is(known, name)}
            for known in known_names(author)
        ]
        texts = {"biography": author.biography, "home page": author.homepage}
        told = [label for label, text in texts.items() if _names_old(text, author.display_name)]
        return self._page(
            request, author, form=form, name=name, rows=rows, told=told, problem=problem, version=version(author), preview=True,
            papers=sum(row["known"].papers for row in rows if row["ticked"]),
        )  # fmt: skip

    def _change(self, request: HttpRequest, author: Author, form: NameForm) -> HttpResponse:
        known = {row.name for row in known_names(author)}
        hide = [name for name in request.POST.getlist("hide") if name in known]
        try:
            with editing(request):
                recording = change_name(author, form.cleaned_data["name"], hide=hide)
        except ValidationError as error:
            return self._preview(request, author, form, problem=" ".join(error.messages))
        if recording.change_set is not None:
            address = reverse("admin:authors_changeset_undo", args=[recording.change_set.pk])
            messages.success(request, format_html('{}. <a href="{}">Undo</a>', str(recording.change_set), address))
        return redirect(reverse("admin:authors_author_change", args=[author.pk]))


def _is(known: KnownName, name: str) -> bool:
    return names.search_key(known.name) == names.search_key(name)


def _goes(known: KnownName, name: str, *, leave: bool) -> bool:
    """What is hidden already stays so; with `leave` also what the new name does not cover."""
    return not _is(known, name) and (not known.public or (leave and not known.fits(name)))


def _names_old(text: str, name: str) -> bool:
    """Whether the text has a word of the old name, as a person would notice."""
    words = set(names.fold(text.replace("/", " ").replace(".", " ").replace("-", " ")).split())
    return bool(words & {word for word in names.fold(name).split() if len(word) > 1})
