"""How snapshots are found and fetched."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests.api import get
from tests.factories import make_paper
from tests.snapshots import export, manifest_of
from tests.test_api_schema import complaints, declared

pytestmark = [pytest.mark.django_db, pytest.mark.upkeep]
FILE = "papers/part-00000.jsonl.gz"


@pytest.fixture
def made(tmp_path: Path, settings: Any) -> Path:
    settings.SNAPSHOT_DIR = tmp_path
    make_paper("Kept")
    return export(tmp_path)


def fetch(client: Client, made: Path, path: str = FILE, **headers: str) -> Any:
    return client.get(f"/snapshots/{made.name}/{path}", headers=headers)


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def test_the_page_names_every_file_with_its_checksum_and_the_licence(client: Client, made: Path) -> None:
    page = client.get("/snapshots/").text
    for file in manifest_of(made)["files"]:
        assert f'href="/snapshots/{made.name}/{file["path"]}"' in page
        assert file["sha256"] in page
    assert "CC0 1.0" in page
    assert "1 paper," in page
    assert 'href="/snapshots/"' in client.get("/").text


def test_without_a_snapshot_the_page_says_so(client: Client, settings: Any, tmp_path: Path) -> None:
    settings.SNAPSHOT_DIR = tmp_path / "nothing"
    assert "There is no snapshot yet" in client.get("/snapshots/").text
    assert get(client, "exports").json() == {"meta": {"count": 0}, "results": []}


def test_a_file_comes_whole_and_as_it_is(client: Client, made: Path) -> None:
    content = (made / FILE).read_bytes()
    answer = fetch(client, made, **{"Accept-Encoding": "gzip"})
    assert body(answer) == content
    assert "Content-Encoding" not in answer
    assert answer["Content-Length"] == str(len(content))
    assert answer["Accept-Ranges"] == "bytes"
    tag = next(file["sha256"] for file in manifest_of(made)["files"] if file["path"] == FILE)
    assert answer["ETag"] == f'"{tag}"'
    assert fetch(client, made, **{"If-None-Match": answer["ETag"]}).status_code == 304
    head = client.head(f"/snapshots/{made.name}/{FILE}")
    assert (head["Content-Length"], body(head)) == (str(len(content)), b"")
    for path in ("manifest.json", "SHA256SUMS", "README.txt", "schema/papers.json"):
        assert body(fetch(client, made, path)) == (made / path).read_bytes()


@pytest.mark.parametrize(
    ("asked", "part"), [("bytes=5-9", slice(5, 10)), ("bytes=20-", slice(20, None)), ("bytes=-7", slice(-7, None))]
)
def test_a_download_that_broke_off_goes_on(client: Client, made: Path, asked: str, part: slice) -> None:
    content = (made / FILE).read_bytes()
    answer = fetch(client, made, Range=asked)
    assert answer.status_code == 206
    assert body(answer) == content[part]
    start = content.index(content[part])
    assert answer["Content-Range"] == f"bytes {start}-{start + len(content[part]) - 1}/{len(content)}"
    changed = fetch(client, made, Range=asked, **{"If-Range": '"another"'})
    assert (changed.status_code, body(changed)) == (200, content)


@pytest.mark.parametrize(("asked", "status"), [
    ("bytes=999999-", 416), ("bytes=-0", 416), ("bytes=9-5", 200), ("bytes=1-2,4-5", 200), ("bytes=-", 200), ("lines=1-2", 200),
])  # fmt: skip
def test_parts_that_are_none(client: Client, made: Path, asked: str, status: int) -> None:
    answer = fetch(client, made, Range=asked)
    assert answer.status_code == status
    if status == 416:
        assert answer["Content-Range"] == f"bytes */{(made / FILE).stat().st_size}"


@pytest.mark.parametrize("path", [
    "../secret.txt", "..%2fsecret.txt", "papers/../../secret.txt", "secret.txt", "papers", "papers/", "%00", "/etc/passwd",
])  # fmt: skip
def test_nothing_but_what_the_manifest_names(client: Client, made: Path, path: str) -> None:
    for folder in (made, made.parent):
        (folder / "secret.txt").write_text("secret")
    assert fetch(client, made, path).status_code == 404
    assert client.get(f"/snapshots/../{made.parent.name}/{made.name}/{FILE}").status_code == 404
    assert client.get(f"/snapshots/.unfinished/{FILE}").status_code == 404


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"format": "bylines-snapshot", "version": 99}'])
def test_what_else_stands_there_is_passed_over(client: Client, made: Path, content: str) -> None:
    other = made.parent / "2001-01-01"
    other.mkdir()
    (other / "manifest.json").write_text(content)
    assert "2001" not in client.get("/snapshots/").text
    assert [snapshot["id"] for snapshot in get(client, "exports").json()["results"]] == [made.name]
    assert client.get("/snapshots/2001-01-01/manifest.json").status_code == 404


def test_programs_find_them_by_the_api(client: Client, made: Path) -> None:
    answer = get(client, "exports").json()
    assert complaints(declared("exports", 200, "application/json")["schema"], answer) == []
    snapshot = answer["results"][0]
    assert snapshot["id"] == made.name
    assert snapshot["records"]["papers"] == 1
    file = next(file for file in snapshot["files"] if file["path"] == FILE)
    assert body(client.get(file["url"].removeprefix("http://testserver"))) == (made / FILE).read_bytes()
    told = json.loads(body(client.get(snapshot["manifest_url"].removeprefix("http://testserver"))))
    assert told["changes_cursor"] == snapshot["changes_cursor"]


def test_crawlers_are_kept_off_the_files(client: Client, made: Path) -> None:
    assert "Disallow: /snapshots/*/" in client.get("/robots.txt").text
    assert fetch(client, made)["X-Robots-Tag"] == "noindex"
