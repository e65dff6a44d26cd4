"""Reads of jobs."""

from typing import Any

from django.db.models import QuerySet

from foundation.jobs.models import Job


def visible_to(user: Any) -> QuerySet[Job]:
    """The jobs `user` started; all jobs for those who hold the permission `foundation.view_job`."""
    if not user.is_authenticated:
        return Job.objects.none()
    return Job.objects.all() if user.has_perm("foundation.view_job") else Job.objects.filter(owner=user)
