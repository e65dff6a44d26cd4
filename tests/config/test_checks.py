"""`check --deploy` is silent on a sound installation and names each thing that is not."""

import pytest
from django.core.checks import run_checks

KEY = "q" * 43 + "="
SOUND = {
    "SECRET_KEY": "s" * 50,
    "FIELD_KEYS": [f"v1:{KEY}"],
    "BLIND_INDEX_KEY": "b" * 44,
    "AUDIT_KEY": "a" * 44,
    "GENERATED_KEYS": [],
    "ALLOWED_HOSTS": ["rencai.yunxiu.gov.cn"],
    "SITE_URL": "https://rencai.yunxiu.gov.cn",
    "HTTPS": True,
    "S3_BUCKET": "",
    "PRIVATE_SENDFILE": "nginx",
    "MESSAGE_TRANSPORT": "live",
    "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
    "DEFAULT_FROM_EMAIL": "招贤 <rencai@yunxiu.gov.cn>",
    "SMS_ADAPTER": "county.sms.Adapter",
    "TASK_MODE": "celery",
    "CELERY_BROKER_URL": "redis://127.0.0.1:6379/0",
    "CACHES": {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://x"}},
    "DATABASES": {"default": {"ENGINE": "django.db.backends.postgresql"}},
    "SECOND_FACTOR_REQUIRED": True,
    "DEBUG": False,
}


def found(settings, **changes):
    for name, value in {**SOUND, **changes}.items():
        setattr(settings, name, value)
    return {message.id for message in run_checks(include_deployment_checks=True) if message.id.startswith("zhaoxian.")}


def test_a_sound_installation_gets_no_warning(settings):
    assert found(settings) == set()


def test_one_machine_without_redis_and_postgresql_is_sound_too(settings):
    embedded = {
        "TASK_MODE": "embedded",
        "CELERY_BROKER_URL": "",
        "CACHES": {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "x"}},
        "DATABASES": {"default": {"ENGINE": "django.db.backends.sqlite3"}},
        "PRIVATE_SENDFILE": "django",
    }
    assert found(settings, **embedded) == set()


@pytest.mark.parametrize(
    ("change", "number"),
    [
        ({"GENERATED_KEYS": ["SECRET_KEY"]}, "W001"),
        ({"SECRET_KEY": "s" * 42}, "W001"),
        ({"GENERATED_KEYS": ["FIELD_KEYS"]}, "W002"),
        ({"FIELD_KEYS": ["v1:c2hvcnQ="]}, "E002"),
        ({"FIELD_KEYS": [KEY]}, "E002"),
        ({"GENERATED_KEYS": ["BLIND_INDEX_KEY"]}, "W003"),
        ({"BLIND_INDEX_KEY": "s" * 50}, "W003"),
        ({"BLIND_INDEX_KEY": KEY}, "W003"),
        ({"GENERATED_KEYS": ["AUDIT_KEY"]}, "W015"),
        ({"AUDIT_KEY": "b" * 44}, "W015"),
        ({"ALLOWED_HOSTS": ["*"]}, "W004"),
        ({"ALLOWED_HOSTS": ["localhost", "127.0.0.1"]}, "W004"),
        ({"ALLOWED_HOSTS": []}, "W004"),
        ({"HTTPS": False}, "W005"),
        ({"SITE_URL": "http://rencai.yunxiu.gov.cn"}, "W005"),
        ({"PRIVATE_SENDFILE": "apache"}, "W006"),
        ({"PRIVATE_SENDFILE": "s3"}, "W006"),
        ({"S3_BUCKET": "zhaoxian"}, "W006"),
        ({"PRIVATE_ROOT": "/srv/media/private", "MEDIA_ROOT": "/srv/media"}, "E006"),
        ({"PRIVATE_ROOT": "/srv", "MEDIA_ROOT": "/srv/media", "STATIC_ROOT": "/static"}, "E006"),
        ({"MESSAGE_TRANSPORT": "outbox"}, "W007"),
        ({"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}, "W007"),
        ({"DEFAULT_FROM_EMAIL": "noreply@localhost"}, "W007"),
        ({"SMS_ADAPTER": "foundation.messages.transports.ConsoleSms"}, "W008"),
        ({"TASK_MODE": "eager"}, "W009"),
        ({"CELERY_BROKER_URL": ""}, "W009"),
        ({"CELERY_BROKER_URL": "memory://"}, "W009"),
        ({"TASK_MODE": "embedded"}, "W009"),
        ({"CACHES": {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}}, "W010"),
        ({"TIME_ZONE": "UTC"}, "W011"),
        ({"USE_TZ": False}, "W011"),
        ({"SECOND_FACTOR_REQUIRED": False}, "W012"),
        ({"DEBUG": True}, "W013"),
        ({"DATABASES": {"default": {"ENGINE": "django.db.backends.sqlite3"}}}, "W014"),
    ],
)
def test_each_thing_that_bites_in_production_is_named(settings, change, number):
    assert found(settings, **change) == {f"zhaoxian.{number}"}
