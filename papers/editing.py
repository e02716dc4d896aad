"""What follows an editor's change of a paper: repeated facts, figures of everyone concerned, and marks against imports."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet
from django.utils import timezone

from authors.curation.provenance import record_edit, record_edits
from authors.curation.recording import Action, Recording, recorded
from authors.editing import delete_record
from authors.models import Institution
from papers.affiliating import keep_paper_institutions
from papers.fingerprint import fingerprint
from papers.metrics.citing import count_citations
from papers.metrics.refreshing import Touched, refresh_paper, touched_by
from papers.models import Authorship, Category, Paper, PaperInstitution, PaperLink
from papers.models.paper import CategoryOrigin
from papers.search.indexing import index_papers, remove_papers
from papers.settling import settle

ASIDE = 1_000_000  # added to positions while a list of authors is put in a new order: no list is that long


@transaction.atomic
def after_edit(*, paper: Paper, changed: Iterable[str], before: Touched | None = None) -> None:
    """Call once the editor's change is saved.

    `changed` names fields, and collections as provenance does (authorships, links …). `before` is `touched_by` the paper
    as it was, so that those it left are counted anew too.
    """
    fields = set(changed)
    if not fields:
        return
    keep_paper_institutions([paper.pk])
    if "authorships" in fields:
        put_in_order(paper, list(paper.authorships.order_by("position").values_list("pk", flat=True)))
    repeat_facts(paper, fields)
    refresh_paper(paper.pk, also=before)
    if fields & {"state", "is_retracted"}:  # whether its citations of others count
        count_citations(paper.references.values_list("cited", flat=True))
    index_papers([paper.pk])
    record_edit(kind=paper.letter, record_id=paper.pk, fields=fields)


def repeat_facts(paper: Paper, changed: Collection[str] = ()) -> None:
    """Bring the paper's columns that repeat other facts up to date; `changed` names what an editor touched."""
    paper.year = paper.published.year if paper.published else None
    names = list(paper.authorships.order_by("position").values_list("raw_name", flat=True))
    paper.authors_count = len(names)
    paper.fingerprint = fingerprint(paper.title, paper.year, names[0] if names else "")
    if "primary_category" in changed:
        paper.primary_category_origin = CategoryOrigin.EDITOR if paper.primary_category_id else ""
    if "links" in changed and paper.links.filter(kind=PaperLink.Kind.CODE).exists():
        paper.has_code = True
    paper.save(update_fields=["year", "authors_count", "fingerprint", "primary_category_origin", "has_code", "updated_at"])


@transaction.atomic
def change_state(paper_ids: Collection[int], state: str) -> Recording:
    """Publish papers, take them back to draft or review, or withdraw them; what is not published the public does not see."""
    papers = Paper.objects.filter(pk__among=paper_ids).exclude(state=state)
    return _change_all(papers, Action.STATE, str(Paper.State(state).label), state=state)


@transaction.atomic
def give_category(paper_ids: Collection[int], category: Category) -> Recording:
    """Make it the primary category of the papers; no import changes it again."""
    papers = Paper.objects.filter(~Q(primary_category=category) | Q(primary_category=None), pk__among=paper_ids)
    told = {"primary_category": category, "primary_category_origin": CategoryOrigin.EDITOR}
    return _change_all(papers, Action.EDIT, f"category {category.pk}", **told)


def _change_all(papers: QuerySet[Paper], action: str, becomes: str, **columns: Any) -> Recording:
    """Write the same into all of the papers, with what follows from it for all of them together."""
    keys = list(papers.order_by("pk").values_list("pk", flat=True))
    with recorded(action, summary=f"{len(keys):,} papers: {becomes}") as recording:
        recording.watch("P", keys)
        before = touched_by(keys)
        Paper.objects.filter(pk__among=keys).update(**columns, updated_at=timezone.now())
        settle({"P": keys}, left=before)
        record_edits(kind="P", record_ids=keys, fields={*columns} - {"primary_category_origin"})
    return recording


@transaction.atomic
def give_institution(paper_ids: Collection[int], institution: Institution) -> Recording:
    """Name it for the whole of those papers that have no institution at all; no import changes that again."""
    has_one = PaperInstitution.objects.filter(paper=OuterRef("pk"))
    papers = Paper.objects.filter(~Exists(has_one), pk__among=paper_ids)
    keys = list(papers.order_by("pk").values_list("pk", flat=True))
    with recorded(Action.EDIT, summary=f"{len(keys):,} papers: institution {institution.public_id}") as recording:
        recording.watch("P", keys)
        PaperInstitution.objects.bulk_create(
            PaperInstitution(paper_id=key, institution=institution, of_whole_paper=True) for key in keys
        )
        settle({"P": keys})
        record_edits(kind="P", record_ids=keys, fields={"institutions"})
    return recording


@transaction.atomic
def delete_paper(paper: Paper, *, note: str = "") -> None:
    """Delete the paper; its address answers "gone", and nobody's figures count it any more."""
    before, cited = touched_by([paper.pk]), list(paper.references.values_list("cited", flat=True))
    remove_papers([paper.pk])
    delete_record(paper, note=note)
    before.refresh(since=before)
    count_citations(cited)


# --- the order of authors --------------------------------------------------------------------------------------------


def make_room(paper: Paper) -> None:
    """Move every author of the paper out of the way, so that any position may be written; `put_in_order` brings them back."""
    paper.authorships.update(position=F("position") + last_position(paper) + ASIDE)


@transaction.atomic
def put_in_order(paper: Paper, authorships: Sequence[int]) -> None:
    """Give these authorships, all of the paper's, the positions 1, 2, 3 …"""
    rows = Authorship.objects.in_bulk(authorships)
    places = dict(enumerate(authorships, start=1))
    if all(rows[key].position == place for place, key in places.items()):
        return
    make_room(paper)
    for place, key in places.items():
        rows[key].position = place
    Authorship.objects.bulk_update(rows.values(), ["position"], batch_size=500)


@transaction.atomic
def place_authorship(authorship: Authorship, position: int) -> None:
    """Move one author to `position`; the others close up and make room."""
    others = authorship.paper.authorships.exclude(pk=authorship.pk).order_by("position")
    order = list(others.values_list("pk", flat=True))
    order.insert(position - 1, authorship.pk)
    put_in_order(authorship.paper, order)


def last_position(paper: Paper) -> int:
    return paper.authorships.aggregate(last=Max("position"))["last"] or 0
