"""Write the agreed prints and stored texts of the profiles anew, for a change that was meant; read the difference.

python -m tests.rules.write_golden
"""

from pathlib import Path

from rulebook.explanation import LANGUAGES, Language
from rulebook.ruleset import RuleSet
from rulebook.ruleset.clauses import render
from rulebook.ruleset.profiles import PROFILES

GOLDEN = Path(__file__).parent / "golden"


def printed(ruleset: RuleSet, language: Language) -> str:
    """All clauses with their numbers, one a line."""
    return "".join(f"{clause.number} {clause.text}\n" for clause in render(ruleset, language))


def main() -> None:
    for name, profile in PROFILES.items():
        (GOLDEN / f"{name}.json").write_text(f"{profile.canonical_json()}\n", encoding="utf-8")
        for language in LANGUAGES:
            (GOLDEN / f"{name}.{language}.txt").write_text(printed(profile, language), encoding="utf-8")


if __name__ == "__main__":
    main()
