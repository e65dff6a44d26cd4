"""Chinese search on Wagtail's database back ends: one token for each Han character, a query read as a phrase.

The stock back ends split text at blanks and find nothing in Chinese. This wraps the text that goes into the index and
the query that comes out of the box; it relies on a private class of the search library, so the version is pinned and a
test holds the results on both databases.
"""

import importlib
import re
from typing import Any

from django.db import connection
from wagtail.search.query import And, Phrase, PlainText, SearchQuery

_VENDOR = {"postgresql": "postgres", "sqlite": "sqlite"}[connection.vendor]
_module = importlib.import_module(f"modelsearch.backends.database.{_VENDOR}.{_VENDOR}")
_Base: Any = getattr(_module, {"postgres": "PostgresSearchBackend", "sqlite": "SQLiteSearchBackend"}[_VENDOR])

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_one_han = re.compile(f"([{_HAN}])")


def segment(text: str) -> str:
    """The text with every Han character set apart by blanks."""
    return _one_han.sub(r" \1 ", text)


def read_query(query: Any) -> Any:
    """A typed query as phrases of single characters, all of which must occur; other objects pass unchanged."""
    if not isinstance(query, str):
        return query
    words: list[SearchQuery] = []
    for word in query.replace('"', " ").split():
        tokens = segment(word).split()
        words.append(Phrase(" ".join(tokens)) if _one_han.search(word) else PlainText(word))
    if not words:
        return query
    return words[0] if len(words) == 1 else And(words)


_prepare_value = _module.ObjectIndexer.prepare_value


def _prepare_segmented(self: Any, value: Any) -> str:
    return segment(_prepare_value(self, value))


_module.ObjectIndexer.prepare_value = _prepare_segmented


class SearchBackend(_Base):  # type: ignore[misc]
    """The database back end of the vendor in use, with Chinese queries."""

    def _search(self, compiler: Any, query: Any, queryset: Any, **arguments: Any) -> Any:
        return super()._search(compiler, read_query(query), queryset, **arguments)
