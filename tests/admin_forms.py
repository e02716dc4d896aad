"""Filling in the admin's forms as a browser would: everything the page offers, with a few fields typed anew."""

from html.parser import HTMLParser
from typing import Any

from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse


def logged_in(role: str, name: str = "") -> Client:
    """A browser in which somebody of the role is logged in."""
    account = User.objects.create_user(name or f"someone-{role}".replace(" ", "-"), password="x", is_staff=True)
    account.groups.add(Group.objects.get(name=role))
    client = Client()
    client.force_login(account)
    return client


def form_of(record: Any, page: str = "change") -> str:
    return reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_{page}", args=[record.pk])


def listed(client: Client, model: str, **query: str) -> list[Any]:
    """The rows of a list's page."""
    page = client.get(reverse(f"admin:{model}_changelist"), query)
    assert page.status_code == 200, page
    return list(page.context["cl"].result_list)


class _Fields(HTMLParser):
    """Collects what a browser would send of the page's main form; templates of new rows are left out."""

    def __init__(self) -> None:
        super().__init__()
        self.data: dict[str, Any] = {}
        self._inside, self._name, self._option = False, "", False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self._inside = str(given.get("id", "")).endswith("_form")
        name = given.get("name") or ""
        if not self._inside or "__prefix__" in name or "disabled" in given:
            self._name = "" if tag in ("select", "textarea") else self._name
        elif tag == "input" and name and given.get("type") not in ("submit", "file"):
            if given.get("type") not in ("checkbox", "radio") or "checked" in given:
                self.data[name] = given.get("value") or ("on" if given.get("type") == "checkbox" else "")
        elif tag in ("select", "textarea"):
            self._name = name
            self.data[name] = ""
        elif tag == "option" and self._name and "selected" in given:
            self.data[self._name] = given.get("value") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag in ("select", "textarea"):
            self._name = ""

    def handle_data(self, data: str) -> None:
        if self._name and self.get_starttag_text() and str(self.get_starttag_text()).startswith("<textarea"):
            self.data[self._name] += data.removeprefix("\n")


def offered(client: Client, address: str) -> dict[str, Any]:
    """The fields and values of the form at `address`."""
    return offered_by(client.get(address))


def offered_by(page: Any) -> dict[str, Any]:
    """Those of the form on a page that was answered already."""
    assert page.status_code == 200, page.status_code
    fields = _Fields()
    fields.feed(page.content.decode())
    return fields.data


def fill_in(client: Client, address: str, **typed: Any) -> Any:
    """Send the form with some fields typed anew; None leaves a checkbox unticked."""
    data = {name: value for name, value in {**offered(client, address), **typed}.items() if value is not None}
    return client.post(address, data)


def row(prefix: str, number: int, **fields: Any) -> dict[str, Any]:
    """A further row of an inline; give the same call the number of rows there are."""
    return {f"{prefix}-{number}-{name}": value for name, value in fields.items()} | {f"{prefix}-TOTAL_FORMS": number + 1}


def errors_of(answer: Any) -> str:
    """Every error the form shows, as one text."""
    assert answer.status_code == 200, f"saved, or worse: {answer.status_code}"
    form, formsets = answer.context["adminform"].form, answer.context["inline_admin_formsets"]
    said = [str(form.errors)]
    for inline in formsets:
        said += [str(inline.formset.non_form_errors()), *map(str, inline.formset.errors)]
    return " ".join(said)
