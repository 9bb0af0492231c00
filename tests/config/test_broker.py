"""The broker of files: what is sent is taken once, whole and in order."""

import time
from queue import Empty

import pytest
from celery.contrib.testing.worker import start_worker
from kombu import Connection

from accounts.models import User
from config.celery import app
from tests.factories import UserFactory


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


@app.task(name="tests.speak_english", ignore_result=True)
def speak_english(pk):
    User.objects.filter(pk=pk).update(language="en")


@pytest.mark.django_db(transaction=True)
def test_a_real_worker_takes_a_task_from_the_broker_and_writes_to_the_database():
    """With files on SQLite, with Redis on PostgreSQL: whatever this run is given."""
    user = UserFactory(language="zh-hans")
    queue = f"test-{user.pk}"

    with start_worker(app, pool="solo", queues=[queue], perform_ping_check=False):
        speak_english.apply_async([user.pk], queue=queue)
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            user.refresh_from_db()
            if user.language == "en":
                break
            time.sleep(0.1)

    assert user.language == "en"
