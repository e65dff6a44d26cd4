"""One form per step of the profile, and the form of an application. They hint; the verbs decide."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from recruitment.candidates.enums import (
    DocumentKind,
    EducationLevel,
    EmploymentKind,
    GraduateKind,
    PoliticalStatus,
    ServiceProject,
    TitleLevel,
)
from recruitment.candidates.models import Candidate, Education, Relative, WorkPeriod
from rulebook.eligibility import DECLARATIONS
from rulebook.explanation import Explanation
from rulebook.masking import mask_id_number

CHOOSE = [("", _("Please choose"))]


def with_choose(choices: Any) -> list[tuple[Any, Any]]:
    return [*CHOOSE, *choices]


class DateInput(forms.DateInput):
    """The browser's own date picker, which also takes typing."""

    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)


class IdentityForm(forms.Form):
    name = forms.CharField(label=_("Full name"), max_length=60, help_text=_("As on the identity card."))
    id_number = forms.CharField(
        label=_("ID number"),
        max_length=24,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_("18 characters. Date of birth and sex are taken from it. It is stored encrypted and shown masked."),
    )

    def __init__(self, *args: Any, candidate: Candidate, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if candidate.id_number:
            self.fields["id_number"].required = False
            self.fields["id_number"].help_text = _("Stored: %(number)s. Leave empty to keep it.") % {
                "number": mask_id_number(candidate.id_number)
            }

    def answers(self) -> dict[str, Any]:
        """Cleaned values, without an ID number that was left as it is."""
        return {name: value for name, value in self.cleaned_data.items() if name != "id_number" or value}


class PlainForm(forms.Form):
    """A step whose fields are those of the profile."""

    def __init__(self, *args: Any, candidate: Candidate, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)

    def answers(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class BackgroundForm(PlainForm):
    ethnicity = forms.CharField(label=_("Ethnic group"), max_length=20, required=False)
    political_status = forms.ChoiceField(label=_("Political status"), choices=with_choose(PoliticalStatus.choices))
    household = forms.CharField(
        label=_("Household registration"),
        max_length=100,
        required=False,
        help_text=_("Province, city and county. Only some positions ask for it."),
    )
    student_origin = forms.CharField(
        label=_("Origin as student"),
        max_length=100,
        required=False,
        help_text=_("Where you lived when you entered university."),
    )


class SituationForm(PlainForm):
    graduate_kind = forms.ChoiceField(
        label=_("Your situation now"), choices=GraduateKind.choices, widget=forms.RadioSelect
    )
    service_project = forms.ChoiceField(
        label=_("Grassroots or military service"),
        choices=ServiceProject.choices,
        required=False,
        help_text=_("It may give bonus points or open positions reserved for it."),
    )


class CertificatesForm(PlainForm):
    title_level = forms.ChoiceField(
        label=_("Professional title"), choices=[("", _("None")), *TitleLevel.choices], required=False
    )
    title_series = forms.CharField(label=_("Name of the title"), max_length=60, required=False)
    certificates = forms.CharField(
        label=_("Certificates"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One per line, named as printed, such as 高级中学教师资格证（物理）."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = self.initial.get("certificates")
        if isinstance(held, list):
            self.initial["certificates"] = "\n".join(held)

    def clean_certificates(self) -> list[str]:
        lines = [line.strip()[:100] for line in self.cleaned_data["certificates"].splitlines()]
        return [line for line in lines if line][:30]


class EducationForm(forms.ModelForm):
    class Meta:
        model = Education
        fields = ["level", "degree", "school", "major", "major_code", "kind", "is_full_time", "graduated_on"]
        widgets = {"graduated_on": DateInput()}
        help_texts = {
            "major": _("As on the certificate, or as it will be."),
            "major_code": _("Six digits of the national catalogue, if you know it; 专业代码."),
            "graduated_on": _("The date on the diploma, or the expected one."),
        }

    level = forms.ChoiceField(label=_("Level of education"), choices=with_choose(EducationLevel.choices))


class WorkPeriodForm(forms.ModelForm):
    class Meta:
        model = WorkPeriod
        fields = ["employer", "kind", "duty", "started_on", "ended_on"]
        widgets = {"started_on": DateInput(), "ended_on": DateInput()}
        help_texts = {"ended_on": _("Leave empty if you still work there.")}

    kind = forms.ChoiceField(label=_("Kind of employment"), choices=with_choose(EmploymentKind.choices))


class RelativeForm(forms.ModelForm):
    class Meta:
        model = Relative
        fields = ["relation", "name", "employer", "duty"]
        widgets = {"name": forms.TextInput()}


class DocumentForm(forms.Form):
    kind = forms.ChoiceField(label=_("What it is"), choices=with_choose(DocumentKind.choices))
    file = forms.FileField(
        label=_("File"), help_text=_("JPG, PNG or PDF. A photo of all four corners taken with a phone is fine.")
    )


def declaration_text(code: str) -> str:
    """A question of the negative list in the reader's language (R14)."""
    language = "en" if (get_language() or "").startswith("en") else "zh"
    return Explanation(f"eligibility.declaration.{code}").text(language)  # type: ignore[arg-type]


class ApplicationForm(forms.Form):
    """What one application says beyond the profile: a note for the reviewer, the declarations, the pledge."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    note = forms.CharField(
        label=_("Anything the reviewer should know"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For conditions that a person must judge, say what you have and which document shows it."),
    )
    ANSWERS = (("no", _("No")), ("yes", _("Yes")), ("unsure", _("Not sure")))
    VALUES: dict[str, bool | None] = {"no": False, "yes": True, "unsure": None}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code in DECLARATIONS:
            self.fields[code] = forms.ChoiceField(
                label=declaration_text(code),
                choices=self.ANSWERS,
                widget=forms.RadioSelect,
                error_messages={"required": _("Please answer this declaration.")},
            )
        self.fields["pledge"] = forms.CharField(
            label=_("I have read the pledge and accept it."),
            error_messages={"required": _("Please read the pledge and accept it.")},
        )

    def hold(self, revision: int) -> None:
        """Carry this revision when the form is shown again."""
        self.data = {**{name: self.data.get(name) for name in self.data}, "revision": str(revision)}

    def draft(self) -> dict[str, str]:
        """The raw answers, for keeping; the pledge is accepted only by submitting."""
        kept = ("note", *DECLARATIONS)
        return {name: str(self.data.get(name, ""))[:1000] for name in kept if self.data.get(name)}

    def declarations(self) -> dict[str, bool | None]:
        """Answers by question; one left open is left out."""
        told = {code: self.cleaned_data.get(code) for code in DECLARATIONS}
        return {code: self.VALUES[answer] for code, answer in told.items() if answer}

    @property
    def declaration_fields(self) -> list[forms.BoundField]:
        return [self[code] for code in DECLARATIONS]


class ScoreCheckForm(forms.Form):
    """Which of one's own marks to check, and why."""

    paper = forms.ChoiceField(label=_("Paper"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("What should be checked"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, papers: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["paper"].choices = [(paper, paper) for paper in papers]  # type: ignore[attr-defined]


class StatementForm(forms.Form):
    """What the person says to a reported breach of the exam rules."""

    statement = forms.CharField(
        label=_("Your statement"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("You may make one. Say what happened from your side, and name your proof."),
    )
