"""Registration numbers: 12 digits, the year first, the rest drawn at random, so that none can be guessed from another.

They start with the last two digits of the year, so they are never mistaken for a mobile number before the year 2100,
and they are too short to be an ID number.
"""

import secrets

from django.utils import timezone

from recruitment.applications.models import Application

DIGITS = 10
BATCH = 1000


def new_registration_numbers(count: int) -> list[str]:
    """`count` numbers that no application has."""
    year = f"{timezone.localtime():%y}"
    found: set[str] = set()
    while missing := count - len(found):
        drawn = {f"{year}{secrets.randbelow(10**DIGITS):0{DIGITS}d}" for _ in range(min(missing, BATCH))} - found
        taken = set(Application.objects.filter(registration_no__in=drawn).values_list("registration_no", flat=True))
        found |= drawn - taken
    return sorted(found)
