"""The documentation names what there is."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
READ = re.compile(r"""env\.\w+\(\s*"([A-Z_]+)\"""")
VARIABLES = sorted(set(READ.findall((ROOT / "config/settings.py").read_text())))
ROLES = re.findall(r'^        "([A-Z][a-z ]+)": ', (ROOT / "papers/migrations/0003_roles.py").read_text(), re.MULTILINE)


def test_the_variables_were_found() -> None:
    assert {"DEBUG", "DATABASE_URL", "HTTPS", "CITATION_SOURCES"} <= set(VARIABLES)


@pytest.mark.parametrize("variable", VARIABLES)
def test_every_setting_is_explained(variable: str) -> None:
    assert f"| `{variable}` |" in (ROOT / "docs/settings.md").read_text()


def test_no_setting_is_explained_that_does_not_exist() -> None:
    explained = re.findall(r"^\| `([A-Z_]+)` \|", (ROOT / "docs/settings.md").read_text(), re.MULTILINE)
    assert sorted(explained) == VARIABLES


@pytest.mark.parametrize("role", ROLES)
def test_every_role_is_explained(role: str) -> None:
    assert f"| {role} |" in (ROOT / "docs/roles.md").read_text()
