"""Encrypted text at rest and its keyed blind index (AES-256-GCM, HMAC-SHA256; two keys, never SECRET_KEY)."""

import base64
import binascii
import hashlib
import hmac
import os
from functools import cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import models


class DecryptionError(Exception):
    """Stored ciphertext does not open with the configured keys: wrong key, or the value was moved or changed."""


@cache
def _cipher(encoded: str) -> AESGCM:
    return AESGCM(base64.urlsafe_b64decode(encoded))


def _keys() -> dict[str, str]:
    """Key id → key; the first configured key encrypts, all decrypt."""
    return dict(entry.split(":", 1) for entry in settings.FIELD_KEYS)


def encrypt(text: str, *, context: str) -> str:
    """`v1:` + base64(nonce + ciphertext); `context` (model.field) is authenticated, so values can't be swapped."""
    key_id, key = settings.FIELD_KEYS[0].split(":", 1)
    nonce = os.urandom(12)
    sealed = _cipher(key).encrypt(nonce, text.encode(), context.encode())
    return f"{key_id}:{base64.urlsafe_b64encode(nonce + sealed).decode()}"


def decrypt(stored: str, *, context: str) -> str:
    """The text of `stored`; raises DecryptionError when no key opens it."""
    key_id, _, body = stored.partition(":")
    try:
        raw = base64.urlsafe_b64decode(body)
        return _cipher(_keys()[key_id]).decrypt(raw[:12], raw[12:], context.encode()).decode()
    except (KeyError, InvalidTag, binascii.Error, ValueError) as problem:
        raise DecryptionError(f"{context}: key {key_id!r} does not open the stored value") from problem


def blind_index(normalised: str) -> str:
    """Keyed digest (64 hex characters) for equality look-ups and uniqueness; the caller normalises first."""
    return hmac.new(settings.BLIND_INDEX_KEY.encode(), normalised.encode(), hashlib.sha256).hexdigest()


class EncryptedTextField(models.TextField):
    """Text encrypted in the column, plain in Python; filter by a blind-index column instead of this one."""

    @property
    def _context(self) -> str:
        return f"{self.model._meta.label_lower}.{self.name}"

    def get_prep_value(self, value: Any) -> Any:
        text = super().get_prep_value(value)
        return text if text in (None, "") else encrypt(text, context=self._context)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return value if value in (None, "") else decrypt(value, context=self._context)

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name not in ("isnull",):
            raise TypeError(f"{self.name} is encrypted: look it up by its blind index")
        return super().get_lookup(lookup_name)
