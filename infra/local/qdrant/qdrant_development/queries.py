"""POST /points/query and /points/query/batch."""

import qdrant_edge as engine

from .checks import integer, mapping, number, one_or_many, required, sequence
from .errors import bad_request, not_supported
from .filters import excluding, parse_filter
from .float32 import shortest
from .point_values import payload_selector, vector_output, vector_selector
from .query_inputs import QueryInputs
from .scoring_queries import parse_scoring_query
from .search_parameters import parse_parameters

DEFAULT_LIMIT = 10


def refuse_shard_key(body: dict) -> None:
    if body.get("shard_key") is not None:
        raise not_supported("shard keys")


def query_points(store, collection, body: object) -> dict:
    return {"points": run_query(store, collection, mapping(body, "query request"))}


def query_points_batch(store, collection, body: object) -> list:
    searches = sequence(required(mapping(body, "batch"), "searches"), "searches")
    requests = [
        parse_request(store, collection, mapping(search, "searches"), f"searches[{index}].internal")
        for index, search in enumerate(searches)
    ]
    # One call a query: a failing one must not depend on its neighbours, and single-threaded it costs the same.
    return [{"points": scored_points(collection.shard.query(request), search)} for request, search in zip(requests, searches)]


def run_query(store, collection, body: dict) -> list:
    return scored_points(collection.shard.query(parse_request(store, collection, body)), body)


def parse_request(store, collection, body: dict, path: str = "internal"):
    refuse_shard_key(body)
    referenced: list = []
    parts = _parse_parts(store, collection, body, referenced, path)
    is_sample = body.get("query") == {"sample": "random"} and not parts["prefetches"]
    return engine.QueryRequest(
        offset=0 if is_sample else integer(body, "offset"),
        with_payload=payload_selector(body.get("with_payload"), False),
        with_vector=vector_selector(body),
        **{**parts, "filter": excluding(parts["filter"], referenced)},
    )


def _parse_parts(store, collection, body: dict, referenced: list, path: str) -> dict:
    """What a query and a prefetch have in common. `path` is where the body stands, for messages."""
    limit = integer(body, "limit", DEFAULT_LIMIT, minimum=1, path=f"{path}.limit")
    prefetch_bodies = one_or_many(body.get("prefetch"))
    query_body, using = body.get("query"), body.get("using") or ""
    query = None
    if query_body is not None:
        inputs = QueryInputs(store, collection, using, body.get("lookup_from"), referenced)
        query = parse_scoring_query(query_body, inputs, limit)
    parts = {
        "limit": limit,
        "query": query,
        "prefetches": [
            engine.Prefetch(**_parse_parts(store, collection, mapping(item, "prefetch"), referenced, f"{path}.prefetch[{index}]"))
            for index, item in enumerate(prefetch_bodies)
        ],
        "filter": parse_filter(body.get("filter")),
        "score_threshold": number(body, "score_threshold"),
        "params": parse_parameters(body.get("params")),
    }
    _refuse_contradictions(body, query_body, using, bool(prefetch_bodies))
    return parts


def _refuse_contradictions(body: dict, query: object, using: str, has_prefetch: bool) -> None:
    if query is None:
        if has_prefetch:
            raise bad_request("A query is needed to merge the prefetches. Can't have prefetches without defining a query.")
        if body.get("score_threshold") is not None:
            raise bad_request("A query is needed to use the score_threshold. Can't have score_threshold without defining a query.")
        return
    if type(query) is not dict:
        return
    if "order_by" in query and body.get("score_threshold") is not None:
        raise bad_request("Can't use score_threshold with an order_by query.")
    if using and ("fusion" in query or "rrf" in query):
        raise bad_request("Fusion queries cannot be combined with the 'using' field.")


def scored_points(points: list, body: dict) -> list:
    """Vectors are shown only where they were asked for: MMR reads them for itself."""
    with_vector = bool(vector_selector(body))
    return [scored_point(point, with_vector) for point in points]


def scored_point(point, with_vector: bool) -> dict:
    result = {"id": point.id, "version": point.version, "score": shortest(point.score)}
    payload = point.payload
    if payload is not None:
        result["payload"] = payload
    if with_vector:
        vector = point.vector
        if vector is not None:
            result["vector"] = vector_output(vector)
    order_value = point.order_value
    if order_value is not None:
        result["order_value"] = order_value
    return result
