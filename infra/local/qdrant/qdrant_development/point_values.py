"""Ids, vectors and selectors: from JSON to the engine and back."""

import re
from uuid import UUID

import qdrant_edge as engine

from .checks import mapping, sequence, text, texts, wrong_type
from .errors import ApiError, invalid, malformed, not_supported
from .float32 import shortest_all

_LARGEST_ID = 2**64 - 1
INFERENCE_KEYS = frozenset(("text", "image", "object", "model"))


def point_id(value: object):
    """A point id as the engine takes it: an unsigned integer or a UUID."""
    if type(value) is int:
        if 0 <= value <= _LARGEST_ID:
            return value
    elif type(value) is str:
        try:
            return str(UUID(value))
        except ValueError:
            pass
    shown = f'"{value}"' if type(value) is str else value
    raise malformed(f"value {shown} is not a valid point ID, valid values are either an unsigned integer or a UUID")


def point_ids(value: object, path: str = "points") -> list:
    return [point_id(item) for item in sequence(value, path)]


def path_point_id(value: str):
    if re.fullmatch(r"\d+", value) and int(value) <= _LARGEST_ID:
        return int(value)
    try:
        return str(UUID(value))
    except ValueError:
        raise ApiError(400, f"Wrong input: Can not recognize \"{value}\" as point id") from None


def sparse(value: dict, path: str) -> engine.SparseVector:
    indices, values = value.get("indices"), value.get("values")
    if type(indices) is not list or type(values) is not list:
        raise malformed(f"{path}: data did not match any variant of a vector")
    if len(indices) != len(values):
        raise invalid(f"{path}.values", "Validation error: must be the same length as indices [{}]")
    if len(set(indices)) != len(indices):
        raise invalid(f"{path}.indices", "Validation error: must be unique [{}]")
    if sorted(indices) != indices:  # the engine merges posting lists in this order
        pairs = sorted(zip(indices, values))
        indices, values = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    return engine.SparseVector(indices, values)


def one_vector(value: object, path: str = "vector"):
    """A dense list, a multi-dense list of lists, or a sparse vector."""
    if type(value) is list:
        if not value:
            raise invalid(path, "Validation error: dense vector must not be empty [{}]")
        if type(value[0]) is list:
            size = len(value[0])
            for row in value:
                if type(row) is not list:
                    raise wrong_type(path, row, "a sequence")
                if not row:
                    raise invalid(f"{path}.data", "all vectors must be non-empty")
                if len(row) != size:
                    raise invalid(f"{path}.data", f"all vectors must have the same dimension, found vector with dimension {len(row)}")
        return value
    if type(value) is dict:
        if "indices" in value:
            return sparse(value, path)
        if INFERENCE_KEYS & value.keys():
            raise not_supported("inference (text, image or object instead of a vector)")
    raise malformed(f"{path}: data did not match any variant of a vector")


def vector_output(vector: object) -> object:
    """What the engine stored, as the JSON that Qdrant answers."""
    if type(vector) is dict:
        return {name: vector_output(value) for name, value in vector.items()}
    if type(vector) is list:
        if vector and type(vector[0]) is list:
            return [shortest_all(row) for row in vector]
        return shortest_all(vector)
    return {"indices": vector.indices, "values": shortest_all(vector.values)}


def payload_selector(value: object, default: bool):
    if value is None:
        return default
    if type(value) is bool:
        return value
    if type(value) is list:
        return texts(value, "with_payload")
    selector = mapping(value, "with_payload")
    if type(selector.get("include")) is list:
        return engine.PayloadSelector.Include(texts(selector["include"], "with_payload.include"))
    if type(selector.get("exclude")) is list:
        return engine.PayloadSelector.Exclude(texts(selector["exclude"], "with_payload.exclude"))
    raise malformed("with_payload: data did not match any variant of untagged enum WithPayloadInterface")


def vector_selector(body: dict, default: bool = False):
    value = body.get("with_vector", body.get("with_vectors"))
    if value is None:
        return default
    if type(value) is bool:
        return value
    if type(value) is list:
        return [text(name, "with_vector") for name in value]
    raise malformed("with_vector: data did not match any variant of untagged enum WithVector")
