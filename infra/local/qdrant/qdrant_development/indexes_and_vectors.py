"""What changes the shape of a collection after its creation: payload indexes and named vectors."""

import copy

import qdrant_edge as engine

from . import settings_schema as schema
from .checks import mapping, required, text
from .engine_settings import datatype, modifier, multivector
from .errors import from_engine, malformed, wrong_input
from .payload_indexes import parse_schema
from .points_write import update
from .settings import dense_vectors

Update = engine.UpdateOperation


def create_index(collection, body: object, wait: bool) -> dict:
    request = mapping(body, "index request")
    field = text(required(request, "field_name"), "field_name")
    if request.get("field_schema", request.get("field_type")) is None:
        raise wrong_input("Field type inference is not supported: give `field_schema`")
    kind, parameters, engine_schema = parse_schema(request.get("field_schema", request.get("field_type")))
    try:
        operation = Update.create_field_index(field, engine_schema)
    except Exception as error:
        raise from_engine(error) from error
    result = update(collection, operation, wait)
    described = {"data_type": kind} if parameters is None else {"data_type": kind, "params": parameters}
    collection.description["payload_schema"][field] = described
    collection.save()
    return result


def delete_index(collection, field: str, wait: bool) -> dict:
    result = update(collection, Update.delete_field_index(field), wait)
    if collection.description["payload_schema"].pop(field, None) is not None:
        collection.save()
    return result


def create_vector(collection, name: str, body: object, wait: bool) -> dict:
    request, config = mapping(body, "vector request"), copy.deepcopy(collection.config)
    parameters = config["params"]
    if name in dense_vectors(parameters) or name in (parameters.get("sparse_vectors") or {}):
        raise wrong_input(f"Vector `{name}` already exists")
    if "" in dense_vectors(parameters):
        raise wrong_input("Can't add a named vector to a collection with an unnamed vector")
    if request.get("dense") is not None:
        vector = schema.VECTOR(request["dense"], "dense")
        parameters["vectors"][name] = vector
        operation = Update.create_dense_vector(
            name, vector["size"], getattr(engine.Distance, vector["distance"]), multivector(vector), datatype(vector)
        )
    elif request.get("sparse") is not None:
        vector = schema.SPARSE_VECTOR(request["sparse"], "sparse")
        parameters.setdefault("sparse_vectors", {})[name] = vector
        operation = Update.create_sparse_vector(name, modifier(vector), datatype(vector.get("index") or {}))
    else:
        raise malformed("data did not match any variant: expected `dense` or `sparse`")
    return _reshape(collection, operation, config, wait)


def delete_vector(collection, name: str, wait: bool) -> dict:
    collection.check_name(name)
    config = copy.deepcopy(collection.config)
    if name in dense_vectors(config["params"]):
        config["params"]["vectors"].pop(name, None)
    else:
        config["params"]["sparse_vectors"].pop(name)
    return _reshape(collection, Update.delete_vector_name(name), config, wait)


def _reshape(collection, operation, config: dict, wait: bool) -> dict:
    result = update(collection, operation, wait=True)
    collection.description["config"] = config
    collection.save()
    return {**result, "status": "completed" if wait else "acknowledged"}
