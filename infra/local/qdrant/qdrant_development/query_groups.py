"""POST /points/query/groups: the engine has no grouping, so the ranked list is read until the groups are full."""

from .checks import integer, mapping, required, text
from .errors import ApiError, invalid
from .point_values import payload_selector, point_id, vector_selector
from .points_read import record
from .queries import run_query

DEFAULT_GROUPS = 10
DEFAULT_GROUP_SIZE = 3
FIRST_READ_FACTOR = 4


def query_groups(store, collection, body: object) -> dict:
    request = mapping(body, "group request")
    path = text(required(request, "group_by"), "group_by")
    if not path:
        raise invalid("group_by", "value is empty")
    limit = integer(request, "limit", DEFAULT_GROUPS, minimum=1)
    size = integer(request, "group_size", DEFAULT_GROUP_SIZE, minimum=1)
    groups = _read_groups(store, collection, request, path, limit, size)
    lookup = _lookup(store, request.get("with_lookup"), list(groups))
    result = []
    for key, hits in groups.items():
        group = {"id": key, "hits": hits}
        if lookup is not None and key in lookup:
            group["lookup"] = lookup[key]
        result.append(group)
    return {"groups": result}


def _read_groups(store, collection, request: dict, path: str, limit: int, size: int) -> dict:
    """Longer and longer lists, until all groups are full or the list has an end."""
    total = max(collection.shard.info().points_count, 1)
    wanted = min(limit * size * FIRST_READ_FACTOR, total)
    while True:
        ranked = run_query(store, collection, {**request, "limit": wanted, "offset": 0, "with_payload": True})
        groups = _group(ranked, path, limit, size)
        full = len(groups) == limit and all(len(hits) == size for hits in groups.values())
        if full or len(ranked) < wanted or wanted >= total:
            break
        wanted = min(wanted * FIRST_READ_FACTOR, total)
    return _with_asked_payload(store, collection, request, groups)


def _group(ranked: list, path: str, limit: int, size: int) -> dict:
    groups: dict = {}
    for point in ranked:
        for key in _keys(point.get("payload") or {}, path):
            hits = groups.get(key)
            if hits is None:
                if len(groups) == limit:
                    continue
                hits = groups[key] = []
            if len(hits) < size:
                hits.append(point)
    return groups


def _keys(payload: dict, path: str) -> list:
    """The point's group ids: strings and integers at the path, each once. A point of several groups is in all of them."""
    found: list = [payload]
    for step in path.split("."):
        name, is_list = (step[:-2], True) if step.endswith("[]") else (step, False)
        found = [item[name.strip('"')] for item in found if type(item) is dict and name.strip('"') in item]
        if is_list:
            found = [item for items in found if type(items) is list for item in items]
    flat = [item for value in found for item in (value if type(value) is list else [value])]
    return list(dict.fromkeys(item for item in flat if type(item) in (str, int)))


def _with_asked_payload(store, collection, request: dict, groups: dict) -> dict:
    """Grouping needed every payload; the answer holds what the request asked for."""
    selector = payload_selector(request.get("with_payload"), False)
    if selector is True:
        return groups
    ids = list({hit["id"]: None for hits in groups.values() for hit in hits})
    found = {} if selector is False else {item.id: item.payload for item in collection.shard.retrieve(ids, selector, False)}

    def asked(hit: dict) -> dict:
        trimmed = {name: value for name, value in hit.items() if name != "payload"}
        return trimmed if selector is False else {**trimmed, "payload": found.get(hit["id"])}

    return {key: [asked(hit) for hit in hits] for key, hits in groups.items()}


def _lookup(store, value: object, keys: list):
    """Points of another collection whose ids are the group ids."""
    if value is None:
        return None
    request = {"collection": value} if type(value) is str else mapping(value, "with_lookup")
    source = store.resolve_lookup(text(required(request, "collection"), "with_lookup.collection"))
    ids = [key for key in keys if _is_point_id(key)]
    found = source.shard.retrieve(ids, payload_selector(request.get("with_payload"), True), vector_selector(request))
    return {item.id: record(item) for item in found}


def _is_point_id(key: object) -> bool:
    try:
        point_id(key)
    except ApiError:
        return False
    return True
