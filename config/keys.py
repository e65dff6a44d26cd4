"""Keys of an embedded installation, generated once into a private folder."""

import base64
import os
import secrets
from pathlib import Path


def key_from_folder(folder: Path, name: str) -> str:
    """The key `name` kept in `folder` (mode 0700, file 0600), made of 32 random bytes on first use.

    Two processes that start together read the same key: the file is created exclusively and the loser reads it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    path = folder / name
    fresh = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
    partial = folder / f".{name}.{os.getpid()}"
    if not path.exists():
        partial.touch(mode=0o600)
        partial.write_text(fresh)
        try:
            os.link(partial, path)
        except FileExistsError:
            pass
        finally:
            partial.unlink()
    return path.read_text().strip()
