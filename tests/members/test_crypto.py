"""Sealed values open in their own row alone, and the blind index finds them."""

from __future__ import annotations

import base64
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members.crypto import (
    KeyRingError,
    SealBroken,
    blind_index,
    key_id_of,
    open_sealed,
    parse_ring,
    seal,
)

FIELD = "members.person.id_number"
ROW = uuid.UUID(int=7)


def key(byte: int) -> str:
    return base64.b64encode(bytes([byte]) * 32).decode()


RING = f"1:{key(1)},index:{key(9)}"


@pytest.fixture(autouse=True, scope="module")
def ring():
    from django.test import override_settings

    with override_settings(FIELD_KEYS=RING):
        yield


@given(st.text(max_size=60))
def test_what_is_sealed_opens_again(text):
    assert open_sealed(FIELD, ROW, seal(FIELD, ROW, text)) == text


@given(st.text(min_size=1, max_size=30), st.data())
def test_any_flipped_bit_is_refused(text, data):
    sealed = bytearray(seal(FIELD, ROW, text))
    bit = data.draw(st.integers(0, len(sealed) * 8 - 1))
    sealed[bit // 8] ^= 1 << bit % 8

    with pytest.raises((SealBroken, KeyRingError)):
        open_sealed(FIELD, ROW, bytes(sealed))


@given(st.binary(max_size=60))
def test_what_was_never_sealed_is_refused(data):
    with pytest.raises((SealBroken, KeyRingError)):
        open_sealed(FIELD, ROW, data)


def test_a_value_moved_to_another_row_or_field_is_refused():
    sealed = seal(FIELD, ROW, "520302199001010014")

    with pytest.raises(SealBroken):
        open_sealed(FIELD, uuid.UUID(int=8), sealed)
    with pytest.raises(SealBroken):
        open_sealed("members.person.phone", ROW, sealed)


def test_the_same_text_is_never_sealed_the_same_way_twice():
    assert seal(FIELD, ROW, "13800000000") != seal(FIELD, ROW, "13800000000")


def test_a_sealed_value_does_not_hold_the_text():
    assert b"13800000000" not in seal(FIELD, ROW, "13800000000")


def test_an_old_key_still_opens_after_rotation_and_new_values_take_the_new_key(settings):
    old = seal(FIELD, ROW, "old")
    settings.FIELD_KEYS = f"2:{key(2)},1:{key(1)},index:{key(9)}"
    new = seal(FIELD, ROW, "new")

    assert (open_sealed(FIELD, ROW, old), open_sealed(FIELD, ROW, new)) == ("old", "new")
    assert (key_id_of(old), key_id_of(new)) == (1, 2)


def test_without_its_key_or_with_a_wrong_one_a_value_stays_closed(settings):
    sealed = seal(FIELD, ROW, "text")

    settings.FIELD_KEYS = f"1:{key(3)},index:{key(9)}"
    with pytest.raises(SealBroken):
        open_sealed(FIELD, ROW, sealed)
    settings.FIELD_KEYS = f"2:{key(1)},index:{key(9)}"
    with pytest.raises(KeyRingError, match="lacks key 1"):
        open_sealed(FIELD, ROW, sealed)


@pytest.mark.parametrize(
    "spelling",
    ["52030219900101001x", " 52030219900101001X", "５２０３０２１９９００１０１００１ｘ"],
)
def test_spellings_of_one_number_share_a_blind_index(spelling):
    assert blind_index(FIELD, spelling) == blind_index(FIELD, "52030219900101001X")


def test_the_blind_index_differs_by_text_field_and_key(settings):
    first = blind_index(FIELD, "1")
    others = {blind_index(FIELD, "2"), blind_index("members.person.phone", "1")}
    settings.FIELD_KEYS = f"1:{key(1)},index:{key(8)}"

    assert len({first, blind_index(FIELD, "1"), *others}) == 4
    assert len(first) == 64


def test_an_empty_text_has_no_blind_index():
    with pytest.raises(ValueError, match="empty"):
        blind_index(FIELD, "  ")


@pytest.mark.parametrize(
    "ring",
    [
        "",
        f"1:{key(1)}",
        f"index:{key(1)}",
        f"1:{key(1)},1:{key(2)},index:{key(9)}",
        f"0:{key(1)},index:{key(9)}",
        f"70000:{key(1)},index:{key(9)}",
        f"one:{key(1)},index:{key(9)}",
        f"1:c2hvcnQ=,index:{key(9)}",
        f"1:%%%,index:{key(9)}",
        f"1,index:{key(9)}",
    ],
)
def test_a_bad_key_ring_is_refused_without_showing_a_key(ring):
    with pytest.raises(KeyRingError) as refusal:
        parse_ring(ring)

    assert key(1) not in str(refusal.value)


def test_the_key_ring_never_shows_its_keys():
    assert "x01" not in repr(parse_ring(RING))
    assert key(1)[:8] not in repr(parse_ring(RING))
