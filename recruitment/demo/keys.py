"""What the two officers of the demo keep: one file for each half, readable by the owner of the data folder only."""

from pathlib import Path

from django.conf import settings

from recruitment.demo.tracks import Halves


def keep_halves(halves: Halves) -> Path:
    """Write each half to DATA_DIR/keys/halves/<user name>/<board>.txt and return the folder.

    Of a real county nothing like it exists: there each officer keeps their half off the server.
    """
    folder = Path(settings.DATA_DIR) / "keys" / "halves"
    for board, by_officer in halves.items():
        for username, secret in by_officer.items():
            own = folder / username
            own.mkdir(mode=0o700, parents=True, exist_ok=True)
            kept = own / f"{board}.txt"
            kept.touch(mode=0o600)
            kept.write_text(f"{board}\n{secret}\n", encoding="utf-8")
    return folder
