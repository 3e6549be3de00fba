"""Every setting: read from the environment, closed by default."""

import os
import sys
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from accounts.rules import Rate
from config import providers

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(os.environ.get("COTERM_VAR") or BASE_DIR / "var")
env = environ.Env()
env.read_env(BASE_DIR / ".env")

# One process, one role: web serves people, worker serves the schedule, owner migrates.
DATABASE_ROLE = env.str("COTERM_ROLE", "web")
ROLE_URLS = {"web": "DATABASE_URL", "worker": "DATABASE_WORKER_URL", "owner": "DATABASE_OWNER_URL"}
if DATABASE_ROLE not in ROLE_URLS:
    raise ImproperlyConfigured(f"COTERM_ROLE is {DATABASE_ROLE!r}: set it to web, worker or owner.")
if ROLE_URLS[DATABASE_ROLE] not in os.environ and "SECRET_KEY" not in os.environ:
    env.read_env(VAR_DIR / "embedded.env")  # the running `script/start`, for commands from another shell

TESTING = "pytest" in sys.modules
DEBUG = env.bool("DEBUG", False)
COTERM_DEMO = env.bool("COTERM_DEMO", False)
MONITOR_TOKEN = env.str("MONITOR_TOKEN", "")


def required(name: str) -> str:
    """The variable's value, or one clear line that names it."""
    value = str(env.str(name, ""))
    if not value:
        raise ImproperlyConfigured(f"{name} is not set. See .env.example, or run script/start.")
    return value


SECRET_KEY = required("SECRET_KEY")
BASE_URL = env.str("BASE_URL", "http://127.0.0.1:8000").rstrip("/")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = [BASE_URL]
SECURE = BASE_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = SECURE
SECURE_HSTS_SECONDS = 31536000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
BEHIND_PROXY = env.bool("BEHIND_PROXY", False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
# The last address is the proxy's word. Without it all visitors would be one, and one of them could lock out the rest.
ALLAUTH_TRUSTED_PROXY_COUNT = int(BEHIND_PROXY)
SESSION_COOKIE_AGE = 14 * 24 * 3600
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

DATABASES = {"default": env.db_url_config(required(ROLE_URLS[DATABASE_ROLE]))}
DATABASES["default"] |= {
    "ENGINE": "django.db.backends.postgresql",
    "CONN_HEALTH_CHECKS": True,
    "DISABLE_SERVER_SIDE_CURSORS": True,
    "TEST": {"NAME": env.str("TEST_DATABASE_NAME", "test_coterm")},
}
if DATABASE_ROLE == "web" and not TESTING:  # no pool in workers: forked processes would share it
    DATABASES["default"].setdefault("OPTIONS", {})["pool"] = {"min_size": 1, "max_size": 8, "timeout": 10}
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 300
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", "redis://127.0.0.1:6379/0")
SOCKET = REDIS_URL.startswith("unix://")
CACHES = {"default": {"BACKEND": "interface.caches.SteadyCache", "LOCATION": REDIS_URL}}
CELERY_BROKER_URL = env.str(
    "CELERY_BROKER_URL", REDIS_URL.replace("unix://", "redis+socket://").replace("?db=", "?virtual_host=")
)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# Without the throttle most tasks of a killed worker were still missing after a minute.
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 300, "unacked_restore_throttle": 1}
CELERY_TASK_TIME_LIMIT = 240
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

INSTALLED_APPS = [
    "renewals.apps.RenewalsConfig",
    "licences.apps.LicencesConfig",
    "advisors.apps.AdvisorsConfig",
    "accounts.apps.AccountsConfig",
    "interface",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_htmx",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
]
MIDDLEWARE = [
    "config.health.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.TenancyMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "interface.middleware.WrongMethodMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
FORM_RENDERER = "interface.forms.FieldRenderer"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accounts.context_processors.shell",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "interface.templatetags.ui"],
        },
    }
]
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = True
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {"camera": [], "geolocation": [], "microphone": [], "payment": []}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.adapters.SignInBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGIN_ON_PASSWORD_RESET = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_FORMS = {
    "login": "accounts.forms.door.SignInForm",
    "request_login_code": "accounts.forms.door.RequestCodeForm",
    "confirm_login_code": "accounts.forms.door.SignInCodeForm",
    "confirm_email_verification_code": "accounts.forms.door.AddressCodeForm",
    "reset_password": "accounts.forms.door.ResetForm",
    "reset_password_from_key": "accounts.forms.door.NewPasswordForm",
    "change_password": "accounts.forms.door.ChangePasswordForm",
    "add_email": "accounts.forms.door.NewAddressForm",
    "reauthenticate": "accounts.forms.door.PasswordAgainForm",
}
MFA_FORMS = {
    "authenticate": "accounts.forms.door.SecondStepForm",
    "reauthenticate": "accounts.forms.door.CodeAgainForm",
    "activate_totp": "accounts.forms.door.SetUpForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Coterm"
LOGIN_REDIRECT_URL = "/"
LOGIN_URL = "account_login"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("es", _("Spanish"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"
USE_THOUSAND_SEPARATOR = True

EMAIL_URL = env.str("EMAIL_URL", "smtp://127.0.0.1:25")
MAIL_PROVIDER = providers.provider_of(EMAIL_URL)
ANYMAIL = providers.options(
    EMAIL_URL, secret=env.str("MAIL_WEBHOOK_SECRET", ""), signing_key=env.str("MAIL_WEBHOOK_SIGNING_KEY", "")
)
EMAIL_CONFIG = env.email_url_config("smtp://127.0.0.1:25" if MAIL_PROVIDER else EMAIL_URL)
if MAIL_PROVIDER:
    EMAIL_CONFIG["EMAIL_BACKEND"] = f"anymail.backends.{MAIL_PROVIDER}.EmailBackend"
EMAIL_BACKEND = EMAIL_CONFIG["EMAIL_BACKEND"]
EMAIL_HOST, EMAIL_PORT = EMAIL_CONFIG["EMAIL_HOST"], EMAIL_CONFIG["EMAIL_PORT"]
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = EMAIL_CONFIG["EMAIL_HOST_USER"], EMAIL_CONFIG["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS, EMAIL_USE_SSL = EMAIL_CONFIG.get("EMAIL_USE_TLS", False), EMAIL_CONFIG.get("EMAIL_USE_SSL", False)
# A read < a mail < a lease; drills scale the three down. Django's own default for a read is for ever.
EMAIL_TIMEOUT = env.float("MAIL_TIMEOUT_SECONDS", 10)
MAIL_LEASE_SECONDS = env.float("MAIL_LEASE_SECONDS", 60)
MAIL_LIMIT_SECONDS = env.float("MAIL_LIMIT_SECONDS", 45)
# What one address is reminded by on one day of its reader; the rest waits for the next.
MAIL_DAILY_CAP = env.int("MAIL_DAILY_CAP", 25)
if MAIL_DAILY_CAP < 1:
    raise ImproperlyConfigured("MAIL_DAILY_CAP is below 1: nobody would be reminded of anything.")
try:
    MAIL_RATE = Rate.read(env.str("MAIL_RATE", ""))
except ValueError as problem:
    raise ImproperlyConfigured(
        f"MAIL_RATE is {str(problem)!r}: write it like 14/s, 100/m, 3000/h or 20000/d."
    ) from None
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "Coterm <coterm@localhost>")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "INFO")},
    "loggers": {"django.template": {"level": "INFO"}},  # Its debugging writes down all that a page was given.
}
SILENCED_SYSTEM_CHECKS: list[str] = []
