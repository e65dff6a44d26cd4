"""What is missing, in figures: the words of every refusal for want of posts (quota rules, 5.1)."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from accounts.models import Unit
from campaigns.establishment.queries import Balance, balance_of_unit, reserved_for
from foundation.errors import Refused


def figures(balance: Balance, reserved: Iterable[tuple[str, int]] = ()) -> str:
    """The figures behind a shortage; `reserved` says for what how many are reserved, and how the count is split."""
    parts = [
        _("%(n)s authorised") % {"n": balance.authorised},
        _("%(n)s on board") % {"n": balance.on_board},
    ]
    named = list(reserved)
    for purpose, number in named:
        words = _("%(n)s reserved for “%(purpose)s”") if purpose else _("%(n)s reserved")
        parts.append(words % {"n": number, "purpose": purpose})
    if not named:
        parts.append(_("%(n)s reserved") % {"n": balance.reserved})
    if balance.held:
        parts.append(_("%(n)s held") % {"n": balance.held})
    if balance.committed:
        parts.append(_("%(n)s promised to other channels") % {"n": balance.committed})
    if balance.over:
        parts.append(_("%(n)s people above the authorised number") % {"n": balance.over})
    return _(", ").join(parts)


def refuse_over_staffed(unit: Unit, balance: Balance) -> None:
    """Raises Refused on a unit with more people than posts: it may not hire (Q1)."""
    if balance.over:
        raise Refused(
            _("%(unit)s has %(over)s people above its authorised number and may not hire. Nothing was saved.")
            % {"unit": unit, "over": balance.over},
            code="over_staffed",
        )


def need_available(unit: Unit, slot_type: str, count: int) -> None:
    """Raises Refused with the exact shortage unless F ≥ count; the caller has the unit under lock."""
    balance = balance_of_unit(unit, slot_type)
    if balance.available < count:
        raise Refused(
            _("%(unit)s needs %(count)s, available %(available)s: %(figures)s. Nothing was saved.")
            % {
                "unit": unit,
                "count": count,
                "available": balance.available,
                "figures": figures(balance, reserved_for(unit, slot_type)),
            },
            code="shortage",
        )


def check_count(count: int) -> None:
    """Raises Refused for a number of posts below 1."""
    if count < 1:
        raise Refused(
            _("The number of posts must be at least 1, not %(n)s. Nothing was saved.") % {"n": count}, code="count"
        )
