"""What the tests of snapshots share: a catalogue with every kind of record, taking it away, and all that a visitor may read."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.test import Client

from authors.curation.redirects import leave_redirect
from authors.models import Author, AuthorIdentifier, AuthorName, Institution, InstitutionAlias, Provenance, Redirect
from papers.announced import say_gone
from papers.metrics.texts import text_of
from papers.models import (
    AuthorFigure,
    AuthorMetrics,
    Category,
    Citation,
    GonePaper,
    InstitutionFigure,
    NearestEarlier,
    Paper,
    PaperDistance,
    PaperIdentifier,
    PaperVersion,
    PendingReference,
    ScoreMark,
    ScoreRun,
    TextEncoder,
    Venue,
    VenueIdentifier,
)
from tests.api import full_author, full_paper
from tests.factories import make_author, make_authorship, make_institution, make_paper, make_venue

DAY, NOON = date(2026, 11, 12), datetime(2026, 11, 12, 12, tzinfo=UTC)
SECRETS = ("Secret Draft", "Wished Away", "Shy, unscored", "10.5555/disputed", "hidden.example")


def full_catalogue() -> dict[str, Any]:
    """Every kind of record and of row; what the public may not read is called as in SECRETS."""
    first, second = full_paper(1), full_paper(2)
    full_author(3)
    _people(first)
    _scores(first, second)
    _beside(first, second)
    nobody, nowhere = make_author("Secret Draft, author"), make_institution("Secret Draft, institution")
    make_paper("Secret Draft", state="draft", authors=(nobody,), institutions=(nowhere,))
    withdrawn = make_paper("Secret Draft, withdrawn", state="withdrawn")
    merged = make_paper("Merged away")
    merged_key = merged.pk
    say_gone([merged_key])
    merged.delete()
    leave_redirect(kind="P", old_id=merged_key, target_id=first.pk, reason="merged")
    leave_redirect(kind="A", old_id=777_000, target_id=None, reason="withdrawn", note="At the wish of the person.")
    call_command("refresh_metrics", verbosity=0)
    call_command("rebuild_search", verbosity=0)
    return {"paper": first, "other": second, "withdrawn": withdrawn, "merged": merged_key}


def _people(paper: Paper) -> None:
    hidden = make_author("Hildegard Hiddenperson", visibility="hidden", homepage="https://hidden.example/")
    make_authorship(paper, hidden, position=3)
    renamed = make_author("Nova Newname")
    AuthorName.objects.create(author=renamed, name="Wished Away", public=False)
    make_authorship(paper, renamed, position=4, raw_name="Wished Away", profile_position=1)
    shy = make_author("Sheila Shyperson", biography="Writes.", scores_hidden=True)
    make_authorship(paper, shy, position=5, hidden_on_profile=True)
    make_paper("A Paper with a Shy Person", authors=(shy,), type="article")
    Paper.objects.filter(pk=paper.pk).update(authors_count=5)
    reported = make_author("Rhea Reported", visibility="public")
    AuthorMetrics.objects.filter(author=reported).update(reported_category="cs.LG")
    AuthorFigure.objects.create(subject=reported, name="citations", origin="reported", source="openalex", value=12, as_of=DAY)
    AuthorFigure.objects.create(subject=shy, name="novelty", origin="computed", value=99, method="Shy, unscored")
    AuthorIdentifier.objects.create(author=reported, scheme="orcid", value="0000-0002-1825-0097", verified=True)
    AuthorIdentifier.objects.create(author=reported, scheme="doi", value="10.5555/disputed", disputed=True)


def _scores(first: Paper, second: Paper) -> None:
    encoder = TextEncoder.objects.create(version="abc123", method="tfidf-1", texts=3, content=b"\x00\xff words")
    for paper, nearest in ((first, []), (second, [[first.pk, 0.4]])):
        text = text_of(paper, first_author=paper.authorships.get(position=1).raw_name)
        PaperDistance.objects.create(
            paper=paper, encoder=encoder, digest=text.digest("abc123") if text else "none", distance=0.6, earlier=len(nearest),
            nearest=nearest, computed_at=NOON,
        )  # fmt: skip
        NearestEarlier.objects.bulk_create(
            NearestEarlier(paper_id=paper.pk, earlier_id=key, similarity=s) for key, s in nearest
        )
    ScoreMark.objects.create(paper=second, kind="frozen", reason="Its text is not its own.")
    ScoreRun.objects.create(
        encoder=encoder, finished_at=NOON, novelty_version="1", ai_score_version="2", papers=2, scored={"novelty": 2},
        category_means={"cs.CL": 64.0},
    )  # fmt: skip
    ScoreRun.objects.update(started_at=NOON)


def _beside(first: Paper, second: Paper) -> None:
    Citation.objects.create(citing=second, cited=first)
    PendingReference.objects.create(citing=second, scheme="doi", value="10.5555/elsewhere")
    PaperVersion.objects.create(paper=first, kind="publishedVersion", where="Example Journal", url="https://journal.example/1")
    PaperIdentifier.objects.create(paper=second, scheme="pmid", value="10.5555/disputed", disputed=True)
    Provenance.objects.create(kind="P", record_id=first.pk, source="openalex", source_key="W1", fields=["title"], given_at=NOON)
    Provenance.objects.create(kind="P", record_id=first.pk, source="editor", fields=["abstract"], given_at=NOON)
    lab = Institution.objects.filter(name="Example Lab 1").first()
    assert lab
    InstitutionAlias.objects.create(institution=lab, name="ELab")
    InstitutionFigure.objects.create(subject=lab, name="citations", origin="reported", source="openalex", value=5, as_of=DAY)
    venue = make_venue("Example Journal of Examples", type="journal", publisher="Example Press", default_category_id="cs.CL")
    VenueIdentifier.objects.create(venue=venue, scheme="issn", value="1234-5679")
    make_paper(
        "A Retracted Paper", venue=venue, is_retracted=True, retracted_on=DAY, retraction_notice="https://journal.example/note",
        keywords=["naïve", "日本"], authors=(make_author("Ömer Umlautson"),), citations_source="openalex", cited_by_count=0,
    )  # fmt: skip
    Category.objects.filter(pk="cs.SE").update(name="A Renamed Category", colour="#123456")


def take_everything_away() -> None:
    for model in (Paper, Redirect, GonePaper, Provenance, Author, Institution, Venue, TextEncoder, ScoreRun):
        model._base_manager.all().delete()
    Category.objects.filter(pk="cs.SE").update(name="Software Engineering", colour="")


def addresses() -> list[str]:
    """Pages, files and records of the API; those that are nobody's answer 404."""
    records = [*Paper.objects.published(), *Author.objects.all(), *Institution.objects.all(), *Venue.objects.all()]
    pages = [record.get_absolute_url() for record in records]
    kinds = ("papers", "authors", "institutions", "venues", "categories")
    lists = [f"/api/v1/{kind}?per-page=200" for kind in kinds]
    papers = [f"/api/v1/papers/{paper.public_id}?include=references" for paper in Paper.objects.published()[:3]]
    return [*pages, *lists, *papers, *(f"/{page}" for page in PAGES.split())]


PAGES = """
    papers/ papers.bib papers.jsonl authors/ institutions/ venues/ categories/ categories/cs.CL/ categories/cs.SE/ methods/
    search/?q=paper search/?q=ELab search/?q=papr feeds/papers.atom sitemaps/papers-0.xml
    """


def read_all(client: Client, wanted: list[str]) -> dict[str, tuple[int, str]]:
    found = {}
    for address in wanted:
        answer: Any = client.get(address)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        found[address] = (answer.status_code, body.decode())
    return found


def export(shelf: Path, **options: Any) -> Path:
    call_command("export_snapshot", folder=shelf, verbosity=0, **options)
    return max(path for path in shelf.iterdir() if path.name[0] != ".")


def manifest_of(folder: Path) -> Any:
    return json.loads((folder / "manifest.json").read_text())
