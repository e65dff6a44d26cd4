"""The single events of a simulation carried out in the database, each by the verbs an office would use."""

from collections import Counter
from datetime import datetime, timedelta

from campaigns.establishment import domain as establishment
from campaigns.establishment.models import EstablishedPost, Permit
from campaigns.planning import domain as planning
from campaigns.planning.models import Campaign, Position, PositionSlot
from campaigns.planning.queries import rules_of
from recruitment.applications import domain as applications
from recruitment.applications.domain.opening import rechoosing_until
from recruitment.applications.models import Application
from recruitment.appointments import domain as appointments
from recruitment.appointments.models import Appointment
from recruitment.appointments.replacement import outlook
from recruitment.publications import domain as press
from recruitment.publications.models import Publication
from recruitment.reporting.what_if import copy_of
from rulebook import what_if
from tests.applicants import CLOSES, SHANGHAI

NOTICE_OVER = timedelta(days=20)


class Follower:
    """Follows events one after the other. `move_to` sets the clock, which only ever goes forward."""

    def __init__(self, exam, move_to, start):
        self.exam, self.move_to, self.now = exam, move_to, start
        self.gathering = []

    def follow(self, events):
        for event in events:
            if not isinstance(event, what_if.Notice):
                self.put_out_notices()
            DOES[type(event)](self, event)
        self.put_out_notices()

    def until(self, moment):
        self.now = max(self.now, moment)
        self.move_to(self.now, tick=False)

    def campaign(self, code):
        return Campaign.objects.get(code=code)

    def position(self, key):
        campaign, code = key.split()
        return Position.objects.get(campaign__code=campaign, code=code)

    def appointment(self, number):
        application = Application.objects.get(registration_no=number)
        if application.state in ("proposed", "agreed"):
            return appointments.open_appointment(actor=self.exam.office, application=application)
        return Appointment.objects.get(application=application)

    def fail_ratio(self, event):
        """Everyone who applied turns out not to be eligible."""
        for row in self.position(event.position).applications.exclude(state="disqualified"):
            applications.disqualify_application(
                actor=self.exam.office, application=row, reason_code="untrue", reason="材料不实"
            )

    def check_ratio(self, event):
        campaign = self.campaign(event.campaign)
        if event.k is not None:
            self.announce_ratio(campaign, event.k)
        self.until(CLOSES + timedelta(hours=1))
        told = {
            "actor": self.exam.office,
            "document": "开1号",
            "reason": "未达到开考比例",
        }
        Campaign.objects.filter(pk=campaign.pk).update(registration_extended_at=CLOSES if event.extended else None)
        applications.check_opening_ratio(campaign=campaign, **told)
        if hours := rechoosing_until(campaign):
            self.until(hours)
            applications.check_opening_ratio(campaign=campaign, **told)

    def announce_ratio(self, campaign, k):
        """The amendment that lowers or raises the ratio, in force by its own announcement."""
        office = {"actor": self.exam.office, "campaign": campaign}
        if rules_of(campaign).opening_ratio.k == k:
            return
        planning.amend_rules(**office, changes={"opening_ratio": {"k": k}}, reason="报名人数少")
        draft = planning.draft_announcement(**office, title="变更公告", body="开考比例调整。", reason="报名人数少")
        planning.approve_announcement(actor=self.exam.second, announcement=draft)
        planning.publish_amendment(actor=self.exam.second, campaign=campaign)

    def cancel(self, event):
        self.cut(what_if.CutPosition(event.position, 0))

    def cut(self, event):
        row = self.position(event.position)
        planning.cut_headcounts(
            actor=self.exam.office, campaign=row.campaign, left={row.pk: event.to}, document="调1号", reason="计划调整"
        )

    def void(self, event):
        planning.void_campaign(actor=self.exam.office, campaign=self.campaign(event.campaign), reason="停止招聘")

    def drop(self, event):
        row = self.appointment(event.person)
        end = {"actor": self.exam.office, "appointment": row, "document": "声明", "reason": "本人放弃"}
        if event.reason == "objection":
            objection = appointments.raise_objection(actor=self.exam.office, appointment=row, summary="学历存疑")
            appointments.decide_objection(
                actor=self.exam.office, objection=objection, is_upheld=True, decision="证书系伪造"
            )
        elif event.reason == "withdrew":
            appointments.end_appointment(**end, reason_code="withdrew")
        else:
            kind = "medical" if row.state == "opened" else "inspection"
            self.exam.check(row, kind, event.reason)
        self.settle(row)

    def settle(self, place):
        """What the rules say to the empty place, asked of the database."""
        place.refresh_from_db()
        answer = outlook(place)
        if answer.called is not None:
            appointments.call_replacement(actor=self.exam.office, place=place, application=answer.called)
        elif not answer.tied:
            appointments.leave_place_empty(actor=self.exam.office, place=place, document="决1号")

    def notice(self, event):
        row = self.appointment(event.person)
        for state, kind in (("opened", "medical"), ("medical_passed", "inspection")):
            if row.state == state:
                self.exam.check(row, kind)
        self.gathering.append(row)

    def put_out_notices(self):
        """One list for each campaign with people who passed; it replaces the list that stands, as the office does."""
        for campaign in sorted({row.position.campaign_id for row in self.gathering}):
            campaign = Campaign.objects.get(pk=campaign)
            self.exam.put_out(appointments.prepare_notice(actor=self.exam.office, campaign=campaign))
        self.gathering = []

    def enter(self, event):
        row = self.appointment(event.person)
        if row.state == "noticed":
            self.until(row.notice.released_at + NOTICE_OVER)
            appointments.approve_appointment(actor=self.exam.second, appointment=row, approval_number="批1号")
        appointments.enter_post(actor=self.exam.posts, appointment=row, ledger_number=f"SM{row.pk}")

    def leave(self, event):
        appointments.end_appointment(
            actor=self.exam.posts, appointment=self.appointment(event.person), reason_code="left_post", reason="辞职",
            document="辞1号",
        )  # fmt: skip

    def exit(self, event):
        post = EstablishedPost.objects.get(code=event.slot)
        if person := post.appointments.exclude(state="ended").first():
            self.leave(what_if.Leave(person.application.registration_no))
        else:
            establishment.vacate_post(
                actor=self.exam.posts, post=post, reason_code="retired", reason="退休", document="退1号"
            )

    def permit(self, event):
        permit = Permit.objects.get(number=event.permit)
        day = permit.expires_on + timedelta(days=1)
        self.until(datetime(day.year, day.month, day.day, 3, tzinfo=SHANGHAI))
        establishment.expire_permits(actor=self.exam.posts, on=day)

    def withdraw_notice(self, event):
        for row in Publication.objects.filter(campaign__code=event.campaign, kind="proposed_hires", state="released"):
            press.withdraw(actor=self.exam.second, publication=row, reason="名单有误")


DOES = {
    what_if.FailRatio: Follower.fail_ratio,
    what_if.CheckRatio: Follower.check_ratio,
    what_if.CancelPosition: Follower.cancel,
    what_if.CutPosition: Follower.cut,
    what_if.VoidCampaign: Follower.void,
    what_if.Drop: Follower.drop,
    what_if.Notice: Follower.notice,
    what_if.Enter: Follower.enter,
    what_if.Leave: Follower.leave,
    what_if.ExitHappens: Follower.exit,
    what_if.PermitExpires: Follower.permit,
    what_if.WithdrawNotice: Follower.withdraw_notice,
}


def real_end(programme):
    """The end state read from the tables, not through the copy: posts one by one, and the sums leaders ask for."""
    claims = dict(PositionSlot.objects.filter(released_at=None).values_list("post_id", "position_id"))
    positions = {row.pk: row for row in Position.objects.select_related("campaign").exclude(state="draft")}
    people = dict(
        Appointment.objects.exclude(state="ended").filter(post__isnull=False)
        .values_list("post_id", "application__registration_no")
    )  # fmt: skip
    posts, units, tracks, filled = {}, Counter(), Counter(), Counter()
    for post in EstablishedPost.objects.filter(envelope=programme.envelope).select_related("unit", "permit"):
        claimed = positions.get(claims.get(post.pk))
        unit, permit = post.unit.code if post.unit else "", post.permit.number if post.permit else ""
        key = f"{claimed.campaign.code} {claimed.code}" if claimed else ""
        posts[post.code] = (unit, post.state, key, people.get(post.pk, ""), permit, post.is_pool)
        units[(unit, post.state)] += 1
        tracks[(claimed.campaign.track if claimed else "", post.state)] += 1
        filled[key] += 1
    heads = {
        f"{row.campaign.code} {row.code}": (row.headcount_effective, row.state == "cancelled")
        for row in positions.values()
    }
    living = Appointment.objects.filter(position__campaign__programme=programme).exclude(state="ended")
    return {
        "posts": posts,
        "units": units,
        "tracks": tracks,
        "positions": heads,
        "empty": {key: effective - filled[key] for key, (effective, _gone) in heads.items()},
        "hires": living.filter(state__in=("on_post", "confirmed")).count(),
        "under way": living.exclude(state__in=("on_post", "confirmed")).count(),
    }


def simulated_end(outcome):
    """The same of a simulation."""
    after = outcome.after
    track_of = {row.key: row.track for row in after.campaigns}
    track = {row.key: track_of[row.campaign] for row in after.positions}
    filled = Counter(slot.position for slot in after.slots)
    return {
        "posts": {
            slot.key: (slot.unit, str(slot.state), slot.position, slot.person, slot.permit, slot.is_pool)
            for slot in after.slots
        },
        "units": Counter((slot.unit, str(slot.state)) for slot in after.slots),
        "tracks": Counter((track.get(slot.position, ""), str(slot.state)) for slot in after.slots),
        "positions": {row.key: (row.effective, row.is_cancelled) for row in after.positions},
        "empty": {row.key: row.effective - filled[row.key] for row in after.positions},
        "hires": sum(row.place == "on_post" for row in after.people),
        "under way": sum(row.place in ("medical", "inspection", "notice", "after") for row in after.people),
    }


def standing(situation):
    """Where every person stands, the replacements used, the exits to come: what the next scenario starts from."""
    people = {row.key: (row.position, row.place) for row in situation.people if row.place != "gone"}
    return people, dict(situation.rounds), {row.slot: row.lent for row in situation.exits}


def both_ways(programme, follower, events):
    """Play the events on the copy, carry out those it carried out, and hold the two ends together; the outcome."""
    outcome = what_if.simulate(copy_of(programme).situation, events)
    follower.follow(outcome.events)
    simulated, real = simulated_end(outcome), real_end(programme)
    for part, found in real.items():
        assert simulated[part] == found, (part, _differences(simulated[part], found))
    assert standing(outcome.after) == standing(copy_of(programme).situation)
    return outcome


def _differences(simulated, real):
    if not isinstance(real, dict):
        return simulated, real
    return {
        key: (simulated.get(key), real.get(key)) for key in {**simulated, **real} if simulated.get(key) != real.get(key)
    }
