"""The community that a roster is for, and the command that loads it."""

from __future__ import annotations

import json

import pytest
from django.core.management import CommandError, call_command

from tests.factories import (
    CommunityFactory,
)
from tests.members.sheets import xlsx


@pytest.fixture
def community():
    return CommunityFactory(code="520399001001", name="示例社区党支部")


@pytest.fixture
def load(tmp_path, capsys):
    """Run the command on rows or bytes; its document, and the exit code."""

    def run(data, unit, *options, command="import_roster", name="名册.xlsx"):
        path = tmp_path / name
        path.write_bytes(data if isinstance(data, bytes) else xlsx(data))
        code = 0
        try:
            call_command(command, str(path), "--unit", unit.code, "--json", *options)
        except CommandError as error:
            code = error.returncode
        return json.loads(capsys.readouterr().out), code

    return run
