"""A program of its own that loads the phone library, which may end its process while it loads.

Prints one JSON object: `version`, and `openssl` (what the library's TLS says of itself, empty
where it has none).
"""

import ctypes
import importlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path

_MAPS = Path("/proc/self/maps")


def main() -> None:
    """Load it and tell."""
    importlib.import_module("agent_client.phone.pjsua2_library")
    library = sys.modules["pjsua2"]
    version = library.Endpoint().libVersion().full
    folder = Path(str(library.__file__)).parent
    sys.stdout.write(json.dumps({"version": version, "openssl": _openssl(folder)}) + "\n")
    sys.stdout.flush()
    sys.stderr.close()


def _openssl(package: Path) -> str:
    """The version text of the OpenSSL that the library brought along or is linked with."""
    for file in _crypto_files(package):
        library = ctypes.CDLL(str(file))
        for name in ("OpenSSL_version", "SSLeay_version"):
            function = getattr(library, name, None)
            if function is not None:
                function.restype = ctypes.c_char_p
                return str(function(0).decode())
    return ""


def _crypto_files(package: Path) -> Iterator[Path]:
    """Its own copy first, then whatever the process has loaded."""
    yield from sorted(package.parent.glob("pjsua2*.libs/libcrypto*"))
    if _MAPS.exists():
        loaded = {line.split()[-1] for line in _MAPS.read_text().splitlines()}
        yield from sorted(Path(name) for name in loaded if "libcrypto" in name)


if __name__ == "__main__":
    main()
