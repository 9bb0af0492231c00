"""What goes over the wire compressed, and what does not."""

from __future__ import annotations

import gzip

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory

from config.middleware import CompressPagesMiddleware
from tests.cast import sign_in

LONG = b"<p>text</p>" * 500


def answered(response):
    request = RequestFactory().get("/", headers={"accept-encoding": "gzip"})
    return CompressPagesMiddleware(lambda _request: response)(request)


@pytest.mark.django_db
def test_a_page_is_compressed_for_a_browser_that_can(organizer):
    client = sign_in(organizer)

    packed = client.get("/account/", headers={"accept-encoding": "gzip"})
    plain = client.get("/account/")

    assert packed["Content-Encoding"] == "gzip"
    assert len(packed.content) < len(plain.content) / 3
    assert b"</html>" in gzip.decompress(packed.content)
    assert "Content-Encoding" not in plain
    assert "no-store" in packed["Cache-Control"]


@pytest.mark.parametrize("kind", ["text/csv; charset=utf-8", "application/json"])
def test_tables_and_data_are_compressed(kind):
    assert answered(HttpResponse(LONG, content_type=kind))["Content-Encoding"] == "gzip"


@pytest.mark.parametrize("kind", ["application/pdf", "image/jpeg", "application/zip"])
def test_what_is_packed_already_is_left_alone(kind):
    assert "Content-Encoding" not in answered(HttpResponse(LONG, content_type=kind))


def test_what_is_sent_piece_by_piece_is_left_alone():
    response = StreamingHttpResponse([LONG], content_type="text/csv")

    assert "Content-Encoding" not in answered(response)


def test_the_same_text_has_another_length_each_time():
    lengths = {len(answered(HttpResponse(LONG)).content) for _ in range(30)}

    assert len(lengths) > 1
