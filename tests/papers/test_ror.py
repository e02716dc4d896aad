"""Organizations of ROR's dump as records."""

from typing import Any

import pytest

from papers.importers.records import Note, RecordError
from papers.importers.ror import institution_record, is_ror
from tests.payloads import payload


def test_an_organization_with_every_key() -> None:
    notes: list[Note] = []
    record = institution_record(payload("ror-organization"), "ror", notes)
    assert notes == []
    assert (record.key, record.name) == ("05exmpl01", "University of Examples")
    assert record.identifiers == (
        ("ror", "05exmpl01"), ("grid", "grid.900001.a"), ("isni", "0000000123456789"), ("wikidata", "Q900002"),
    )  # fmt: skip
    assert record.names == ("Universiteit van Voorbeelden", "Examples Polytechnic")
    assert record.acronyms == ("UEX",)
    assert (record.country_code, record.city, record.kind) == ("NL", "Nowhere", "education")
    assert record.homepage == "https://www.examples.example.org"
    assert (record.parents, record.children) == ((("ror", "05exmpl02"),), (("ror", "05exmpl03"),))


def test_the_shapes_are_told_apart() -> None:
    assert is_ror(payload("ror-organization"))
    assert not is_ror(payload("openalex-institution"))
    assert not is_ror([])


@pytest.mark.parametrize(
    ("change", "field", "reason"),
    [
        ({"status": "withdrawn"}, "status", "ROR has withdrawn this record"),
        ({"id": "https://ror.org/nonsense"}, "id", "is not a ROR id"),
        ({"id": None}, "id", "is not a ROR id"),
        ({"names": []}, "names", "there is no name"),
        ({"names": None}, "names", "there is no name"),
        ({"names": [{"types": ["acronym"], "value": "UEX"}]}, "names", "there is no name"),
        ({"names": [{"types": ["ror_display"], "value": "…"}]}, "names", "there is no name"),
        ({"names": "University of Examples"}, "names", "there is no name"),
    ],
)
def test_what_cannot_be_taken(change: dict[str, Any], field: str, reason: str) -> None:
    with pytest.raises(RecordError) as caught:
        institution_record(payload("ror-organization") | change, "ror", [])
    assert (caught.value.field, caught.value.reason) == (field, reason)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"locations": [{"geonames_details": {"country_code": "NLD"}}]}, "locations[1].geonames_details.country_code"),
        ({"links": [{"type": "website", "value": "javascript:alert(1)"}]}, "links[1].value"),
        ({"locations": {"x": 1}}, "locations"),
        ({"types": [7]}, "types[1]"),
        ({"relationships": [{"type": "parent", "id": "x"}]}, "relationships[1].id"),
        ({"names": [7, {"types": ["ror_display"], "value": "Fixtures"}]}, "names[1]"),
    ],
)
def test_what_is_wrong_is_left_out_and_said(change: dict[str, Any], field: str) -> None:
    notes: list[Note] = []
    assert institution_record(payload("ror-organization") | change, "ror", notes)
    assert [note.field for note in notes] == [field]


def test_a_funder_that_teaches_is_a_school_first() -> None:
    funder = payload("ror-organization") | {"types": ["funder"]}
    assert institution_record(funder, "ror", []).kind == "funder"


def test_aliases_are_bounded() -> None:
    names = [{"types": ["alias"], "value": f"Alias {number}"} for number in range(500)]
    value = payload("ror-organization")
    value["names"] += names
    assert len(institution_record(value, "ror", []).names) == 40
