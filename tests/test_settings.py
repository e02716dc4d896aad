"""Settings come from the environment; a bad value stops the start and says which variable it was."""

import json
import os
import stat
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
OURS = (
    "DEBUG", "SECRET_KEY", "ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS", "DATABASE_URL", "CACHE_URL", "EMAIL_URL", "HTTPS",
    "BEHIND_PROXY", "LOGIN_ATTEMPTS", "LOGIN_COOLOFF_HOURS", "LOG_LEVEL", "CITATION_SOURCES", "DEFAULT_FROM_EMAIL",
    "HSTS_PRELOAD", "OPENALEX_API_KEY", "CONTACT_EMAIL", "FETCH_TIMEOUT",
)  # fmt: skip
SHOW = """
import json, django
from django.conf import settings
django.setup()
database = settings.DATABASES["default"]
print(json.dumps({
    "engine": database["ENGINE"], "name": str(database["NAME"]), "host": database.get("HOST", ""),
    "options": database["OPTIONS"], "age": database["CONN_MAX_AGE"], "hosts": settings.ALLOWED_HOSTS,
    "debug": settings.DEBUG, "secure": settings.SESSION_COOKIE_SECURE, "mail": settings.EMAIL_BACKEND,
}))
"""


def run(*arguments: str, var: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Python with the application's own settings and nothing of this machine's."""
    clean = {name: value for name, value in os.environ.items() if name not in OURS and name != "DJANGO_SETTINGS_MODULE"}
    environment = {"VAR_DIR": str(var), "DJANGO_SETTINGS_MODULE": "config.settings", **environment}
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=ROOT, env=clean | environment, capture_output=True, text=True, timeout=120, check=False)


def shown(var: Path, **environment: str) -> dict[str, object]:
    done = run("-c", SHOW, var=var, **environment)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEBUG", "perhaps"),
        ("HTTPS", "2"),
        ("SECRET_KEY", "short"),
        ("LOGIN_ATTEMPTS", "0"),
        ("LOGIN_ATTEMPTS", "many"),
        ("LOGIN_COOLOFF_HOURS", "-1"),
        ("LOG_LEVEL", "LOUD"),
        ("DATABASE_URL", "nonsense"),
        ("DATABASE_URL", "mysql://someone@somewhere/papers"),
        ("DATABASE_URL", "postgres://someone@somewhere/papers?connect_timeout=abc"),
        ("DATABASE_URL", "sqlite:////tmp/some.sqlite3?timeout=long"),
        ("CACHE_URL", "nonsense://"),
        ("CSRF_TRUSTED_ORIGINS", "papers.example"),
        ("CSRF_TRUSTED_ORIGINS", "https://papers.example,https://"),
        ("VAR_DIR", "/proc/nowhere"),
        ("VAR_DIR", "/dev/null"),
        ("EMAIL_URL", "pigeon://roof"),
        ("CONTACT_EMAIL", "nobody"),
        ("OPENALEX_API_KEY", "not a key"),
        ("FETCH_TIMEOUT", "0"),
    ],
)
def test_a_bad_value_stops_the_start_and_names_its_variable(tmp_path: Path, name: str, value: str) -> None:
    done = run("manage.py", "check", **{"var": tmp_path, name: value})  # type: ignore[arg-type]
    assert done.returncode != 0
    assert f"ImproperlyConfigured: {name}" in done.stderr


@pytest.mark.parametrize(
    ("package", "address"),
    [("redis", "rediscache://127.0.0.1:6379/0"), ("pymemcache", "pymemcache://127.0.0.1:11211")],
)
def test_a_cache_without_its_package_stops_the_start_and_says_how_to_get_it(tmp_path: Path, package: str, address: str) -> None:
    if find_spec(package) is not None:
        pytest.skip(f"{package} is installed")
    done = run("manage.py", "check", var=tmp_path, CACHE_URL=address)
    assert done.returncode != 0
    assert "ImproperlyConfigured: CACHE_URL" in done.stderr
    assert f"pip install {package}" in done.stderr


def test_memcached_is_spoken_to_by_the_client_in_pure_python(tmp_path: Path) -> None:
    (tmp_path / "pymemcache.py").write_text("")
    show = "from django.conf import settings; cache = settings.CACHES['limits']; print(cache['BACKEND'], cache['OPTIONS'])"
    for scheme in ("pymemcache", "memcache"):
        told = run("-c", show, var=tmp_path, PYTHONPATH=str(tmp_path), CACHE_URL=f"{scheme}://127.0.0.1:11211").stdout
        assert told.strip() == "config.caching.ForgivingPyMemcache {'connect_timeout': 1, 'timeout': 1}"


def test_empty_values_count_as_none(tmp_path: Path) -> None:
    empty = dict.fromkeys(OURS, " ")
    assert shown(tmp_path, **empty) == shown(tmp_path)


def test_an_empty_directory_is_no_reason_to_write_into_the_current_one() -> None:
    show = "from django.conf import settings; print(settings.VAR_DIR)"
    assert run("-c", show, var=Path(), VAR_DIR="").stdout.strip() == str(ROOT / "var")


def test_a_relative_directory_is_made_absolute(tmp_path: Path) -> None:
    relative = os.path.relpath(tmp_path / "new", ROOT)
    show = "from django.conf import settings; print(settings.VAR_DIR)"
    assert run("-c", show, var=Path(relative)).stdout.strip() == str(tmp_path / "new")


def test_a_password_in_a_bad_address_is_not_repeated(tmp_path: Path) -> None:
    done = run("manage.py", "check", var=tmp_path, DATABASE_URL="mysql://someone:hush@somewhere/papers")
    assert "hush" not in done.stdout + done.stderr


def test_without_any_variable_it_is_sqlite_with_debug_off(tmp_path: Path) -> None:
    found = shown(tmp_path)
    assert found["engine"] == "django.db.backends.sqlite3"
    assert found["name"] == str(tmp_path / "bylines.sqlite3")
    assert found["options"]["transaction_mode"] == "IMMEDIATE"  # type: ignore[index]
    assert found["debug"] is False
    assert found["secure"] is False
    assert found["hosts"] == ["127.0.0.1", "localhost", "[::1]"]
    assert found["mail"] == "django.core.mail.backends.console.EmailBackend"


def test_database_url_picks_a_file_or_postgresql(tmp_path: Path) -> None:
    assert shown(tmp_path, DATABASE_URL=f"sqlite:///{tmp_path}/other.sqlite3")["name"] == f"{tmp_path}/other.sqlite3"
    found = shown(tmp_path, DATABASE_URL="postgres://editor:word@db.example:5433/catalogue?sslmode=require")
    assert (found["engine"], found["name"], found["host"]) == ("django.db.backends.postgresql", "catalogue", "db.example")
    assert found["options"] == {"connect_timeout": 2, "sslmode": "require"}
    assert found["age"] == 60


def test_lists_are_separated_by_commas(tmp_path: Path) -> None:
    hosts = shown(tmp_path, ALLOWED_HOSTS=" papers.example ,www.papers.example,")["hosts"]
    assert hosts == ["papers.example", "www.papers.example"]


def test_the_secret_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    show = "from django.conf import settings; print(settings.SECRET_KEY)"
    first, second = (run("-c", show, var=tmp_path).stdout.strip() for _ in range(2))
    assert first == second
    assert len(first) >= 50
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600


def test_deployment_check_is_clean_with_https(tmp_path: Path) -> None:
    done = run("manage.py", "check", "--deploy", "--fail-level", "WARNING", var=tmp_path, HTTPS="on")
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


@pytest.mark.parametrize(("given", "preload"), [({}, False), ({"HSTS_PRELOAD": "on"}, True)])
def test_nobody_enters_the_browsers_own_list_without_saying_so(tmp_path: Path, given: dict[str, str], preload: bool) -> None:
    show = "from django.conf import settings; print(settings.SECURE_HSTS_PRELOAD)"
    assert run("-c", show, var=tmp_path, HTTPS="on", **given).stdout.strip() == str(preload)
    done = run("manage.py", "check", "--deploy", "--fail-level", "WARNING", var=tmp_path, HTTPS="on", **given)
    assert done.returncode == 0, done.stderr
