"""Settings, read from the environment; docs/operations/settings.md lists each with its type and default."""

import sys
import tempfile
from pathlib import Path

import environ
from celery.schedules import crontab

from config.keys import key_from_folder
from foundation.words import ALL

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent
TESTING = "pytest" in sys.modules
# Tests never touch the data of an installation, whatever the environment says.
DATA_DIR = (
    Path(tempfile.mkdtemp(prefix="zhaoxian-tests-"))
    if TESTING
    else Path(env("DATA_DIR", default=str(BASE_DIR / "var")))
)

DEBUG = env.bool("DEBUG", default=False)
# Named here, a key lies beside the data it protects: check --deploy warns.
_KEYS = ("SECRET_KEY", "FIELD_KEYS", "BLIND_INDEX_KEY", "AUDIT_KEY")
GENERATED_KEYS = [name for name in _KEYS if not env.str(name, default="")]
SECRET_KEY = env("SECRET_KEY", default="") or key_from_folder(DATA_DIR / "keys", "secret")
FIELD_KEYS = env.list("FIELD_KEYS", default=[]) or [f"v1:{key_from_folder(DATA_DIR / 'keys', 'field')}"]
BLIND_INDEX_KEY = env("BLIND_INDEX_KEY", default="") or key_from_folder(DATA_DIR / "keys", "blind_index")
AUDIT_KEY = env("AUDIT_KEY", default="") or key_from_folder(DATA_DIR / "keys", "audit")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
SITE_URL = env("SITE_URL", default="http://127.0.0.1:8000")
HTTPS = env.bool("HTTPS", default=SITE_URL.startswith("https://"))
SECOND_FACTOR_REQUIRED = env.bool("SECOND_FACTOR_REQUIRED", default=True)

INSTALLED_APPS = [
    "config",
    "foundation",
    "accounts",
    "campaigns.establishment",
    "campaigns.planning",
    "campaigns.events",
    "recruitment.candidates",
    "recruitment.applications",
    "recruitment.publications",
    "recruitment.panels",
    "recruitment.examinations",
    "recruitment.selection",
    "recruitment.challenges",
    "recruitment.appointments",
    "recruitment.reporting",
    "recruitment.demo",
    "portal",
    "cms",
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "import_export",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "accounts.middleware.AuditMiddleware",
    "config.middleware.ContentPolicyMiddleware",
    "config.middleware.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.TooManyTriesMiddleware",
    "accounts.middleware.StaffGateMiddleware",
    "accounts.wagtail_pages.WagtailPagesMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
FILTERS_EMPTY_CHOICE_LABEL = ALL
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "foundation.ui.context.frame",
                "wagtail.contrib.settings.context_processors.settings",
            ],
        },
    }
]

DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'db.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Without immediate transactions one writer in five fails with "database is locked" under load.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA busy_timeout=20000;PRAGMA cache_size=-32000;"
        ),
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=600)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env("REDIS_URL", default="")
CACHES = {
    "default": (
        {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
        if REDIS_URL
        # Rate limits must be shared by all processes, so never the per-process memory cache.
        else {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "foundation_cache"}
    )
}

CELERY_BROKER_URL = env("CELERY_BROKER_URL", default=REDIS_URL)
TASK_MODE = env("TASK_MODE", default="celery" if CELERY_BROKER_URL else "embedded")
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TIMEZONE = "Asia/Shanghai"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BEAT_SCHEDULE = {
    "seal-audit-trail": {"task": "accounts.tasks.seal_audit_trail", "schedule": crontab()},
    "send-messages": {"task": "foundation.messages.tasks.send_due_messages", "schedule": crontab()},
    "resume-jobs": {"task": "foundation.jobs.tasks.resume_lost_jobs", "schedule": crontab()},
    "release-scheduled-lists": {
        "task": "recruitment.publications.tasks.release_scheduled_lists",
        "schedule": crontab(),
    },
    "publish-scheduled-pages": {"task": "foundation.jobs.tasks.publish_scheduled_pages", "schedule": crontab()},
    "expire-permits": {
        "task": "campaigns.establishment.tasks.expire_ended_permits",
        "schedule": crontab(minute="10", hour="0"),
    },
    "forget-ledger-sheets": {
        "task": "campaigns.establishment.tasks.forget_old_ledger_sheets",
        "schedule": crontab(minute="20", hour="0"),
    },
    "check-slots": {
        "task": "recruitment.reporting.tasks.check_slots_nightly",
        "schedule": crontab(minute="30", hour="2"),
    },
}

# Whether a full unit may publish against planned exits, with posts lent from the county pool (出一进一).
PRE_USE_OF_EXITS = env.bool("PRE_USE_OF_EXITS", default=False)
# Days an uploaded sheet of the official real-name ledger, with its names, is kept after its comparison was closed.
LEDGER_SHEET_DAYS = env.int("LEDGER_SHEET_DAYS", default=30)

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "accounts.backends.StaffRoleBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_request_login_code"
STAFF_IDLE_MINUTES = env.int("STAFF_IDLE_MINUTES", default=30)
LOGIN_REDIRECT_URL = "portal:home"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
WAGTAIL_USER_TIME_ZONES = ["Asia/Shanghai"]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA_DIR / "media"
PRIVATE_ROOT = DATA_DIR / "private"
S3_BUCKET = env("S3_BUCKET", default="")
_S3_OPTIONS = {
    "bucket_name": S3_BUCKET,
    "endpoint_url": env("S3_ENDPOINT_URL", default=None),
    "signature_version": "s3v4",
    "querystring_auth": True,
    "file_overwrite": False,
}
_S3 = "storages.backends.s3.S3Storage"
_DISK = "django.core.files.storage.FileSystemStorage"
STORAGES = {
    "default": {"BACKEND": _S3, "OPTIONS": {**_S3_OPTIONS, "location": "public"}} if S3_BUCKET else {"BACKEND": _DISK},
    "private": (
        {"BACKEND": _S3, "OPTIONS": {**_S3_OPTIONS, "location": "private"}}
        if S3_BUCKET
        else {"BACKEND": _DISK, "OPTIONS": {"location": PRIVATE_ROOT, "base_url": None}}
    ),
    "staticfiles": {
        "BACKEND": (
            "whitenoise.storage.CompressedManifestStaticFilesStorage"
            if env.bool("STATIC_MANIFEST", default=False)
            else "django.contrib.staticfiles.storage.StaticFilesStorage"
        )
    },
}
PRIVATE_SENDFILE = env("PRIVATE_SENDFILE", default="s3" if S3_BUCKET else "django")
WHITENOISE_USE_FINDERS = True
# Looked up when asked for instead of listed at the start: each test client would list them again.
WHITENOISE_AUTOREFRESH = DEBUG or TESTING

EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
MESSAGE_TRANSPORT = env("MESSAGE_TRANSPORT", default="outbox")
SMS_ADAPTER = env("SMS_ADAPTER", default="foundation.messages.transports.ConsoleSms")
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="noreply@localhost")

ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email", "phone", "username"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "phone"]
ACCOUNT_FORMS = {
    "confirm_email_verification_code": "accounts.forms.ConfirmEmailForm",
    "confirm_login_code": "accounts.forms.ConfirmLoginCodeForm",
    "verify_phone": "accounts.forms.ConfirmPhoneForm",
    "login": "accounts.forms.StaffLoginForm",
    "request_login_code": "accounts.forms.RequestCodeForm",
    "reset_password": "accounts.forms.ResetPasswordForm",
    "signup": "accounts.forms.SignupForm",
}
ACCOUNT_LOGIN_BY_CODE_FORMAT = ACCOUNT_PHONE_VERIFICATION_CODE_FORMAT = {"numeric": True, "dashed": False, "length": 6}
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_FORMAT = ACCOUNT_LOGIN_BY_CODE_FORMAT
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = ACCOUNT_PHONE_VERIFICATION_TIMEOUT = ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 300
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = ACCOUNT_PHONE_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_SESSION_REMEMBER = False
# A lecture hall registers through one address: the limits that bite are those per identity (key).
ACCOUNT_RATE_LIMITS = {
    "login": "120/m/ip",
    "login_failed": "60/m/ip,5/300s/key",
    "request_login_code": "120/m/ip,3/m/key",
    "signup": "120/m/ip",
    "verify_phone": "1/30s/key,120/m/ip",
}
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_PREVENT_ENUMERATION = True
MFA_ADAPTER = "accounts.adapter.MFAAdapter"
MFA_FORMS = {"authenticate": "accounts.forms.SecondFactorForm"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS

WAGTAIL_SITE_NAME = "招贤"
WAGTAILADMIN_BASE_URL = SITE_URL
WAGTAILADMIN_LOGIN_URL = "account_login"
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_I18N_ENABLED = False
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILSEARCH_BACKENDS = {
    "default": {"BACKEND": "cms.search_zh", "SEARCH_CONFIG": "simple", "AUTOCOMPLETE_SEARCH_CONFIG": "simple"},
}

_SELF = "'self'"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [_SELF],
        "script-src": [_SELF],
        "style-src": [_SELF],
        "img-src": [_SELF, "data:"],
        "worker-src": [_SELF, "blob:"],
        "object-src": ["'none'"],
        "base-uri": [_SELF],
        "form-action": [_SELF],
        "frame-ancestors": [_SELF],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31536000 if HTTPS else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
if env.bool("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "SAMEORIGIN"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

COUNTY_NAME = env("COUNTY_NAME", default="云岫县")
OFFICE_MOBILES = env.list("OFFICE_MOBILES", default=[])
CONTACT = env("CONTACT", default="0890-6210 0116")
SUPERVISION_CONTACT = env("SUPERVISION_CONTACT", default="0890-6210 0129")
COUNTY_NAME_EN = env("COUNTY_NAME_EN", default="Yunxiu County")

LOG_FORMAT = env("LOG_FORMAT", default="plain" if TASK_MODE == "embedded" else "json")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "config.logs.JsonFormatter"}, "plain": {"()": "config.logs.PlainFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT}},
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="INFO")},
    "loggers": {
        # Django's own handler would print the record with its arguments beside ours.
        "django": {"handlers": [], "propagate": True},
        "celery.app.trace": {"level": "WARNING"},
        # Each page saved would print six lines of indexing.
        "django_tasks": {"level": "WARNING"},
        "wagtail": {"level": "WARNING"},
    },
}
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    TASK_MODE = "eager"
    SECOND_FACTOR_REQUIRED = False
    DATABASES["default"]["CONN_MAX_AGE"] = 0
