"""The file that a backup is: a compressed tar of `about.json`, the parts, and last `manifest.json` with their hashes.

The manifest comes last, so an archive that was cut short has none. Nothing in an archive is believed before its hash.
"""

import fcntl
import gzip
import hashlib
import io
import json
import os
import shutil
import tarfile
import tempfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, Any, NamedTuple

from wardmote.config.home import NO_ROOM
from wardmote.edges.cli.failure import CannotStart

FORMAT = "wardmote-backup/1"
ABOUT, MANIFEST = "about.json", "manifest.json"
_CHUNK = 1 << 20
_WORKSHOP = ".wardmote-backup-"
_LONGEST_TEXT = 1 << 26
"""Bytes of `about.json` or `manifest.json` at most: more is no backup of ours."""
_DAMAGE = (tarfile.TarError, zlib.error, gzip.BadGzipFile, EOFError, ValueError, KeyError, TypeError)


class Part(NamedTuple):
    """A file that goes into a backup, and its name there: `home/keys/secret`."""

    name: str
    path: Path


class _Hashed:
    """Reads a file for somebody else and remembers what was read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.sha256 = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self.sha256.update(data)
        return data


@contextmanager
def new_file(path: Path) -> Iterator[tuple[IO[bytes], Path]]:
    """A file of its owner's alone that is at `path` when all of it is written and on the disk, and never half; and a
    folder beside it for what is needed meanwhile.

    What backups that were killed have left there goes first. Raises CannotStart where there is a file already or none
    can be.
    """
    if path.exists():
        raise CannotStart(f"{path} is there already; nothing was written")
    try:
        with _workshop(path.parent) as folder:
            draft = folder / "draft"
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                yield file, folder
                file.flush()
                os.fsync(descriptor)
            os.link(draft, path)
    except OSError as error:
        raise cannot_write(path, error) from error


@contextmanager
def _workshop(parent: Path) -> Iterator[Path]:
    """A folder that holds secrets and is gone at the end; while this process lives, it keeps a lock in it."""
    with ExitStack() as stack:
        # Held together, so that nobody takes a folder that was just made, and not locked yet, for one that is left.
        with _locked(parent, wait=True):
            for left in parent.glob(f"{_WORKSHOP}*"):
                with _locked(left) as ours:
                    if ours:
                        shutil.rmtree(left)
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix=_WORKSHOP, dir=parent))
            stack.enter_context(_locked(Path(folder)))
        yield Path(folder)


@contextmanager
def _locked(folder: Path, *, wait: bool = False) -> Iterator[bool]:
    """Whether nobody else holds the folder; if so, it is held. The kernel lets go when the process dies."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(descriptor)


def cannot_write(path: Path, error: OSError) -> CannotStart:
    """The one line for a place that takes no file, or no more of it."""
    if error.errno in NO_ROOM:
        return CannotStart(f"the disk that holds {path.absolute().parent} is full; nothing was kept there")
    return CannotStart(f"{path} cannot be written: {error.strerror or error}")


def need_room(folder: Path, needed: int, what: str) -> None:
    """Raise CannotStart where fewer than `needed` bytes are free."""
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise CannotStart(
            f"{what} needs up to {megabytes(needed)} in {folder.absolute()}, where {megabytes(free)} are free"
        )


def megabytes(size: int) -> str:
    """Bytes as a person reads them."""
    return f"{size / 1_000_000:,.1f} MB"


def pack(file: IO[bytes], parts: Iterable[Part], *, about: dict[str, Any], manifest: dict[str, Any]) -> None:
    """Write an archive. A part that has gone since it was listed is left out: somebody erased it meanwhile."""
    packed: list[dict[str, Any]] = []
    with tarfile.open(fileobj=file, mode="w:gz", compresslevel=3, format=tarfile.PAX_FORMAT) as tar:
        _pack_json(tar, ABOUT, {"format": FORMAT, **about})
        for part in parts:
            try:
                source = part.path.open("rb")
            except FileNotFoundError:
                continue
            with source:
                header = tarfile.TarInfo(part.name)
                header.size, header.mode = os.fstat(source.fileno()).st_size, 0o600
                hashed = _Hashed(source)
                tar.addfile(header, hashed)
                packed.append({"name": part.name, "size": header.size, "sha256": hashed.sha256.hexdigest()})
        _pack_json(tar, MANIFEST, {"format": FORMAT, **manifest, "parts": packed})


def _pack_json(tar: tarfile.TarFile, name: str, value: dict[str, Any]) -> None:
    raw = json.dumps(value, indent=1, ensure_ascii=False).encode()
    header = tarfile.TarInfo(name)
    header.size, header.mode = len(raw), 0o600
    tar.addfile(header, io.BytesIO(raw))


def read_about(path: Path) -> dict[str, Any]:
    """What an archive says of itself at its beginning; raises CannotStart for what is no backup."""
    with _read(path, "is not a backup, or is damaged") as tar:
        return _about(path, tar)


def unpack(path: Path, folder: Path) -> dict[str, Any]:
    """Write every part below `folder` and compare it with the manifest, which is given; raises CannotStart."""
    written: dict[str, tuple[int, str]] = {}
    with _read(path, "is damaged") as tar:
        _about(path, tar)
        while (header := tar.next()) is not None:
            if header.name == MANIFEST:
                manifest = _read_json(tar, header)
                _compare(path, manifest, written)
                return manifest
            written[header.name] = _unpack_one(tar, header, folder / _safe(header))
    raise CannotStart(f"{path} is damaged: it ends before its manifest")


def _about(path: Path, tar: tarfile.TarFile) -> dict[str, Any]:
    header = tar.next()
    about = _read_json(tar, header) if header is not None and header.name == ABOUT else {}
    if about.get("format") != FORMAT:
        raise CannotStart(f"{path} is not a backup that this Wardmote can read")
    return about


@contextmanager
def _read(path: Path, verdict: str) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(path, "r:gz") as tar:
            yield tar
    except _DAMAGE as error:
        raise CannotStart(f"{path} {verdict}: {error or type(error).__name__}") from error
    except OSError as error:
        raise CannotStart(f"{path} cannot be restored: {error.strerror or error}") from error


def _safe(header: tarfile.TarInfo) -> PurePosixPath:
    name = PurePosixPath(header.name)
    if not header.isreg() or name.is_absolute() or ".." in name.parts or name.parts[0] not in {"home", "database"}:
        raise ValueError(f"it holds {header.name!r}, which no backup does")
    return name


def _unpack_one(tar: tarfile.TarFile, header: tarfile.TarInfo, target: Path) -> tuple[int, str]:
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    source = tar.extractfile(header)
    if source is None:
        raise ValueError(header.name)
    hashed = _Hashed(source)
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        while data := hashed.read(_CHUNK):
            file.write(data)
        file.flush()
        os.fsync(file.fileno())
    return header.size, hashed.sha256.hexdigest()


def _read_json(tar: tarfile.TarFile, header: tarfile.TarInfo) -> dict[str, Any]:
    source = tar.extractfile(header)
    if source is None or header.size > _LONGEST_TEXT:
        raise ValueError(f"{header.name} is not what it should be")
    value = json.loads(source.read())
    if not isinstance(value, dict):
        raise TypeError(f"{header.name} is not what it should be")
    return value


def _compare(path: Path, manifest: dict[str, Any], written: dict[str, tuple[int, str]]) -> None:
    promised = {part["name"]: (part["size"], part["sha256"]) for part in manifest["parts"]}
    for name in sorted(promised.keys() | written.keys()):
        if promised.get(name) != written.get(name):
            raise CannotStart(f"{path} is damaged: {name} is not what the manifest says")
