"""One collection: a folder with its settings (`collection.json`) and one engine shard (`shard/`)."""

import shutil
from pathlib import Path

import qdrant_edge as engine

from .durable_files import read_json, remove_durably, write_json
from .engine_settings import shard_settings
from .errors import wrong_input
from .settings import dense_vectors, warnings

DESCRIPTION = "collection.json"


class Collection:
    """`description` is what is stored: name, config, payload_schema."""

    def __init__(self, folder: Path, description: dict, shard):
        self.folder = folder
        self.description = description
        self.shard = shard
        self.operations = 0
        self.dirty = False
        self._remember_vectors()

    @classmethod
    def create(cls, folder: Path, name: str, config: dict) -> "Collection":
        """The description is written last: a folder without one is a creation that was cut off."""
        shard_folder = folder / "shard"
        shard_folder.mkdir(parents=True)
        shard = engine.EdgeShard.create(str(shard_folder), shard_settings(config))
        shard.flush()
        collection = cls(folder, {"name": name, "config": config, "payload_schema": {}}, shard)
        collection.save()
        return collection

    @classmethod
    def load(cls, folder: Path) -> "Collection":
        """Opens the shard, which replays its write-ahead log."""
        return cls(folder, read_json(folder / DESCRIPTION), engine.EdgeShard.load(str(folder / "shard")))

    @property
    def name(self) -> str:
        return self.description["name"]

    @property
    def config(self) -> dict:
        return self.description["config"]

    def save(self) -> None:
        write_json(self.folder / DESCRIPTION, self.description)
        self._remember_vectors()

    def reconfigure(self, config: dict) -> None:
        """Take new settings. The shard is opened again with them; the old ones come back if it refuses."""
        self.close()
        try:
            self.shard = self._open(shard_settings(config))
        except Exception:
            self.shard = self._open(None)
            raise
        self.description["config"] = config
        self.save()

    def _open(self, engine_config):
        return engine.EdgeShard.load(str(self.folder / "shard"), engine_config)

    def update(self, operation) -> int:
        """Apply one operation; it is in the write-ahead log when this returns. Its number is the result."""
        self.dirty = True
        self.shard.update(operation)
        self.operations += 1
        return self.operations - 1

    def flush(self) -> None:
        if self.dirty:
            self.dirty = False
            self.shard.flush()

    def close(self) -> None:
        self.flush()
        self.shard.close()

    def delete(self) -> None:
        """The description goes first: what remains after a crash is swept at the next start."""
        remove_durably(self.folder / DESCRIPTION)
        self.shard.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def info(self) -> dict:
        state = self.shard.info()
        indexes = state.payload_schema
        result = {
            "status": "green",
            "optimizer_status": "ok",
            "indexed_vectors_count": state.indexed_vectors_count,
            "points_count": state.points_count,
            "segments_count": state.segments_count,
            "config": self.config,
            "payload_schema": {
                field: {**schema, "points": indexes[field].points if field in indexes else 0}
                for field, schema in self.description["payload_schema"].items()
            },
            "update_queue": {"length": 0},
        }
        found = warnings(self.config)
        return {**result, "warnings": found} if found else result

    def _remember_vectors(self) -> None:
        parameters = self.config["params"]
        self._dense = {
            name: (vector["size"], bool(vector.get("multivector_config"))) for name, vector in dense_vectors(parameters).items()
        }
        self._sparse = frozenset(parameters.get("sparse_vectors") or ())

    def check_name(self, name: str) -> None:
        if name not in self._dense and name not in self._sparse:
            raise wrong_input(f"Not existing vector name error: {name}")

    def check_vector(self, name: str, vector: object) -> None:
        """Refuse a vector that the collection has no place for, before anything is written."""
        known = self._dense.get(name)
        if known is None:
            self.check_name(name)
            if type(vector) is list:
                raise wrong_input("Conversion between sparse and regular vectors failed")
            return
        size, is_multi = known
        if type(vector) is not list:
            raise wrong_input("Conversion between sparse and regular vectors failed")
        row = vector
        if type(vector[0]) is list:
            if not is_multi:
                raise wrong_input("Conversion between multi and regular vectors failed")
            row = vector[0]
        if len(row) != size:
            raise wrong_input(f"Vector dimension error: expected dim: {size}, got {len(row)}")
