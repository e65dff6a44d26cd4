"""Forms of the office. They hint; the verbs decide."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit, User
from accounts.queries import units_in_scope
from campaigns.planning.enums import Track
from campaigns.planning.models import Campaign
from campaigns.planning.queries import campaigns_visible_to
from foundation.words import money
from recruitment.candidates.enums import Degree
from recruitment.challenges.domain import Need
from recruitment.challenges.enums import MilestoneState
from recruitment.challenges.models import EngagementMilestone


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class MomentField(forms.DateTimeField):
    """A moment in the browser's own picker."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class NeedForm(forms.Form):
    """A need as its unit describes it (C1)."""

    title = forms.CharField(
        label=_("Title of the challenge"), max_length=200, help_text=_("The problem in one line, as on the board.")
    )
    field_name = forms.CharField(label=_("Field"), max_length=60, required=False)
    problem = forms.CharField(
        label=_("Problem"), widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("What happens now, with figures, and what has been tried."),
    )  # fmt: skip
    indicators = forms.CharField(
        label=_("Acceptance indicators"), widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What will be measured, how, and the value that counts as solved."),
    )  # fmt: skip
    budget = forms.DecimalField(
        label=_("Amount, yuan"), min_value=Decimal("0.01"), max_digits=12, decimal_places=2,
        help_text=_("The most that the county pays; a quote above it is refused."),
    )  # fmt: skip
    days_per_year = forms.IntegerField(label=_("Days on site a year"), min_value=0, max_value=366, initial=0)
    ends_on = forms.DateField(label=_("Result due on"), widget=DateInput())

    def need(self) -> Need:
        return Need(**{name: self.cleaned_data[name] for name in Need.__dataclass_fields__})


class NewNeedForm(NeedForm):
    """A need with its place: campaign, unit and board number."""

    campaign = forms.ModelChoiceField(label=_("Campaign"), queryset=Campaign.objects.none(), to_field_name="code")
    unit = forms.ModelChoiceField(label=_("Unit that has the need"), queryset=Unit.objects.none(), to_field_name="code")
    code = forms.CharField(label=_("Board number"), max_length=40, help_text=_("As it will be printed, such as CH3-1."))

    field_order = ["campaign", "unit", "code"]

    def __init__(self, *args: Any, user: User, roles: Sequence[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A board that is public takes needs from every unit; one still being planned is for those who know of it.
        known = Q(published_at__isnull=False) | Q(pk__in=campaigns_visible_to(user).values("pk"))
        boards = Campaign.objects.filter(known, track=Track.OPEN_CHALLENGE).order_by("-pk")
        self.fields["campaign"].queryset = boards  # type: ignore[attr-defined]
        self.fields["unit"].queryset = units_in_scope(user, *roles).order_by("path")  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=1000)


class FailForm(ReasonForm):
    reason = forms.CharField(
        label=_("Reason, for the public and the bidders"), widget=forms.Textarea(attrs={"rows": 3}), max_length=1000
    )


class HalfForm(forms.Form):
    """The half as text or as the file that was kept; one of them is enough."""

    secret = forms.CharField(
        label=_("Your key half"), required=False,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off", "spellcheck": "false"}),
        help_text=_("It starts with ZX1. Capital or small letters, with or without hyphens."),
    )  # fmt: skip
    file = forms.FileField(label=_("or the file that you kept"), required=False)

    def text(self) -> str:
        """What was typed, or else the first 2,000 bytes of the file."""
        file = self.cleaned_data.get("file")
        return self.cleaned_data["secret"] or (file.read(2000).decode("utf-8", "replace") if file else "")


class ReviewForm(forms.Form):
    """The experts, and who of them is in the chair."""

    experts = forms.ModelMultipleChoiceField(
        label=_("Experts"), queryset=User.objects.none(), widget=forms.CheckboxSelectMultiple,
        help_text=_("Nobody who knows or works with a bidder."),
    )  # fmt: skip
    chair = forms.ModelChoiceField(label=_("Chair"), queryset=User.objects.none())

    def __init__(self, *args: Any, experts: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("experts", "chair"):
            self.fields[name].queryset = experts  # type: ignore[attr-defined]
            self.fields[name].label_from_instance = lambda user: user.name or user.username  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("chair") and told.get("experts") is not None and told["chair"] not in told["experts"]:
            self.add_error("chair", _("The chair must be one of the experts."))
        return told

    def in_order(self) -> list[User]:
        """The chair first."""
        chair = self.cleaned_data["chair"]
        return [chair, *(expert for expert in self.cleaned_data["experts"] if expert != chair)]


class AwardForm(forms.Form):
    """The minutes, and what people decide where the rules leave it to them."""

    decision = forms.CharField(label=_("Number of the leading group's minutes"), max_length=100)

    def __init__(
        self, *args: Any, tied: Sequence[str] = (), votes_needed: int = 0, experts: int = 0, **kw: Any
    ) -> None:
        super().__init__(*args, **kw)
        if tied:
            self.fields["chosen"] = forms.ChoiceField(
                label=_("First after the chair's vote or the second defence"),
                choices=[("", _("Please choose")), *((number, number) for number in tied)],
            )
        if votes_needed:
            self.fields["votes"] = forms.IntegerField(
                label=_("Experts in favour"), min_value=0, max_value=experts,
                help_text=_("At least %(needed)s of %(experts)s.") % {"needed": votes_needed, "experts": experts},
            )  # fmt: skip


class AgreementForm(forms.Form):
    """The agreement as signed on paper (C10)."""

    number = forms.CharField(label=_("Agreement number"), max_length=60)
    starts_on = forms.DateField(label=_("Starts on"), widget=DateInput())
    ends_on = forms.DateField(label=_("Ends on"), widget=DateInput())
    days_per_year = forms.IntegerField(label=_("Days on site a year"), min_value=0, max_value=366)
    amount = forms.DecimalField(label=_("Amount, yuan"), min_value=0, max_digits=12, decimal_places=2)
    subsidy = forms.DecimalField(
        label=_("Subsidy a year for the days on site, yuan"), min_value=0, max_digits=12, decimal_places=2,
        required=False,
    )  # fmt: skip

    def clean_subsidy(self) -> Decimal:
        return self.cleaned_data["subsidy"] or Decimal(0)


class MilestoneForm(forms.Form):
    """What the review of one milestone came to (C12)."""

    milestone = forms.ModelChoiceField(label=_("Milestone"), queryset=None, widget=forms.RadioSelect, empty_label=None)
    outcome = forms.ChoiceField(
        label=_("Outcome"), widget=forms.RadioSelect,
        choices=[(state.value, state.label) for state in (MilestoneState.PASSED, MilestoneState.FAILED)],
    )  # fmt: skip
    reason = forms.CharField(
        label=_("Grounds"), widget=forms.Textarea(attrs={"rows": 3}), max_length=1000,
        help_text=_("The number of the record, or what is missing. The bidder reads it."),
    )  # fmt: skip

    def __init__(self, *args: Any, milestones: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["milestone"].queryset = milestones  # type: ignore[attr-defined]
        self.fields["milestone"].label_from_instance = milestone_name  # type: ignore[attr-defined]


def milestone_name(row: EngagementMilestone) -> str:
    """A milestone with its amount and where it stands."""
    told = {"number": row.number, "amount": money(row.amount), "state": row.get_state_display()}
    return gettext("Milestone %(number)s, %(amount)s yuan: %(state)s") % told


class ExtensionForm(forms.Form):
    months = forms.IntegerField(label=_("Months"), min_value=1, max_value=120)
    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=1000)


class WorkForm(forms.Form):
    """Days on site in one go, with what proves them (C11)."""

    first = forms.DateField(label=_("First day"), widget=DateInput())
    last = forms.DateField(label=_("Last day"), widget=DateInput())
    evidence = forms.CharField(
        label=_("What proves them"), widget=forms.Textarea(attrs={"rows": 3}), max_length=1000,
        help_text=_("Such as the number of an attendance sheet or a report. Every day between counts as on site."),
    )  # fmt: skip


class MemberForm(forms.Form):
    """A person of the team."""

    name = forms.CharField(label=_("Full name"), max_length=60)
    id_number = forms.CharField(
        label=_("ID number"), max_length=18, widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("Used to count each person once; it is not kept."),
    )  # fmt: skip
    degree = forms.ChoiceField(label=_("Degree"), choices=Degree.choices)


class DocumentForm(forms.Form):
    document = forms.CharField(label=_("Number of the acceptance record"), max_length=100)


class CheckForm(forms.Form):
    """The formal check of one bid."""

    reason = forms.CharField(
        label=_("In words, for the bidder"), widget=forms.Textarea(attrs={"rows": 3}), required=False, max_length=1000,
        help_text=_("What is missing or wrong, and what would be right. Not needed to accept."),
    )  # fmt: skip
    complete_by = MomentField(label=_("To be completed by"), required=False, help_text=_("Only to return the bid."))


class CorrectNoticeForm(forms.Form):
    decision = forms.CharField(label=_("Number of the leading group's minutes"), max_length=100)


class ObjectionForm(forms.Form):
    summary = forms.CharField(
        label=_("What the objection says"), widget=forms.Textarea(attrs={"rows": 4}), max_length=2000,
        help_text=_("With the day on which it came in and how. No name of who raised it if they don't want it."),
    )  # fmt: skip


class DecideForm(forms.Form):
    objection = forms.ModelChoiceField(label=_("Objection"), queryset=None, widget=forms.RadioSelect, empty_label=None)
    outcome = forms.ChoiceField(
        label=_("Outcome"), widget=forms.RadioSelect,
        choices=[("cleared", _("Not upheld; the award stands")), ("upheld", _("Upheld; the award is void"))],
    )  # fmt: skip
    decision = forms.CharField(
        label=_("Grounds"), widget=forms.Textarea(attrs={"rows": 4}), max_length=2000,
        help_text=_("If the objection is upheld, everyone reads this. No names."),
    )  # fmt: skip

    def __init__(self, *args: Any, objections: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["objection"].queryset = objections  # type: ignore[attr-defined]


class AnswerForm(forms.Form):
    question = forms.ModelChoiceField(label=_("Question"), queryset=None, widget=forms.RadioSelect, empty_label=None)
    answer = forms.CharField(
        label=_("Answer"), widget=forms.Textarea(attrs={"rows": 5}), max_length=1000,
        help_text=_("Everyone reads it. Nothing that helps one bidder only, and no personal data."),
    )  # fmt: skip

    def __init__(self, *args: Any, questions: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["question"].queryset = questions  # type: ignore[attr-defined]
