"""A mark stored exactly as it was computed, on both databases."""

from decimal import Decimal
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

PLACES = 20
SHOWN = Decimal("0.01")


class ExactMarkField(models.DecimalField):  # type: ignore[type-arg]
    """A mark of 0 or more with up to 20 decimals, what the rule book settles a division to.

    SQLite keeps no more than 15 digits of a number, so there it is text of one length, which sorts as the number does.
    A third of a mark that is rounded only in the total would else come back smaller than it was.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs |= {"max_digits": 6 + PLACES, "decimal_places": PLACES}
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        del kwargs["max_digits"], kwargs["decimal_places"]
        return name, path, args, kwargs

    def get_internal_type(self) -> str:
        return "ExactMarkField"  # no DecimalField to SQLite, which would read its text as a binary fraction

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return "text" if connection.vendor == "sqlite" else f"numeric({self.max_digits}, {self.decimal_places})"

    def from_db_value(self, value: Any, *args: Any) -> Decimal | None:
        """The number without the zeros that fill it up, 2 decimals at least."""
        if value is None:
            return None
        number = Decimal(value)
        return number.quantize(SHOWN) if number == number.quantize(SHOWN) else number.normalize()

    def get_db_prep_value(self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False) -> Any:
        if connection.vendor != "sqlite" or value is None or hasattr(value, "as_sql"):
            return super().get_db_prep_value(value, connection, prepared)
        return f"{self.to_python(value):0{7 + PLACES}.{PLACES}f}"
