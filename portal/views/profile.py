"""The profile, one group of questions per screen, each saved as it is typed."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from foundation.errors import DomainError
from portal.access import CandidateRequest, candidate_page, kept_form
from portal.forms import (
    BackgroundForm,
    CertificatesForm,
    EducationForm,
    IdentityForm,
    RelativeForm,
    SituationForm,
    WorkPeriodForm,
)
from recruitment.applications.judging import missing_from_profile
from recruitment.candidates import domain
from recruitment.candidates.models import Candidate
from recruitment.candidates.queries import records_in_force
from rulebook.masking import mask_id_number

# Never kept half-typed: it is written only once it has passed its checks.
NOT_KEPT = ("csrfmiddlewaretoken", "id_number")


@dataclass(frozen=True)
class Step:
    """A screen of the profile; `rows` names the relation of steps that hold several entries."""

    key: str
    title: Promise
    lede: Promise
    form: type[forms.BaseForm]
    rows: str = ""
    verb: str = ""


STEPS = (
    Step("identity", gettext_lazy("You"), gettext_lazy("Name and ID number"), IdentityForm),
    Step("background", gettext_lazy("Background"), gettext_lazy("Only what conditions ask for"), BackgroundForm),
    Step(
        "education",
        gettext_lazy("Education"),
        gettext_lazy("Each level from junior college on; the highest first"),
        EducationForm,
        "educations",
        "save_education",
    ),
    Step("situation", gettext_lazy("Situation"), gettext_lazy("What you do at present"), SituationForm),
    Step(
        "work",
        gettext_lazy("Work"),
        gettext_lazy("Leave it out if you have not worked yet"),
        WorkPeriodForm,
        "work_periods",
        "save_work_period",
    ),
    Step(
        "certificates",
        gettext_lazy("Certificates"),
        gettext_lazy("Professional titles and qualifications"),
        CertificatesForm,
    ),
    Step(
        "relatives",
        gettext_lazy("Relatives"),
        gettext_lazy("Only relatives who work for the county's public bodies, for the recusal check"),
        RelativeForm,
        "relatives",
        "save_relative",
    ),
)
BY_KEY = {step.key: step for step in STEPS}


def _step(key: str) -> Step:
    if key not in BY_KEY:
        raise Http404
    return BY_KEY[key]


def _next(step: Step) -> Step | None:
    place = STEPS.index(step) + 1
    return STEPS[place] if place < len(STEPS) else None


@candidate_page
def overview(request: CandidateRequest) -> HttpResponse:
    """Everything told so far, group by group, and what is still missing."""
    candidate = request.candidate
    return render(
        request,
        "portal/profile.html",
        {
            "candidate": candidate,
            "masked": mask_id_number(candidate.id_number),
            "steps": STEPS,
            "educations": candidate.educations.all(),
            "work_periods": candidate.work_periods.all(),
            "relatives": candidate.relatives.all(),
            "documents": candidate.documents.select_related("file"),
            "missing": missing_from_profile(candidate),
            "records": records_in_force(candidate, timezone.localdate()),
        },
    )


@candidate_page
def step(request: CandidateRequest, key: str) -> HttpResponse:
    """One screen: shows it, keeps it while it is typed, saves it."""
    current = _step(key)
    if request.method == "POST" and request.headers.get("X-Autosave"):
        return _autosave(request, current)
    if current.rows:
        return _rows(request, current)
    candidate = request.candidate
    if request.method == "POST":
        form = current.form(request.POST, candidate=candidate)  # type: ignore[call-arg]
        if form.is_valid() and _save(request, current, form):
            following = _next(current)
            return redirect("portal:profile-step", following.key) if following else redirect("portal:profile")
    else:
        form = current.form(initial=_initial(request, current), candidate=candidate)  # type: ignore[call-arg]
    return _page(request, current, form)


def _initial(request: CandidateRequest, current: Step) -> dict[str, Any]:
    candidate = request.candidate
    stored = {name: getattr(candidate, name) for name in current.form.base_fields if name != "id_number"}  # type: ignore[attr-defined]
    typed = domain.kept_answers(candidate).get(current.key, {})
    kept = kept_form(request)
    return {**stored, **typed, **(kept.dict() if kept else {})}


def _save(request: CandidateRequest, current: Step, form: Any) -> bool:
    """Save a step; a refused answer goes to its field."""
    try:
        request.candidate = domain.save_profile(
            actor=request.user,  # type: ignore[arg-type]
            candidate=request.candidate,
            answers=form.answers(),
        )
    except DomainError as refusal:
        _to_field(form, refusal)
        return False
    domain.keep_answers(actor=request.user, candidate=request.candidate, step=current.key, answers={})  # type: ignore[arg-type]
    return True


def _to_field(form: Any, refusal: DomainError) -> None:
    field = getattr(refusal, "field", None)
    form.add_error(field if field in form.fields else None, refusal.message)


def _autosave(request: CandidateRequest, current: Step) -> HttpResponse:
    if current.rows:
        return JsonResponse({"saved_at": None})
    typed = {name: value[:500] for name, value in request.POST.dict().items() if name not in NOT_KEPT}
    known = {name: value for name, value in typed.items() if name in current.form.base_fields}  # type: ignore[attr-defined]
    domain.keep_answers(actor=request.user, candidate=request.candidate, step=current.key, answers=known)  # type: ignore[arg-type]
    return JsonResponse({"saved_at": f"{timezone.localtime():%H:%M:%S}"})


def _rows(request: CandidateRequest, current: Step) -> HttpResponse:
    """A step with several entries: the list, and a form to add one or change the one in `?entry=`."""
    candidate = request.candidate
    entry = _entry(candidate, current, request.GET.get("entry"))
    if request.method == "POST":
        form = current.form(request.POST, instance=entry)  # type: ignore[call-arg]
        if form.is_valid():
            try:
                getattr(domain, current.verb)(
                    actor=request.user, candidate=candidate, pk=entry.pk if entry else None, **form.cleaned_data
                )
            except DomainError as refusal:
                _to_field(form, refusal)
            else:
                messages.success(request, _("Saved."))
                return redirect("portal:profile-step", current.key)
    else:
        kept = kept_form(request)
        form = current.form(instance=entry, initial=kept.dict() if kept else None)  # type: ignore[call-arg]
    return _page(request, current, form, rows=getattr(candidate, current.rows).all(), entry=entry)


def _entry(candidate: Candidate, current: Step, key: str | None) -> Any:
    if not key:
        return None
    if not key.isdigit():
        raise Http404
    row = getattr(candidate, current.rows).filter(pk=int(key)).first()
    if row is None:
        raise Http404
    return row


def _page(request: HttpRequest, current: Step, form: Any, **more: Any) -> HttpResponse:
    place = STEPS.index(current)
    return render(
        request,
        "portal/profile_step.html",
        {
            "step": current,
            "names": [item.title for item in STEPS],
            "number": place + 1,
            "previous": STEPS[place - 1] if place else None,
            "following": _next(current),
            "form": form,
            **more,
        },
    )


@require_POST
@candidate_page
def remove_entry(request: CandidateRequest, key: str, pk: int) -> HttpResponse:
    """Take an entry of one's own off the profile."""
    current = _step(key)
    row = _entry(request.candidate, current, str(pk)) if current.rows else None
    if row is None:
        raise Http404
    domain.remove_record(actor=request.user, candidate=request.candidate, record=row)  # type: ignore[arg-type]
    messages.success(request, _("Removed."))
    return redirect("portal:profile-step", key)
