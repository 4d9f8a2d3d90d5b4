"""Method and path → what answers. `{}` in a path is a placeholder."""

from . import aliases, manage_collections, points_read, points_write, query_groups, snapshots
from . import indexes_and_vectors as shape
from .queries import query_points, query_points_batch
from .request import ACCEPTED

# handler(store, request) → what goes into `result`


def _on_collection(work):
    """For work that takes the collection and the request."""
    return lambda store, request: work(store.resolve(request.names[0]), request)


def _read(work):
    return _on_collection(lambda collection, request: work(collection, request.json()))


def _search(work):
    return lambda store, request: work(store, store.resolve(request.names[0]), request.json())


def _write(name: str):
    parse = points_write.OPERATIONS[name]
    return _on_collection(lambda collection, request: points_write.apply(collection, parse, request.json(), request.wait))


def _snapshot(work):
    """Done at once in any case; only the answer tells whether the client waited."""

    def handle(store, request):
        result = work(store.resolve(request.names[0]), request)
        return ACCEPTED if request.refuses_to_wait else result

    return handle


def _cluster_of(store, request) -> dict:
    points = store.resolve(request.names[0]).shard.info().points_count
    shard = {"shard_id": 0, "points_count": points, "state": "Active"}
    return {"peer_id": 0, "shard_count": 1, "local_shards": [shard], "remote_shards": [], "shard_transfers": []}


ROUTES = {
    ("GET", "/cluster"): lambda _store, _request: {"status": "disabled"},
    ("GET", "/collections"): lambda store, _request: manage_collections.list_all(store),
    ("GET", "/aliases"): lambda store, _request: aliases.list_all(store),
    ("POST", "/collections/aliases"): lambda store, request: aliases.change(store, request.json()),
    ("GET", "/collections/{}"): lambda store, request: store.resolve(request.names[0]).info(),
    ("PUT", "/collections/{}"): lambda store, request: manage_collections.create(store, request.names[0], request.json()),
    ("PATCH", "/collections/{}"): lambda store, request: manage_collections.change(store, request.names[0], request.json()),
    ("DELETE", "/collections/{}"): lambda store, request: store.delete(request.names[0]),
    ("GET", "/collections/{}/exists"): lambda store, request: {"exists": store.exists(request.names[0])},
    ("GET", "/collections/{}/aliases"): lambda store, request: aliases.list_of(store, request.names[0]),
    ("GET", "/collections/{}/cluster"): _cluster_of,
    ("PUT", "/collections/{}/index"): _on_collection(lambda c, request: shape.create_index(c, request.json(), request.wait)),
    ("DELETE", "/collections/{}/index/{}"): _on_collection(lambda c, request: shape.delete_index(c, request.names[1], request.wait)),
    ("PUT", "/collections/{}/vectors/{}"): _on_collection(
        lambda c, request: shape.create_vector(c, request.names[1], request.json(), request.wait)
    ),
    ("DELETE", "/collections/{}/vectors/{}"): _on_collection(lambda c, request: shape.delete_vector(c, request.names[1], request.wait)),
    ("PUT", "/collections/{}/points"): _write("upsert"),
    ("POST", "/collections/{}/points"): _read(points_read.get_points),
    ("GET", "/collections/{}/points/{}"): _on_collection(lambda c, request: points_read.get_point(c, request.names[1])),
    ("POST", "/collections/{}/points/delete"): _write("delete"),
    ("POST", "/collections/{}/points/payload"): _write("set_payload"),
    ("PUT", "/collections/{}/points/payload"): _write("overwrite_payload"),
    ("POST", "/collections/{}/points/payload/delete"): _write("delete_payload"),
    ("POST", "/collections/{}/points/payload/clear"): _write("clear_payload"),
    ("PUT", "/collections/{}/points/vectors"): _write("update_vectors"),
    ("POST", "/collections/{}/points/vectors/delete"): _write("delete_vectors"),
    ("POST", "/collections/{}/points/batch"): _on_collection(
        lambda c, request: points_write.apply_batch(c, request.json(), request.wait)
    ),
    ("POST", "/collections/{}/points/scroll"): _read(points_read.scroll),
    ("POST", "/collections/{}/points/count"): _read(points_read.count),
    ("POST", "/collections/{}/facet"): _read(points_read.facet),
    ("POST", "/collections/{}/points/query"): _search(query_points),
    ("POST", "/collections/{}/points/query/batch"): _search(query_points_batch),
    ("POST", "/collections/{}/points/query/groups"): _search(query_groups.query_groups),
    ("GET", "/collections/{}/snapshots"): _on_collection(lambda c, _request: snapshots.list_of(c)),
    ("POST", "/collections/{}/snapshots"): _snapshot(lambda c, _request: snapshots.create(c)),
    ("GET", "/collections/{}/snapshots/{}"): _on_collection(lambda c, request: snapshots.file_of(c, request.names[1])),
    ("DELETE", "/collections/{}/snapshots/{}"): _snapshot(lambda c, request: snapshots.delete(c, request.names[1])),
}

# What a real Qdrant has beyond the table; everything under these answers 501 instead of 404.
_KNOWN_PREFIXES = ("collections", "cluster", "snapshots", "issues", "logger", "profiler", "quotas", "audit", "debugger", "stacktrace")
_SECOND_PLACEHOLDER = frozenset(("index", "vectors", "snapshots", "points"))


def find(method: str, segments: list):
    """(handler or None, template, names) for the decoded segments of a path."""
    names: tuple = ()
    if len(segments) > 1 and segments[0] == "collections" and (method, segments[1]) != ("POST", "aliases"):
        names = (segments[1],)
        segments = ["collections", "{}", *segments[2:]]
    template = "/" + "/".join(segments)
    handler = ROUTES.get((method, template))
    if handler is None and len(segments) == 4 and segments[2] in _SECOND_PLACEHOLDER:
        names = (*names, segments[3])
        template = "/" + "/".join([*segments[:3], "{}"])
        handler = ROUTES.get((method, template))
    return handler, template, names


def is_known(segments: list) -> bool:
    return bool(segments) and segments[0] in _KNOWN_PREFIXES
