"""The OpenAPI schema is complete and true: every real answer, parameter and example is held against it."""

import re
from copy import deepcopy
from typing import Any

import pytest
from django.core.management import call_command
from jsonschema import Draft202012Validator

from authors.curation.redirects import leave_redirect
from authors.models import Author, Institution
from papers.api import grouping
from papers.api.schema import openapi
from papers.models import Paper, Venue
from tests.api import full_author, full_paper
from tests.tokens import Program

pytestmark = pytest.mark.django_db
LISTS = ("papers", "authors", "institutions", "venues", "categories")


def strict(schema: Any) -> Any:
    """The schema with every object closed, so that a member nobody declared is found."""
    if isinstance(schema, list):
        return [strict(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {"additionalProperties": False} if "properties" in schema and "additionalProperties" not in schema else {}
    return {name: strict(part) for name, part in schema.items()} | closed


def complaints(schema: dict[str, Any], value: Any) -> list[str]:
    """What is wrong with `value` as an instance of `schema`, closed."""
    root = strict({**deepcopy(schema), "components": openapi()["components"]})
    found = Draft202012Validator(root, format_checker=Draft202012Validator.FORMAT_CHECKER).iter_errors(value)
    return [f"{error.json_path}: {error.message}" for error in found]


def alternatives(schema: dict[str, Any]) -> list[dict[str, str]]:
    """What an answer may be, one of several or more."""
    named = openapi()["components"]["schemas"][schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    return named.get("anyOf", [])


def declared(path: str, status: int, media_type: str) -> dict[str, Any]:
    """What a GET of the path answers; whole records, where parameters can leave out some of their fields."""
    content = openapi()["paths"][f"/api/v1/{path}".rstrip("/")]["get"]["responses"][str(status)]["content"][media_type]
    choices = alternatives(content["schema"])
    whole = [choice for choice in choices if not {"Sparse", "Including"} & set(re.findall("[A-Z][a-z]+", choice["$ref"]))]
    return {**content, "schema": {"anyOf": whole}} if choices else content


def fill() -> None:
    for number in (1, 2):
        full_paper(number)
    full_author(3)
    Paper.objects.create()
    leave_redirect(kind="P", old_id=77700777, target_id=None, reason="withdrawn")


def test_it_is_drawn_without_a_warning() -> None:
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", "/dev/null")


def test_answers_are_as_declared(client: Any) -> None:
    fill()
    single = {"papers": Paper, "authors": Author, "institutions": Institution, "venues": Venue}
    asked = [(f"{name}?per-page=200", name) for name in LISTS] + [("categories/cs.CL", "categories/{id}"), ("", "")]
    asked += [(f"{name}?cursor=*&per-page=1", name) for name in LISTS]
    asked += [(f"papers?group_by={field}", "papers") for field in grouping.GROUPS]
    asked += [(f"{name}?sample=2&seed=1", name) for name in LISTS]
    asked += [(f"{name}/batch?ids=P1,A1,I1,V1", f"{name}/batch") for name in LISTS if name != "categories"]
    asked += [(name, name) for name in ("rate-limit", "status", "properties")]
    asked += [(f"papers/{Paper.objects.earliest('pk').public_id}/versions", "papers/{id}/versions")]
    asked += [("changes?limit=1", "changes"), ("changes?cursor=now", "changes")]
    asked += [("autocomplete?q=testw", "autocomplete"), ("autocomplete/works?q=paper", "autocomplete/{entity}")]
    for name, model in single.items():
        asked += [(f"{name}/{record.public_id}", f"{name}/{{id}}") for record in model.objects.all()]
    answered = 0
    for address, path in asked:
        response = client.get(f"/api/v1/{address}")
        if response.status_code == 404:  # institutions and people without a public record
            continue
        answered += 1
        assert complaints(declared(path, 200, "application/json")["schema"], response.json()) == [], address
    assert answered > 30


def test_parts_of_records_are_as_declared(client: Any) -> None:
    fill()
    paper = Paper.objects.published().first()
    schema = openapi()["paths"]["/api/v1/papers/{id}"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    assert complaints(schema, client.get(f"/api/v1/papers/{paper.public_id}?include=references").json()) == []
    for name in LISTS:
        for chosen in ("select=id,display_name", "omit=html_url"):
            schema = openapi()["paths"][f"/api/v1/{name}"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
            body = client.get(f"/api/v1/{name}?{chosen}").json()
            assert complaints(schema, body) == []
            assert complaints(alternatives(schema)[0], body) != []


@pytest.mark.parametrize(("address", "path", "status"), [
    ("papers?x=1", "papers", 400), ("papers/P999000999", "papers/{id}", 404), ("papers/P77700777", "papers/{id}", 410),
    ("authors?page=x", "authors", 400), ("autocomplete", "autocomplete", 400),
    ("autocomplete/x", "autocomplete/{entity}", 404), ("institutions/I999000999", "institutions/{id}", 404),
    ("categories/x", "categories/{id}", 404),
])  # fmt: skip
def test_problems_are_as_declared(client: Any, address: str, path: str, status: int) -> None:
    fill()
    response = client.get(f"/api/v1/{address}")
    assert response.status_code == status
    schema = declared(path, status, "application/problem+json")["schema"]
    assert complaints(schema, response.json()) == []


def test_examples_are_as_declared() -> None:
    for path, operations in openapi()["paths"].items():
        for operation in operations.values():
            for part in (operation.get("requestBody", {}), *operation["responses"].values()):
                for content in part.get("content", {}).values():
                    for example in content.get("examples", {}).values():
                        assert complaints(content["schema"], example["value"]) == [], path
    assert declared("papers", 200, "application/json")["examples"]
    assert declared("papers", 400, "application/problem+json")["examples"]


def test_every_field_is_always_there() -> None:
    for name, schema in openapi()["components"]["schemas"].items():
        of_a_request = name.startswith("Patched") or name.endswith(("Asked", "Edit"))
        if "properties" in schema and not of_a_request and not name.startswith(("Sparse", "Included")):
            assert set(schema["required"]) == set(schema["properties"]), name


@pytest.mark.parametrize("name", LISTS)
def test_parameters_are_those_that_the_list_takes(client: Any, name: str) -> None:
    parameters = openapi()["paths"][f"/api/v1/{name}"]["get"]["parameters"]
    refused = client.get(f"/api/v1/{name}?no-such-parameter=1").json()
    assert {parameter["name"] for parameter in parameters} == set(refused["errors"][0]["allowed"])
    assert all(parameter["description"] for parameter in parameters)


@pytest.mark.parametrize("name", LISTS)
def test_every_declared_value_is_taken(client: Any, name: str) -> None:
    for parameter in openapi()["paths"][f"/api/v1/{name}"]["get"]["parameters"]:
        schema = parameter["schema"]
        for value in [*schema.get("enum", []), *(schema[edge] for edge in ("minimum", "maximum") if edge in schema)]:
            if (parameter["name"], value) == ("page", 10_000):  # the last page there can be, of one row
                continue
            response = client.get(f"/api/v1/{name}", {parameter["name"]: value})
            assert response.status_code == 200, response.content
    assert client.get(f"/api/v1/{name}?page=10000&per-page=1").status_code == 200


def test_every_address_is_described() -> None:
    described = {path.removeprefix("/api/v1").lstrip("/") for path in openapi()["paths"]}
    others = {"", "autocomplete", "autocomplete/{entity}"}
    beside = {f"papers/{{id}}/{name}" for name in ("versions", "related", "references", "citations")} | {
        "authors/{id}/coauthors"
    }
    others |= {"rate-limit", "status", "properties", "search", "changes", "exports"}
    others |= {f"{name}/batch" for name in LISTS if name != "categories"}
    done = {"papers/{id}/state", "changesets/{id}/undo", *(f"{name}/merge" for name in LISTS[:3])}
    assert described == {*others, *beside, *done, *LISTS, *(f"{name}/{{id}}" for name in LISTS)}
    for operations in openapi()["paths"].values():
        for operation in operations.values():
            answers = {status.replace("201", "200") for status in operation["responses"]}
            assert {"200", "400", "401", "405", "406", "414", "429", "500", "503"} <= answers


def test_what_writes_says_that_it_wants_a_token() -> None:
    assert openapi()["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    writes = [
        operation
        for path, operations in openapi()["paths"].items()
        for method, operation in operations.items()
        if method == "patch" or path.endswith(("/merge", "/state", "/undo")) or "201" in operation["responses"]
    ]
    assert len(writes) == 11
    for operation in writes:
        assert operation["security"] == [{"token": []}]
        assert {"401", "403", "409", "413", "415"} <= set(operation["responses"])
        assert operation["requestBody"]["content"]["application/json"]["examples"]
    assert {} in openapi()["paths"]["/api/v1/papers"]["get"]["security"]


def test_answers_to_writes_are_as_declared() -> None:
    fill()
    paper, senior = Paper.objects.published().earliest("pk"), Program("Senior editors")
    person, other = full_author(4), full_author(5)
    asked = [
        ("papers/{id}", "patch", senior.patch(f"papers/{paper.public_id}", {"title": "New"})),
        ("papers/{id}", "patch", senior.patch(f"papers/{paper.public_id}", {"title": "New"})),
        ("papers/{id}", "patch", senior.patch(f"papers/{paper.public_id}", {"title": "New"}, version='"old"')),
        ("papers/{id}/state", "post", senior.post(f"papers/{paper.public_id}/state", {"state": "draft"})),
        ("authors/merge", "post", senior.post("authors/merge", {"survivor": person.public_id, "other": other.public_id})),
        ("institutions/{id}", "patch", senior.patch(f"institutions/{Institution.objects.first().public_id}", {}, version="*")),
    ]
    new = {"title": "A New One", "authorships": [{"raw_author_name": "Ada Testwright", "author": person.public_id}]}
    asked += [("papers", "post", senior.post("papers", body)) for body in (new, new, {"title": None})]
    asked += [("authors", "post", senior.post("authors", {"display_name": "Ada Testwright", "though_alike": True}))]
    asked += [("changesets/{id}/undo", "post", senior.post(asked[4][2].json()["change"]["undo_url"].partition("/v1/")[2], {}))]
    for path, method, answer in asked:
        operation = openapi()["paths"][f"/api/v1/{path}"][method]
        content = operation["responses"][str(answer.status_code)]["content"][answer["Content-Type"]]
        assert complaints(content["schema"], answer.json()) == [], path


def test_schema_is_served_as_json_and_yaml(client: Any) -> None:
    assert client.get("/api/v1/schema").json()["openapi"].startswith("3.1")
    yaml = client.get("/api/v1/schema", headers={"Accept": "application/vnd.oai.openapi"})
    assert yaml.content.startswith(b"openapi: 3.1")


def test_documentation_page(client: Any) -> None:
    response = client.get("/api/v1/docs")
    body = response.content.decode()
    policy = response["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "<script>" not in body
    assert 'href="/"' in body
    assert 'id="problem-withdrawn"' in body
    assert 'data-schema="/api/v1/schema"' in body
