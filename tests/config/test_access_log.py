"""What the web server writes down of each request."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

from gunicorn.config import Config
from gunicorn.glogging import Logger

from config.serving import commands

SEARCHED = "990101199003070019"


def test_the_access_log_holds_no_word_that_was_searched_for():
    web = commands(8000, Path("var"))["web"]
    config = Config()
    config.set("access_log_format", web[web.index("--access-logformat") + 1])
    request = SimpleNamespace(headers=[("REFERER", f"http://portal/members/?q={SEARCHED}")])
    answer = SimpleNamespace(status="200 OK", sent=5, headers=[])
    environ = {
        "REQUEST_METHOD": "GET",
        "RAW_URI": f"/members/?q={SEARCHED}",
        "PATH_INFO": "/members/",
        "QUERY_STRING": f"q={SEARCHED}",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_REFERER": f"http://portal/members/?q={SEARCHED}",
        "REMOTE_ADDR": "127.0.0.1",
    }
    logger = Logger(config)

    atoms = logger.atoms(answer, request, environ, timedelta(seconds=1))
    line = config.access_log_format % logger.atoms_wrapper_class(atoms)

    assert SEARCHED not in line
    assert '"GET /members/" 200' in line
