"""Fourteen recruiting events in six cities: thirteen held, one to come."""

import random
from datetime import datetime, timedelta
from decimal import Decimal

from campaigns.events import domain as events
from campaigns.events.models import EventRegistration, RecruitingEvent
from campaigns.planning.models import Campaign
from recruitment.demo.clock import at
from recruitment.demo.county import County, days_ago
from recruitment.demo.people import invented_name
from recruitment.demo.words import CITIES


def tour(county: County, campaigns: list[Campaign], draw: random.Random, *, visitors: int) -> list[RecruitingEvent]:
    """All events through their verbs, with about `visitors` registrations each and most of them checked in."""
    stops = [(city, city_en, name, name_en) for city, city_en, schools in CITIES for name, name_en in schools]
    return [
        _stop(county, campaigns, draw, number, stop, days_ago(6 * (len(stops) - number) - 3, 9), visitors)
        for number, stop in enumerate(stops, start=1)
    ]


def _stop(
    county: County,
    campaigns: list[Campaign],
    draw: random.Random,
    number: int,
    stop: tuple[str, str, str, str],
    starts_at: datetime,
    visitors: int,
) -> RecruitingEvent:
    city, city_en, school, school_en = stop
    staff, second = county.who("events"), county.who("talent")
    ends_at = starts_at + timedelta(hours=4)
    with at(starts_at - timedelta(days=20)):
        university = events.add_university(actor=staff, name=school, city=city, name_en=school_en, city_en=city_en)
        event = events.plan_event(
            actor=staff, code=f"E{number:02d}", name=f"{city}站：{school}专场", name_en=f"{city_en}: {school_en}",
            university=university, unit=county.root, place="大学生活动中心一楼报告厅", starts_at=starts_at,
            ends_at=ends_at, capacity=max(visitors * 2, 40), campaigns=campaigns, budget=Decimal(30_000),
            description="带岗位表和单位介绍，可当场面谈，扫码签到。",
        )  # fmt: skip
        events.approve_event(actor=second, event=event)
        events.publish_event(actor=second, event=event)
        seats = [
            _visitor(county, event, draw, f"199{number:02d}{serial:06d}")
            for serial in range(draw.randrange(visitors // 2, visitors) + 1)
        ]
    if ends_at <= days_ago(0, 0):
        with at(starts_at + timedelta(minutes=30)):
            for seat in seats:
                if draw.random() < 0.85:
                    events.check_in(actor=staff, event=event, number_or_token=seat.number)
        with at(ends_at):
            events.record_held(actor=staff, event=event)
            for kind, amount in (("场地", 8_000), ("差旅", 12_500), ("印刷", 1_200)):
                events.record_cost(
                    actor=county.who("finance"), event=event, kind=kind, amount=Decimal(amount), spent_on=ends_at.date()
                )
    return event


def _visitor(county: County, event: RecruitingEvent, draw: random.Random, phone: str) -> EventRegistration:
    return events.register_for_event(
        actor=county.who("events"),
        event=event,
        name=invented_name(draw),
        phone=phone,
        school=event.university.name,
        education_level=draw.choice(["本科", "硕士", "硕士", "博士"]),
    )
