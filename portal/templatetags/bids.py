"""A person's bids on their start page, so that the page need not know of challenges."""

from collections.abc import Mapping
from typing import Any

from django import template

from portal.views.bids import bid_pill
from recruitment.challenges.queries import bids_of

register = template.Library()


@register.inclusion_tag("portal/bids/_cards.html", takes_context=True)
def my_bids(context: Mapping[str, Any]) -> dict[str, Any]:
    """Cards of the bids of the signed-in candidate; nothing for those without any."""
    candidate = getattr(context["request"], "candidate", None)
    rows = bids_of(candidate.pk) if candidate is not None else []
    return {"rows": [(bid, bid_pill(bid)) for bid in rows]}
