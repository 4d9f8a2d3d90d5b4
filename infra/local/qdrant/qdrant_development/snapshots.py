"""Snapshots of a collection: its folder, flushed and archived. Restoring one is not supported, and a real Qdrant cannot read them."""

import hashlib
import tarfile
from datetime import datetime, timezone
from pathlib import Path

from .errors import not_found

FOLDER = "snapshots"


def create(collection) -> dict:
    """The server does one thing at a time, so nothing writes while the files are read."""
    collection.dirty = True
    collection.flush()
    moment = datetime.now(timezone.utc)
    folder = collection.folder / FOLDER
    folder.mkdir(exist_ok=True)
    path = folder / f"{collection.name}-{moment:%Y-%m-%d-%H-%M-%S-%f}.snapshot"
    aside = path.with_suffix(".tmp")
    with tarfile.open(aside, "w") as archive:
        archive.add(collection.folder / "collection.json", "collection.json")
        archive.add(collection.folder / "shard", "shard")
    aside.rename(path)
    path.with_suffix(".sha256").write_text(_checksum(path))
    return describe(path)


def list_of(collection) -> list:
    return [describe(path) for path in sorted((collection.folder / FOLDER).glob("*.snapshot"))]


def file_of(collection, name: str) -> Path:
    """The snapshot's file. Names come from outside: only those of the listing are taken."""
    for path in (collection.folder / FOLDER).glob("*.snapshot"):
        if path.name == name:
            return path
    raise not_found(f"Snapshot {name} not found")


def delete(collection, name: str) -> bool:
    path = file_of(collection, name)
    path.with_suffix(".sha256").unlink(missing_ok=True)
    path.unlink()
    return True


def describe(path: Path) -> dict:
    state = path.stat()
    checksum = path.with_suffix(".sha256")
    return {
        "name": path.name,
        "creation_time": datetime.fromtimestamp(state.st_mtime, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S"),
        "size": state.st_size,
        "checksum": checksum.read_text() if checksum.exists() else None,
    }


def _checksum(path: Path) -> str:
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
