"""All collections and aliases of one storage folder, which one server at a time may hold."""

import fcntl
import shutil
import uuid
from pathlib import Path

from .collection import DESCRIPTION, Collection
from .durable_files import read_json, sync_folder, write_json
from .errors import ApiError, not_found, wrong_input


class StorageInUse(Exception):
    """Another server holds the folder."""


class Store:
    """`collections`: name → Collection. `aliases`: alias → name of its collection."""

    def __init__(self, root: Path):
        self.root = root
        self._folder = root / "collections"
        self._folder.mkdir(parents=True, exist_ok=True)
        self._lock = self._hold(root / "lock")
        self.collections = self._load()
        self.aliases = self._load_aliases()

    @staticmethod
    def _hold(path: Path):
        """The kernel lets go of the lock when the process ends, however it ends."""
        file = open(path, "w")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            file.close()
            raise StorageInUse(f"{path.parent} is held by another server") from error
        return file

    def _load(self) -> dict:
        found = {}
        for folder in sorted(self._folder.iterdir()):
            if (folder / DESCRIPTION).exists():
                collection = Collection.load(folder)
                found[collection.name] = collection
            else:  # a creation or deletion that was cut off
                shutil.rmtree(folder, ignore_errors=True)
        return found

    def _load_aliases(self) -> dict:
        path = self.root / "aliases.json"
        stored = read_json(path) if path.exists() else {}
        return {alias: name for alias, name in stored.items() if name in self.collections}

    def save_aliases(self, aliases: dict) -> None:
        write_json(self.root / "aliases.json", aliases)
        self.aliases = aliases

    def resolve(self, name: str) -> Collection:
        """The collection of this name, or that an alias of this name stands for."""
        collection = self.collections.get(name) or self.collections.get(self.aliases.get(name, ""))
        if collection is None:
            raise not_found(f"Collection `{name}` doesn't exist!")
        return collection

    def resolve_lookup(self, name: str) -> Collection:
        """As `resolve`, for a collection that a query names: Qdrant words that failure in its own way."""
        if not self.exists(name):
            raise not_found(f"Collection {name} not found")
        return self.resolve(name)

    def exists(self, name: str) -> bool:
        return name in self.collections or name in self.aliases

    def create(self, name: str, config: dict) -> None:
        if name in self.collections:
            raise ApiError(409, f"Wrong input: Collection `{name}` already exists!")
        if name in self.aliases:
            raise wrong_input(f"Can't create collection with name {name}. Alias with the same name already exists")
        self.collections[name] = Collection.create(self._folder / uuid.uuid4().hex, name, config)
        sync_folder(self._folder)

    def delete(self, name: str) -> bool:
        """False where there was none. An alias does not stand for its collection here, as in Qdrant."""
        collection = self.collections.pop(name, None)
        if collection is None:
            return False
        collection.delete()
        remaining = {alias: target for alias, target in self.aliases.items() if target != name}
        if len(remaining) != len(self.aliases):
            self.save_aliases(remaining)
        return True

    def flush(self) -> None:
        for collection in self.collections.values():
            collection.flush()

    def close(self) -> None:
        for collection in self.collections.values():
            collection.close()
        self._lock.close()
