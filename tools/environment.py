"""Makes `.venv/`: the locked packages, checked by their hashes, and this project on top.

Run by `tools/setup` with a Python of the system's. The environment is written down as complete
only at the end, with what it was made from; one that was left half-way, or was made from another
lock, is made anew. Two of these at once wait for each other.
"""

import hashlib
import subprocess
import sys
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

if sys.platform != "win32":
    import fcntl

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
LOCK = ROOT / "requirements.lock"
COMPLETE = ENVIRONMENT / "complete"
"""Two lines: what the packages were made from, and what the project was."""


def main(arguments: list[str]) -> int:
    """Make what is not current. With `--current` only tell: 0 if there is nothing to do."""
    if arguments == ["--current"]:
        return 0 if made_from() == wanted() else 1
    with one_at_a_time():
        make()
    return 0


def wanted() -> tuple[str, str]:
    """What the packages and the project have to be made from now."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    return (
        digest(version.encode(), LOCK.read_bytes()),
        digest((ROOT / "pyproject.toml").read_bytes()),
    )


def made_from() -> tuple[str, str] | None:
    """What the present environment was made from; None without a complete one."""
    try:
        packages, project = COMPLETE.read_text().split()
    except (OSError, ValueError):
        return None
    return packages, project


def digest(*parts: bytes) -> str:
    """One hash over all parts."""
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Wait while another process makes the same environment."""
    with Path(__file__).open() as file:
        if sys.platform != "win32":
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def make() -> None:
    """Install the packages if they changed, and the project if it or they did."""
    packages, project = wanted()
    present = made_from()
    if present == (packages, project):
        return
    COMPLETE.unlink(missing_ok=True)
    if present is None or present[0] != packages:
        install_packages()
    pip("install", "--no-deps", "--no-build-isolation", "--editable", str(ROOT))
    COMPLETE.write_text(f"{packages}\n{project}\n")


def install_packages() -> None:
    """An empty environment, and in it what the lock says and nothing else."""
    print(f"making .venv with Python {sys.version.split()[0]} …", file=sys.stderr, flush=True)
    venv.EnvBuilder(clear=True, with_pip=True, symlinks=True).create(ENVIRONMENT)
    pip("install", "--require-hashes", "--requirement", str(LOCK))


def pip(*arguments: str) -> None:
    """Run the environment's own pip; its errors end this program."""
    python = ENVIRONMENT / "bin" / "python"
    command = [str(python), "-m", "pip", "--disable-pip-version-check", "-qq", *arguments]
    done = subprocess.run(command, cwd=ROOT, check=False)
    if done.returncode:
        print("pip could not finish; the next try begins anew", file=sys.stderr)
        sys.exit(done.returncode)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
