"""The examples of docs/integration.md, run as they stand against the demo catalogue."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from authors.models import Author, Institution
from papers.models import Paper

pytestmark = pytest.mark.django_db
PAGE = Path(__file__).resolve().parents[2] / "docs" / "integration.md"
RECIPES = re.findall(r"^    curl .*'http://127\.0\.0\.1:8000(.+)'$", PAGE.read_text(), re.MULTILINE)


def test_the_recipes_are_found() -> None:
    assert len(RECIPES) >= 10


def test_every_recipe_gives_what_it_promises(client: Any) -> None:
    call_command("load_demo", verbosity=0)
    first = {
        "A": Author.objects.earliest("pk").pk,
        "P": Paper.objects.earliest("pk").pk,
        "I": Institution.objects.earliest("pk").pk,
    }
    for written in RECIPES:
        # Only in a new database do numbers begin at 1.
        recipe = re.sub(r"([API])(\d+)", lambda found: f"{found[1]}{int(found[2]) - 1 + first[found[1]]}", written)
        answer = client.get(recipe, follow=True)
        assert answer.status_code == 200, recipe
        if recipe.startswith(("/feeds/", "/embed/authors", "/embed/papers")):
            assert b"<entry>" in answer.content or b"<li>" in answer.content, recipe
