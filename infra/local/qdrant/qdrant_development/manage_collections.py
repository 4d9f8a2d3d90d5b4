"""Collections: listed, made, changed."""

from . import settings
from .checks import mapping
from .errors import invalid

LONGEST_NAME = 255
_FORBIDDEN = '<>:"/\\|?*\0\u001f'


def list_all(store) -> dict:
    return {"collections": [{"name": name} for name in store.collections]}


def create(store, name: str, body: object) -> bool:
    for sign in _FORBIDDEN:
        if sign in name:
            raise invalid("collection_name", f"collection name cannot contain \"{sign}\" char", "path parameters")
    store.create(name, settings.create(mapping(body, "collection")))
    return True


def change(store, name: str, body: object) -> bool:
    collection = store.resolve(name)
    collection.reconfigure(settings.change(collection.config, mapping(body, "collection")))
    return True
