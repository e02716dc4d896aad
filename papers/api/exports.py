"""The snapshots that can be fetched, with all their files."""

from typing import Any, ClassVar

from django.urls import reverse
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from papers.api.endpoints import Endpoint
from papers.api.parameters import read
from papers.api.shapes import UNKNOWN, Shape
from papers.snapshots.shelf import MANIFEST, Snapshot, snapshots


class Licence(Shape):
    name = serializers.CharField(**UNKNOWN)
    url = serializers.CharField(**UNKNOWN)
    text = serializers.CharField(**UNKNOWN)


class SnapshotFile(Shape):
    path = serializers.CharField(help_text="Within the snapshot.")
    url = serializers.URLField()
    kind = serializers.CharField(**UNKNOWN, help_text="What its records are; null for schema and readme.")
    format = serializers.ChoiceField(["jsonl.gz", "parquet"], **UNKNOWN)
    records = serializers.IntegerField(**UNKNOWN, min_value=0)
    bytes = serializers.IntegerField(min_value=0)
    sha256 = serializers.RegexField("^[0-9a-f]{64}$")


class SnapshotShape(Shape):
    """The whole published catalogue as it was on one day."""

    id = serializers.DateField(help_text="The day.")
    html_url = serializers.URLField()
    manifest_url = serializers.URLField()
    version = serializers.IntegerField(min_value=1, help_text="Of the files' format.")
    licence = Licence()
    made_at = serializers.DateTimeField()
    changes_cursor = serializers.CharField(help_text="Where `/changes` goes on from there.")
    records = serializers.DictField(child=serializers.IntegerField(min_value=0), help_text="By kind.")
    bytes = serializers.IntegerField(min_value=0)
    files = SnapshotFile(many=True)


class ExportsMeta(Shape):
    count = serializers.IntegerField(min_value=0)


class ExportsShape(Shape):
    meta = ExportsMeta()
    results = SnapshotShape(many=True)


SITE = "https://bylines.example"
EXAMPLE_FILE = {
    "path": "papers/part-00000.jsonl.gz", "url": f"{SITE}/snapshots/2026-11-12/papers/part-00000.jsonl.gz", "kind": "papers",
    "format": "jsonl.gz", "records": 310, "bytes": 251043,
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
}  # fmt: skip


class Exports(Endpoint):
    tag, operation = "changes", "list_exports"
    summary = "Snapshots of the whole catalogue, the newest first"
    more = "What changed since a snapshot was made, `/changes` tells from its `changes_cursor` on."
    shape = ExportsShape
    example: ClassVar[dict[str, Any]] = {
        "meta": {"count": 1},
        "results": [{
            "id": "2026-11-12", "html_url": f"{SITE}/snapshots/#s-2026-11-12",
            "manifest_url": f"{SITE}/snapshots/2026-11-12/manifest.json", "version": 1,
            "licence": {"name": "CC0 1.0", "url": "https://creativecommons.org/publicdomain/zero/1.0/", "text": None},
            "made_at": "2026-11-12T02:00:00Z", "changes_cursor": "WyJjaGFuZ2VzIiw5LDFd:1x:abc",
            "records": {"papers": 310}, "bytes": 251043, "files": [EXAMPLE_FILE],
        }],
    }  # fmt: skip

    def get(self, request: Request) -> Response:
        read(request.query_params, [])
        found = [_written(snapshot, self.site) for snapshot in snapshots()]
        return Response({"meta": {"count": len(found)}, "results": found})


def _written(snapshot: Snapshot, site: str) -> dict[str, Any]:
    told = snapshot.manifest

    def address(path: str) -> str:
        return site + reverse("snapshot-file", args=[snapshot.name, path])

    return {
        "id": snapshot.name,
        "html_url": f"{site}{reverse('snapshots')}#s-{snapshot.name}",
        "manifest_url": address(MANIFEST),
        "version": told["version"],
        "licence": {name: told["licence"][name] or None for name in ("name", "url", "text")},
        "made_at": told["made_at"],
        "changes_cursor": told["changes_cursor"],
        "records": snapshot.records,
        "bytes": snapshot.bytes,
        "files": [{"path": file["path"], "url": address(file["path"]), **_about(file)} for file in snapshot.files],
    }


def _about(file: dict[str, Any]) -> dict[str, Any]:
    return {name: file[name] for name in ("kind", "format", "records", "bytes", "sha256")}
