"""Aliases: listed, and changed in one atomic step."""

from .checks import mapping, required, sequence, text
from .errors import ApiError, malformed, not_found


def list_all(store) -> dict:
    return {"aliases": [_described(alias, name) for alias, name in store.aliases.items()]}


def list_of(store, name: str) -> dict:
    target = store.resolve(name).name
    return {"aliases": [_described(alias, name) for alias, name in store.aliases.items() if name == target]}


def _described(alias: str, name: str) -> dict:
    return {"alias_name": alias, "collection_name": name}


def change(store, body: object) -> bool:
    """Every action is applied to a copy, which is stored in one write: all of them happen or none."""
    aliases = dict(store.aliases)
    for action in sequence(required(mapping(body, "body"), "actions"), "actions"):
        name = next(iter(mapping(action, "action")), None)
        if len(action) != 1 or name not in _ACTIONS:
            raise malformed("data did not match any variant of untagged enum AliasOperations")
        _ACTIONS[name](store, aliases, mapping(action[name], name))
    store.save_aliases(aliases)
    return True


def _create(store, aliases: dict, body: dict) -> None:
    alias = text(required(body, "alias_name"), "alias_name")
    name = text(required(body, "collection_name"), "collection_name")
    if name not in store.collections:
        raise not_found(f"Collection `{name}` doesn't exist!")
    if alias in store.collections:
        raise ApiError(409, f"Wrong input: Collection `{alias}` already exists!")
    aliases[alias] = name


def _delete(_store, aliases: dict, body: dict) -> None:
    aliases.pop(text(required(body, "alias_name"), "alias_name"), None)


def _rename(_store, aliases: dict, body: dict) -> None:
    old, new = text(required(body, "old_alias_name"), "old_alias_name"), text(required(body, "new_alias_name"), "new_alias_name")
    if old not in aliases:
        raise not_found(f"Alias {old} does not exists!")
    aliases[new] = aliases.pop(old)


_ACTIONS = {"create_alias": _create, "delete_alias": _delete, "rename_alias": _rename}
