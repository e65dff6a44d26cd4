"""Sentences of the rule book as they are kept: by language, one string per line."""

from foundation.language import rule_language
from rulebook.explanation import LANGUAGES, Explanation

Kept = dict[str, list[str]]


def kept(explanation: Explanation) -> Kept:
    """The sentence and the steps that lead up to it, in every language."""
    return {language: explanation.lines(language) for language in LANGUAGES}


def read(document: Kept) -> list[str]:
    """The lines of a kept sentence in the reader's language; none of an empty document."""
    return document.get(rule_language(), [])
