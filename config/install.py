"""Makes the virtual environment and brings it to the pinned requirements; runs on the system's Python alone.

Works where `python3-venv` is missing: the environment is made without pip and filled by the system's pip. An
environment that already holds every pinned version is left as it is, without asking the network.
"""

import re
import subprocess
import sys
from importlib.metadata import distributions
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
_PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^ ;\\]+)(?:\s*;\s*(.*?))?\s*\\?$")


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _pins(requirements: Path) -> dict[str, str]:
    """Project → version of what `requirements` pins for this Python and platform."""
    from pip._vendor.packaging.markers import Marker

    pins = {}
    for line in requirements.read_text().splitlines():
        match = _PIN.match(line)
        if match and (not match[3] or Marker(match[3]).evaluate()):
            pins[_plain(match[1])] = match[2]
    return pins


def _installed() -> dict[str, str]:
    folders = [str(path) for path in ENVIRONMENT.glob("lib/python3.*/site-packages")]
    return {_plain(found.metadata["Name"]): found.version for found in distributions(path=folders)}


def main(files: list[str]) -> None:
    if sys.version_info < (3, 11):  # noqa: UP036 (an older system Python may run this file)
        sys.exit(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}. Set PYTHON=python3.11 or newer.")
    try:
        import pip
    except ImportError:
        sys.exit("pip is missing. On Debian: apt-get install python3-pip")
    if not (ENVIRONMENT / "bin" / "python").exists():
        print("Making the virtual environment .venv …", flush=True)  # noqa: T201
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(ENVIRONMENT)], check=True)  # noqa: S603
    for name in files:
        pins, installed = _pins(ROOT / name), _installed()
        if all(installed.get(project) == version for project, version in pins.items()):
            continue
        print(f"Installing {name} ({len(pins)} packages, with their hashes checked) …", flush=True)  # noqa: T201
        pip = [sys.executable, "-m", "pip", "--python", str(ENVIRONMENT / "bin" / "python")]
        options = ["--quiet", "--disable-pip-version-check", "--no-input", "--require-hashes"]
        subprocess.run([*pip, "install", *options, "-r", str(ROOT / name)], check=True)  # noqa: S603


if __name__ == "__main__":
    main(sys.argv[1:])
