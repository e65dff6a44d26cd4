"""What is known of a person when conditions are judged; None or "" where it is not known."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from rulebook.conditions.model import Degree, Frozen, Group, Level, PartyStatus, Sex, TitleLevel

Month = Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]


class Schooling(Frozen):
    """One completed or current stage of education.

    `major_code` as in the national catalogues: 6 digits, letters after them do not matter. `second_major` marks a minor
    or second degree. `finished_on` and `degree_on` are the dates on the certificates, or those expected.
    """

    level: Level
    degree: Degree | None = None
    major: str = ""
    major_code: str = ""
    second_major: bool = False
    self_set_major: bool = False
    full_time: bool | None = None
    kind: Literal["regular", "adult", "self_taught", "open", "overseas"] | None = None
    finished_on: date | None = None
    degree_on: date | None = None


class WorkPeriod(Frozen):
    """Work from one month to another, both included; `end` None while it goes on."""

    start: Month
    end: Month | None = None
    kind: Literal["job", "internship", "study"] = "job"
    grassroots: bool | None = None
    field: str = ""
    established: bool | None = None


class Title(Frozen):
    level: TitleLevel
    series: str = ""


class Profile(Frozen):
    """A candidate's facts. `ever_placed`: has once had an employer since graduating (落实过工作单位)."""

    birth_date: date | None = None
    sex: Sex | None = None
    party: PartyStatus | None = None
    democratic_party: str = ""
    schooling: tuple[Schooling, ...] = ()
    works: tuple[WorkPeriod, ...] | None = None
    employed_now: bool | None = None
    ever_placed: bool | None = None
    ever_established: bool | None = None
    certificates: tuple[str, ...] | None = None
    titles: tuple[Title, ...] | None = None
    household: str = ""
    origin: str = ""
    groups: tuple[Group, ...] | None = None
