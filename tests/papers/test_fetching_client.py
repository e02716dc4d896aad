"""Asking the services: what is refused, what is tried again, and that nothing hangs."""

import logging
import socket
import time
from typing import Any

import pytest
from urllib3.connection import HTTPConnection
from urllib3.exceptions import NameResolutionError

from papers.importers.fetching import answers, client
from papers.importers.fetching.client import Client, Service
from papers.importers.fetching.errors import FetchError, NotFound, Offline, Refused, TooLarge, Unreadable
from tests import services as fake
from tests.services import Fake

pytestmark = pytest.mark.django_db
WORK = {"id": "https://openalex.org/W1", "title": "Trees of examples"}


def ask(**options: Any) -> Any:
    return Client(**options).json("openalex", "/works/W1")


def test_only_four_hosts_are_ever_asked_and_only_by_https() -> None:
    assert {service.origin for service in client.SERVICES.values()} == {
        "https://api.openalex.org", "https://api.crossref.org", "https://export.arxiv.org", "https://pub.orcid.org",
    }  # fmt: skip
    assert client.SERVICES["arxiv"].every >= 3


@pytest.mark.parametrize("answer", [WORK, fake.packed(WORK)])
def test_an_answer_is_read_plain_and_packed(services: Fake, answer: Any) -> None:
    services.answers["/works/W1"] = answer
    assert ask() == WORK


def test_we_say_who_we_are_and_how_to_reach_us(services: Fake, settings: Any) -> None:
    settings.CONTACT_EMAIL = "editors@example.org"
    services.answers["/works/W1"] = WORK
    ask()
    _, parameters, headers = services.asked[0]
    assert headers["User-Agent"].startswith("Bylines/")
    assert "mailto:editors@example.org" in headers["User-Agent"]
    assert parameters == {"mailto": "editors@example.org"}


def test_the_key_goes_to_openalex_alone_and_into_no_log(
    services: Fake,
    settings: Any,
    caplog: pytest.LogCaptureFixture,
) -> None:
    settings.OPENALEX_API_KEY = "a-very-secret-key"
    services.answers["/works/W1"] = fake.say({}, 403)
    services.answers["/works/10.1/x"] = {"message": {}}
    with caplog.at_level(logging.DEBUG), pytest.raises(Refused) as refusal:
        ask()
    Client().json("crossref", "/works/10.1%2Fx")
    assert services.asked[0][2]["Authorization"] == "Bearer a-very-secret-key"
    assert "Authorization" not in services.asked[1][2]
    assert "a-very-secret-key" not in caplog.text + str(refusal.value)


@pytest.mark.parametrize("fault", [fake.say({}, 500), fake.say({}, 503), fake.say({}, 429, Retry_After="0"), fake.cut_short])
def test_what_passes_is_tried_again(services: Fake, fault: Any) -> None:
    services.answers["/works/W1"] = [fault, fault, WORK]
    assert ask() == WORK


def test_a_service_that_asks_for_patience_gets_it(services: Fake) -> None:
    services.answers["/works/W1"] = [fake.say({}, 429, Retry_After="1"), WORK]
    assert ask() == WORK
    assert services.times[1] - services.times[0] >= 1


def test_nobody_waits_an_hour(services: Fake) -> None:
    services.answers["/works/W1"] = fake.say({}, 429, Retry_After="3600")
    with pytest.raises(Refused, match="had enough questions for now"):
        ask()
    assert len(services.asked) == 1


@pytest.mark.parametrize(
    ("answer", "error", "told", "times"),
    [
        (fake.not_found, NotFound, "knows no such record", 1),
        (fake.say({}, 403), Refused, "refuses to answer", 1),
        (fake.say({}, 400), Refused, "does not take the question", 1),
        (fake.say({}, 500), Offline, "has trouble of its own", 3),
        (fake.say({}, 429), Refused, "had enough questions", 3),
        (fake.cut_gzip, Unreadable, "ends too early", 1),
        (fake.cut_short, Offline, "breaks off", 3),
        (lambda h: fake.send(h, 200, b"<html></html>", "text/html"), Unreadable, "answered with text/html", 1),
        (lambda h: fake.send(h, 200, b"{nonsense"), Unreadable, "no JSON", 1),
        (lambda h: fake.send(h, 200, b"[" * 200_000), Unreadable, "no JSON", 1),
        (lambda h: fake.send(h, 200, b"[1]"), Unreadable, "something else than a record", 1),
        (lambda h: fake.send(h, 200, b"\xff\xfe{", "application/json"), Unreadable, "no JSON", 1),
        (lambda h: fake.send(h, 200, b"x", Content_Encoding="br"), Unreadable, "packing", 1),
        (lambda h: fake.send(h, 200, b"not gzip", Content_Encoding="gzip"), Unreadable, "damaged", 1),
    ],
)  # fmt: skip
def test_what_went_wrong_is_told(services: Fake, answer: Any, error: Any, told: str, times: int) -> None:
    services.answers["/works/W1"] = answer
    with pytest.raises(error, match=told):
        ask()
    assert len(services.asked) == times


@pytest.mark.parametrize(
    "to",
    [
        "http://169.254.169.254/latest/meta-data/", "http://127.0.0.1:1/", "http://localhost/", "http://[::1]/",
        "//evil.example/", "https://api.openalex.org.evil.example/",
        "https://api.openalex.org@evil.example/", "file:///etc/passwd", "gopher://x/", "http://[::1",
        "http://api.openalex.org/works/W1", "https://api.openalex.org:8443/",
    ],
)  # fmt: skip
def test_we_are_not_sent_elsewhere(services: Fake, monkeypatch: pytest.MonkeyPatch, to: str) -> None:
    services.answers["/works/W1"] = fake.redirect(to)
    shipped = {"openalex": client.SERVICES["openalex"], "real": Service("https://api.openalex.org", 0.0)}
    monkeypatch.setattr(client, "SERVICES", shipped)
    with pytest.raises(Refused, match="sends us elsewhere"):
        ask()
    assert services.paths() == ["/works/W1"]


def test_merged_records_lead_on_and_circles_end(services: Fake) -> None:
    services.answers |= {"/works/W1": fake.redirect("/works/W2"), "/works/W2": WORK}
    assert ask() == WORK
    services.answers["/works/W2"] = fake.redirect("/works/W1")
    with pytest.raises(Refused, match="in circles"):
        ask()


@pytest.mark.parametrize("answer", [fake.hang, fake.drip])
def test_nothing_hangs(services: Fake, settings: Any, answer: Any) -> None:
    settings.FETCH_TIMEOUT = 0.4
    services.answers["/works/W1"] = answer
    began = time.monotonic()
    with pytest.raises(Offline, match="takes too long"):
        ask()
    assert time.monotonic() - began < 1


def test_silence_is_tried_again(services: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "SILENCE", 0.2)
    services.answers["/works/W1"] = [fake.hang, WORK]
    assert ask() == WORK


@pytest.mark.parametrize("packing", [fake.bomb, lambda handler: fake.send(handler, 200, b" " * 3 * 2**20)])
def test_a_huge_answer_is_left_alone(services: Fake, monkeypatch: pytest.MonkeyPatch, packing: Any) -> None:
    monkeypatch.setattr(answers, "LIMIT", 2 * 2**20)
    services.answers["/works/W1"] = packing
    with pytest.raises(TooLarge, match="larger than 2 MB"):
        ask()


def test_without_the_internet_it_is_said_at_once_and_once(services: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "SERVICES", {"openalex": Service("http://127.0.0.1:9", 0.0)})
    asking = Client()
    for _ in range(2):
        with pytest.raises(Offline, match="does not answer: the server may have no way to the internet"):
            asking.json("openalex", "/works/W1")
    monkeypatch.setattr(client, "SERVICES", {"openalex": Service(services.origin, 0.0)})
    with pytest.raises(Offline):
        asking.json("openalex", "/works/W1")
    assert services.asked == []


def test_a_host_that_no_name_server_knows_is_tried_once(services: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[Any] = []

    def unknown(self: Any) -> None:
        tried.append(self.host)
        raise NameResolutionError(self.host, self, socket.gaierror("unknown"))

    monkeypatch.setattr(HTTPConnection, "_new_conn", unknown)
    monkeypatch.setattr(client, "SERVICES", {"openalex": Service("http://nowhere.example.org", 0.0)})
    with pytest.raises(Offline, match="does not answer"):
        ask()
    assert len(tried) == 1


def test_the_environments_proxy_is_used(services: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "SERVICES", {"openalex": Service("http://api.example.org", 0.0)})
    monkeypatch.setenv("http_proxy", services.origin.replace("//", "//me:pass@"))
    services.answers["/works/W1"] = WORK
    assert ask() == WORK
    assert services.asked[0][2]["Proxy-Authorization"].startswith("Basic ")
    monkeypatch.setenv("http_proxy", "socks5://me:pass@127.0.0.1:1")
    with pytest.raises(FetchError, match="HTTPS_PROXY") as refusal:
        ask()
    assert "pass" not in str(refusal.value)


def test_two_questions_keep_their_distance(services: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "SERVICES", {"arxiv": Service(services.origin, 0.3)})
    services.answers["/api/query"] = fake.feed()
    for _ in range(3):
        Client().xml("arxiv", "/api/query")
    assert services.times[2] - services.times[0] >= 0.55


def test_whoever_waits_has_an_end(services: Fake) -> None:
    services.answers["/works/W1"] = fake.hang
    began = time.monotonic()
    asking = Client(seconds=0.3)
    for path in ("/works/W1", "/works/W2", "/works/W3"):
        with pytest.raises(Offline):
            asking.json("openalex", path)
    assert time.monotonic() - began < 1
