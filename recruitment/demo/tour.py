"""Fourteen recruiting events held in six cities, and a second visit to the first of them still to come."""

import random
from datetime import datetime, timedelta
from decimal import Decimal

from campaigns.events import domain as events
from campaigns.events.models import EventRegistration, RecruitingEvent, University
from campaigns.planning.models import Campaign
from recruitment.demo.clock import at
from recruitment.demo.county import County, days_ago
from recruitment.demo.people import invented_name
from recruitment.demo.words import CITIES


def tour(county: County, campaigns: list[Campaign], draw: random.Random, *, visitors: int) -> list[RecruitingEvent]:
    """All events through their verbs, with about `visitors` registrations each and most of them checked in."""
    stops = [(city, city_en, name, name_en) for city, city_en, schools in CITIES for name, name_en in schools]
    held = []
    for number, (city, city_en, school, school_en) in enumerate(stops, start=1):
        starts_at = days_ago(6 * (len(stops) - number) + 3, 9)
        with at(starts_at - timedelta(days=20)):
            university = events.add_university(
                actor=county.who("events"), name=school, city=city, name_en=school_en, city_en=city_en
            )
        event, seats = _announce(county, campaigns, draw, f"E{number:02d}", university, starts_at, visitors)
        _hold(county, draw, event, seats)
        held.append(event)
    again, _seats = _announce(
        county, campaigns, draw, f"E{len(stops) + 1}", held[0].university, days_ago(-3, 9), visitors, visit="二次"
    )
    return [*held, again]


def _announce(
    county: County,
    campaigns: list[Campaign],
    draw: random.Random,
    code: str,
    university: University,
    starts_at: datetime,
    visitors: int,
    *,
    visit: str = "",
) -> tuple[RecruitingEvent, list[EventRegistration]]:
    """An event planned, approved and published twenty days before, with the people who registered."""
    staff = county.who("events")
    with at(starts_at - timedelta(days=20)):
        event = events.plan_event(
            actor=staff, code=code, name=f"{university.city}站：{university.name}{visit}专场",
            name_en=f"{university.city_en}: {university.name_en}{', second visit' if visit else ''}",
            university=university, unit=county.root, place="大学生活动中心一楼报告厅", starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=4), capacity=max(visitors * 2, 40), campaigns=campaigns,
            budget=Decimal(30_000), description="带岗位表和单位介绍，可当场面谈，扫码签到。",
        )  # fmt: skip
        events.approve_event(actor=county.who("talent"), event=event)
        events.confirm_event(actor=staff, event=event, document=f"{university.name}就业指导中心回函")
        events.publish_event(actor=county.who("talent"), event=event)
        count = draw.randrange(visitors // 2, visitors) + 1
        seats = [_visitor(county, event, draw, f"199{int(code[1:]):02d}{serial:06d}") for serial in range(count)]
    return event, seats


def _hold(county: County, draw: random.Random, event: RecruitingEvent, seats: list[EventRegistration]) -> None:
    """Most of those registered come, the event is recorded as held and its costs are entered."""
    with at(event.starts_at + timedelta(minutes=30)):
        for seat in seats:
            if draw.random() < 0.85:
                events.check_in(actor=county.who("events"), event=event, number_or_token=seat.number)
    with at(event.ends_at):
        events.record_held(actor=county.who("events"), event=event)
        for kind, amount in (("场地", 8_000), ("差旅", 12_500), ("印刷", 1_200)):
            events.record_cost(
                actor=county.who("finance"),
                event=event,
                kind=kind,
                amount=Decimal(amount),
                spent_on=event.ends_at.date(),
            )


def _visitor(county: County, event: RecruitingEvent, draw: random.Random, phone: str) -> EventRegistration:
    return events.register_for_event(
        actor=county.who("events"),
        event=event,
        name=invented_name(draw),
        phone=phone,
        school=event.university.name,
        education_level=draw.choice(["本科", "硕士", "硕士", "博士"]),
    )
