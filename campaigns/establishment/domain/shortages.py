"""What is missing, in figures: the words of every refusal for want of posts (quota rules, 5.1)."""

from collections.abc import Iterable, Mapping
from datetime import date

from django.db.models import Count, Max
from django.utils.translation import gettext as _

from accounts.models import Unit
from campaigns.establishment.queries import Balance, Part, balance_of_unit, balances, permitted_now, reserved_for
from campaigns.establishment.queries.balances import NOTHING
from foundation.errors import Refused
from foundation.language import rule_language
from rulebook.slots import PermitState, check_publication


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
                "figures": figures(balance, reserved_for([unit.pk], slot_type).get(unit.pk, ())),
            },
            code="shortage",
        )


def shortages_of(needs: Mapping[Unit, int], slot_type: str, on: date) -> dict[int, str]:
    """Unit id → why a publication of so many posts would be refused (Q1), in its full figures; nothing where it is not.

    Three queries for any number of units. The caller that is about to reserve has the units under lock.
    """
    keys = [unit.pk for unit in needs]
    counted = permitted_now(keys, slot_type, on).order_by().values_list("unit_id")
    permits = {
        unit: PermitState(number, last)
        for unit, number, last in counted.annotate(number=Count("pk"), last=Max("permit__expires_on"))
    }
    found = balances(Part(ids=keys), slot_type=slot_type)
    missing = {}
    for unit, count in needs.items():
        check = check_publication(found.get(unit.pk, NOTHING).counts, count, permits.get(unit.pk), on)
        if not check.allowed:
            missing[unit] = check
    reserved = reserved_for([unit.pk for unit in missing], slot_type) if missing else {}
    language = rule_language()
    return {
        unit.pk: _("%(unit)s needs %(count)s, available %(available)s: %(figures)s. %(reasons)s")
        % {
            "unit": unit,
            "count": needs[unit],
            "available": min(check.available, permits[unit.pk].remaining if unit.pk in permits else 0),
            "figures": figures(found.get(unit.pk, NOTHING), reserved.get(unit.pk, ())),
            "reasons": " ".join(reason.text(language) for reason in check.reasons),
        }
        for unit, check in missing.items()
    }


def check_count(count: int) -> None:
    """Raises Refused for a number of posts below 1."""
    if count < 1:
        raise Refused(
            _("The number of posts must be at least 1, not %(n)s. Nothing was saved.") % {"n": count}, code="count"
        )
