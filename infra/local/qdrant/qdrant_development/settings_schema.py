"""What a collection's settings may hold, as tables: field → check. Unknown fields and nulls are dropped, as Qdrant drops them."""

from . import checks
from .errors import invalid, malformed

LARGEST_DIMENSION = 65536


def integer(minimum=0, maximum=None):
    return lambda value, path: checks.integer({path: value}, path, minimum=minimum, maximum=maximum)


def number(minimum=None, maximum=None):
    return lambda value, path: checks.number({path: value}, path, minimum=minimum, maximum=maximum)


def boolean(value, path):
    return checks.boolean({path: value}, path)


def choice(*names):
    return lambda value, path: checks.choice({path: value}, path, names)


def record(fields: dict, required=()):
    def check(value, path):
        body = checks.mapping(value, path or "body")
        for name in required:
            if body.get(name) is None:
                raise malformed(f"{path}: missing field `{name}`")
        prefix = f"{path}." if path else ""
        return {name: field(body[name], prefix + name) for name, field in fields.items() if body.get(name) is not None}

    return check


def one_of(variants: dict):
    def check(value, path):
        for name, variant in variants.items():
            if type(value) is dict and value.get(name) is not None:
                return {name: variant(value[name], f"{path}.{name}")}
        raise malformed(f"{path}: data did not match any variant, expected one of {', '.join(variants)}")

    return check


def named(field):
    return lambda value, path: {name: field(item, f"{path}.{name}") for name, item in checks.mapping(value, path).items()}


def memory(*allowed):
    def check(value, path):
        placed = choice("cold", "cached", "pinned")(value, path)
        if placed not in allowed:
            raise invalid(path, f"`{placed}` is not supported here, expected one of {', '.join(allowed)}")
        return placed

    return check


def anything(value, _path):
    return value


ANY_MEMORY = memory("cold", "cached", "pinned")
CACHED_MEMORY = memory("cold", "cached")

HNSW = record(
    {
        "m": integer(),
        "ef_construct": integer(4),
        "full_scan_threshold": integer(10),
        "max_indexing_threads": integer(),
        "on_disk": boolean,
        "memory": ANY_MEMORY,
        "payload_m": integer(),
        "inline_storage": boolean,
    }
)
_ALWAYS_RAM = {"always_ram": boolean, "memory": ANY_MEMORY}
QUANTIZATION = one_of(
    {
        "scalar": record({"type": choice("int8"), "quantile": number(0.5, 1.0), **_ALWAYS_RAM}, required=("type",)),
        "product": record({"compression": choice("x4", "x8", "x16", "x32", "x64"), **_ALWAYS_RAM}, required=("compression",)),
        "binary": record(
            {
                **_ALWAYS_RAM,
                "encoding": choice("one_bit", "two_bits", "one_and_half_bits"),
                "query_encoding": choice("default", "binary", "scalar4bits", "scalar8bits"),
            }
        ),
        "turbo": record({**_ALWAYS_RAM, "bits": choice("bits1", "bits1_5", "bits2", "bits4")}),
    }
)


def quantization_change(value, path):
    return value if value == "Disabled" else QUANTIZATION(value, path)


def sparse_datatype(value, path):
    name = choice("float32", "uint8", "float16", "turbo4")(value, path)
    if name == "turbo4":
        raise invalid(path, "sparse vectors do not support the turbo4 datatype")
    return name


VECTOR = record(
    {
        "size": integer(1, LARGEST_DIMENSION),
        "distance": choice("Cosine", "Euclid", "Dot", "Manhattan"),
        "hnsw_config": HNSW,
        "quantization_config": QUANTIZATION,
        "on_disk": boolean,
        "memory": CACHED_MEMORY,
        "datatype": choice("float32", "uint8", "float16", "turbo4"),
        "multivector_config": record({"comparator": choice("max_sim")}, required=("comparator",)),
    },
    required=("size", "distance"),
)
VECTOR_CHANGE = record({"hnsw_config": HNSW, "quantization_config": quantization_change, "on_disk": boolean, "memory": CACHED_MEMORY})
SPARSE_VECTOR = record(
    {
        "index": record(
            {
                "full_scan_threshold": integer(),
                "on_disk": boolean,
                "memory": ANY_MEMORY,
                "datatype": sparse_datatype,
            }
        ),
        "modifier": choice("none", "idf"),
    }
)
OPTIMIZERS = record(
    {
        "deleted_threshold": number(0.0, 1.0),
        "vacuum_min_vector_number": integer(100),
        "default_segment_number": integer(),
        "max_segment_size": integer(1),
        "memmap_threshold": integer(),
        "indexing_threshold": integer(),
        "flush_interval_sec": integer(),
        "max_optimization_threads": anything,
        "prevent_unoptimized": boolean,
    }
)
WAL = record({"wal_capacity_mb": integer(1), "wal_segments_ahead": integer(), "wal_retain_closed": integer(1)})
PAYLOAD = record({"memory": CACHED_MEMORY})
