"""Pages are served without the libraries that scores are computed with: these cost a second and 80 MB a process."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SCRIPT = """
import sys, django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from django.test import Client
for address in ("/", "/methods/", "/api/v1/papers", "/admin/login/"):
    answer = Client().get(address)
    assert answer.status_code == 200, (address, answer.status_code)
print("heavy:", *sorted({"sklearn", "scipy", "numpy"} & set(sys.modules)))
"""


def test_no_page_imports_what_only_computations_need(tmp_path: Path) -> None:
    told = {
        **os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings", "VAR_DIR": str(tmp_path), "DATABASE_URL": "",
        "ALLOWED_HOSTS": "testserver",
        "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    done = subprocess.run([sys.executable, "-c", SCRIPT], cwd=ROOT, env=told, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.split("heavy:")[1].split() == []
