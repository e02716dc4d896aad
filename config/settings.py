"""All settings, from the environment; docs/settings.md lists the variables."""

import re
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from config import env

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = env.directory("VAR_DIR", BASE_DIR / "var")

DEBUG = env.flag("DEBUG")
SECRET_KEY = env.secret_key("SECRET_KEY", VAR_DIR / "secret_key")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", ["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.origins("CSRF_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "authors",
    "papers",
    "config.apps.CatalogueAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "axes",
    "csp",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "papers.api.remembering.Remembering",
    "whitenoise.middleware.WhiteNoiseMiddleware",  # below what static files need too, above what they do not
    "django.middleware.gzip.GZipMiddleware",  # pads answers by chance, so that their length betrays no token (BREACH)
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
APPEND_SLASH = True

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["config.template_loader.Loader", "django.template.loaders.app_directories.Loader"],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "authors.context.site",
            ],
        },
    },
]

# --- Database: SQLite as one file unless DATABASE_URL names a PostgreSQL server --------------------------------------
SQLITE_OPTIONS = {
    # IMMEDIATE is what keeps parallel writers from failing with "database is locked"; see docs/settings.md.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA mmap_size=134217728;"
    " PRAGMA journal_size_limit=27103364; PRAGMA cache_size=-8000;",
}
NUMBERS = {
    "timeout", "connect_timeout", "tcp_user_timeout",
    "keepalives", "keepalives_idle", "keepalives_interval", "keepalives_count",
}  # fmt: skip


def _database() -> dict[str, Any]:
    database = env.address("DATABASE_URL", f"sqlite:///{VAR_DIR / 'bylines.sqlite3'}", environ.Env.db_url_config)
    for option, value in database.get("OPTIONS", {}).items():
        if option in NUMBERS and not isinstance(value, int):
            raise ImproperlyConfigured(f"DATABASE_URL: {option}={value!r}: give a whole number.")
    engine = database.get("ENGINE", "").rpartition(".")[2]
    if engine == "sqlite3":
        return {**database, "CONN_MAX_AGE": None, "OPTIONS": {**SQLITE_OPTIONS, **database.get("OPTIONS", {})}}
    if engine == "postgresql":
        options = {"connect_timeout": 2, **database.get("OPTIONS", {})}
        return {**database, "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True, "OPTIONS": options}
    raise ImproperlyConfigured("DATABASE_URL: give an address that starts with sqlite:/// or postgres://.")


def _cache() -> dict[str, Any]:
    """Django would miss the package no sooner than at the first page. One that does not answer keeps nobody waiting."""
    cache: dict[str, Any] = env.address("CACHE_URL", "locmemcache://", environ.Env.cache_url_config)
    kind = cache["BACKEND"].split(".")[-2]
    package, patience = SHARED_CACHES.get(kind, ("", {}))
    if package and find_spec(package) is None:
        hint = f"needs a package that is not installed: pip install {package}"
        raise ImproperlyConfigured(f"CACHE_URL: a cache of {kind} {hint}")
    if kind == "memcached":  # django-environ names clients that are not kept any more
        cache["BACKEND"] = "django.core.cache.backends.memcached.PyMemcacheCache"
    return {**cache, "OPTIONS": {**patience, **cache.get("OPTIONS", {})}} if package else cache


def _counters(cache: dict[str, Any]) -> dict[str, Any]:
    """Where requests are counted: never in the database, and where each process remembers for itself, apart from the rest."""
    if cache["BACKEND"].split(".")[-2] in SHARED_CACHES:
        return cache
    backend = "django.core.cache.backends.locmem.LocMemCache"
    return {"BACKEND": backend, "LOCATION": "limits", "OPTIONS": {"MAX_ENTRIES": 50_000}}


SHARED_CACHES: dict[str, tuple[str, dict[str, Any]]] = {
    "redis": ("redis", {"socket_connect_timeout": 1, "socket_timeout": 1}),
    "memcached": ("pymemcache", {"connect_timeout": 1, "timeout": 1}),
}
DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FORGIVING = {
    "django.core.cache.backends.redis.RedisCache": "config.caching.ForgivingRedis",
    "django.core.cache.backends.memcached.PyMemcacheCache": "config.caching.ForgivingPyMemcache",
}
CACHES = {
    name: {**cache, "BACKEND": FORGIVING.get(cache["BACKEND"], cache["BACKEND"])}
    for name, cache in {"default": _cache(), "limits": _counters(_cache())}.items()
}

# --- Static files: hashed and compressed once, served by WhiteNoise --------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = VAR_DIR / "static"
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ["map", "png", "woff2", "gz", "br"]

# --- People who log in ------------------------------------------------------------------------------------------------
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
AXES_FAILURE_LIMIT = env.number("LOGIN_ATTEMPTS", 5, least=1, most=100)
AXES_COOLOFF_TIME = env.number("LOGIN_COOLOFF_HOURS", 1, least=1, most=48)
# Locking the pair of account and address keeps a stranger from locking an editor out of her own account.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "admin/locked_out.html"
AXES_VERBOSE = False
# Failed attempts are counted; a diary of who logged in from where is kept by nobody. Unlock: manage.py axes_reset_username.
AXES_DISABLE_ACCESS_LOG, AXES_ENABLE_ADMIN = True, False
AXES_CLIENT_IP_CALLABLE = CLIENT_ADDRESS = "config.proxy.client_address"
# An editor's form of a paper with a hundred authors has more fields, and an abstract may be longer, than Django expects.
DATA_UPLOAD_MAX_NUMBER_FIELDS, DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000, 12_000_000
EMAIL_CONFIG = env.address("EMAIL_URL", "consolemail://", environ.Env.email_url_config)
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.text("DEFAULT_FROM_EMAIL", "bylines@localhost")

# --- Transport and browser security -----------------------------------------------------------------------------------
HTTPS = env.flag("HTTPS")
if HTTPS:
    SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_HSTS_SECONDS = 63072000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    # Browsers keep a list of their own of sites that say "preload", and leaving it takes months: never by default.
    SECURE_HSTS_PRELOAD = env.flag("HSTS_PRELOAD")
    SILENCED_SYSTEM_CHECKS = [] if SECURE_HSTS_PRELOAD else ["security.W021"]
if env.flag("BEHIND_PROXY"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    },
}

# --- API ----------------------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "UNAUTHENTICATED_USER": None,
    "URL_FORMAT_OVERRIDE": None,  # "format" is a parameter like any other: unknown until it means something
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "papers.api.problems.answer",
}
API_RATE = env.rates("API_RATE", "100000/day, 20/second")  # of one address
API_TOKEN_RATE = env.rates("API_TOKEN_RATE", "500000/day, 50/second")  # of one token, whatever its address
SPECTACULAR_SETTINGS = {
    "TITLE": "Bylines API",
    "VERSION": "1",
    "DESCRIPTION": "Papers, authors, institutions, venues and categories, for everybody to read and for editors to change.",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SORT_OPERATION_PARAMETERS": False,
    "SERVERS": [{"url": "/", "description": "This site"}],
    "LICENSE": {"name": "MIT", "identifier": "MIT"},
    "CONTACT": {"name": "Whoever runs this site, by its page /contact/"},
    "TAGS": [
        {"name": "papers", "description": "Publications with their authors, institutions and counts."},
        {"name": "authors", "description": "People who write."},
        {"name": "institutions", "description": "Where they work."},
        {"name": "venues", "description": "Where papers appear."},
        {"name": "categories", "description": "What papers are about."},
        {"name": "search", "description": "Searches by a tree of conditions, and what is offered while somebody types."},
        {"name": "changes", "description": "What was added, changed, merged and removed, for whoever keeps a copy."},
        {"name": "about", "description": "The API itself."},
    ],
}

# --- The catalogue -------------------------------------------------------------------------------------------------------
# Which source's citation count a paper shows when several report one; the citations known here come last.
CITATION_SOURCES = env.words("CITATION_SOURCES", ["openalex", "semanticscholar", "crossref"])
# What the parts of the AI Score weigh; other weights are another version of the method. docs/settings.md has the form.
AI_SCORE_WEIGHTS = env.weights("AI_SCORE_WEIGHTS", {"citations": 40.0, "novelty": 25.0, "recent": 20.0, "openness": 15.0})
SCORES_HOURS = env.number("SCORES_HOURS", 24, most=10_000)  # between two computations of all scores by the worker; 0: none
SNAPSHOT_DIR = env.directory("SNAPSHOT_DIR", VAR_DIR / "snapshots")
SNAPSHOT_DAYS = env.number("SNAPSHOT_DAYS", 0, most=10_000)  # between two snapshots that the worker makes; 0: none
SNAPSHOT_KEEP = env.number("SNAPSHOT_KEEP", 3, least=1, most=10_000)  # how many the worker lets stand
PAGE_SIZE = 25
IMPORT_UPLOAD_MB = env.number("IMPORT_UPLOAD_MB", 100, least=1, most=10_000)  # of a file that an editor uploads

# --- Services that records are fetched from -------------------------------------------------------------------------------
OPENALEX_API_KEY = env.text("OPENALEX_API_KEY")
if not re.fullmatch(r"[!-~]*", OPENALEX_API_KEY):
    raise ImproperlyConfigured("OPENALEX_API_KEY: this is no key; keys have neither blanks nor accents.")
CONTACT_EMAIL = env.text("CONTACT_EMAIL")
if CONTACT_EMAIL and not re.fullmatch(r"[!-?A-~]+@[!-?A-~]+", CONTACT_EMAIL):
    raise ImproperlyConfigured(f"CONTACT_EMAIL={CONTACT_EMAIL!r}: give an e-mail address.")
FETCH_TIMEOUT = env.number("FETCH_TIMEOUT", 60, least=5, most=600)
CODE_HOSTS = frozenset(  # those that are asked whether code links still lead somewhere
    env.hosts(
        "CODE_HOSTS",
        "github.com gitlab.com bitbucket.org codeberg.org huggingface.co zenodo.org sourceforge.net gitee.com".split(),
    )
)

# --- The rest ------------------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
USE_TZ = True
USE_THOUSAND_SEPARATOR = False
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {
        "handlers": ["console"],
        "level": env.choice("LOG_LEVEL", "WARNING", ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")),
    },
}
