"""Inputs that broke other sites: whatever is asked, the answer says what was wrong and is never the server's fault."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from tests.api import full_author, full_paper

pytestmark = pytest.mark.django_db
VALUES = (
    "%00", "%ff", "%ed%a0%80", "9" * 25, "-1", "1e999", "NaN", "0x10", "%D9%A3", "9999-12-31T23:59:59-23:59", "0001-01-01",
    "99999999999", "2021-02-30", "%28%28", "%5B", "%25", "%27%20OR%201=1--", "%22", "%5C", "*", "%3A", "%7C%7C", "!!",
    "a" * 2_000, "%F0%9F%92%A5" * 100, "OR%20NOT%20AND", "year%3A%3E%3E1", "%0d%0aX-Evil:1", "..%2f..%2fetc%2fpasswd", "null",
    "[]", "P" + "9" * 19, "P9223372036854775808", "doi:", "%E2%80%AE", "%EF%BF%BF", "%CC%81" * 200,
)  # fmt: skip
FIELDS = "default.search id doi author orcid institution venue category publication_year publication_date cited_by_count type"
LIST = "search filter select sort page per-page cursor sample seed group_by author category year_from cited_by_count doi"
QUESTIONS = [  # what is asked, with the value at its end
    *(f"/api/v1/papers?{name}=" for name in LIST.split()), *(f"/api/v1/papers?filter={name}:" for name in FIELDS.split()),
    *(f"/api/v1/authors?filter={name}:" for name in ("id", "search", "works_count", "orcid")),
    "/api/v1/papers/", "/api/v1/authors/", "/api/v1/categories/", "/api/v1/papers/batch?ids=", "/api/v1/changes?cursor=",
    "/api/v1/changes?limit=", "/api/v1/autocomplete?q=", "/api/v1/papers/1?include=",
    *(f"/papers/?{name}=" for name in ("q", "year_from", "author", "sort", "page", "after")), "/search/?q=",
    "/authors/?q=", "/institutions/?country=", "/venues/?page=", "/compare/?id=", "/search/suggest?q=", "/papers/", "/authors/",
    "/categories/", "/top/", "/papers.csv?q=", "/feeds/papers.atom?q=", "/feeds/latest.atom?page=", "/feeds/authors/",
    "/embed/papers/?limit=",
    "/sitemaps/papers-", "/oai?verb=", "/oai?verb=ListRecords&metadataPrefix=", "/oai?verb=ListRecords&resumptionToken=",
    "/oai?verb=ListRecords&metadataPrefix=oai_dc&from=", "/oai?verb=ListRecords&metadataPrefix=oai_dc&set=",
    "/oai?verb=GetRecord&metadataPrefix=oai_dc&identifier=",
]  # fmt: skip
BODIES = (
    "[" * 60_000, '{"a":' * 12_000, "", "null", "[]", "1", "{", "\0", '{"ids": null}', '{"ids": [null]}', '{"ids": [1]}',
    '{"ids": ["\\ud800"]}', '{"ids": ["\\u0000"]}', '{"ids": ["P99999999999999999999999"]}', '{"ids": ["P1"], "select": {}}',
    '{"ids": [' + ",".join(['"P1"'] * 1_500) + "]}", '{"where": NaN}', '{"where": {"field": "cited_by_count", "value": 1e999}}',
    '{"where": {"field": "author", "value": [[]]}}', '{"where": {"all": [[]]}}',
    '{"where": {"field": "title", "value": "\\ud800"}}', '{"where": ' + '{"not": ' * 200 + "1" + "}" * 201,
    '{"where": {"field": "publication_year", "value": 99999999999999999999999}}',
    '{"where": {"field": "title", "value": "a"}, "page": 99999999999999999999}',
    '{"where": {"field": "title", "value": "a"}, "page": {}}',
)  # fmt: skip
HEADERS: tuple[dict[str, str], ...] = (
    {"Accept": "a"}, {"Accept": "application/json; indent=99999999999"}, {"If-None-Match": '"'}, {"Range": "bytes=9-1"},
    {"If-Modified-Since": "9" * 50}, {"Authorization": "Bearer " + "a" * 5_000}, {"Authorization": "Bearer ÿ"},
    {"Authorization": "Basic x"}, {"Cookie": "sessionid=%00"}, {"Accept-Encoding": "gzip;q=x"}, {"X-Forwarded-For": "'"},
    {"Access-Control-Request-Method": "ÿ"},
)  # fmt: skip


@pytest.fixture
def browser(client: Client) -> Client:
    """Its requests raise what the server did not expect."""
    full_paper()
    full_author(2)
    return client


def is_explained(answer: Any, address: str) -> bool:
    """An answer of the API that refuses says why; every answer is one that somebody wrote."""
    refuses = answer.status_code >= 400 and address.startswith("/api/")
    return answer.status_code < 500 and (not refuses or answer["Content-Type"] == "application/problem+json")


def test_values_that_cannot_be(browser: Client) -> None:
    """Every question with four values, other ones each time."""
    for number, question in enumerate(QUESTIONS):
        for value in VALUES[number % 9 :: 9]:
            answer = browser.get(question + value)
            assert is_explained(answer, question), question + value


def test_bodies_that_cannot_be(browser: Client) -> None:
    for address in ("/api/v1/papers/batch", "/api/v1/search"):
        for body in BODIES:
            answer = browser.post(address, body, content_type="application/json")
            assert answer.status_code in (200, 400, 413), body[:80]
            assert is_explained(answer, address), body[:80]
        for kind in ("text/plain", "multipart/form-data", "application/json; charset=nope", ""):
            assert is_explained(browser.generic("POST", address, b'{"ids": ["P1"]}', kind), address), kind


def test_headers_and_methods_that_cannot_be(browser: Client) -> None:
    for address in ("/papers/P1.bib", "/api/v1/papers", "/oai?verb=Identify", "/feeds/latest.atom"):
        for headers in HEADERS:
            assert is_explained(browser.get(address, headers=headers), address), (address, headers)
        for method in ("TRACE", "PUT", "PATCH", "DELETE", "FOO"):
            assert is_explained(browser.generic(method, address), address), (address, method)


def test_lists_that_are_too_long(browser: Client) -> None:
    for address in (
        "/api/v1/papers?" + "&".join(f"x{number}=1" for number in range(900)),
        "/api/v1/papers/batch?ids=" + ",".join(f"P{number}" for number in range(1_500)),
        "/api/v1/papers?filter=id:" + "|".join(f"P{number}" for number in range(1_200)),
        "/api/v1/papers?search=" + "word+" * 1_200, "/papers/?" + "category=cs.CL&" * 500, "/search/?q=" + "word+" * 1_500,
        "/search/?q=" + "%28" * 1_500, "/papers/?page=1&page=2",
    ):  # fmt: skip
        assert is_explained(browser.get(address), address), address[:60]


def test_words_that_editors_look_for(browser: Client) -> None:
    browser.force_login(get_user_model().objects.create_superuser("ed", password="a phrase of words"))
    for number, kind in enumerate(("papers/paper", "authors/author", "authors/institution", "papers/venue")):
        for value in VALUES[number::7]:
            answer = browser.get(f"/admin/{kind}/?q={value}")
            assert answer.status_code < 500, (kind, value)
