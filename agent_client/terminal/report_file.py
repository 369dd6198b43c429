"""Writing a report's workbook into a file of the person's, never over another one."""

import errno
from base64 import b64decode
from pathlib import Path

from protocol.wire.errors import Code, Refused

_DOWNLOADS = "Downloads"
_SUFFIX = ".xlsx"


def usual_folder(home: Path) -> Path:
    """Where people look for files: the folder for downloads, if there is one."""
    downloads = home / _DOWNLOADS
    return downloads if downloads.is_dir() else home


def path_of(name: str, home: Path) -> Path:
    """What a name means: `~` and what is no whole path are in the usual places."""
    path = Path(name)
    if name.startswith("~/"):
        path = home / name[2:]
    elif not path.is_absolute():
        path = usual_folder(home) / path
    return path if path.suffix.lower() == _SUFFIX else path.with_name(f"{path.name}{_SUFFIX}")


def save(workbook: str, path: Path) -> None:
    """Write base64 as a file. Raises `Refused` with `file_exists` or `file_refused`."""
    try:
        content = b64decode(workbook, validate=True)
        with path.open("xb") as file:
            file.write(content)
    except FileExistsError:
        raise Refused(Code.FILE_EXISTS, file=str(path)) from None
    except ValueError as error:
        raise Refused(Code.FILE_REFUSED, file=str(path), detail=str(error)) from error
    except OSError as error:
        detail = error.strerror or errno.errorcode.get(error.errno or 0, "")
        raise Refused(Code.FILE_REFUSED, file=str(path), detail=detail) from error
