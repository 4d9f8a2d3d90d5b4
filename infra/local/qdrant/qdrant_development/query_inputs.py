"""Vectors of a query: given in full, or by the id of a point that holds them."""

from array import array
from operator import add

import qdrant_edge as engine

from .checks import mapping, required, text
from .errors import malformed, not_found, wrong_input
from .point_values import one_vector, point_id


class QueryInputs:
    """Resolves what one (sub-)query names, and remembers which points it referred to.

    `referenced` is shared by a request and its prefetches: the request leaves all of these points out.
    """

    def __init__(self, store, collection, using: str, lookup_from: object, referenced: list):
        self.using = using
        self.referenced = referenced
        self._source, self._vector_name = collection, using
        if lookup_from is not None:
            location = mapping(lookup_from, "lookup_from")
            name = text(required(location, "collection"), "lookup_from.collection")
            self._source = store.resolve_lookup(name)
            self._vector_name = location.get("vector") or using
        self._excludes = self._source is collection

    def vector(self, value: object):
        if type(value) in (int, str):
            return self._stored(point_id(value))
        if value == []:
            raise wrong_input("Vector dimension error: the query vector is empty")
        return one_vector(value, "query")

    def vectors(self, values: list) -> list:
        return [self.vector(value) for value in values]

    def _stored(self, identifier):
        records = self._source.shard.retrieve([identifier], False, [self._vector_name])
        if not records:
            raise not_found(f"No point with id {identifier} found")
        vector = records[0].vector
        if type(vector) is dict:
            vector = vector.get(self._vector_name)
        if vector is None:
            raise not_found(f'Vector with name "{self._vector_name}" for point not found')
        if self._excludes:
            self.referenced.append(identifier)
        return vector


def average(positives: list, negatives: list):
    """The vector of the `average_vector` strategy: mean of the liked, pushed away from the disliked."""
    if not positives:
        raise wrong_input("Positive vectors should not be empty with `average` strategy")
    liked = _mean(positives)
    if not negatives:
        return _as_vector(liked)
    disliked = _mean(negatives)
    if type(liked) is not type(disliked):
        raise wrong_input("Positive and negative vectors should be of the same type, either all dense or all sparse or all multi")
    if type(liked) is dict:
        indices = liked.keys() | disliked.keys()
        return _as_vector({index: 2 * liked.get(index, 0.0) - disliked.get(index, 0.0) for index in indices})
    if type(liked[0]) is list:
        return liked + [[-value for value in row] for row in disliked]
    return _singles(like + like - dislike for like, dislike in zip(liked, disliked))


def _mean(vectors: list):
    first = vectors[0]
    if all(isinstance(vector, engine.SparseVector) for vector in vectors):
        weights: dict = {}
        for vector in vectors:
            for index, value in zip(vector.indices, vector.values):
                weights[index] = weights.get(index, 0.0) + value
        return {index: value / len(vectors) for index, value in weights.items()}
    if any(type(vector) is not list for vector in vectors):
        raise wrong_input("Can't average vectors with different types")
    if type(first[0]) is list:  # a multivector is a set: its mean is all of its rows
        return [row for vector in vectors for row in vector]
    total = _singles(first)
    for vector in vectors[1:]:
        total = _singles(map(add, total, _singles(vector)))
    return _singles(value / len(vectors) for value in total)


def _singles(values) -> list:
    """Rounded to 32 bits, as in Qdrant's own arithmetic: the same points give the same scores."""
    return array("f", values).tolist()


def _as_vector(vector):
    if type(vector) is dict:
        indices = sorted(vector)
        return engine.SparseVector(indices, [vector[index] for index in indices])
    return vector


def pairs(inputs: QueryInputs, value: object) -> list:
    items = value if type(value) is list else [] if value is None else [value]
    result = []
    for item in items:
        if type(item) is not dict:
            raise malformed("context: expected a list of pairs")
        positive, negative = required(item, "positive"), required(item, "negative")
        result.append(engine.ContextPair(inputs.vector(positive), inputs.vector(negative)))
    return result
