"""Payload indexes: every kind the engine has, from Qdrant's JSON schema."""

import qdrant_edge as engine

from .checks import boolean, choice, integer, mapping, required, sequence, text, texts
from .engine_settings import memory
from .errors import invalid, malformed

_KINDS = ("keyword", "integer", "float", "geo", "text", "bool", "datetime", "uuid")
_TOKENIZERS = ("prefix", "whitespace", "word", "multilingual")
_FLAGS = {
    "keyword": ("is_tenant", "on_disk", "enable_hnsw", "prefix"),
    "integer": ("lookup", "range", "is_principal", "on_disk", "enable_hnsw"),
    "float": ("is_principal", "on_disk", "enable_hnsw"),
    "geo": ("on_disk", "enable_hnsw"),
    "bool": ("on_disk", "enable_hnsw"),
    "datetime": ("is_principal", "on_disk", "enable_hnsw"),
    "uuid": ("is_tenant", "on_disk", "enable_hnsw"),
    "text": ("lowercase", "ascii_folding", "phrase_matching", "on_disk", "enable_hnsw"),
}


def parse_schema(value: object):
    """(data type, parameters or None, engine schema) of a `field_schema`."""
    if type(value) is str:
        kind = choice({"field_schema": value}, "field_schema", _KINDS)
        return kind, None, getattr(engine.PayloadSchemaType, kind.capitalize())
    body = mapping(value, "field_schema")
    kind = choice({"type": required(body, "type")}, "type", _KINDS)
    flags = {name: boolean(body, name) for name in _FLAGS[kind]}
    if kind == "integer" and flags["lookup"] is False and flags["range"] is False:
        raise invalid("field_schema", "Validation error: the 'lookup' and 'range' capabilities can't be both disabled [{}]")
    flags["memory"] = memory({"memory": choice(body, "memory", ("cold", "cached", "pinned"))})
    if kind == "text":
        flags.update(_text_options(body))
    parameters = {name: item for name, item in body.items() if item is not None}
    if kind == "text":
        parameters.setdefault("tokenizer", "word")
    return kind, parameters, getattr(engine, f"{kind.capitalize()}IndexParams")(**flags)


def _text_options(body: dict) -> dict:
    tokenizer = choice(body, "tokenizer", _TOKENIZERS)
    options = {
        "tokenizer": None if tokenizer is None else getattr(engine.TokenizerType, tokenizer.capitalize()),
        "min_token_len": integer(body, "min_token_len"),
        "max_token_len": integer(body, "max_token_len"),
        "stopwords": _stopwords(body.get("stopwords")),
        "stemmer": _stemmer(body.get("stemmer")),
    }
    return {name: value for name, value in options.items() if value is not None}


def _language(name: object):
    found = getattr(engine.Language, text(name, "language").capitalize(), None)
    if found is None:
        raise malformed(f"unknown variant `{name}`, expected a language of stopwords")
    return found


def _stopwords(value: object):
    if value is None:
        return None
    if type(value) is str:
        return _language(value)
    body = mapping(value, "stopwords")
    return engine.StopwordsSet(
        languages={_language(name) for name in sequence(body.get("languages") or [], "stopwords.languages")},
        custom=set(texts(body.get("custom") or [], "stopwords.custom")),
    )


def _stemmer(value: object):
    if value is None:
        return None
    body = mapping(value, "stemmer")
    if choice({"type": required(body, "type")}, "type", ("snowball", "none")) == "none":
        return engine.DisabledStemmer()
    language = getattr(engine.SnowballLanguage, text(required(body, "language"), "stemmer.language").capitalize(), None)
    if language is None:
        raise malformed(f"unknown variant `{body['language']}`, expected a language of the Snowball stemmer")
    return engine.SnowballParams(language)
