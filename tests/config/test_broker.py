"""The broker of files: what is sent is taken once, whole and in order."""

from queue import Empty

import pytest
from kombu import Connection


@pytest.fixture
def channel(tmp_path):
    folders = {"data_folder_in": str(tmp_path), "data_folder_out": str(tmp_path)}
    folders["control_folder"] = str(tmp_path / "control")
    with Connection("folder://localhost/", transport_options=folders) as connection:
        yield connection.default_channel


def test_messages_are_taken_once_and_oldest_first(channel):
    for number in range(3):
        channel._put("celery", {"number": number})

    assert [channel._get("celery")["number"] for _ in range(3)] == [0, 1, 2]
    with pytest.raises(Empty):
        channel._get("celery")


def test_a_message_still_being_written_is_not_seen(channel, tmp_path):
    (tmp_path / "00001_a.draft").write_text('{"half')

    with pytest.raises(Empty):
        channel._get("celery")


def test_queues_do_not_see_each_others_messages(channel):
    channel._put("other", {"number": 1})

    assert channel._size("celery") == 0
    with pytest.raises(Empty):
        channel._get("celery")
