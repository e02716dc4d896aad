"""One record of every kind that the admin shows."""

from typing import Any

from django.apps import apps
from django.contrib.auth.models import Group, User
from django.db import models
from django.utils import timezone

from authors.curation.changes import ChangeSet
from authors.models import ImportRun, Redirect
from papers.correcting import change_visibility
from papers.models import AuthorshipAffiliation, Category, Citation, LikelyDuplicate
from tests.factories import make_author, make_authorship, make_institution, make_paper, make_venue


def one_of(name: str) -> Any:
    """A record of the model `app_model`: one that is there, or a new one."""
    model: Any = apps.get_model(name.replace("_", ".", 1))
    if model is User:
        return User.objects.get_or_create(username="somebody-else")[0]
    if model is Group:
        return Group.objects.get(name="Viewers")
    return model._default_manager.order_by("pk").first() or MAKERS.get(name, lambda: made(model))()


def made(model: Any, **given: Any) -> Any:
    """A row whose required columns say something, whatever it is."""
    for field in model._meta.concrete_fields:
        needless = isinstance(field, models.AutoField) or field.null or field.blank or field.has_default()
        if field.name not in given and not needless:
            given[field.name] = _something(field)
    return model._default_manager.create(**given)


def _something(field: Any) -> Any:
    if isinstance(field, models.ForeignKey):
        return one_of(field.related_model._meta.label_lower.replace(".", "_"))
    if isinstance(field, models.DateTimeField):
        return timezone.now()
    if isinstance(field, models.IntegerField):
        return 1
    return field.choices[0][0] if field.choices else "x"


def _change_set() -> ChangeSet:
    """Somebody else's, that can be undone."""
    recording = change_visibility([make_author().pk], "hidden")
    assert recording.change_set is not None
    return recording.change_set


def _pair() -> LikelyDuplicate:
    first, second = make_author(), make_author()
    return LikelyDuplicate.objects.create(kind="A", first_id=first.pk, second_id=second.pk, score=50, found_at=timezone.now())


MAKERS: dict[str, Any] = {
    "authors_author": make_author,
    "authors_institution": make_institution,
    "papers_paper": make_paper,
    "papers_venue": make_venue,
    "papers_category": Category.objects.first,
    "papers_authorship": lambda: make_authorship(make_paper(), make_author(), position=1),
    "papers_authorshipaffiliation": lambda: AuthorshipAffiliation.objects.create(
        authorship=one_of("papers_authorship"), institution=make_institution(), raw="Example Institute"
    ),
    "papers_citation": lambda: Citation.objects.create(citing=make_paper(), cited=make_paper()),
    "papers_likelyduplicate": _pair,
    "authors_changeset": _change_set,
    "authors_redirect": lambda: Redirect.objects.create(kind="P", old_id=999_999, reason="withdrawn"),
    "authors_report": lambda: made(apps.get_model("authors.Report"), record_id=one_of("authors_author").pk),
    "authors_provenance": lambda: made(apps.get_model("authors.Provenance"), record_id=one_of("authors_author").pk),
    "authors_importproblem": lambda: made(apps.get_model("authors.ImportProblem"), run=made(ImportRun)),
    "authors_siteidentity": lambda: apps.get_model("authors.SiteIdentity")(pk=1),
    **{
        f"papers_{kind}figure": lambda kind=kind, subject=subject: made(
            apps.get_model(f"papers.{kind}figure"), subject=one_of(subject), name="papers", origin="reported", source="x"
        )
        for kind, subject in (("paper", "papers_paper"), ("author", "authors_author"), ("institution", "authors_institution"))
    },
}
