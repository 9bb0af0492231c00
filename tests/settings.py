"""The portal's settings for tests: data in a folder of their own, quick passwords, fixed keys."""

from __future__ import annotations

import atexit
import base64
import os
import shutil
import tempfile

_folder = tempfile.mkdtemp(prefix="portal-test-")
atexit.register(shutil.rmtree, _folder, ignore_errors=True)
# Whatever the shell says of a real installation is overwritten: a test never reaches it.
os.environ.update(
    PORTAL_DATA=_folder,
    DATABASE_URL=os.environ.get("TEST_DATABASE_URL") or f"sqlite:///{_folder}/portal.sqlite3",
    REDIS_URL=os.environ.get("TEST_REDIS_URL", ""),
    SECRET_KEY="a key for tests alone, as long as a key must be " * 2,
    FIELD_KEYS=",".join(
        f"{name}:{base64.urlsafe_b64encode(bytes([number]) * 32).decode()}"
        for number, name in enumerate(["1", "index"])
    ),
    DEBUG="",
    HTTPS="",
    LOG_LEVEL="WARNING",
)

from config.settings import *

if IS_SQLITE:
    # A file, as on a laptop. In memory, threads would share one connection, and the answers of a
    # browser test's server one transaction.
    DATABASES["default"]["TEST"] = {"NAME": f"{_folder}/test.sqlite3"}
    # Nothing of it need outlive the machine: no test waits for a busy disk.
    DATABASES["default"]["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"
else:
    # What another connection holds for ever, and a question that takes for ever, fail their test.
    DATABASES["default"]["OPTIONS"] = {"options": "-c lock_timeout=120s -c statement_timeout=300s"}

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Pages are drawn without collecting the static files first.
STORAGES = STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
