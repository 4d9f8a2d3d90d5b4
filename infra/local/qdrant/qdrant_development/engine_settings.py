"""A collection's settings as the engine takes them."""

import qdrant_edge as engine

from .settings import dense_vectors

_DATATYPES = {"float32": "Float32", "uint8": "Uint8", "float16": "Float16", "turbo4": "Turbo4"}
_COMPRESSIONS = {"x4": "X4", "x8": "X8", "x16": "X16", "x32": "X32", "x64": "X64"}
_ENCODINGS = {"one_bit": "OneBit", "two_bits": "TwoBits", "one_and_half_bits": "OneAndHalfBits"}
_QUERY_ENCODINGS = {"default": "Default", "binary": "Binary", "scalar4bits": "Scalar4Bits", "scalar8bits": "Scalar8Bits"}
_BITS = {"bits1": "Bits1", "bits1_5": "Bits1_5", "bits2": "Bits2", "bits4": "Bits4"}

# One segment is searched by one thread: more would only wait for each other.
SEARCH_THREADS = 1


def shard_settings(config: dict):
    parameters = config["params"]
    return engine.EdgeConfig(
        vectors={name: dense(vector) for name, vector in dense_vectors(parameters).items()},
        sparse_vectors={name: sparse(vector) for name, vector in (parameters.get("sparse_vectors") or {}).items()},
        on_disk_payload=parameters["on_disk_payload"],
        hnsw_config=_hnsw(config["hnsw_config"]),
        quantization_config=_quantization(config["quantization_config"]),
        max_search_threads=SEARCH_THREADS,
    )


def dense(vector: dict):
    return engine.EdgeVectorParams(
        vector["size"],
        getattr(engine.Distance, vector["distance"]),
        on_disk=vector.get("on_disk"),
        multivector_config=multivector(vector),
        datatype=datatype(vector),
        quantization_config=_quantization(vector.get("quantization_config")),
        memory=memory(vector),
    )


def sparse(vector: dict):
    index = vector.get("index") or {}
    return engine.EdgeSparseVectorParams(
        full_scan_threshold=index.get("full_scan_threshold"),
        on_disk=index.get("on_disk"),
        modifier=modifier(vector),
        datatype=datatype(index),
        memory=memory(index),
    )


def multivector(vector: dict):
    return engine.MultiVectorConfig(engine.MultiVectorComparator.MaxSim) if vector.get("multivector_config") else None


def datatype(settings: dict):
    name = settings.get("datatype")
    return None if name is None else getattr(engine.VectorStorageDatatype, _DATATYPES[name])


def modifier(vector: dict):
    return engine.Modifier.Idf if vector.get("modifier") == "idf" else None


def memory(settings: dict):
    name = settings.get("memory")
    return None if name is None else getattr(engine.Memory, name.capitalize())


def _hnsw(settings: dict):
    return engine.HnswIndexConfig(
        settings["m"],
        settings["ef_construct"],
        settings["full_scan_threshold"],
        max_indexing_threads=settings["max_indexing_threads"],
        on_disk=settings.get("on_disk"),
        payload_m=settings.get("payload_m"),
        inline_storage=settings.get("inline_storage"),
        memory=memory(settings),
    )


def _quantization(settings):
    if settings is None:
        return None
    ((kind, options),) = settings.items()
    common = {"always_ram": options.get("always_ram"), "memory": memory(options)}
    if kind == "scalar":
        return engine.ScalarQuantizationConfig(engine.ScalarType.Int8, quantile=options.get("quantile"), **common)
    if kind == "product":
        return engine.ProductQuantizationConfig(getattr(engine.CompressionRatio, _COMPRESSIONS[options["compression"]]), **common)
    if kind == "binary":
        return engine.BinaryQuantizationConfig(
            encoding=_member(engine.BinaryQuantizationEncoding, _ENCODINGS, options.get("encoding")),
            query_encoding=_member(engine.BinaryQuantizationQueryEncoding, _QUERY_ENCODINGS, options.get("query_encoding")),
            **common,
        )
    return engine.TurboQuantQuantizationConfig(bits=_member(engine.TurboQuantBitSize, _BITS, options.get("bits")), **common)


def _member(enumeration, names: dict, name):
    return None if name is None else getattr(enumeration, names[name])
