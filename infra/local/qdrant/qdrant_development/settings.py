"""A collection's settings: made, changed, and shown as Qdrant shows them."""

import copy

from . import settings_schema as schema
from .checks import boolean, choice, integer, mapping
from .errors import invalid, not_supported, wrong_input

_DEFAULT_HNSW = {"m": 16, "ef_construct": 100, "full_scan_threshold": 10000, "max_indexing_threads": 0, "on_disk": False}
_DEFAULT_OPTIMIZERS = {
    "deleted_threshold": 0.2,
    "vacuum_min_vector_number": 1000,
    "default_segment_number": 0,
    "max_segment_size": None,
    "memmap_threshold": None,
    "indexing_threshold": 10000,
    "flush_interval_sec": 5,
    "max_optimization_threads": None,
    "prevent_unoptimized": None,
}
_DEFAULT_WAL = {"wal_capacity_mb": 32, "wal_segments_ahead": 0, "wal_retain_closed": 1}


def create(body: dict) -> dict:
    """The `config` part of a new collection's description, from the body of PUT /collections/{name}."""
    _refuse_unsupported(body)
    parameters = {"vectors": _vectors(body.get("vectors")), "shard_number": 1}
    for name in ("replication_factor", "write_consistency_factor"):
        parameters[name] = integer(body, name, 1, minimum=1)
    integer(body, "shard_number", 1, minimum=1)
    parameters["on_disk_payload"] = boolean(body, "on_disk_payload", True)
    if body.get("payload") is not None:
        parameters["payload"] = schema.PAYLOAD(body["payload"], "payload")
    if body.get("sparse_vectors") is not None:
        parameters["sparse_vectors"] = schema.named(schema.SPARSE_VECTOR)(body["sparse_vectors"], "sparse_vectors")
    _check_names(parameters)
    quantization = body.get("quantization_config") or body.get("quantization")
    config = {
        "params": parameters,
        "hnsw_config": {**_DEFAULT_HNSW, **schema.HNSW(body.get("hnsw_config") or {}, "hnsw_config")},
        "optimizer_config": {**_DEFAULT_OPTIMIZERS, **schema.OPTIMIZERS(body.get("optimizers_config") or {}, "optimizers_config")},
        "wal_config": {**_DEFAULT_WAL, **schema.WAL(body.get("wal_config") or {}, "wal_config")},
        "quantization_config": None if quantization is None else schema.QUANTIZATION(quantization, "quantization_config"),
    }
    if body.get("strict_mode_config") is not None:
        config["strict_mode_config"] = _without_nulls(body["strict_mode_config"])
    if body.get("metadata") is not None:
        config["metadata"] = _without_nulls(mapping(body["metadata"], "metadata"))
    return config


def _refuse_unsupported(body: dict) -> None:
    if choice(body, "sharding_method", ("auto", "custom")) == "custom":
        raise not_supported("custom sharding")
    if (integer(body, "shard_number", 1, minimum=1)) > 1:
        raise not_supported("more than one shard in a collection")
    strict = body.get("strict_mode_config")
    if strict is not None and boolean(mapping(strict, "strict_mode_config"), "enabled", False):
        raise not_supported("strict mode")


def _vectors(value: object):
    if value is None:
        return {}
    body = mapping(value, "vectors")
    if "size" in body and type(body["size"]) is not dict:
        return schema.VECTOR(body, "vectors")
    return schema.named(schema.VECTOR)(body, "vectors")


def _check_names(parameters: dict) -> None:
    dense, sparse = dense_vectors(parameters), parameters.get("sparse_vectors") or {}
    for name in sparse:
        if name == "":
            raise wrong_input("Sparse vector name cannot be empty")
        if name in dense:
            raise wrong_input(f"Dense and sparse vector names must be unique - duplicate found with '{name}'")
    for name in [*dense, *sparse]:
        if name.startswith(("/", ".")) or any(sign in name for sign in '<>:"/\\|?*'):
            raise invalid("vectors", f'vector name "{name}" contains a character that is not allowed')


def dense_vectors(parameters: dict) -> dict:
    """Name → parameters; the unnamed vector's name is empty."""
    vectors = parameters["vectors"]
    return {"": vectors} if type(vectors.get("size")) is int else vectors


def change(config: dict, body: dict) -> dict:
    """The config after PATCH /collections/{name}. The given one is left as it is."""
    _refuse_unsupported(body)
    config = copy.deepcopy(config)
    parameters = config["params"]
    for name, difference in mapping(body.get("vectors") or {}, "vectors").items():
        _change_vector(_existing(dense_vectors(parameters), name), schema.VECTOR_CHANGE(difference, f"vectors.{name}"))
    for name, difference in mapping(body.get("sparse_vectors") or {}, "sparse_vectors").items():
        vector = _existing(parameters.get("sparse_vectors") or {}, name)
        changed = schema.SPARSE_VECTOR(difference, f"sparse_vectors.{name}")
        if "index" in changed:
            vector["index"] = {**vector.get("index", {}), **changed["index"]}
        if changed.get("modifier", vector.get("modifier")) != vector.get("modifier"):
            raise not_supported("changing the modifier of a sparse vector")
    _change_parameters(parameters, mapping(body.get("params") or {}, "params"))
    config["hnsw_config"].update(schema.HNSW(body.get("hnsw_config") or {}, "hnsw_config"))
    config["optimizer_config"].update(schema.OPTIMIZERS(body.get("optimizers_config") or {}, "optimizers_config"))
    quantization = body.get("quantization_config")
    if quantization is not None:
        checked = schema.quantization_change(quantization, "quantization_config")
        config["quantization_config"] = None if checked == "Disabled" else checked
    if body.get("strict_mode_config") is not None:
        config["strict_mode_config"] = {**config.get("strict_mode_config", {}), **_without_nulls(body["strict_mode_config"])}
    if body.get("metadata") is not None:
        config["metadata"] = _without_nulls({**config.get("metadata", {}), **mapping(body["metadata"], "metadata")})
    return config


def _existing(vectors: dict, name: str) -> dict:
    if name not in vectors:
        raise wrong_input(f"Not existing vector name error: {name}")
    return vectors[name]


def _change_vector(vector: dict, difference: dict) -> None:
    if "hnsw_config" in difference:
        vector["hnsw_config"] = {**vector.get("hnsw_config", {}), **difference["hnsw_config"]}
    if difference.get("quantization_config") == "Disabled":
        vector.pop("quantization_config", None)
    elif "quantization_config" in difference:
        vector["quantization_config"] = difference["quantization_config"]
    for name in ("on_disk", "memory"):
        if name in difference:
            vector[name] = difference[name]


def _change_parameters(parameters: dict, difference: dict) -> None:
    for name, minimum in (("replication_factor", 1), ("write_consistency_factor", 1), ("read_fan_out_factor", 0), ("read_fan_out_delay_ms", 0)):
        value = integer(difference, name, minimum=minimum, path=f"params.{name}")
        if value is not None:
            parameters[name] = value
    on_disk = boolean(difference, "on_disk_payload")
    if on_disk is not None:
        parameters["on_disk_payload"] = on_disk
    if difference.get("payload") is not None:
        parameters["payload"] = schema.PAYLOAD(difference["payload"], "params.payload")


def warnings(config: dict) -> list:
    found = []
    for name, vector in dense_vectors(config["params"]).items():
        hnsw = {**config["hnsw_config"], **vector.get("hnsw_config", {})}
        if not hnsw.get("inline_storage"):
            continue
        if vector.get("multivector_config"):
            reason = "is not compatible with multivectors"
        elif not (vector.get("quantization_config") or config["quantization_config"]):
            reason = "requires quantization to be enabled"
        else:
            continue
        found.append({"message": f"The `hnsw_config.inline_storage` option for vector '{name}' {reason}. This option will be ignored."})
    return found


def _without_nulls(value: dict) -> dict:
    return {name: item for name, item in value.items() if item is not None}
