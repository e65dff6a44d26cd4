"""The score of a bid and how it came about, in the same words for the office and, once told, for the bidder."""

from django.utils.translation import gettext as _

from foundation.language import rule_language
from foundation.ui.components import LedgerLine, LedgerPart
from recruitment.challenges.models import Bid
from recruitment.challenges.queries import is_result_public
from rulebook.explanation import number_text


def score_steps(bid: Bid) -> list[str]:
    """How the score and the place came about, in the reader's language; empty before the award."""
    steps: list[str] = bid.explanation.get(rule_language(), [])
    return steps


def bid_ledger(bid: Bid) -> list[LedgerPart]:
    """The bidder's own score once the notice of the award is out; nothing before."""
    notice = bid.challenge.notice
    if bid.score is None or notice is None or notice.released_at is None or not is_result_public(bid.challenge):
        return []
    lines = [LedgerLine(_("Rank"), str(bid.rank)), LedgerLine(_("Score"), number_text(bid.score))]
    return [LedgerPart(_("Expert review"), lines, score_steps(bid), None, notice.released_at)]
