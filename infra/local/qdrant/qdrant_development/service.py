"""What a monitor asks: version, health, telemetry, metrics."""

import hashlib
import uuid
from datetime import datetime, timezone

from . import VERSION

# Clients expect 40 hexadecimal digits; these name what really answers, not a commit of Qdrant.
_COMMIT = hashlib.sha1(b"development server over qdrant-edge-py").hexdigest()

_STARTED = datetime.now(timezone.utc).isoformat()
_IDENTIFIER = str(uuid.uuid4())


def version_info() -> dict:
    return {"title": "qdrant - vector search engine", "version": VERSION, "commit": _COMMIT}


def telemetry(store, responses: dict) -> dict:
    """`responses`: (method, path, status) → (number, seconds)."""
    by_endpoint: dict = {}
    for (method, path, status), (total, seconds) in responses.items():
        statistics = {"count": total, "avg_duration_micros": round(seconds / total * 1e6, 1), "total_duration_micros": round(seconds * 1e6)}
        by_endpoint.setdefault(f"{method} {path}", {})[str(status)] = statistics
    return {
        "id": _IDENTIFIER,
        "app": {
            "name": "qdrant",
            "version": VERSION,
            "startup": _STARTED,
            "features": {
                name: False for name in ("debug", "service_debug_feature", "recovery_mode", "gpu", "rocksdb", "staging")
            },
        },
        "collections": {"number_of_collections": len(store.collections)},
        "requests": {"rest": {"responses": by_endpoint}, "grpc": {"responses": {}}},
    }


def metrics(store, responses: dict) -> str:
    """Prometheus text, under the names that Qdrant uses."""
    lines = [
        "# HELP app_info information about qdrant server",
        "# TYPE app_info gauge",
        f'app_info{{name="qdrant",version="{VERSION}"}} 1',
        "# HELP collections_total number of collections",
        "# TYPE collections_total gauge",
        f"collections_total {len(store.collections)}",
        "# HELP collection_points approximate amount of points per collection",
        "# TYPE collection_points gauge",
    ]
    lines += [f'collection_points{{id="{name}"}} {item.shard.info().points_count}' for name, item in store.collections.items()]
    lines += ["# HELP rest_responses_total total number of responses", "# TYPE rest_responses_total counter"]
    for (method, endpoint, status), (total, _seconds) in sorted(responses.items()):
        lines.append(f'rest_responses_total{{method="{method}",endpoint="{endpoint}",status="{status}"}} {total}')
    return "\n".join(lines) + "\n"
