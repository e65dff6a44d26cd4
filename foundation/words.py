"""Words that settings hand to libraries, here, so that they are translated with this room's; and sums of money."""

from decimal import Decimal

from django.utils.translation import gettext_lazy

ALL = gettext_lazy("All")


def money(amount: Decimal | int | str | None) -> str:
    """A sum with commas every three digits, its cents only if it has any: 285,000 or 285,000.50; empty for none."""
    return f"{Decimal(amount):,.2f}".removesuffix(".00") if amount not in (None, "") else ""
