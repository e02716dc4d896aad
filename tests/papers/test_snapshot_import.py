"""A snapshot that was taken in gives the same pages; one that is broken changes nothing."""

import gzip
import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from authors.models import Author, AuthorIdentifier, ImportRun, Provenance
from papers.changefeed import Place, changes_after
from papers.management.commands import import_snapshot
from papers.models import Authorship, Category, NearestEarlier, Paper, PaperIdentifier
from tests.factories import make_author, make_paper
from tests.snapshots import addresses, export, full_catalogue, manifest_of, read_all, take_everything_away

pytestmark = [pytest.mark.django_db, pytest.mark.upkeep]  # the command makes the search index
PAPERS, AUTHORS = "papers/part-00000.jsonl.gz", "authors/part-00000.jsonl.gz"
Change = Callable[[dict[str, Any]], object]


def take(folder: Path) -> None:
    call_command("import_snapshot", folder, verbosity=0)


def rewrite(folder: Path, path: str, content: bytes, records: int) -> None:
    """Another content, and a manifest that agrees with it."""
    (folder / path).write_bytes(content)
    manifest = manifest_of(folder)
    file = next(file for file in manifest["files"] if file["path"] == path)
    manifest["records"][file["kind"]] += records - file["records"]
    file |= {"records": records, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    (folder / "manifest.json").write_text(json.dumps(manifest))


def change(folder: Path, path: str, number: int, how: Change) -> None:
    """One record of a file, by its line."""
    records = [json.loads(line) for line in gzip.decompress((folder / path).read_bytes()).splitlines()]
    how(records[number - 1])
    rewrite(folder, path, gzip.compress("".join(json.dumps(each) + "\n" for each in records).encode()), len(records))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The snapshot of a small catalogue, which is taken away again."""
    make_paper("Kept", authors=(make_author("Ada Testwright", orcid="0000-0002-1825-0097"),), doi="10.5555/kept")
    make_paper("Next", authors=(make_author("Bob Exampleman"),), doi="10.5555/next")
    made = export(tmp_path)
    take_everything_away()
    return made


def test_the_same_pages_stand_at_the_same_addresses(client: Client, tmp_path: Path) -> None:
    told = full_catalogue()
    gone = [f"/papers/{told['withdrawn'].public_id}/", f"/papers/P{told['merged']}/", "/authors/A777000/"]
    wanted = [*addresses(), *gone]
    before, made = read_all(client, wanted), export(tmp_path)
    take_everything_away()
    take(made)
    after = read_all(client, wanted)
    disputed = [address for address in wanted if "disputed</span>" in before[address][1]]  # all that a snapshot leaves out
    assert len(disputed) == 2
    assert [address for address in wanted if before[address] != after[address] and address not in disputed] == []
    assert [after[address][0] for address in gone] == [410, 301, 410]
    assert sum(status == 200 for status, _ in after.values()) > 40
    assert not Category.objects.filter(name="Software Engineering").exists()
    assert NearestEarlier.objects.count() == 1
    assert Provenance.objects.filter(source="editor").get().fields == ["abstract"]


def test_ids_that_were_ever_given_out_are_not_given_again(tmp_path: Path) -> None:
    make_paper("Kept")
    latest = make_paper("Secret Draft", state="draft").pk
    made = export(tmp_path)
    take_everything_away()
    take(made)
    assert Paper.objects.create().pk > latest


def test_it_stands_in_the_history_and_in_the_feed_of_changes(folder: Path) -> None:
    reached = Place()
    while (found := changes_after(reached, 1_000))[2]:
        reached = found[1]
    take(folder)
    run = ImportRun.objects.get()
    assert (run.state, run.source, run.file_name) == ("done", "snapshot", folder.name)
    assert Paper.objects.get(title="Kept").pk in {each.key for each in changes_after(found[1], 1_000)[0] if each.kind == "P"}


def test_a_site_with_records_refuses(folder: Path) -> None:
    make_paper("Here before")
    with pytest.raises(CommandError, match=r"This site is not empty: it has .*Nothing was changed"):
        take(folder)
    assert Paper.objects.get().title == "Here before"


def test_what_a_kill_left_undone_is_done_by_the_next_run(client: Client, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(import_snapshot, "call_command", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            take(folder)
    change(folder, PAPERS, 1, lambda record: record.update(title="Another"))
    with pytest.raises(CommandError, match="Another snapshot is in, but its figures are not made yet"):
        take(folder)
    change(folder, PAPERS, 1, lambda record: record.update(title="Kept"))
    ImportRun.objects.update(fingerprint=hashlib.sha256((folder / "manifest.json").read_bytes()).hexdigest())
    take(folder)
    assert "Kept" in client.get("/papers/").text
    assert client.get(Author.objects.get(display_name="Ada Testwright").get_absolute_url()).status_code == 200


# --- the catalogue changed while it was written ---------------------------------------------------------------------------


def test_references_to_what_is_not_in_it_are_left_out(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(folder, PAPERS, 1, lambda record: record["authorships"][0].update(author="A99"))
    change(folder, PAPERS, 2, lambda record: record["institutions"].append({"institution": "I99", "of_whole_paper": True}))
    call_command("import_snapshot", folder)
    assert "left out: 1 of papers.authorship.author" in capsys.readouterr().out
    assert Authorship.objects.get(raw_name="Ada Testwright").author is None
    assert not Paper.objects.get(title="Next").paper_institutions.exists()


def test_an_identifier_that_stands_twice_stays_with_the_first(folder: Path) -> None:
    change(folder, PAPERS, 2, lambda record: record["identifiers"][0].update(value="10.5555/kept"))
    change(folder, AUTHORS, 2, lambda record: record.update(identifiers=[
        {"scheme": "orcid", "value": value, "verified": False} for value in ("0000-0002-1825-0097", "0000-0001-5109-3700")
    ]))  # fmt: skip
    take(folder)
    assert PaperIdentifier.objects.get().paper.title == "Kept"
    assert AuthorIdentifier.objects.get(value="0000-0002-1825-0097").author.display_name == "Ada Testwright"
    assert AuthorIdentifier.objects.get(value="0000-0001-5109-3700").author.display_name == "Bob Exampleman"


# --- broken ----------------------------------------------------------------------------------------------------------------


def cut(folder: Path) -> None:
    rewrite(folder, PAPERS, (folder / PAPERS).read_bytes()[:-40], 2)


def no_json(folder: Path) -> None:
    rewrite(folder, PAPERS, gzip.compress(b'{"id": \n'), 2)


def flip(folder: Path) -> None:
    content = (folder / PAPERS).read_bytes()
    (folder / PAPERS).write_bytes(content[:-1] + bytes([content[-1] ^ 1]))


def manifest(folder: Path, **told: Any) -> None:
    (folder / "manifest.json").write_text(json.dumps({**manifest_of(folder), **told}))


def escape(folder: Path) -> None:
    files = manifest_of(folder)["files"]
    manifest(folder, files=[{**files[0], "path": "../../etc/passwd"}])


def second(how: Change) -> Callable[[Path], None]:
    return lambda folder: change(folder, PAPERS, 2, how)


BROKEN: list[tuple[str, Callable[[Path], object], str]] = [
    ("cut off", cut, r"part-00000\.jsonl\.gz breaks off after line \d"),
    ("no JSON", no_json, r"part-00000\.jsonl\.gz, line 1 is no JSON"),
    ("another checksum", flip, "has another checksum than the manifest says"),
    ("a file too few", lambda folder: (folder / PAPERS).unlink(), "is missing"),
    ("of tomorrow", lambda folder: manifest(folder, version=2), "says version 2; .* reads version 1"),
    ("of another program", lambda folder: manifest(folder, format="else"), "does not say that this is a snapshot"),
    ("a path that leads out", escape, "lacks its files"),
    ("no manifest", lambda folder: (folder / "manifest.json").unlink(), "is no snapshot"),
    ("no object", lambda folder: rewrite(folder, PAPERS, gzip.compress(b"[]\n[]\n"), 2), "line 1: it is no JSON object"),
    ("a line too few", lambda folder: rewrite(folder, PAPERS, gzip.compress(b""), 2), "has 0 lines; the manifest says 2"),
    ("text for a number", second(lambda record: record.update(year="2023")), "line 2: “year”: '2023' is no whole number"),
    ("half a character", second(lambda record: record.update(title="\ud800")), "line 2: “title”"),
    ("null for a text", second(lambda record: record.update(title=None)), "line 2: “title” may not be null"),
    ("a column too few", second(lambda record: record.pop("title")), "line 2: “title” is missing"),
    ("a column too many", second(lambda record: record.update(secret=1)), "line 2: “secret” is nothing that"),
    ("no list", second(lambda record: record.update(authorships={})), "line 2: “authorships” does not hold objects"),
    ("an id of another kind", second(lambda record: record.update(id="A2")), "line 2: “id”: 'A2' is no id such as P12"),
    ("an enormous id", second(lambda record: record.update(id="P99999999999")), "line 2: “id” is higher than"),
    ("refused", second(lambda record: record.update(published=None)), "lines 1 to 2: the database refuses them"),
]  # fmt: skip


@pytest.mark.parametrize(("spoil", "said"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN])
def test_a_broken_snapshot_changes_nothing(folder: Path, spoil: Callable[[Path], object], said: str) -> None:
    spoil(folder)
    with pytest.raises(CommandError, match=said):
        take(folder)
    assert not Paper.objects.exists()
    assert not Author.objects.exists()
    assert not ImportRun.objects.exists()
