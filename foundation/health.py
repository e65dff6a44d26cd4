"""Is the process alive, and is everything there that it needs."""

import logging
import shutil
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from foundation.jobs.background import LEASE
from foundation.jobs.models import Lease

logger = logging.getLogger(__name__)

FREE_BYTES = 200 * 1024 * 1024


def _database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone())


def _migrations() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _cache() -> bool:
    token = uuid4().hex
    cache.set("readyz", token, 10)
    return cache.get("readyz") is not None


def _background() -> bool:
    """Celery's broker answers, or an embedded background process holds its lease."""
    if settings.TASK_MODE == "celery":
        from celery import current_app

        with current_app.connection_for_write(connect_timeout=2) as broker:
            broker.ensure_connection(max_retries=1, timeout=2)
        return True
    return settings.TASK_MODE == "eager" or Lease.objects.filter(name=LEASE, expires_at__gt=timezone.now()).exists()


def _disk() -> bool:
    return shutil.disk_usage(Path(settings.DATA_DIR)).free > FREE_BYTES


CHECKS: dict[str, Callable[[], bool]] = {
    "database": _database,
    "migrations": _migrations,
    "cache": _cache,
    "background": _background,
    "disk": _disk,
}


def _holds(name: str) -> bool:
    try:
        return CHECKS[name]()
    except Exception as problem:
        logger.warning("not ready", extra={"check": name, "error": type(problem).__name__})
        return False


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """200 while the process answers; for a restart when it no longer does."""
    return HttpResponse("ok", content_type="text/plain")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """200 with each check when all hold, else 503; for sending traffic elsewhere. Says no more than yes or no."""
    results = {name: _holds(name) for name in CHECKS}
    return JsonResponse(results, status=200 if all(results.values()) else 503)
