"""Moving authorships from one person to another: two people of one, or a line that was settled on the wrong one."""

from collections.abc import Collection

from django.db import transaction

from authors import names
from authors.curation.recording import Action, Recording, recorded
from authors.models import Author, AuthorName
from papers.models import Authorship
from papers.settling import settle


class CannotMove(ValueError):
    """Why the authorships cannot be moved; the message is for the editor."""


@transaction.atomic
def move_authorships(authorships: Collection[int], *, to: Author | None = None, name: str = "") -> Recording:
    """Move them to the person, or to somebody new of this `name`; imports leave them there.

    A name that only they bore leaves with them, so that the next import does not find the former person by it. Raises
    CannotMove when nothing is left to move, or when the person stands on one of the papers already.
    """
    rows = list(Authorship.objects.filter(pk__in=authorships).select_related("author"))
    if to is None and not names.fold(name):
        raise CannotMove("Choose a person, or give the name of a new one.")
    rows = [row for row in rows if to is None or row.author_id != to.pk]
    if not rows:
        raise CannotMove("There is nothing to move: they are this person's already.")
    papers = [row.paper_id for row in rows]
    _check_nobody_is_doubled(papers, to)
    with recorded(Action.SPLIT) as recording:
        recording.watch_rows(Authorship.objects.filter(pk__in=[row.pk for row in rows]))
        former = sorted({row.author_id for row in rows if row.author_id})
        recording.watch("A", [*former, *([to.pk] if to else [])])
        whose = to or _somebody_new(recording, name)
        moved = "1 paper" if len(rows) == 1 else f"{len(rows):,} papers"
        recording.describe(Action.SPLIT, f"Moved {moved} to {whose.public_id} ({whose})")
        left = set(AuthorName.objects.filter(author__in=former, public=False).values_list("search_key", flat=True))
        for printed in {row.raw_name[:300] for row in rows if names.is_person(row.raw_name)}:
            public = names.search_key(printed) not in left  # a name that was left behind stays so
            AuthorName.objects.get_or_create(author=whose, name=printed, defaults={"public": public})
        Authorship.objects.filter(pk__in=[row.pk for row in rows]).update(
            author=whose, decided_by=Authorship.DecidedBy.EDITOR, profile_position=None, hidden_on_profile=False
        )
        for author in Author.objects.filter(pk__in=former):
            _forget_names(author, {row.raw_name for row in rows if row.author_id == author.pk})
        settle({"A": {*former, whose.pk}, "P": papers}, of_people=True)
    return recording


def _check_nobody_is_doubled(papers: list[int], to: Author | None) -> None:
    twice = sorted({paper for paper in papers if papers.count(paper) > 1})
    if to is not None:
        twice += Authorship.objects.filter(paper__in=papers, author=to).order_by("paper_id").values_list("paper", flat=True)
    if twice:
        named = ", ".join(f"P{paper}" for paper in twice[:10])
        raise CannotMove(f"The person would stand twice on {named}: choose other lines.")


def _somebody_new(recording: Recording, name: str) -> Author:
    author = Author.objects.create(display_name=" ".join(name.split())[:300])
    recording.watch_new("A", author.pk)
    AuthorName.objects.create(author=author, name=author.display_name)
    return author


def _forget_names(author: Author, printed: set[str]) -> None:
    """Names that no paper of the person bears any more, the displayed one aside."""
    left = set(Authorship.objects.filter(author=author).values_list("raw_name", flat=True))
    if left:
        AuthorName.objects.filter(author=author, name__in=printed - left).exclude(name=author.display_name).delete()
