"""Sealed boxes that only two key halves together open (X25519, HKDF-SHA256, AES-256-GCM; ADR 0039).

Each half is a key pair of its own. A box is locked with a key derived from both shared secrets, so that one half opens
nothing, the server needs only the two public keys to close it, and no step brings both private keys together before
the opening.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

PREFIX = "ZX1"
_TEXT = re.compile(rf"{PREFIX}((?:[-\s]*[A-Z2-7]){{58}})(?![A-Z2-7])")
_INFO = b"zhaoxian.sealed-bid.1"
# Each box has a key of its own, so one nonce for all of them never meets the same key twice.
_NONCE = bytes(12)


class BadHalf(ValueError):
    """The text holds no key half, or one that was typed wrongly."""


class BrokenSeal(ValueError):
    """The box does not open: another key, or its content or its label was changed."""


@dataclass(frozen=True)
class KeyHalfText:
    """A fresh half: `secret` is for its holder alone, `public` (64 hex characters) for the server."""

    secret: str
    public: str


def new_half() -> KeyHalfText:
    """A key pair; the secret is written in groups of four with a checksum, so that it can be printed and typed."""
    private = X25519PrivateKey.generate()
    return KeyHalfText(_write(private.private_bytes_raw()), private.public_key().public_bytes_raw().hex())


def public_of(secret: str) -> str:
    """The public key (64 hex characters) of a half; raises BadHalf for text that holds none."""
    return _read(secret).public_key().public_bytes_raw().hex()


def secret_in(text: str) -> str:
    """The half in a text such as the file its holder kept, in its usual writing; raises BadHalf if there is none."""
    return _write(_read(text).private_bytes_raw())


def seal(publics: Sequence[str], content: bytes, *, context: str) -> str:
    """`s1:` + base64 of the box; `context` is authenticated, so that a box can't be put in another's place."""
    once = X25519PrivateKey.generate()
    shared = b"".join(once.exchange(X25519PublicKey.from_public_bytes(bytes.fromhex(public))) for public in publics)
    mine = once.public_key().public_bytes_raw()
    box = AESGCM(_derive(shared, mine, publics)).encrypt(_NONCE, content, context.encode())
    return f"s1:{base64.b64encode(mine + box).decode()}"


def unseal(secrets: Sequence[str], sealed: str, *, context: str) -> bytes:
    """The content of a box; `secrets` in the order of the public keys it was closed with. Raises BrokenSeal."""
    privates = [_read(secret) for secret in secrets]
    publics = [private.public_key().public_bytes_raw().hex() for private in privates]
    try:
        raw = base64.b64decode(sealed.removeprefix("s1:"), validate=True)
        theirs = X25519PublicKey.from_public_bytes(raw[:32])
        shared = b"".join(private.exchange(theirs) for private in privates)
        return AESGCM(_derive(shared, raw[:32], publics)).decrypt(_NONCE, raw[32:], context.encode())
    except (InvalidTag, binascii.Error, ValueError) as problem:
        raise BrokenSeal(context) from problem


def _derive(shared: bytes, once: bytes, publics: Sequence[str]) -> bytes:
    info = _INFO + once + b"".join(bytes.fromhex(public) for public in publics)
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(shared)


def _write(raw: bytes) -> str:
    text = base64.b32encode(raw + hashlib.sha256(raw).digest()[:4]).decode().rstrip("=")
    return "-".join([PREFIX, *(text[start : start + 4] for start in range(0, len(text), 4))])


def _read(text: str) -> X25519PrivateKey:
    found = _TEXT.search(text.upper())
    if found is None:
        raise BadHalf("no key half in the text")
    raw = base64.b32decode(re.sub(r"[-\s]", "", found[1]) + "======")
    if hashlib.sha256(raw[:32]).digest()[:4] != raw[32:]:
        raise BadHalf("the checksum does not fit")
    return X25519PrivateKey.from_private_bytes(raw[:32])
