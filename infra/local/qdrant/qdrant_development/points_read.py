"""Reading points: by id, by pages, counted, faceted."""

import qdrant_edge as engine

from .checks import boolean, integer, mapping, required, text
from .errors import not_found
from .filters import parse_filter
from .point_values import path_point_id, payload_selector, point_id, point_ids, vector_output, vector_selector
from .queries import refuse_shard_key
from .scoring_queries import parse_order_by


def record(point) -> dict:
    result = {"id": point.id}
    payload = point.payload
    if payload is not None:
        result["payload"] = payload
    vector = point.vector
    if vector is not None:
        result["vector"] = vector_output(vector)
    order_value = point.order_value
    if order_value is not None:
        result["order_value"] = order_value
    return result


def get_point(collection, identifier: str) -> dict:
    parsed = path_point_id(identifier)
    found = collection.shard.retrieve([parsed], True, True)
    if not found:
        raise not_found(f"Point with id {parsed} does not exists!")
    return record(found[0])


def get_points(collection, body: object) -> list:
    request = mapping(body, "point request")
    refuse_shard_key(request)
    # The engine answers a repeated id once, as Qdrant does.
    ids = list(dict.fromkeys(point_ids(required(request, "ids"), "ids")))
    found = collection.shard.retrieve(ids, payload_selector(request.get("with_payload"), True), vector_selector(request))
    return [record(point) for point in found]


def scroll(collection, body: object) -> dict:
    request = mapping(body, "scroll request")
    refuse_shard_key(request)
    order_by, offset = request.get("order_by"), request.get("offset")
    points, next_offset = collection.shard.scroll(
        engine.ScrollRequest(
            offset=None if offset is None else point_id(offset),
            limit=integer(request, "limit", 10, minimum=1),
            filter=parse_filter(request.get("filter")),
            with_payload=payload_selector(request.get("with_payload"), True),
            with_vector=vector_selector(request),
            order_by=None if order_by is None else parse_order_by(order_by),
        )
    )
    return {"points": [record(point) for point in points], "next_page_offset": next_offset}


def count(collection, body: object) -> dict:
    request = mapping(body, "count request")
    refuse_shard_key(request)
    counted = engine.CountRequest(exact=boolean(request, "exact", True), filter=parse_filter(request.get("filter")))
    return {"count": collection.shard.count(counted)}


def facet(collection, body: object) -> dict:
    request = mapping(body, "facet request")
    refuse_shard_key(request)
    response = collection.shard.facet(
        engine.FacetRequest(
            text(required(request, "key"), "key"),
            integer(request, "limit", 10, minimum=1),
            boolean(request, "exact", False),
            parse_filter(request.get("filter")),
        )
    )
    return {"hits": [{"value": hit.value, "count": hit.count} for hit in response.hits]}
