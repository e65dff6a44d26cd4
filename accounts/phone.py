"""Mobile phone numbers in one form: +8613800138001."""

import re

from django.utils.translation import gettext as _

from foundation.errors import Refused
from foundation.fields import blind_index

_FULL_WIDTH = str.maketrans("０１２３４５６７８９＋", "0123456789+")
_CHINESE_MOBILE = re.compile(r"\+861[3-9]\d{9}")
_FOREIGN = re.compile(r"\+(?!86)[1-9]\d{6,14}")


def normal_phone(text: str) -> str:
    """`text` as + country code and digits, +86 where none is given; blanks, hyphens and full-width digits are allowed.

    Raises Refused "… is not a mobile phone number" with an example of what would be right.
    """
    digits = re.sub(r"[\s\-()]", "", text.translate(_FULL_WIDTH))
    if digits.startswith("00"):
        digits = f"+{digits[2:]}"
    if not digits.startswith("+"):
        digits = f"+{digits}" if re.fullmatch(r"861[3-9]\d{9}", digits) else f"+86{digits}"
    if not (_CHINESE_MOBILE.fullmatch(digits) or _FOREIGN.fullmatch(digits)):
        raise Refused(_("This is not a mobile phone number, for example 13800138000."), code="not_a_phone")
    return digits


def phone_index(number: str) -> str:
    """The blind index under which the normal form `number` is found."""
    return blind_index(f"phone:{number}")


def masked_phone(number: str) -> str:
    """138****8001 of +8613800138001; other countries keep their last four digits."""
    local = number.removeprefix("+86")
    return f"{local[:3]}****{local[-4:]}" if local else ""
