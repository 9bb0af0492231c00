"""Sealing ID numbers and phones: AES-256-GCM bound to one row, and a blind index for look-up.

A sealed value is: version (1 byte), algorithm (1), key id (2), nonce (12), ciphertext, tag (16).
The field and the row are authenticated with it, so that a value copied to another row is refused.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import os
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

VERSION = 1
AES_256_GCM = 1
KEY_BYTES = 32
NONCE_BYTES = 12
DRAWN = 1_000
TAG_BYTES = 16
HEADER_BYTES = 4
INDEX_KEY = "index"


class KeyRingError(Exception):
    """FIELD_KEYS is missing, malformed, or lacks a key. Its text never holds a key."""


class SealBroken(Exception):
    """A sealed value that can't be opened: altered, moved to another row, or of a lost key."""


@dataclass(frozen=True, slots=True)
class KeyRing:
    """The keys that values may be sealed with, and the blind index's own."""

    current: int
    """The key that new values are sealed with."""
    keys: dict[int, bytes] = field(repr=False)
    index: bytes = field(repr=False)


@lru_cache(maxsize=16)
def parse_ring(text: str) -> KeyRing:
    """The key ring written as `2:<base64>,1:<base64>,index:<base64>`; the first is current.

    Raises KeyRingError unless every key has 32 bytes, no id comes twice, and there is at least
    one numbered key and the `index` key.
    """
    keys: dict[int, bytes] = {}
    index = b""
    for entry in filter(None, (part.strip() for part in text.replace(";", ",").split(","))):
        name, colon, encoded = entry.partition(":")
        key = _decode(name, encoded) if colon else b""
        if name == INDEX_KEY and not index:
            index = key
        elif name.isascii() and name.isdigit() and 1 <= int(name) <= 0xFFFF and key:
            if int(name) in keys:
                raise KeyRingError(f"FIELD_KEYS holds key {name} twice.")
            keys[int(name)] = key
        else:
            raise KeyRingError("FIELD_KEYS must be a list of id:base64 with ids 1 to 65535.")
    if not keys or not index:
        raise KeyRingError("FIELD_KEYS needs one numbered key at least, and the key `index`.")
    return KeyRing(current=next(iter(keys)), keys=keys, index=index)


def seal(field_name: str, row_id: UUID, text: str) -> bytes:
    """`text` encrypted for that field of that row; two calls never give the same bytes."""
    return seal_bytes(field_name, row_id, text.encode())


def sealer(field_name: str) -> Callable[[str, str], bytes]:
    """`seal` for one field of many rows, whose ids are given as texts: all but the row is settled.

    Nonces are cut from one draw of random bytes for many values; none is used twice.
    """
    ring = _ring()
    header = bytes((VERSION, AES_256_GCM)) + ring.current.to_bytes(2, "big")
    encrypt = _cipher(ring.keys[ring.current], field_name).encrypt
    bound = header + f"{field_name}:".encode()
    nonces = _nonces()

    def seal_one(row_id: str, text: str) -> bytes:
        nonce = next(nonces)
        return header + nonce + encrypt(nonce, text.encode(), bound + row_id.encode())

    return seal_one


def _nonces() -> Iterator[bytes]:
    while True:
        drawn = os.urandom(NONCE_BYTES * DRAWN)
        for first in range(0, len(drawn), NONCE_BYTES):
            yield drawn[first : first + NONCE_BYTES]


def open_sealed(field_name: str, row_id: UUID, data: bytes | memoryview) -> str:
    """The text that was sealed for that field of that row; raises as `open_bytes`."""
    return open_bytes(field_name, row_id, data).decode()


def seal_bytes(field_name: str, row_id: UUID, plain: bytes) -> bytes:
    """`plain` encrypted for that field of that row."""
    ring = _ring()
    header = bytes((VERSION, AES_256_GCM)) + ring.current.to_bytes(2, "big")
    nonce = os.urandom(NONCE_BYTES)
    cipher = _cipher(ring.keys[ring.current], field_name)
    return header + nonce + cipher.encrypt(nonce, plain, _bound(header, field_name, row_id))


def open_bytes(field_name: str, row_id: UUID, data: bytes | memoryview) -> bytes:
    """What was sealed for that field of that row.

    Raises SealBroken when a bit was changed or the value stood in another row or field, and
    KeyRingError when its key is no longer in the ring. Nothing is ever returned half-checked.
    """
    data = bytes(data)
    header, nonce = data[:HEADER_BYTES], data[HEADER_BYTES : HEADER_BYTES + NONCE_BYTES]
    if len(data) < HEADER_BYTES + NONCE_BYTES + TAG_BYTES or header[:2] != bytes(
        (VERSION, AES_256_GCM)
    ):
        raise SealBroken("Not a sealed value of a known version.")
    key_id = int.from_bytes(header[2:], "big")
    key = _ring().keys.get(key_id)
    if key is None:
        raise KeyRingError(f"FIELD_KEYS lacks key {key_id}, which this value was sealed with.")
    try:
        return _cipher(key, field_name).decrypt(
            nonce, data[HEADER_BYTES + NONCE_BYTES :], _bound(header, field_name, row_id)
        )
    except InvalidTag:
        raise SealBroken("A sealed value was altered, or its key is not the right one.") from None


def key_id_of(data: bytes | memoryview) -> int:
    """The key that a value was sealed with: what a rotation has still to reseal."""
    return int.from_bytes(bytes(data[2:HEADER_BYTES]), "big")


def blind_index(field_name: str, text: str) -> str:
    """A keyed fingerprint of the normalised text, 64 hexadecimal digits, equal iff it is equal.

    Raises ValueError for an empty text: all who lack a number would else seem one person.
    """
    return indexer(field_name)(text)


def indexer(field_name: str) -> Callable[[str], str]:
    """`blind_index` for one field of many rows."""
    key, digest = _derived(_ring().index, field_name), hmac.digest

    def index_one(text: str) -> str:
        normal = normalise(text)
        if not normal:
            raise ValueError("An empty text has no blind index.")
        return digest(key, normal.encode(), "sha256").hex()

    return index_one


def normalise(text: str) -> str:
    """The one spelling that is indexed: half-width, without blanks, in capitals."""
    if text.isascii() and text.isalnum():
        return text.upper()
    return "".join(unicodedata.normalize("NFKC", text).split()).upper()


def _ring() -> KeyRing:
    return parse_ring(settings.FIELD_KEYS)


@lru_cache(maxsize=64)
def _derived(key: bytes, field_name: str) -> bytes:
    """A key of its own for each field, so that one field's values tell nothing of another's."""
    info = f"portal field {field_name}".encode()
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=info).derive(key)


@lru_cache(maxsize=64)
def _cipher(key: bytes, field_name: str) -> AESGCM:
    return AESGCM(_derived(key, field_name))


def _bound(header: bytes, field_name: str, row_id: UUID) -> bytes:
    return header + f"{field_name}:{row_id}".encode()


def _decode(name: str, encoded: str) -> bytes:
    try:
        key = base64.b64decode(encoded.translate(str.maketrans("-_", "+/")), validate=True)
    except binascii.Error:
        key = b""
    if len(key) != KEY_BYTES:
        raise KeyRingError(f"Key {name!r} of FIELD_KEYS is not 32 bytes in base64.")
    return key
