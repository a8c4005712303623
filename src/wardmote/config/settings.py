"""Django's settings. Everything an installation may change is an environment variable, or a line of the home folder's
settings file; `config.catalogue` lists them all."""

from pathlib import Path

from wardmote.config.chat import chat_endpoint
from wardmote.config.environment import (
    BadConfiguration,
    database,
    env_bool,
    env_hosts,
    env_int,
    env_networks,
    env_origins,
    env_text,
    languages,
    read_settings_file,
    secret_file,
)
from wardmote.config.i18n import languages as speech
from wardmote.config.postgresql import PAGE_SECONDS
from wardmote.config.renamed import read_former_names

HOME = Path(env_text("WARDMOTE_HOME", "var")).resolve()
read_former_names()
read_settings_file(HOME)
WARDMOTE_HOME = HOME
WARDMOTE_PACE = env_int("WARDMOTE_PACE", 1)
"""What the paces of members are multiplied by; 0: nothing is counted."""
WARDMOTE_UNDO_MINUTES = max(0, env_int("WARDMOTE_UNDO_MINUTES", 5))
"""How long a moderator can take a decision back before anybody is written to about it; 0: not at all."""
WARDMOTE_PORT = env_int("WARDMOTE_PORT", 8000)
WARDMOTE_HOST_DOMAINS = env_hosts("WARDMOTE_HOST_DOMAINS", "127.0.0.1,localhost")
"""Host names under which the host's own front page answers; every other name must be a community's."""
WARDMOTE_HUNG_SECONDS = env_int("WARDMOTE_HUNG_SECONDS", 120)
if not 5 <= WARDMOTE_HUNG_SECONDS <= 3600:
    raise BadConfiguration("WARDMOTE_HUNG_SECONDS must be from 5 to 3600")
WARDMOTE_LOG_ORIGIN = env_text("WARDMOTE_LOG_ORIGIN", "wardmote.localhost/record")
"""The name of this installation's log, in every checkpoint. Never change it once the log has begun."""
WARDMOTE_DATA = env_text("WARDMOTE_DATA")

WARDMOTE_FETCH_HOSTS = frozenset(env_hosts("WARDMOTE_FETCH_HOSTS"))
"""Hosts, by name, that the guarded fetch may reach although their address is not public: the demo's, the tests'."""
WARDMOTE_PRIVATE_WEBHOOKS = env_bool("WARDMOTE_PRIVATE_WEBHOOKS")
"""Whether webhooks may go to private addresses and without TLS: for a platform on the same machine or network."""

WARDMOTE_LLM = chat_endpoint(HOME)
"""The language model that is asked for a second opinion; None: nobody is asked."""

WARDMOTE_API_ORIGINS = env_origins("WARDMOTE_API_ORIGINS")
"""Origins whose pages may ask the moderation API from a browser."""

DEBUG = False
SECRET_KEY = env_text("WARDMOTE_SECRET") or secret_file(HOME / "keys" / "secret")
SECRET_KEY_FALLBACKS = [each for each in env_text("WARDMOTE_FORMER_SECRETS").split() if each]
"""Secrets before this one: what was signed with them is still taken."""
# Every request's Host is checked against the communities' domains by edges.web.middleware.
ALLOWED_HOSTS = ["*"]
DATABASES = {"default": database(env_text("DATABASE_URL"), HOME)}
CACHES = {
    # Counts of tries and paces: every process and machine counts in the same place, and old ones are cleared.
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "people_pace",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}
WARDMOTE_DATABASE_SECONDS = env_int("WARDMOTE_DATABASE_SECONDS", PAGE_SECONDS)
if not 1 <= WARDMOTE_DATABASE_SECONDS <= 300:
    raise BadConfiguration("WARDMOTE_DATABASE_SECONDS must be from 1 to 300")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "people.Person"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "wardmote.record",
    "wardmote.jobs",
    "wardmote.people",
    "wardmote.communities",
    "wardmote.network",
    "wardmote.notices",
    "wardmote.moderation",
    "wardmote.hosting",
    "wardmote.upstream",
]

MIDDLEWARE = [
    "wardmote.edges.web.proxies.FromProxies",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "wardmote.edges.web.room.KeepRoom",
    "wardmote.edges.moderation_api.mount.ModerationApi",
    "wardmote.edges.web.middleware.ContentSecurityPolicy",
    "django.middleware.locale.LocaleMiddleware",
    "wardmote.edges.web.middleware.FindCommunity",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "wardmote.edges.web.middleware.FindViewer",
    "wardmote.edges.web.crowded.SparePasswords",
]

ROOT_URLCONF = "wardmote.config.urls"
WSGI_APPLICATION = "wardmote.config.wsgi.application"
_EDGES = Path(__file__).resolve().parent.parent / "edges"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [_EDGES / "ui" / "templates", _EDGES / "web" / "templates", _EDGES / "console" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
            ],
            "libraries": {"ui": "wardmote.edges.ui.tags"},
            "builtins": ["wardmote.edges.ui.tags"],
        },
    }
]

STATIC_URL = "/static/"
STATIC_ROOT = None  # nothing is collected: whitenoise finds the files where they lie
STATICFILES_DIRS = [_EDGES / "ui" / "static"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

LANGUAGE_CODE = "en"
LANGUAGES = languages(env_text("WARDMOTE_LANGUAGES", "en,de"))
LOCALE_PATHS = [_EDGES.parent / "locale"]
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_AGE = 31_536_000
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email",)},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "wardmote.edges.web.forms.MembershipFields"
ACCOUNT_ADAPTER = "wardmote.edges.web.adapter.AccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = 3
ACCOUNT_FORMS = {
    "login": "wardmote.edges.web.login_forms.SignInForm",
    "change_password": "wardmote.edges.web.login_forms.NewPasswordForm",
    "reset_password_from_key": "wardmote.edges.web.login_forms.ForgottenPasswordForm",
    "signup": "wardmote.edges.web.signup.OpenSignupForm",
    "confirm_email_verification_code": "wardmote.edges.web.signup.CodeForm",
}
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_PREVENT_ENUMERATION = True
# Whoever reads the mail gets in, and the browser is then a known one: the way through when strangers have used up the
# tries at an account.
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_RATE_LIMITS = {
    # What `edges.web.pace` does not count. By address only where it is the visitor's own, and then generously: a
    # school has one.
    "login": "120/m/ip",
    "signup": "30/m/ip",
    "reset_password": "60/m/ip,3/5m/key",
    "reset_password_from_key": "60/m/ip",
    # The second factor, after a right password.
    "login_failed": "10/5m/key",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {"add_webauthn": "wardmote.edges.web.login_forms.AddPasskeyForm"}

_MAIL = env_text("WARDMOTE_MAIL", "console")
"""`console`, or `smtp://user:password@host:port` (`smtps://` for TLS from the start)."""
if _MAIL == "console":
    EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
elif _MAIL.startswith(("smtp://", "smtps://")):
    EMAIL_BACKEND = "wardmote.outside.mail.SmtpBackend"
    WARDMOTE_SMTP = _MAIL
else:
    raise BadConfiguration(f"WARDMOTE_MAIL must be console or smtp://host:port, not {_MAIL!r}")
DEFAULT_FROM_EMAIL = env_text("WARDMOTE_MAIL_FROM", "wardmote@localhost")

SECURE = env_bool("WARDMOTE_HTTPS")
"""Set where TLS ends in front of Wardmote: cookies are then sent over https alone."""
WARDMOTE_TRUSTED_PROXIES = env_networks("WARDMOTE_TRUSTED_PROXIES", "127.0.0.0/8,::1" if SECURE else "none")
"""Whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed."""
CSRF_FAILURE_VIEW = "wardmote.edges.web.errors.csrf_failure"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SECURE
# Below localhost a browser has passkeys without TLS too; out in the world nothing of the kind goes without.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECURE
SESSION_ENGINE = "wardmote.edges.web.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if SECURE:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31_536_000
speech.install()
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
MESSAGE_STORAGE = "django.contrib.messages.storage.fallback.FallbackStorage"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
}
