"""
Settings shared by every place the site runs in.

Whatever differs between places is read from the environment; development fills in what it may by itself (``development.py``),
production refuses to start without it, naming the variable (``production.py``).
"""

from pathlib import Path

import environ

BASE_DIR = Path(__file__).resolve().parents[3]

env = environ.Env()
env.read_env(BASE_DIR / ".env")

# Database, uploads and private files of an installation without services.
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))

DEBUG = False
SECRET_KEY = env.str("SECRET_KEY", default="")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[])
SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000")
# Named in a bar above every page and in the admin, so that nobody takes a trial for the real thing; empty in production (UI-9).
ENVIRONMENT_NAME = env.str("ENVIRONMENT_NAME", default="")
# An operator's maintenance: everything can be read, nothing submitted (UI-9, ``membership.models.read_only``).
READ_ONLY = env.bool("READ_ONLY", default=False)
# Keys of the encrypted columns and of the keyed hashes, newest first, separated by commas (OPS-3).
FIELD_KEYS = env.list("FIELD_KEYS", default=[])
# «key id:base64 of a 32-byte Ed25519 seed», newest first, separated by commas (N-3).
CERTIFICATE_KEYS = env.list("CERTIFICATE_KEYS", default=[])

INSTALLED_APPS = [
    "membership",
    "guide_pages",
    "caca.apps.CacaConfig",
    "membership.accounts.apps.CacaUsersConfig",
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "wagtail_modeladmin",
    "modelcluster",
    "taggit",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "phonenumber_field",
    "captcha",
    "rules.apps.AutodiscoverRulesConfig",
    "django_tasks",
    "django_htmx",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.sitemaps",
    "django.forms",
]

MIDDLEWARE = [
    # These two first: a page from the cache costs nothing else, and is not kept with the id of the request it was made for.
    "membership.views.middleware.RequestIdMiddleware",
    "caca.caching.PublicPageCacheMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    # Before a form is set aside until its sender has proved who they are: it would be submitted past this one.
    "membership.views.read_only.ReadOnlyMiddleware",
    "membership.accounts.admin_door.AdminDoorMiddleware",
    "membership.accounts.second_factor.SecondFactorMiddleware",
    "membership.accounts.staff_idle.StaffIdleMiddleware",
    "membership.accounts.sessions.LastSeenMiddleware",
    "membership.accounts.known_devices.KnownDeviceMiddleware",
    "membership.accounts.middleware.RateLimitMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "membership.views.middleware.NoStoreMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]

ROOT_URLCONF = "caca.urls"
WSGI_APPLICATION = "caca.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wagtail.contrib.settings.context_processors.settings",
                "csp.context_processors.nonce",
                "membership.views.context_processors.shell",
                "caca.caching.parts",
            ],
        },
    },
]

# An empty variable counts as none.
DATABASES = {"default": env.db_url_config(env.str("DATABASE_URL", default="") or f"sqlite:///{VAR_DIR / 'db.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # Writers queue instead of failing: the transaction takes its lock when it begins, since SQLite has no SELECT … FOR UPDATE.
    DATABASES["default"].setdefault("OPTIONS", {}).update(
        transaction_mode="IMMEDIATE",
        timeout=20,
        init_command="PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
    )
else:
    DATABASES["default"].setdefault("CONN_MAX_AGE", 60)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", default="")
if REDIS_URL:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
else:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
# How long a published page is kept for visitors; a change shows at once in any case. 0: not at all.
PUBLIC_PAGE_CACHE_SECONDS = env.int("PUBLIC_PAGE_CACHE_SECONDS", default=300)

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # Identity papers, photographs, scans, certificates: outside MEDIA_ROOT, served by one view that asks who reads (OPS-2).
    "private": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": VAR_DIR / "private", "base_url": None},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# Behind nginx: the internal location below which it serves the private files, e.g. /private-files/. Empty: this process sends them itself.
PRIVATE_ACCEL_PREFIX = env.str("PRIVATE_ACCEL_PREFIX", default="")
# A submission carries up to six pictures of 5 MB.
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文")]
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
# Chinese for what Wagtail leaves in English; the .mo files are made with msgfmt and committed.
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_TZ = True
DATE_FORMAT = "Y-m-d"
DATETIME_FORMAT = "Y-m-d H:i"
FORMAT_MODULE_PATH = ["caca.formats"]

# --- Accounts -----------------------------------------------------------------------------------
AUTH_USER_MODEL = "membership.User"
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    # The only one that logs in: Django's own would let staff pass Wagtail's form, past the second factor.
    "membership.accounts.backend.AccountBackend",
]
PASSWORD_HASHERS = [
    "membership.accounts.hashers.Argon2Hasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "membership.accounts.passwords.OwnNumberValidator"},
    {"NAME": "membership.accounts.passwords.LengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "membership.accounts.passwords.CommonPasswordValidator"},
    {"NAME": "membership.accounts.passwords.LettersAndDigitsValidator"},
]
# The wording a person agrees to at registration; a new wording is a new version (ACC-1).
PRIVACY_NOTICE_VERSION = "2026-11"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "member_home"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "membership.accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "membership.accounts.forms.LoginForm",
    "signup": "membership.accounts.forms.SignupForm",
    "request_login_code": "membership.accounts.forms.RequestLoginCodeForm",
    "confirm_login_code": "membership.accounts.forms.ConfirmLoginCodeForm",
    "verify_phone": "membership.accounts.forms.VerifyPhoneForm",
    "change_password": "membership.accounts.forms.ChangePasswordForm",
    "set_password": "membership.accounts.forms.SetPasswordForm",
    "reauthenticate": "membership.accounts.forms.ReauthenticateForm",
}
ACCOUNT_LOGIN_METHODS = {"phone"}
ACCOUNT_SIGNUP_FIELDS = ["phone*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_PREVENT_ENUMERATION = True
# Six digits, five minutes, five tries (ACC-5). How often a code is sent again is limited by the allowance below alone.
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 300
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = 10
ACCOUNT_PHONE_VERIFICATION_TIMEOUT = 300
ACCOUNT_PHONE_VERIFICATION_MAX_ATTEMPTS = 5
ACCOUNT_PHONE_VERIFICATION_SUPPORTS_RESEND = 10
# allauth would offer it to new numbers only, which tells a stranger the registered ones.
ACCOUNT_PHONE_VERIFICATION_SUPPORTS_CHANGE = False
SMS_CODE_RESEND_SECONDS = env.int("SMS_CODE_RESEND_SECONDS", default=60)
# What the whole site may send in a day, against a night of bought messages (field case 39); 0: as many as are asked for.
SMS_CODES_A_DAY = env.int("SMS_CODES_A_DAY", default=5000)
ACCOUNT_RATE_LIMITS = {
    # One allowance for every code that is sent, per number and per address (``membership.accounts.allowance``).
    "verify_phone": ",".join(
        (
            f"1/{SMS_CODE_RESEND_SECONDS}s/key",
            f"{env.int('SMS_CODES_PER_NUMBER_A_DAY', default=10)}/d/key",
            f"{env.int('SMS_CODES_PER_ADDRESS_AN_HOUR', default=30)}/h/ip",
        )
    ),
    "request_login_code": "",
    # Answers to 「这一页有帮助吗」 (``guide_pages.views``); a whole hospital may share one address.
    "helpful_answer": "30/m/ip",
    # Captchas made, drawn and read aloud for an address.
    "captcha": f"{env.int('CAPTCHAS_PER_ADDRESS_A_MINUTE', default=120)}/m/ip",
}
# The captcha before the first code (ACC-5): four digits, large and plain, five minutes. All names but the first are the package's.
CAPTCHA_BEFORE_CODES = env.bool("CAPTCHA_BEFORE_CODES", default=True)
CAPTCHA_CHALLENGE_FUNCT = "membership.accounts.captcha.four_digits"
CAPTCHA_TIMEOUT = 5
# Twice as large as it is shown, for screens that have the pixels.
CAPTCHA_IMAGE_SIZE = (288, 96)
CAPTCHA_FONT_SIZE = 78
CAPTCHA_LETTER_ROTATION = (-18, 18)
CAPTCHA_BACKGROUND_COLOR = "#fffdf9"
CAPTCHA_FOREGROUND_COLOR = "#1c2427"
CAPTCHA_NOISE_FUNCTIONS = ("membership.accounts.captcha.draw_lines",)
# Before a dangerous act the password is asked again, unless it was given within 15 minutes (ACC-7).
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
# Staff who were away from the administration for so long are asked again; 0: never.
STAFF_IDLE_MINUTES = env.int("STAFF_IDLE_MINUTES", default=30)
# Behind nginx: 1. Without it every visitor would have nginx's address; with it, no visitor can make one up.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
# Whether staff must have a second factor to work (ACC-6); whoever has one passes it at every login in any case.
STAFF_SECOND_FACTOR_REQUIRED = env.bool("STAFF_SECOND_FACTOR_REQUIRED", default=False)
MFA_ADAPTER = "membership.accounts.mfa.MFAAdapter"
MFA_FORMS = {
    "authenticate": "membership.accounts.mfa.AuthenticateForm",
    "reauthenticate": "membership.accounts.mfa.ReauthenticateForm",
    "activate_totp": "membership.accounts.mfa.ActivateForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "中国抗癌协会"
# A code is taken for 30 seconds before and after its time: whoever types slowly, or has the authenticator on the same telephone, gets in.
MFA_TOTP_TOLERANCE = 1
PHONENUMBER_DEFAULT_REGION = "CN"
PHONENUMBER_DB_FORMAT = "E164"

# --- Messages -----------------------------------------------------------------------------------
# console, locmem, aliyun, tencent, or the dotted path of a ``membership.outbox.sms.Backend``.
SMS_BACKEND = env.str("SMS_BACKEND", default="console")
# How long a provider may take to let us in, and then to say anything; seconds. After the second the outcome is unknown.
SMS_CONNECT_TIMEOUT = env.float("SMS_CONNECT_TIMEOUT", default=3)
SMS_READ_TIMEOUT = env.float("SMS_READ_TIMEOUT", default=10)
# The providers' ids of our wordings (``membership.outbox.sms.templates``) as JSON: {"account_code": "SMS_123456789", …}. Wordings for
# numbers outside the mainland are registered apart; where «_ABROAD» has none, the other one is tried.
ALIYUN_SMS_ACCESS_KEY_ID = env.str("ALIYUN_SMS_ACCESS_KEY_ID", default="")
ALIYUN_SMS_ACCESS_KEY_SECRET = env.str("ALIYUN_SMS_ACCESS_KEY_SECRET", default="")
ALIYUN_SMS_SIGN_NAME = env.str("ALIYUN_SMS_SIGN_NAME", default="")
ALIYUN_SMS_TEMPLATES = env.json("ALIYUN_SMS_TEMPLATES", default={})
ALIYUN_SMS_TEMPLATES_ABROAD = env.json("ALIYUN_SMS_TEMPLATES_ABROAD", default={})
ALIYUN_SMS_ENDPOINT = env.str("ALIYUN_SMS_ENDPOINT", default="dysmsapi.aliyuncs.com")
TENCENT_SMS_SECRET_ID = env.str("TENCENT_SMS_SECRET_ID", default="")
TENCENT_SMS_SECRET_KEY = env.str("TENCENT_SMS_SECRET_KEY", default="")
TENCENT_SMS_SDK_APP_ID = env.str("TENCENT_SMS_SDK_APP_ID", default="")
TENCENT_SMS_SIGN_NAME = env.str("TENCENT_SMS_SIGN_NAME", default="")
TENCENT_SMS_TEMPLATES = env.json("TENCENT_SMS_TEMPLATES", default={})
TENCENT_SMS_TEMPLATES_ABROAD = env.json("TENCENT_SMS_TEMPLATES_ABROAD", default={})
TENCENT_SMS_REGION = env.str("TENCENT_SMS_REGION", default="ap-guangzhou")
TENCENT_SMS_ENDPOINT = env.str("TENCENT_SMS_ENDPOINT", default="sms.tencentcloudapi.com")
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}

# --- Exports ------------------------------------------------------------------------------------
# Lists of so many rows are made while one waits, longer ones by a worker (REV-13).
EXPORT_AT_ONCE_ROWS = env.int("EXPORT_AT_ONCE_ROWS", default=2000)
# So many days whoever made a list fetches its file again; then the sweeper removes it.
EXPORT_KEPT_DAYS = env.int("EXPORT_KEPT_DAYS", default=7)

# --- Wagtail ------------------------------------------------------------------------------------
WAGTAIL_SITE_NAME = "中国抗癌协会"
WAGTAILADMIN_BASE_URL = SITE_URL
WAGTAILADMIN_LOGIN_URL = "account_login"
WAGTAIL_FRONTEND_LOGIN_URL = "account_login"
# Wagtail's own ways to a password go past number and second factor; accounts/ has them.
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
# What two persons have agreed on is published, though neither might do it alone.
WAGTAIL_FINISH_WORKFLOW_ACTION = "guide_pages.approval.publish"
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
# The staff's accounts choose neither language nor time zone, and their pictures are asked of nobody abroad.
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
WAGTAIL_USER_TIME_ZONES = [TIME_ZONE]
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_I18N_ENABLED = False

# --- Browser security ---------------------------------------------------------------------------
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CONTENT_SECURITY_POLICY = {
    # Wagtail's page editor has inline scripts of its own; it gets its looser policy where its URLs are included.
    "EXCLUDE_URL_PREFIXES": ("/admin/",),
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "frame-ancestors": ["'self'"],
        "form-action": ["'self'"],
    },
}

# --- The society's numbers that are not settings of an administrator ------------------------------
CERTIFICATE_ISSUER_CODE = "165"
# How many typed certificate numbers one address may look up in a minute (CERT-3).
VERIFY_RATE = env.int("VERIFY_RATE", default=30)
# Whole fonts for characters that the subset in the repository lacks; empty means the subset alone.
DOCUMENT_FONTS_DIR = env.str("DOCUMENT_FONTS_DIR", default="")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "membership.tracing.RequestIdFilter"}},
    "formatters": {"line": {"format": "{asctime} {levelname} {request_id} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["request_id"]}},
    "root": {"handlers": ["console"], "level": "INFO"},
    # Two lines for every task are too many; what fails is logged as an error.
    "loggers": {"django_tasks": {"level": "WARNING"}, "wagtail": {"level": "WARNING"}},
}
