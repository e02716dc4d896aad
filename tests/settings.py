"""The application's settings with what tests may not need: slow hashing, throttling, compressed static files."""

import tempfile
from pathlib import Path

from config.settings import *  # noqa: F403 - the application's settings are the subject

SCORES_HOURS = 0
API_RATE: list[tuple[str, int, int]] = []
API_TOKEN_RATE: list[tuple[str, int, int]] = []
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
STATIC_ROOT = Path(tempfile.gettempdir()) / "bylines-test-static"
WHITENOISE_AUTOREFRESH = True
