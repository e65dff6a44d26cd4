"""The conditions of a position as typed values, each with the printed text it was read from (R05–R13)."""

from __future__ import annotations

import marshal
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

Level = Literal["secondary", "college", "bachelor", "master", "doctor"]
Degree = Literal["bachelor", "master", "doctor"]
MajorLevel = Literal["college", "bachelor", "graduate", "any"]
Sex = Literal["male", "female"]
PartyStatus = Literal["member", "league", "none", "democratic"]
TitleLevel = Literal["junior", "intermediate", "associate", "senior"]
AgeGroup = Literal[
    "bachelor", "master", "doctor", "junior", "intermediate", "associate", "senior", "veteran", "service_project"
]
Group = Literal["service_project", "veteran", "graduate_veteran", "resettled_veteran", "disabled", "military_family"]
Matter = Literal["relatives", "abroad", "health", "courses", "disability"]

LEVELS: tuple[Level, ...] = get_args(Level)
DEGREES: tuple[Degree, ...] = get_args(Degree)
TITLES: tuple[TitleLevel, ...] = get_args(TitleLevel)


class Frozen(BaseModel):
    """A value that never changes and accepts nothing unknown."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Source(Frozen):
    """Where a condition was printed: the table's column and the words as printed."""

    column: str
    text: str


class AgeBand(Frozen):
    """A more favourable upper limit for some (R07): who is in any of `any_of`, and fresh or full-time if so marked.

    `oldest` None means no upper limit. `unclear` holds words of the description that were not understood.
    """

    oldest: int | None
    born_from: date | None = None
    any_of: tuple[AgeGroup, ...] = ()
    fresh: bool = False
    full_time: bool = False
    unclear: str = ""


class AgeCondition(Frozen):
    """Completed years as printed, and the explicit bounds of the birth date, both inclusive (R05).

    The bounds are None until a reference date and a reading are given; printed birth dates set them at once.
    """

    kind: Literal["age"] = "age"
    source: Source
    youngest: int | None = None
    oldest: int | None = None
    born_from: date | None = None
    born_to: date | None = None
    bands: tuple[AgeBand, ...] = ()


class EducationCondition(Frozen):
    """The education levels accepted; "及以上" is spelled out as all levels from the least one up (R08)."""

    kind: Literal["education"] = "education"
    source: Source
    levels: tuple[Level, ...]
    full_time: bool = False


class DegreeCondition(Frozen):
    """The degrees accepted; `matching` asks for the degree that belongs to the education used (与学历相对应的学位)."""

    kind: Literal["degree"] = "degree"
    source: Source
    degrees: tuple[Degree, ...] = ()
    matching: bool = False


class SchoolCondition(Frozen):
    """Education from a regular institution (普通高等学校): the one used, the bachelor stage, or every stage."""

    kind: Literal["school"] = "school"
    source: Source
    stage: Literal["used", "bachelor", "every"] = "used"
    levels: tuple[Level, ...] = ()
    degrees: tuple[Degree, ...] = ()


class MajorItem(Frozen):
    """One accepted entry (R09): a category (2 digits), a class (4), an exact major (6), or a name without a code.

    `only` narrows a class to majors of these names (仅限…).
    """

    name: str
    code: str = ""
    match: Literal["category", "class", "exact", "name"]
    only: tuple[str, ...] = ()


class MajorGroup(Frozen):
    """The entries for one education level; `unrestricted` where the level takes any major."""

    level: MajorLevel
    items: tuple[MajorItem, ...] = ()
    unrestricted: bool = False


class MajorCondition(Frozen):
    kind: Literal["major"] = "major"
    source: Source
    groups: tuple[MajorGroup, ...]


class MainMajorCondition(Frozen):
    """Only with the main major of the degree, not with a second one (限主修专业报考)."""

    kind: Literal["main_major"] = "main_major"
    source: Source


class SexCondition(Frozen):
    """`advisory` where the table only says for whom the work is suited (适合男性)."""

    kind: Literal["sex"] = "sex"
    source: Source
    sex: Sex
    advisory: bool = False


class PartyCondition(Frozen):
    kind: Literal["party"] = "party"
    source: Source
    allowed: tuple[PartyStatus, ...]


class DemocraticPartyCondition(Frozen):
    """Members of a democratic party may apply only if theirs is among `parties`."""

    kind: Literal["democratic_party"] = "democratic_party"
    source: Source
    parties: tuple[str, ...]


class FreshCondition(Frozen):
    """Only fresh graduates, by the announcement's definition (R11); `years` where the table prints them."""

    kind: Literal["fresh"] = "fresh"
    source: Source
    years: tuple[int, ...] = ()


class WorkCondition(Frozen):
    """Months of work (R13); `field` is "" for any work, "grassroots", or the printed kind of work."""

    kind: Literal["work"] = "work"
    source: Source
    months: int
    field: str = ""


class CertificateCondition(Frozen):
    """One of these certificates, named as printed."""

    kind: Literal["certificate"] = "certificate"
    source: Source
    any_of: tuple[str, ...]


class TitleCondition(Frozen):
    """A professional title of at least this level; `series` as printed, "" for any."""

    kind: Literal["title"] = "title"
    source: Source
    least: TitleLevel
    series: str = ""


class HouseholdCondition(Frozen):
    """Registered household in one of these places; `origin_counts` where the place of origin (生源) serves too."""

    kind: Literal["household"] = "household"
    source: Source
    places: tuple[str, ...]
    origin_counts: bool = False


class GroupCondition(Frozen):
    """Only people of one of these groups."""

    kind: Literal["group"] = "group"
    source: Source
    any_of: tuple[Group, ...]


class DeclarationCondition(Frozen):
    """Something only the candidate can declare and a person must judge; `matter` says what it is about."""

    kind: Literal["declaration"] = "declaration"
    source: Source
    matter: Matter


Condition = Annotated[
    AgeCondition
    | EducationCondition
    | DegreeCondition
    | SchoolCondition
    | MajorCondition
    | MainMajorCondition
    | SexCondition
    | PartyCondition
    | DemocraticPartyCondition
    | FreshCondition
    | WorkCondition
    | CertificateCondition
    | TitleCondition
    | HouseholdCondition
    | GroupCondition
    | DeclarationCondition,
    Field(discriminator="kind"),
]


class Information(Frozen):
    """Printed words that set no condition: a telephone number, a place of work, what the work is."""

    source: Source
    about: Literal["phone", "place", "duty", "service", "other"]


class PositionConditions(Frozen):
    """Everything the condition columns of one position say; nothing printed is lost.

    `not_understood` becomes a clause for a person. `to_json` gives plain values for a JSON column, `from_json` reads
    them back and raises pydantic.ValidationError where they are not of this shape.
    """

    version: Literal[1] = 1
    conditions: tuple[Condition, ...] = ()
    information: tuple[Information, ...] = ()
    not_understood: tuple[Source, ...] = ()

    def to_json(self) -> dict[str, Any]:
        rest = self.model_dump(mode="json", exclude={"conditions"})
        return rest | {"conditions": [_short(condition) for condition in self.conditions]}

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Self:
        whole = cls.model_validate({**document, "conditions": ()})
        # The key is the condition's whole content: equal content is one object, however many positions print it.
        read = tuple(_condition(marshal.dumps(one, 2)) for one in document.get("conditions", ()))
        return whole.model_copy(update={"conditions": read})

    @property
    def structured(self) -> Literal["fully", "partly", "free"]:
        """fully: every printed word was read; partly: some; free: none of the printed words."""
        if not self.not_understood:
            return "fully"
        return "partly" if self.conditions else "free"

    @property
    def needs_person(self) -> bool:
        """Whether something stands here that no machine can judge for anybody: unread words, or a declaration."""
        return bool(self.not_understood) or any(condition.kind == "declaration" for condition in self.conditions)


_CONDITION: TypeAdapter[Condition] = TypeAdapter(Condition)


def _short(condition: Condition) -> dict[str, Any]:
    """Plain values without defaults, but with the kind that tells how to read them back."""
    return {"kind": condition.kind, **condition.model_dump(mode="json", exclude_defaults=True)}


@lru_cache(maxsize=16_384)
def _condition(packed: bytes) -> Condition:
    return _CONDITION.validate_python(marshal.loads(packed), strict=False)  # noqa: S302 - packed by the caller above
