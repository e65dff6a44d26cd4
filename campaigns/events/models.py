"""Universities, recruiting events, registrations with a seat each, costs."""

import secrets
import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.phone import masked_phone
from campaigns.events.enums import EventState, RegistrationState
from foundation.fields import EncryptedTextField


def in_english(english: str, chinese: str) -> str:
    """The English text for readers in English if there is one, else the Chinese."""
    return english if english and (get_language() or "").startswith("en") else chinese


class University(models.Model):
    """A university the county recruits at."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    name_en = models.CharField(_("English name"), max_length=160, blank=True)
    city = models.CharField(_("city"), max_length=40)
    city_en = models.CharField(_("city in English"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("university")
        verbose_name_plural = _("universities")
        ordering = ["city", "name"]

    def __str__(self) -> str:
        return self.name

    @property
    def title(self) -> str:
        """The name in the reader's language."""
        return in_english(self.name_en, self.name)

    @property
    def town(self) -> str:
        """The city in the reader's language."""
        return in_english(self.city_en, self.city)


class RecruitingEvent(models.Model):
    """A recruiting event at a university (校园引才活动) for one or more campaigns, with a fixed number of seats.

    `postponed_from` is the start before a postponement; if `starts_at` is still the same, no new date is set.
    `revision` and `changed_at` tell calendars which copy is the newer.
    """

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=200)
    name_en = models.CharField(_("English name"), max_length=200, blank=True)
    university = models.ForeignKey(University, on_delete=models.PROTECT, related_name="events")
    place = models.CharField(_("place"), max_length=200)
    starts_at = models.DateTimeField(_("starts at"))
    ends_at = models.DateTimeField(_("ends at"))
    registration_opens_at = models.DateTimeField(_("registration opens at"), null=True, blank=True)
    registration_closes_at = models.DateTimeField(_("registration closes at"), null=True, blank=True)
    capacity = models.PositiveIntegerField(_("seats"))
    unit = models.ForeignKey("accounts.Unit", on_delete=models.PROTECT, related_name="events")
    campaigns = models.ManyToManyField("planning.Campaign", blank=True, related_name="events")
    budget = models.DecimalField(_("budget, yuan"), max_digits=12, decimal_places=2, default=0)
    description = models.TextField(_("description"), blank=True)
    state = models.CharField(_("state"), max_length=10, choices=EventState, default=EventState.PLANNED)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    held_at = models.DateTimeField(_("recorded as held at"), null=True, blank=True)
    notice = models.TextField(_("notice of a change"), blank=True)
    confirmed_at = models.DateTimeField(_("place and time confirmed at"), null=True, blank=True)
    confirmation = models.CharField(_("confirmation of the university"), max_length=200, blank=True)
    postponed_from = models.DateTimeField(_("postponed from"), null=True, blank=True)
    revision = models.PositiveIntegerField(default=0, editable=False)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)
    calendar_uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        verbose_name = _("recruiting event")
        verbose_name_plural = _("recruiting events")
        ordering = ["starts_at"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="event_times_in_order"),
            models.CheckConstraint(condition=Q(capacity__gt=0), name="event_has_seats"),
            models.CheckConstraint(
                condition=Q(registration_closes_at=None) | Q(registration_closes_at__lte=F("ends_at")),
                name="event_registration_ends_with_it",
            ),
            models.CheckConstraint(
                condition=Q(registration_opens_at=None)
                | Q(registration_opens_at__lt=Coalesce("registration_closes_at", "ends_at")),
                name="event_registration_in_order",
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("created_by")), name="event_needs_two_persons"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def title(self) -> str:
        """The name in the reader's language."""
        return in_english(self.name_en, self.name)

    @property
    def has_date(self) -> bool:
        """False for an event that was postponed and has no new date yet."""
        return self.postponed_from != self.starts_at


def new_token() -> str:
    return secrets.token_urlsafe(16)


class EventRegistration(models.Model):
    """A person's seat at an event. Seats are numbered 1 to capacity and unique, so none can be sold twice."""

    event = models.ForeignKey(RecruitingEvent, on_delete=models.PROTECT, related_name="registrations")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="event_registrations"
    )
    seat = models.PositiveIntegerField(_("seat"), null=True, blank=True)
    number = models.CharField(_("number"), max_length=12, unique=True)
    token = models.CharField(max_length=40, unique=True, default=new_token, editable=False)
    name = models.CharField(_("name"), max_length=60)
    phone = EncryptedTextField(_("mobile phone"))
    phone_index = models.CharField(max_length=64, editable=False)
    school = models.CharField(_("school"), max_length=120, blank=True)
    education_level = models.CharField(_("education"), max_length=20, blank=True)
    major = models.CharField(_("major"), max_length=120, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=RegistrationState, default=RegistrationState.REGISTERED)
    registered_at = models.DateTimeField(_("registered at"), default=timezone.now)
    checked_in_at = models.DateTimeField(_("checked in at"), null=True, blank=True)
    checked_in_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("event registration")
        verbose_name_plural = _("event registrations")
        ordering = ["event", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "seat"], condition=Q(state="registered"), name="event_seat_sold_once"
            ),
            models.UniqueConstraint(
                fields=["event", "phone_index"], condition=Q(state="registered"), name="event_person_registers_once"
            ),
            models.CheckConstraint(
                condition=~Q(state="registered") | Q(seat__isnull=False), name="event_registration_has_seat"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def masked(self) -> str:
        """The telephone number as lists show it."""
        return masked_phone(self.phone)


class EventCost(models.Model):
    """Money spent on an event, in yuan."""

    event = models.ForeignKey(RecruitingEvent, on_delete=models.PROTECT, related_name="costs")
    kind = models.CharField(_("kind"), max_length=60)
    amount = models.DecimalField(_("amount, yuan"), max_digits=12, decimal_places=2)
    spent_on = models.DateField(_("spent on"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("event cost")
        verbose_name_plural = _("event costs")
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="event_cost_positive")]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount}"
