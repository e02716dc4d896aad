"""Taking tables in: written as an editor's edits, undone as one, in the background, by command."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from authors.curation.changes import ChangeSet
from authors.curation.conflicts import Conflict
from authors.curation.jobs.queue import do_next, try_again
from authors.curation.provenance import locked_fields
from authors.curation.recording import Action, recorded
from authors.curation.undoing import undo
from authors.models import Author, AuthorName, Institution
from papers.models import AuthorMetrics, CategoryMetrics, Paper, PaperCategory, PaperLink
from papers.search.indexing import index_papers
from papers.tables import applying, comparing
from papers.tables import jobs as table_jobs
from papers.tables.applying import NotTaken
from papers.tables.jobs import enqueue_table
from papers.tables.waiting import claim, keep
from tests import api
from tests.factories import make_author, make_institution, make_paper, make_venue
from tests.tables import compare, take_in, taken_out, written

pytestmark = [pytest.mark.django_db, pytest.mark.upkeep]


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path


def three() -> list[Paper]:
    papers = [make_paper(f"Paper number {word}", authors=(make_author(),)) for word in ("one", "two", "three")]
    index_papers([paper.pk for paper in papers])
    return papers


def dump(*models: Any) -> list[Any]:
    """Every row, without the moments of writing."""
    rows = [list(model.objects.order_by("pk").values()) for model in models]
    return [{name: value for name, value in row.items() if name != "updated_at"} for found in rows for row in found]


def renamed(papers: list[Paper]) -> list[dict[str, str]]:
    rows = taken_out(*papers)
    for number, row in enumerate(rows):
        row["title"] = f"Renamed {number}"
    return rows


def titles() -> list[str]:
    return list(Paper.objects.order_by("pk").values_list("title", flat=True))


def test_all_that_rows_say_is_written_locked_and_undone_as_one(tmp_path: Path) -> None:
    papers, venue = three(), make_venue("A Venue of Its Own")
    watched = (Paper, PaperLink, PaperCategory, CategoryMetrics)
    CategoryMetrics.objects.all().delete()
    before = dump(*watched[:3])
    rows = taken_out(*papers)
    rows[0] |= {"title": "Quagga husbandry", "published": "2019-03", "venue": venue.name, "code": "https://example.org/code"}
    rows[1] |= {"primary_category": "CS.lg", "categories": "cs.CL; stat.ML", "keywords": "one; two", "doi": "10.1234/X"}
    rows[2] |= {"state": "withdrawn", "is_retracted": "yes", "retracted_on": "2024-01-02"}
    taken = take_in(Paper, written(tmp_path, rows), reason="Tidying")
    assert (str(taken), taken.change_set.reason) == ("3 changed, 0 new", "Tidying")
    first, second, third = Paper.objects.order_by("pk")
    assert (first.title, first.year, first.date_precision, first.venue, first.has_code) == (
        "Quagga husbandry", 2019, "month", venue, True,
    )  # fmt: skip
    assert first.fingerprint != ""
    assert (second.primary_category_id, second.primary_category_origin, second.keywords) == ("cs.LG", "editor", ["one", "two"])
    assert sorted(second.categories.values_list("pk", flat=True)) == ["cs.CL", "stat.ML"]
    assert str(second.identifiers.get()) == "doi:10.1234/x"
    assert (third.state, third.is_retracted, str(third.retracted_on)) == ("withdrawn", True, "2024-01-02")
    assert locked_fields(kind="P", record_id=first.pk) == ["links", "published", "title", "venue"]
    assert locked_fields(kind="P", record_id=second.pk) == ["categories", "identifiers", "keywords", "primary_category"]
    assert CategoryMetrics.objects.get(category="cs.LG").papers_count == 1
    assert AuthorMetrics.objects.get(author__authorships__paper=third).papers_count == 0
    undo(taken.change_set)
    assert dump(*watched[:3]) == before
    assert AuthorMetrics.objects.get(author__authorships__paper=third).papers_count == 1
    assert locked_fields(kind="P", record_id=first.pk) == []


def test_the_search_finds_what_the_table_says(tmp_path: Path) -> None:
    rows = taken_out(*three())
    rows[0]["title"] = "Quagga husbandry"
    taken = take_in(Paper, written(tmp_path, [*rows, {**dict.fromkeys(rows[0], ""), "title": "Quagga riding"}]))
    assert found("quagga") == {"Quagga husbandry", "Quagga riding"}
    undo(taken.change_set)
    assert found("quagga") == set()
    assert found("number") == {"Paper number one", "Paper number two", "Paper number three"}


def found(words: str) -> set[str]:
    return {*api.titles(api.get(Client(), f"papers?search={words}"))}


def test_new_rows_become_records_and_go_with_the_undoing(tmp_path: Path) -> None:
    make_institution("Example University", tag="example")
    rows = [
        {"id": "", "name": "Example", "ror": "", "aliases": "EX; Ex"},
        {"id": "", "name": "Example", "ror": "", "aliases": ""},
    ]
    taken = take_in(Institution, written(tmp_path, rows))
    assert (taken.new, len({*Institution.objects.values_list("tag", flat=True)})) == (2, 3)
    undo(taken.change_set)
    assert Institution.objects.count() == 1
    people = [{"id": "", "display_name": "Ada Testwright", "orcid": "0000-0002-1825-0097", "other_names": "A. Testwright"}]
    taken = take_in(Author, written(tmp_path, people))
    assert set(AuthorName.objects.values_list("name", flat=True)) == {"Ada Testwright", "A. Testwright"}
    undo(taken.change_set)
    assert not Author.objects.exists()


def test_people_and_institutions_stay_findable_by_what_they_were_called(tmp_path: Path) -> None:
    ada, place = make_author("Ada Testwright"), make_institution("Old Institute", tag="old")
    paper = make_paper(authors=(ada,))
    (row,) = taken_out(ada)
    taken = take_in(
        Author, written(tmp_path, [row | {"display_name": "Ada Sample", "other_names": "A. Sample", "visibility": "hidden"}])
    )
    ada.refresh_from_db()
    assert (ada.display_name, ada.sort_key[:6], ada.visibility) == ("Ada Sample", "sample", "hidden")
    assert set(ada.names.values_list("name", flat=True)) == {"Ada Sample", "A. Sample", "Ada Testwright"}
    (row,) = taken_out(ada)
    assert row["other_names"] == "Ada Testwright; A. Sample"
    undo(taken.change_set)
    assert set(ada.names.values_list("name", flat=True)) == {"Ada Testwright"}
    (row,) = taken_out(place)
    take_in(Institution, written(tmp_path, [row | {"name": "New Institute"}]))
    assert list(place.aliases.values_list("name", flat=True)) == ["Old Institute"]
    assert paper.authorships.get().raw_name == "Ada Testwright"


def test_with_errors_nothing_is_written_unless_their_rows_are_left_out(tmp_path: Path) -> None:
    rows = renamed(three())
    rows[1]["published"] = "yesterday"
    path = written(tmp_path, rows)
    with pytest.raises(NotTaken, match="Row 3"):
        take_in(Paper, path)
    assert titles() == ["Paper number one", "Paper number two", "Paper number three"]
    assert str(take_in(Paper, path, leave_out=True)) == "2 changed, 0 new, 1 left out"
    assert titles() == ["Renamed 0", "Paper number two", "Renamed 2"]


def test_a_table_in_several_parts_is_one_change_set_or_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparing, "AT_ONCE", 2)
    papers = three()
    rows = renamed(papers)
    path = written(tmp_path, rows)
    taken = take_in(Paper, path)
    assert (ChangeSet.objects.count(), titles()) == (1, ["Renamed 0", "Renamed 1", "Renamed 2"])
    undo(taken.change_set)
    rows[2]["state"] = "gone"
    with pytest.raises(NotTaken):
        take_in(Paper, written(tmp_path, [{**row, "version": ""} for row in rows]))
    assert titles()[0] == "Paper number one"


# --- in the background ---------------------------------------------------------------------------------------------------


def queued(path: Path, user: Any = None, *, leave_out: bool = False) -> Any:
    mine = claim(keep(path.name, [path.read_bytes()]))
    assert mine is not None
    return enqueue_table(compare(Paper, mine), summary="A table", leave_out=leave_out, total=3, user=user, reason="Why")


def test_a_killed_worker_goes_on_where_it_stopped(tmp_path: Path, admin_user: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparing, "AT_ONCE", 1)
    rows = renamed(three())
    job = queued(written(tmp_path, [{**rows[0], "id": "", "title": "Quite new"}, *rows]), admin_user)
    stepped, take = [], applying.take

    def dying(*args: Any, **how: Any) -> Any:
        stepped.append(1)
        if len(stepped) == 3:
            raise SystemExit(1)
        return take(*args, **how)

    monkeypatch.setattr(table_jobs, "take", dying)
    with pytest.raises(SystemExit):
        do_next()
    assert sorted(titles()) == ["Paper number three", "Paper number two", "Quite new", "Renamed 0"]
    monkeypatch.setattr(table_jobs, "take", take)
    do_next()
    job.refresh_from_db()
    assert (job.state, job.message, job.done) == ("done", "3 changed, 1 new.", 4)
    assert sorted(titles()) == ["Quite new", "Renamed 0", "Renamed 1", "Renamed 2"]
    assert ChangeSet.objects.get() == job.change_set
    assert not list((tmp_path / "imports" / "tables" / "under-way").iterdir())
    undo(job.change_set)
    assert titles() == ["Paper number one", "Paper number two", "Paper number three"]


def test_a_job_whose_table_has_errors_writes_nothing_and_says_so(tmp_path: Path) -> None:
    rows = renamed(three())
    rows[2]["state"] = "gone"
    job = queued(written(tmp_path, rows))
    do_next()
    job.refresh_from_db()
    assert (job.state, titles()[0]) == ("failed", "Paper number one")
    assert "Nothing was written. Row 4, state" in job.message
    Paper.objects.filter(title="Paper number three").delete()
    assert try_again(job)
    do_next()
    job.refresh_from_db()
    assert "There is no P" in job.message


# --- commands ------------------------------------------------------------------------------------------------------------


def exported(*args: str) -> str:
    out = io.StringIO()
    call_command("export_table", *args, stdout=out)
    return out.getvalue()


def test_a_table_goes_out_and_in_by_command(tmp_path: Path) -> None:
    papers = three()
    assert exported("papers", "--query", papers[1].public_id).count("Paper number") == 1
    assert exported("papers", "--query", "number three").count("Paper number") == 1
    text = exported("papers")
    path = tmp_path / "table.csv"
    path.write_text(text.replace("Paper number", "Article number"), encoding="utf-8", newline="")
    out = io.StringIO()
    call_command("import_table", str(path), "--dry-run", stdout=out)
    assert (out.getvalue().splitlines()[0], titles()[0]) == ("3 changed, 0 new, 0 unchanged, 0 with errors", "Paper number one")
    call_command("import_table", str(path), stdout=out)
    assert (titles()[0], ChangeSet.objects.get().channel) == ("Article number one", "command")


def test_the_command_tells_errors_by_its_exit_code(tmp_path: Path) -> None:
    rows = renamed(three())
    rows[0]["published"] = "yesterday"
    path = written(tmp_path, rows)
    for more, becomes in ([], "Paper number two"), (["--leave-out"], "Renamed 1"):
        err = io.StringIO()
        with pytest.raises(SystemExit) as ended:
            call_command("import_table", str(path), *more, stdout=io.StringIO(), stderr=err)
        assert (ended.value.code, titles()[1], "Row 2, published:" in err.getvalue()) == (3, becomes, True)
    with pytest.raises(CommandError, match="say with --kind"):
        call_command("import_table", str(written(tmp_path, [{"id": "", "title": "New"}])))
    call_command("import_table", str(written(tmp_path, [{"id": "", "title": "New"}])), "--kind", "papers", stdout=io.StringIO())
    assert "New" in titles()


def test_somebody_elses_later_change_stands_in_the_way_of_undoing(tmp_path: Path) -> None:
    papers = three()
    taken = take_in(Paper, written(tmp_path, renamed(papers)))
    with recorded(Action.EDIT) as recording:
        recording.watch("P", [papers[0].pk])
        Paper.objects.filter(pk=papers[0].pk).update(title="By somebody else")
    with pytest.raises(Conflict):
        undo(taken.change_set)
    rows = list(csv.DictReader(io.StringIO(exported("papers").removeprefix("\ufeff"))))
    assert rows[0]["title"] == "By somebody else"
