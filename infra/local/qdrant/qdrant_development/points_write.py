"""Changing points: the operations of Qdrant's update API, each from its JSON to the engine."""

import qdrant_edge as engine

from .checks import choice, mapping, required, sequence, text, texts
from .errors import ApiError, from_engine, invalid, malformed
from .filters import parse_filter
from .point_values import one_vector, point_id, point_ids
from .queries import refuse_shard_key

Update = engine.UpdateOperation
_MODES = {
    "upsert": engine.UpdateMode.Upsert,
    "insert_only": engine.UpdateMode.InsertOnly,
    "update_only": engine.UpdateMode.UpdateOnly,
}


def upsert(collection, body: dict):
    if "batch" in body:
        points = _batch_points(collection, mapping(body["batch"], "batch"))
    else:
        points = [
            _point(collection, item, f"points[{index}].vector")
            for index, item in enumerate(sequence(required(body, "points"), "points"))
        ]
    mode = choice(body, "update_mode", _MODES)
    return Update.upsert_points(points, parse_filter(body.get("update_filter"), "update_filter"), None if mode is None else _MODES[mode])


def _point(collection, item: object, path: str):
    body = mapping(item, "point")
    payload = body.get("payload")
    if payload is not None:
        mapping(payload, "payload")
    return engine.Point(point_id(required(body, "id")), named_vectors(collection, required(body, "vector"), path), payload)


def _batch_points(collection, batch: dict) -> list:
    ids, vectors = point_ids(required(batch, "ids"), "batch.ids"), required(batch, "vectors")
    payloads = batch.get("payloads") or [None] * len(ids)
    columns = list(vectors.values()) if type(vectors) is dict else [vectors]
    for column in columns:
        if len(sequence(column, "batch.vectors")) != len(ids):
            raise invalid("batch", f"number of ids and vectors must be equal ({len(ids)} != {len(column)})")
    if len(sequence(payloads, "batch.payloads")) != len(ids):
        raise invalid("batch", f"number of ids and payloads must be equal ({len(ids)} != {len(payloads)})")
    if type(vectors) is dict:
        rows = [dict(zip(vectors, row)) for row in zip(*columns)] or [{} for _ in ids]
    else:
        rows = vectors
    return [
        engine.Point(identifier, named_vectors(collection, row, "batch.vectors"), payload)
        for identifier, row, payload in zip(ids, rows, payloads)
    ]


def named_vectors(collection, value: object, path: str):
    """Every vector of a point, checked against the collection: nothing half-written by a wrong batch."""
    if type(value) is list:
        vector = one_vector(value, path)
        collection.check_vector("", vector)
        return vector
    checked = {}
    for name, item in mapping(value, path).items():
        vector = one_vector(item, f"{path}.?")
        collection.check_vector(name, vector)
        checked[name] = vector
    return checked


def _selected(body: dict):
    """(ids, filter): exactly one of them is there. `points` wins, as in Qdrant."""
    points, filter_ = body.get("points"), body.get("filter")
    if points is not None:
        return point_ids(points), None
    if filter_ is not None:
        return None, parse_filter(filter_)
    raise malformed("Either list of point ids or filter must be provided")


def delete(_collection, body: dict):
    if body.get("points") is None and body.get("filter") is None:
        raise malformed("data did not match any variant of untagged enum PointsSelector")
    ids, filter_ = _selected(body)
    return Update.delete_points(ids) if filter_ is None else Update.delete_points_by_filter(filter_)


def clear_payload(_collection, body: dict):
    ids, filter_ = _selected(body)
    return Update.clear_payload(ids) if filter_ is None else Update.clear_payload_by_filter(filter_)


def _payload_operation(by_ids, by_filter):
    def parse(_collection, body: dict):
        payload, key = mapping(required(body, "payload"), "payload"), body.get("key")
        if key is not None:
            text(key, "key")
        ids, filter_ = _selected(body)
        return by_ids(ids, payload, key) if filter_ is None else by_filter(filter_, payload, key)

    return parse


set_payload = _payload_operation(Update.set_payload, Update.set_payload_by_filter)
overwrite_payload = _payload_operation(Update.overwrite_payload, Update.overwrite_payload_by_filter)


def delete_payload(_collection, body: dict):
    keys = texts(required(body, "keys"), "keys")
    ids, filter_ = _selected(body)
    return Update.delete_payload(ids, keys) if filter_ is None else Update.delete_payload_by_filter(filter_, keys)


def update_vectors(collection, body: dict):
    items = sequence(required(body, "points"), "points")
    if not items:
        raise invalid("points", "must specify vectors to update")
    points = []
    for index, item in enumerate(items):
        vectors = required(mapping(item, "point"), "vector")
        if not vectors:
            raise invalid(f"points[{index}].vector", "must specify vectors to update for point")
        points.append(engine.PointVectors(point_id(required(item, "id")), named_vectors(collection, vectors, f"points[{index}].vector")))
    return Update.update_vectors(points, parse_filter(body.get("update_filter"), "update_filter"))


def delete_vectors(collection, body: dict):
    names = texts(required(body, "vector"), "vector")
    if not names:
        raise invalid("vector", "must specify vector names to delete")
    for name in names:
        collection.check_name(name)
    ids, filter_ = _selected(body)
    return Update.delete_vectors(ids, names) if filter_ is None else Update.delete_vectors_by_filter(filter_, names)


OPERATIONS = {
    "upsert": upsert,
    "delete": delete,
    "set_payload": set_payload,
    "overwrite_payload": overwrite_payload,
    "delete_payload": delete_payload,
    "clear_payload": clear_payload,
    "update_vectors": update_vectors,
    "delete_vectors": delete_vectors,
}


def apply(collection, parse, body: object, wait: bool) -> dict:
    """Do one operation. Without `wait` Qdrant does not tell what the operation met, so neither does this."""
    request = mapping(body, "operation")
    refuse_shard_key(request)
    try:
        operation = parse(collection, request)
    except ApiError:
        raise
    except Exception as error:
        raise from_engine(error) from error
    return update(collection, operation, wait)


def update(collection, operation, wait: bool) -> dict:
    try:
        number = collection.update(operation)
    except Exception as error:
        failure = from_engine(error)
        if wait or failure.status >= 500:
            raise failure from error
        number = collection.operations
    return {"operation_id": number, "status": "completed" if wait else "acknowledged"}


def apply_batch(collection, body: object, wait: bool) -> list:
    """Several operations, in their order. The shapes of all are checked before the first is done."""
    operations = []
    for item in sequence(required(mapping(body, "batch"), "operations"), "operations"):
        name = next(iter(mapping(item, "operation")), None)
        if len(item) != 1 or name not in OPERATIONS:
            raise malformed("data did not match any variant of untagged enum UpdateOperation")
        request = mapping(item[name], name)
        refuse_shard_key(request)
        operations.append(OPERATIONS[name](collection, request))
    return [update(collection, operation, wait) for operation in operations]
