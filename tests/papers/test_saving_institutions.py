"""Institutions as papers mention them and as registries describe them."""

from typing import Any

import pytest

from authors.curation.provenance import record_edit
from authors.models import Institution, InstitutionAlias, InstitutionIdentifier
from papers.importers import runs
from tests.factories import make_institution
from tests.payloads import counts, import_organisations, import_works, payload, remarks, work

pytestmark = pytest.mark.django_db

TITLE = "A Grammar of Nowhere: Parsing Languages That Nobody Speaks"
OPENALEX = "https://openalex.org/"


# --- institutions as papers mention them -----------------------------------------------------------------------------------


def names_of_institutions() -> list[str]:
    return list(Institution.objects.order_by("pk").values_list("name", flat=True))


def test_institutions_are_found_by_ror_name_and_alias() -> None:
    import_organisations(payload("ror-organization"))
    mentions = [
        {"display_name": "UEX Main Campus", "ror": "https://ror.org/05exmpl01"},
        {"display_name": "The University of Examples"},
        {"display_name": "Universiteit van Voorbeelden", "country_code": "NL"},
        {"display_name": "University of Examples", "country_code": "BE"},
    ]
    import_works(*(work(f"Paper Number {n}", institutions=[mention]) for n, mention in enumerate(mentions)))
    assert names_of_institutions() == ["University of Examples", "University of Examples"]
    assert list(Institution.objects.order_by("pk").values_list("country_code", flat=True)) == ["NL", "BE"]


def test_an_alias_of_two_institutions_decides_nothing() -> None:
    for tag in ("one", "two"):
        InstitutionAlias.objects.create(institution=make_institution(f"Institute {tag}", tag=tag), name="The Same")
    import_works(work(TITLE, institutions=["The Same"]))
    assert names_of_institutions() == ["Institute one", "Institute two", "The Same"]


def test_institutions_named_in_brackets_only_stay_apart() -> None:
    import_works(work(TITLE, institutions=["(ABC)", "(DEF)"]))
    assert names_of_institutions() == ["(ABC)", "(DEF)"]


def test_tags_are_unique() -> None:
    import_works(
        *(
            work(f"Paper {n}", institutions=[{"display_name": "Fixtures", "country_code": code}])
            for n, code in enumerate(["NL", "DE", "FR"])
        )
    )
    assert sorted(Institution.objects.values_list("tag", flat=True)) == ["fixtures", "fixtures-2", "fixtures-3"]


def test_mentions_fill_what_is_empty_but_not_what_an_editor_emptied() -> None:
    import_works(work("First of the Papers", institutions=["Fixtures"]))
    institution = Institution.objects.get()
    record_edit(kind="I", record_id=institution.pk, fields=["homepage"])
    import_works(
        work(
            "Second of the Papers",
            institutions=[{"display_name": "Fixtures", "country_code": "NL", "homepage_url": "https://x.org"}],
        )
    )
    institution.refresh_from_db()
    assert (institution.country_code, institution.homepage) == ("NL", "")


def test_an_identifier_in_dispute_stays_with_nobody() -> None:
    for name in ("One", "Two"):
        InstitutionIdentifier.objects.create(institution=make_institution(name), scheme="ror", value="05exmpl01", disputed=True)
    import_works(work(TITLE, institutions=[{"display_name": "Three", "ror": "https://ror.org/05exmpl01"}]))
    assert not InstitutionIdentifier.objects.filter(disputed=False).exists()


# --- institutions as their own records --------------------------------------------------------------------------------------


def organization(ror: str, name: str, *relations: tuple[str, str], **fields: Any) -> dict[str, Any]:
    related = [{"type": kind, "id": f"https://ror.org/{other}", "label": ""} for kind, other in relations]
    names = [{"value": name, "types": ["ror_display", "label"], "lang": "en"}]
    return {"id": f"https://ror.org/{ror}", "names": names, "relationships": related, "status": "active", "types": [], **fields}


def test_an_institution_of_a_paper_becomes_that_of_the_registry() -> None:
    import_works(work(TITLE, institutions=["University of Examples"]))
    run = import_organisations(payload("ror-organization"))
    assert counts(run) == (0, 1, 0, 0)
    institution = Institution.objects.get()
    assert (institution.country_code, institution.city, institution.kind) == ("NL", "Nowhere", "education")
    assert set(institution.aliases.values_list("name", flat=True)) == {
        "Universiteit van Voorbeelden",
        "Examples Polytechnic",
        "UEX",
    }
    assert institution.identifiers.filter(scheme="ror").exists()
    assert counts(import_organisations(payload("ror-organization"))) == (0, 0, 1, 0)


def test_both_registries_describe_one_institution() -> None:
    import_organisations(payload("ror-organization"))
    assert counts(import_organisations(payload("openalex-institution"))) == (0, 1, 0, 0)
    institution = Institution.objects.get()
    assert set(institution.figures.values_list("name", "value", "source")) == {
        ("papers", 700, "openalex"),
        ("citations", 9000, "openalex"),
    }
    assert counts(import_organisations(payload("openalex-institution") | {"works_count": 701})) == (0, 1, 0, 0)
    assert institution.figures.get(name="papers").value == 701


def test_a_renamed_institution_is_still_found_by_its_former_name() -> None:
    import_organisations(organization("05exmpl01", "Old Name"))
    assert counts(import_organisations(organization("05exmpl01", "New Name"))) == (0, 1, 0, 0)
    import_works(work(TITLE, institutions=["Old Name"]))
    assert names_of_institutions() == ["New Name"]


@pytest.mark.parametrize("batch", [1, 500])
@pytest.mark.parametrize("child_first", [True, False])
def test_parents_are_set_whichever_comes_first(monkeypatch: pytest.MonkeyPatch, batch: int, child_first: bool) -> None:
    monkeypatch.setattr(runs, "BATCH", batch)
    above = organization("05exmpl02", "Federation of Examples", ("child", "05exmpl01"))
    below = organization("05exmpl01", "University of Examples", ("parent", "05exmpl02"))
    import_organisations(*([below, above] if child_first else [above, below]))
    assert Institution.objects.get(name="University of Examples").parent.name == "Federation of Examples"


@pytest.mark.parametrize("batch", [1, 500])
def test_circles_are_broken(monkeypatch: pytest.MonkeyPatch, batch: int) -> None:
    monkeypatch.setattr(runs, "BATCH", batch)
    one, two, three = ring = ["05exmpl01", "05exmpl02", "05exmpl03"]
    relations = {
        one: [("parent", two), ("child", three)],
        two: [("parent", three), ("child", one)],
        three: [("parent", one), ("child", two)],
    }
    import_organisations(*(organization(ror, f"Ring {ror[-1]}", *relations[ror], ("parent", ror)) for ror in ring))
    assert Institution.objects.filter(parent=None).count() == 1
    for institution in Institution.objects.all():
        institution.clean()


@pytest.mark.parametrize("lock", ["aliases", "identifiers", "parent"])
def test_what_an_editor_touched_stays_on_institutions(lock: str) -> None:
    import_organisations(
        organization("05exmpl01", "University of Examples"), organization("05exmpl02", "Federation of Examples")
    )
    university = Institution.objects.get(name="University of Examples")
    record_edit(kind="I", record_id=university.pk, fields=[lock])
    richer = payload("ror-organization") | {
        "relationships": [{"type": "parent", "id": "https://ror.org/05exmpl02", "label": ""}]
    }
    import_organisations(richer)
    university.refresh_from_db()
    done = {
        "aliases": university.aliases.exists(),
        "identifiers": university.identifiers.exclude(scheme="ror").exists(),
        "parent": university.parent is not None,
    }
    assert done == {name: name != lock for name in done}


def test_an_identifier_of_another_institution_is_reported() -> None:
    taken = [{"type": "wikidata", "all": ["Q900002"], "preferred": "Q900002"}]
    run = import_organisations(
        organization("05exmpl01", "First Institute", external_ids=taken),
        organization("05exmpl02", "Second Institute", external_ids=taken),
    )
    first, second = Institution.objects.order_by("pk")
    assert remarks(run) == [
        (2, "ids", f"wikidata:Q900002 already belongs to {first.public_id}; not added to {second.public_id}")
    ]
