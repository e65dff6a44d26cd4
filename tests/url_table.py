"""The URL table of the project, read so that no page can be forgotten."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.urls import URLPattern, URLResolver, get_resolver

OUR_ROOMS = ("accounts.", "campaigns.", "recruitment.", "foundation.")


class Entry(NamedTuple):
    """One pattern: `name` with its namespaces ("post_movements:edit"), `route` from the root, names of parameters."""

    name: str
    route: str
    module: str
    parameters: tuple[str, ...]

    @property
    def is_ours(self) -> bool:
        return self.module.startswith(OUR_ROOMS)


def module_of(callback: Any) -> str:
    return str(getattr(getattr(callback, "view_class", callback), "__module__", ""))


def entries() -> list[Entry]:
    """Every pattern of the project, Wagtail's included."""
    return list(_walk(get_resolver().url_patterns, "", "", ()))


def _walk(patterns: list[Any], prefix: str, space: str, above: tuple[str, ...]) -> Iterator[Entry]:
    for entry in patterns:
        route = prefix + str(entry.pattern).removeprefix("^").removesuffix("$").removesuffix(r"\Z")
        names = (*above, *entry.pattern.converters, *_groups(entry))
        if isinstance(entry, URLResolver):
            inside = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from _walk(entry.url_patterns, route, inside, names)
        elif isinstance(entry, URLPattern):
            yield Entry(f"{space}{entry.name or route}", route, module_of(entry.callback), names)


def _groups(entry: Any) -> tuple[str, ...]:
    return tuple(entry.pattern.regex.groupindex) if not entry.pattern.converters else ()
