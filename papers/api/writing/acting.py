"""Actions by POST: the state of a paper, merging two records, undoing a change."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from authors.api.shapes import Author as AuthorShape
from authors.api.shapes import Institution as InstitutionShape
from authors.api.views import AuthorDetail, InstitutionDetail
from authors.curation.changes import ChangeSet
from authors.curation.conflicts import Conflict as CannotUndo
from authors.curation.created import created_count
from authors.curation.public_ids import number_of
from authors.curation.recording import Action, Channel, acting
from authors.curation.redirects import find_redirect
from authors.curation.undoing import undo
from authors.models import Author, Institution
from papers.api.bodies import Posted
from papers.api.details import RecordDetail
from papers.api.examples import EXAMPLES
from papers.api.parameters import error, hint, read, shortened
from papers.api.problems import BadParameters, Conflict
from papers.api.shapes import Paper as PaperShape
from papers.api.views import PaperDetail
from papers.api.writing.base import (
    PROBLEMS,
    answered,
    asked_in,
    called,
    change_told,
    check_may,
    check_version,
    key_in,
    reason_in,
    record_of,
    writing,
)
from papers.api.writing.once import once
from papers.api.writing.schema import CHANGE, WritingSchema, if_match
from papers.api.writing.shapes import MergeAsked, StateAsked, UndoAsked, Undone, written_of
from papers.editing import change_state
from papers.merging.kinds import KINDS, LISTS
from papers.merging.merging import CannotMerge, merge
from papers.models import Paper

MOST_AT_ONCE = 2_000  # rows that are taken back while somebody waits
CALLED = {"published": "publication_date", "name": "display_name", "kind": "type"}  # where a record's API name is another


class Doing(Posted):
    """An address at which something is done, and nothing read."""

    schema = WritingSchema()
    writes = ("POST",)
    methods = "OPTIONS"
    problems: ClassVar[tuple[int, ...]] = (*PROBLEMS, 422)
    taken: ClassVar[list[OpenApiParameter]] = []
    of: ClassVar[type[RecordDetail]]

    def one(self) -> Any:
        """The view that answers the record to a GET."""
        view: Any = self.of()
        view.request = self.request
        return view


class PaperState(Doing):
    tag, shape, operation = "papers", PaperShape, "set_paper_state"
    summary = "Publish a paper, take it back to draft or review, or withdraw it"
    more = "Only what is published is public. Needs a token that may write. If-Match may be sent."
    asks, of = StateAsked, PaperDetail
    problems = (*PROBLEMS, 412, 422)
    taken = [
        OpenApiParameter("id", {"type": "string", "pattern": "^[Pp][1-9][0-9]{0,17}$"}, OpenApiParameter.PATH, required=True),
        if_match(required=False),
    ]
    asked: ClassVar[dict[str, Any]] = {"state": "published", "reason": "Checked against the printed version."}
    example: ClassVar[dict[str, Any]] = {
        "change": {**CHANGE, "action": "state", "summary": "paper P34 (An Example of a Paper): published"},
        "record": EXAMPLES["Paper"],
    }

    @classmethod
    def answer_shape(cls) -> Any:
        return written_of(cls.shape)

    @once
    def post(self, request: Request, id: str) -> Response:  # noqa: A002 - the schema shows this name
        read(request.query_params, [])
        check_may(request, "papers.change_paper")
        body = asked_in(request, ["state"])
        state = body.get("state")
        if state not in Paper.State.values:
            told = f"“state” is one of {', '.join(Paper.State.values)}."
            raise BadParameters([error("state", "unknown_value", told, Paper.State.values)])
        key = key_in("P", id)
        with writing(request, Action.STATE, body) as recording:
            recording.lock("P", [key])
            paper = record_of(Paper, key)
            check_version(self.one(), Paper, key, needed=False)
            recording.describe(Action.STATE, f"{called(paper)}: {Paper.State(state).label}")
            change_state([key], state)
        return answered(self.one(), Paper, key, recording.change_set)


class Merging(Doing):
    """Repeating it does no harm: what was merged into the survivor already is answered so."""

    model: ClassVar[Any]
    more = "Everything of `other` goes to `survivor`, and its address leads there. Needs the token of a senior editor."
    asks = MergeAsked
    asked: ClassVar[dict[str, Any]] = {"survivor": "P34", "other": "P35", "take": ["abstract"]}

    @classmethod
    def answer_shape(cls) -> Any:
        return written_of(cls.shape)

    @classmethod
    def takeable(cls) -> dict[str, str]:
        """By the API's name of a field what merging calls it."""
        names = [*KINDS[cls.model.letter].fields, *filter(None, [LISTS.get(cls.model.letter)])]
        return {CALLED.get(name, name): name for name in names}

    @once
    def post(self, request: Request) -> Response:
        read(request.query_params, [])
        check_may(request, "authors.merge_records")
        body = asked_in(request, ["survivor", "other", "take", "though_both"])
        survivor, other, take = self._key(body, "survivor"), self._key(body, "other"), self._take(body)
        though_both = body.get("though_both", False)
        if not isinstance(though_both, bool):
            raise BadParameters([error("though_both", "invalid", "“though_both” is true or false.")])
        if self._is_done(survivor, other):
            return answered(self.one(), self.model, survivor, None)
        stays, goes = record_of(self.model, survivor), record_of(self.model, other)
        try:
            with writing(request, Action.MERGE, body) as recording:
                merge(survivor=stays, other=goes, take=take, though_both=though_both)
        except CannotMerge as wrong:
            raise Conflict(f"{wrong} Nothing was changed.") from wrong
        except ObjectDoesNotExist as gone:
            raise Conflict("One of the two is not there any more. Nothing was changed.") from gone
        return answered(self.one(), self.model, survivor, recording.change_set)

    def _is_done(self, survivor: int, other: int) -> bool:
        redirect = find_redirect(kind=self.model.letter, old_id=other)
        return redirect is not None and redirect.target_id == survivor

    def _key(self, body: Mapping[str, Any], name: str) -> int:
        given = body.get(name)
        told = f"“{name}” is the id of one of the two, such as {self.model.letter}12."
        if not isinstance(given, str):
            raise BadParameters([error(name, "invalid", told)])
        try:
            return key_in(self.model.letter, given)
        except Http404 as nobody:
            raise BadParameters([error(name, "invalid", f"There is no “{shortened(given)}”. {told}")]) from nobody

    def _take(self, body: Mapping[str, Any]) -> list[str]:
        known, given = self.takeable(), body.get("take", [])
        if not isinstance(given, list) or not all(isinstance(each, str) for each in given):
            raise BadParameters([error("take", "invalid", "“take” is a list of fields.", known)])
        if unknown := next((each for each in given if each not in known), None):
            told = f"“{shortened(unknown)}” cannot be taken.{hint(unknown, list(known))} Valid are: {', '.join(known)}."
            raise BadParameters([error("take", "unknown_value", told, known)])
        return [known[each] for each in given]


def _merged(shape: str, letter: str) -> dict[str, Any]:
    told = {"action": "merge", "summary": f"Merged {letter}35 (…) into {letter}34 (…)"}
    return {"change": {**CHANGE, **told}, "record": EXAMPLES[shape]}


class MergePapers(Merging):
    tag, shape, operation = "papers", PaperShape, "merge_papers"
    summary = "Merge two papers"
    model, of = Paper, PaperDetail
    example: ClassVar[dict[str, Any]] = _merged("Paper", "P")


class MergeAuthors(Merging):
    tag, shape, operation = "authors", AuthorShape, "merge_authors"
    summary = "Merge two people"
    model, of = Author, AuthorDetail
    asked: ClassVar[dict[str, Any]] = {"survivor": "A34", "other": "A35", "though_both": True}
    example: ClassVar[dict[str, Any]] = _merged("Author", "A")


class MergeInstitutions(Merging):
    tag, shape, operation = "institutions", InstitutionShape, "merge_institutions"
    summary = "Merge two institutions"
    model, of = Institution, InstitutionDetail
    asked: ClassVar[dict[str, Any]] = {"survivor": "I34", "other": "I35"}
    example: ClassVar[dict[str, Any]] = _merged("Institution", "I")


class UndoChange(Doing):
    """Repeating it does no harm either: the change that undid it is answered again."""

    tag, shape, operation = "changes", Undone, "undo_change"
    summary = "Undo one change of the history"
    more = "Everything becomes what it was, unless something newer would be lost. Editors undo their own, senior editors all."
    asks = UndoAsked
    taken = [OpenApiParameter("id", {"type": "integer", "minimum": 1}, OpenApiParameter.PATH, required=True)]
    asked: ClassVar[dict[str, Any]] = {"reason": "It was the other paper."}
    example: ClassVar[dict[str, Any]] = {
        "change": {**CHANGE, "action": "undo", "summary": "Undone: Edited paper P34 (An Example of a Paper)"}
    }

    @once
    def post(self, request: Request, id: str) -> Response:  # noqa: A002 - the schema shows this name
        read(request.query_params, [])
        check_may(request)
        body = asked_in(request, [])
        change_set = ChangeSet.objects.select_related("undone_by").filter(pk=number_of(id) or 0).first()
        if change_set is None:
            raise Http404
        if not change_set.may_be_undone_by(request.user):
            raise PermissionDenied("The role of the token's owner does not allow this: editors undo their own changes only.")
        undone = getattr(change_set, "undone_by", None) or self._undo(request, change_set, reason_in(body))
        return Response({"change": change_told(undone, self.site)}, headers={"Cache-Control": "no-store"})

    @staticmethod
    def _undo(request: Request, change_set: ChangeSet, reason: str) -> ChangeSet:
        if change_set.changes.count() + created_count(change_set) > MOST_AT_ONCE:
            raise Conflict("So large a change is undone in the background: by the admin, not here.")
        try:
            with acting(user=request.user, channel=Channel.API, reason=reason):
                return undo(change_set)
        except CannotUndo as wrong:
            raise Conflict("Not undone: " + " ".join(wrong.reasons[:5])) from wrong
