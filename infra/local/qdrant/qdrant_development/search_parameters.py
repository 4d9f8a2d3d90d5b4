"""Search parameters: how a leg of a query is searched."""

import qdrant_edge as engine

from .checks import boolean, integer, mapping, number
from .errors import malformed
from .filters import parse_filter


def parse_parameters(value: object):
    if value is None:
        return None
    body = mapping(value, "params")
    return engine.SearchParams(
        hnsw_ef=integer(body, "hnsw_ef", minimum=1, path="params.hnsw_ef"),
        exact=boolean(body, "exact", False),
        quantization=_quantization(body.get("quantization")),
        indexed_only=boolean(body, "indexed_only", False),
        acorn=_acorn(body.get("acorn")),
        idf=_idf(body.get("idf")),
    )


def _quantization(value: object):
    if value is None:
        return None
    body = mapping(value, "params.quantization")
    return engine.QuantizationSearchParams(
        ignore=boolean(body, "ignore", False),
        rescore=boolean(body, "rescore"),
        oversampling=number(body, "oversampling", minimum=1.0, path="params.quantization.oversampling"),
    )


def _acorn(value: object):
    if value is None:
        return None
    body = mapping(value, "params.acorn")
    selectivity = number(body, "max_selectivity", minimum=0.0, maximum=1.0, path="params.acorn.max_selectivity")
    return engine.AcornSearchParams(enable=boolean(body, "enable", False), max_selectivity=selectivity)


def _idf(value: object):
    """`"global"` counts terms over the collection, `{"corpus": filter}` over the points of the filter."""
    if value is None or value == "global":
        return None
    if type(value) is dict and "corpus" in value:
        return engine.IdfParams(corpus=parse_filter(value["corpus"], "params.idf.corpus"))
    raise malformed("params.idf: data did not match any variant of untagged enum IdfParams")
