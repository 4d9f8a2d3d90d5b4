"""Small files that are either wholly there or not: written aside, synced, renamed."""

import os
from pathlib import Path

import orjson


def read_json(path: Path):
    return orjson.loads(path.read_bytes())


def write_json(path: Path, value: object) -> None:
    aside = path.with_name(path.name + ".tmp")
    with open(aside, "wb") as file:
        file.write(orjson.dumps(value, option=orjson.OPT_INDENT_2))
        file.flush()
        os.fsync(file.fileno())
    os.replace(aside, path)
    sync_folder(path.parent)


def remove_durably(path: Path) -> None:
    path.unlink(missing_ok=True)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """A rename or removal lasts only once its folder is on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
