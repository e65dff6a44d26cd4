"""Questions about a challenge before it closes, answered to everyone at once (C6)."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from accounts.policies import require
from foundation.errors import Refused
from recruitment.candidates.models import Candidate
from recruitment.candidates.policies import is_oneself
from recruitment.challenges.domain.bidding import refuse_unless_window_open
from recruitment.challenges.domain.board import locked
from recruitment.challenges.models import BoardQuestion, Challenge
from recruitment.challenges.notices import tell_of_answer
from recruitment.challenges.policies import may_answer_questions
from rulebook.masking import find_identities

MOST_OPEN = 5
LONGEST = 1000


@transaction.atomic
def ask_question(*, actor: User, challenge: Challenge, candidate: Candidate, text: str) -> BoardQuestion:
    """Put a question while bids are taken, at most LONGEST characters; sent twice, the first one is given back.

    Raises Refused outside the window, for personal data in it, and with MOST_OPEN questions that wait for an answer.
    """
    require(is_oneself, actor, candidate)
    challenge, text = locked(challenge), text.strip()
    refuse_unless_window_open(challenge)
    _check_text(text)
    waiting = list(challenge.questions.filter(candidate=candidate, answered_at=None))
    for earlier in waiting:
        if earlier.text == text:
            return earlier
    if len(waiting) >= MOST_OPEN:
        raise Refused(
            _("%(n)s of your questions wait for an answer; ask again once they have one. Nothing was saved.")
            % {"n": len(waiting)},
            code="too_many",
        )
    question = BoardQuestion.objects.create(challenge=challenge, candidate=candidate, text=text)
    audit.record(actor=actor, action="challenges.ask_question", subject=challenge, after={"question": question.pk})
    return question


def _check_text(text: str) -> None:
    """Raises Refused for what could not be shown to everyone."""
    if not text or len(text) > LONGEST:
        raise Refused(_("Write between 1 and %(most)s characters. Nothing was saved.") % {"most": LONGEST}, code="text")
    for found in find_identities(text):
        raise Refused(
            _("%(found)s looks like personal data, and everyone will read this. Nothing was saved.")
            % {"found": found.masked},
            code="identity",
        )


@transaction.atomic
def answer_question(*, actor: User, question: BoardQuestion, answer: str) -> BoardQuestion:
    """Answer a question; both are on the board from this moment, and the asker and everyone who bids is told.

    An answer never changes. Raises Refused once the window has closed, for then nobody could follow it, for a question
    answered before, and for personal data.
    """
    challenge = locked(question.challenge)
    require(may_answer_questions, actor, challenge)
    refuse_unless_window_open(challenge)
    question = BoardQuestion.objects.select_for_update(of=("self",)).select_related("candidate").get(pk=question.pk)
    if question.answered_at:
        raise Refused(_("This question was answered before. Nothing was saved."), code="decided")
    _check_text(answer.strip())
    question.answer, question.answered_at, question.answered_by = answer.strip(), timezone.now(), actor
    question.save(update_fields=["answer", "answered_at", "answered_by"])
    audit.record(actor=actor, action="challenges.answer_question", subject=challenge, after={"question": question.pk})
    tell_of_answer(challenge, question)
    return question
