"""What all sections of a rule set share."""

from __future__ import annotations

from datetime import datetime
from decimal import Context, Decimal
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    WithJsonSchema,
    model_validator,
)

from rulebook.explanation import SHANGHAI, RuleError


class Section(BaseModel):
    """One step of a recruitment: its knobs, frozen, with nothing unknown accepted."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)


def _refuse_float(value: object) -> object:
    if isinstance(value, float):
        raise RuleError("ruleset.binary_fraction", value=str(value))
    return value


def canonical_number(value: Decimal) -> str:
    """One spelling for one number, so that 60 and 60.0 give the same digest."""
    return f"{Context(prec=60).add(value.normalize(Context(prec=60)), Decimal(0)):f}"


Number = Annotated[
    Decimal,
    BeforeValidator(_refuse_float),
    PlainSerializer(canonical_number, return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^-?\d+(\.\d+)?$"}),
]


def _in_shanghai(value: datetime) -> datetime:
    return value.astimezone(SHANGHAI) if value.tzinfo else value


Moment = Annotated[datetime, AfterValidator(_in_shanghai)]
Mark = Annotated[Number, Field(ge=0, le=1000)]
Share = Annotated[Number, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=0)]
Positive = Annotated[int, Field(ge=1)]
DayUnit = Literal["working_days", "calendar_days"]

HUNDRED = Decimal(100)


class Rounding(Section):
    """R45: decimals kept, how, and whether after each stage or only in the total."""

    scale: Annotated[int, Field(ge=0, le=6)] = 2
    mode: Literal["half_up", "truncate", "none"] = "half_up"
    stage: Literal["each", "final"] = "each"


class MinimumLine(Section):
    """R46: the least mark for going on, and on which population a relative line is computed."""

    kind: Literal["none", "fixed", "mean_share", "authority"] = "none"
    value: Mark | None = None
    share: Share | None = None
    population: Literal["position", "group", "campaign"] = "position"
    exclude_zero: bool = False

    @model_validator(mode="after")
    def line_is_complete(self) -> Self:
        if self.kind == "fixed" and self.value is None:
            raise RuleError("ruleset.line_value")
        if self.kind == "mean_share" and self.share is None:
            raise RuleError("ruleset.line_share")
        return self
