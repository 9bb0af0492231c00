"""The keys of a laptop's portal: made once, whole or not at all, the same for all processes."""

import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from config.local_keys import FILE_NAME, load_or_make


def names_in(folder):
    return [path.name for path in folder.iterdir()]


def test_keys_are_made_once_and_read_by_their_owner_alone(tmp_path):
    first = load_or_make(tmp_path / "data")

    assert load_or_make(tmp_path / "data") == first
    assert len(first["SECRET_KEY"]) >= 50
    assert (tmp_path / "data" / FILE_NAME).stat().st_mode & 0o777 == 0o600
    assert names_in(tmp_path / "data") == [FILE_NAME]


def test_processes_that_start_at_once_have_the_same_keys(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(load_or_make, [tmp_path] * 16))

    assert found == [found[0]] * 16


def test_a_start_that_is_broken_off_leaves_no_half_of_a_file(tmp_path, monkeypatch):
    def break_off(_handle):
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", break_off)
        with pytest.raises(KeyboardInterrupt):
            load_or_make(tmp_path)

    assert names_in(tmp_path) == []
    assert load_or_make(tmp_path)["FIELD_KEYS"]


def test_a_file_system_without_second_names_has_keys_as_well(tmp_path, monkeypatch):
    def refuse(_source, _target):
        raise PermissionError

    monkeypatch.setattr(os, "link", refuse)

    assert load_or_make(tmp_path) == load_or_make(tmp_path)
    assert names_in(tmp_path) == [FILE_NAME]
