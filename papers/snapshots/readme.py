"""What a snapshot says to whoever finds it without its site."""

from typing import Any

README = "README.txt"


def readme(manifest: dict[str, Any]) -> str:
    licence = " ".join(filter(None, [manifest["licence"]["name"], manifest["licence"]["url"]])) or "not stated"
    counts = "\n".join(f"  {name}/: {number:,}" for name, number in manifest["records"].items() if number)
    return f"""The published catalogue of {manifest["site"]} as it was on {manifest["made_at"]}.

Licence of the data: {licence}

Each folder holds one kind of record as JSON Lines, one record a line, compressed with gzip:
{counts}

schema/ says what a record of each kind holds (JSON Schema). manifest.json lists all files with their numbers of records and
their checksums. Check what you have with

  sha256sum -c SHA256SUMS

Ids such as P34 are those of the site's addresses. What changed since is told by its API: GET /api/v1/changes?cursor=... with
the manifest's "changes_cursor". An empty site of Bylines takes all of this in with

  manage.py import_snapshot FOLDER
"""
