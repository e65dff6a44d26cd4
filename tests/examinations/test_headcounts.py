"""A headcount is lowered to the posts that are held or used, and never below them."""

import pytest

from campaigns.establishment.models import EstablishedPost
from campaigns.planning import domain
from foundation.errors import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def cut(exam, make_position):
    """A position of three reserved posts, two of them held; `cut(n)` lowers its headcount."""
    position = make_position(headcount_planned=3, headcount_effective=3)
    exam.claim_posts(position, 3)
    held = EstablishedPost.objects.filter(claims__position=position).order_by("pk")[:2]
    EstablishedPost.objects.filter(pk__in=[post.pk for post in held]).update(state="held")

    def call(left):
        freed = domain.cut_headcounts(
            actor=exam.office, campaign=exam.campaign, left={position.pk: left}, document="调1号", reason="计划调整"
        )
        position.refresh_from_db()
        return freed, position.headcount_effective

    return call


def test_the_reserved_post_beyond_goes_back_and_the_held_ones_stay(cut):
    assert cut(2) == (1, 2)
    assert sorted(EstablishedPost.objects.filter(claims__isnull=False).values_list("state", flat=True)) == [
        "held", "held", "permitted",
    ]  # fmt: skip


@pytest.mark.parametrize("left", [0, 1])
def test_below_the_held_posts_it_is_refused_with_the_number_and_nothing_is_saved(cut, left):
    with pytest.raises(Refused) as caught:
        cut(left)
    assert caught.value.code == "below_taken"
    assert "2" in caught.value.message
    assert EstablishedPost.objects.filter(state="reserved").count() == 1
