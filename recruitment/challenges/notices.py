"""What the lead of a bid is told, by e-mail if they have one, else by text message, in the site's language."""

from collections.abc import Iterable

from django.conf import settings
from django.db.models import Q
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from foundation.dates import moment
from foundation.messages.domain import send_message
from foundation.messages.models import Channel
from recruitment.challenges.enums import BidState
from recruitment.challenges.models import Bid, BoardQuestion, Challenge

# Kind → sentence; `number`, `title`, `when`, `digest`, `reason` and `site` fill it. Never a name, a plan or a quote.
TEXTS: dict[str, Promise] = {
    "submitted": gettext_lazy(
        "Your bid %(number)s for “%(title)s” was received on %(when)s and is sealed. Its digest is %(digest)s. "
        "Until the close you can replace it or take it back: %(site)s"
    ),
    "replaced": gettext_lazy(
        "Your bid %(number)s for “%(title)s” was replaced on %(when)s and is sealed. "
        "Its digest is now %(digest)s. %(site)s"
    ),
    "withdrawn": gettext_lazy("Your bid %(number)s for “%(title)s” is withdrawn."),
    "opened": gettext_lazy(
        "The bids for “%(title)s” have been opened together. Yours, %(number)s, is as you handed it in. "
        "The formal check is next: %(site)s"
    ),
    "returned": gettext_lazy(
        "Your bid %(number)s for “%(title)s” must be completed: %(reason)s You can do this once: %(site)s"
    ),
    "accepted": gettext_lazy(
        "Your bid %(number)s for “%(title)s” has passed the formal check and goes to the experts."
    ),
    "refused": gettext_lazy("Your bid %(number)s for “%(title)s” has not passed the formal check: %(reason)s %(site)s"),
    "failed": gettext_lazy(
        "Board “%(title)s” has ended without an award: %(reason)s Your bid was %(number)s. %(site)s"
    ),
    "decided": gettext_lazy("The award of “%(title)s” is under public notice. Your bid was %(number)s: %(site)s"),
    "answered": gettext_lazy(
        "A question about “%(title)s” has been answered; everyone can read it on the board: %(site)s"
    ),
}


def tell(bid: Bid, kind: str, reason: str = "") -> None:
    """Write the message of `kind` in the transaction of the verb; leads without an address read it on the portal."""
    with translation.override(settings.LANGUAGE_CODE):
        body = str(TEXTS[kind]) % {
            "number": bid.number, "title": bid.challenge.title,
            "when": moment(bid.submitted_at, "s"),
            "digest": bid.digest[:16], "reason": reason or bid.reason, "site": settings.SITE_URL,
        }  # fmt: skip
        subject = _("Bid %(number)s") % {"number": bid.number}
    _send(bid.candidate.user, kind, subject, body)


def tell_of_answer(challenge: Challenge, question: BoardQuestion) -> None:
    """The one who asked and the leads of all bids that stand learn at the same moment that there is an answer."""
    with translation.override(settings.LANGUAGE_CODE):
        body = str(TEXTS["answered"]) % {"title": challenge.title, "site": settings.SITE_URL}
        subject = _("Board %(code)s") % {"code": challenge.code}
    leads = challenge.bids.filter(state=BidState.SUBMITTED).values("candidate__user")
    for user in User.objects.filter(Q(pk__in=leads) | Q(pk=question.candidate.user_id)).order_by("pk"):
        _send(user, "answered", subject, body)


def _send(user: User | None, kind: str, subject: str, body: str) -> None:
    if user is None or not (user.email or user.phone):
        return
    send_message(
        recipient=user,
        channel=Channel.EMAIL if user.email else Channel.SMS,
        address=user.email or user.phone,
        kind=f"bid.{kind}",
        subject=subject,
        body=body,
    )


def tell_all(bids: Iterable[Bid], kind: str, reason: str = "") -> None:
    """The same message to the leads of several bids, selected with `candidate__user` and `challenge`."""
    for bid in bids:
        tell(bid, kind, reason)
