"""The one settings file. Every value that differs between places comes from the environment.

JIXIAO_HOME       folder of everything the program writes (default var/ in the working folder)
DATABASE_URL      postgres://user:password@host:port/name; without it SQLite in JIXIAO_HOME
JIXIAO_SECRET_KEY signing key; without it one is made once and kept in JIXIAO_HOME, readable by its owner only
JIXIAO_AUDIT_KEY  key of the audit chain (hex); without it one is made once and kept in JIXIAO_HOME
JIXIAO_HOSTS      host names served, separated by commas (default: this machine only)
JIXIAO_HTTPS      1 when the service is reached over HTTPS: secure cookies and HSTS
JIXIAO_LOG        log level on standard error (default WARNING)
JIXIAO_DEMO       1 shows the demo banner on every page and document
"""

import os
import secrets
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

PACKAGE = Path(__file__).resolve().parent.parent
HOME = Path(os.environ.get("JIXIAO_HOME") or "var").resolve()
HOME.mkdir(parents=True, exist_ok=True)


def kept_secret(name: str) -> str:
    """A random key made on first use and kept beside the data, readable by its owner only."""
    path = HOME / name
    try:
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError:
        pass
    return path.read_text().strip()


def database(url: str) -> dict[str, object]:
    """Django's settings for DATABASE_URL. SQLite: WAL, IMMEDIATE and FULL, so that no acknowledged act is lost."""
    if url:
        parts = urlsplit(url)
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(parts.hostname or "") or dict(parse_qsl(parts.query)).get("host", ""),
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
            # Questions here are short; compiling one takes PostgreSQL a hundred times longer than asking it.
            "OPTIONS": {"options": "-c jit=off"},
        }
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": HOME / "jixiao.sqlite3",
        "CONN_MAX_AGE": 60,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
            "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA foreign_keys=ON;",
        },
    }


HTTPS = os.environ.get("JIXIAO_HTTPS") == "1"
DEMO = os.environ.get("JIXIAO_DEMO") == "1"
DEBUG = False
SECRET_KEY = os.environ.get("JIXIAO_SECRET_KEY") or kept_secret("secret.key")
AUDIT_KEY = os.environ.get("JIXIAO_AUDIT_KEY") or kept_secret("audit.key")
ALLOWED_HOSTS = [host for host in os.environ.get("JIXIAO_HOSTS", "").split(",") if host] or [
    "127.0.0.1",
    "localhost",
    "[::1]",
]
ROOT_URLCONF = "jixiao.config.urls"
WSGI_APPLICATION = "jixiao.config.wsgi.application"
DATABASES = {"default": database(os.environ.get("DATABASE_URL", ""))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "jixiao.kit",
    "jixiao.registers.organizations",
    "jixiao.registers.parameters",
    "jixiao.registers.documents",
    "jixiao.registers.institutions",
    "jixiao.registers.subjects",
    "jixiao.registers.indicators",
    "jixiao.stages.ex_ante",
    "jixiao.stages.targets",
    "jixiao.stages.monitoring",
    "jixiao.stages.evaluation",
    "jixiao.stages.evaluation.choosing",
    "jixiao.stages.evaluation.self_evaluation",
    "jixiao.stages.evaluation.findings",
    "jixiao.stages.follow_up.rectification",
    "jixiao.stages.follow_up.clearing",
    "jixiao.stages.follow_up.disclosure",
    "jixiao.stages.follow_up.submission",
    "jixiao.overview",
    "jixiao.api",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "jixiao.kit.web.middleware.SecurityHeaders",
    "jixiao.kit.web.packed.PackedFiles",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "jixiao.overview.shell.ShellMiddleware",
    "jixiao.api.door.TokenDoor",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "jixiao.kit.web.jinja.Templates",
        "DIRS": [PACKAGE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "environment": "jixiao.kit.web.jinja.environment",
            "context_processors": ["jixiao.kit.web.pages.surroundings"],
        },
    }
]

AUTH_USER_MODEL = "organizations.User"
AUTHENTICATION_BACKENDS = ["jixiao.registers.organizations.accounts.AccountBackend"]
PASSWORD_HASHERS = ["jixiao.registers.organizations.accounts.Argon2id"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "jixiao.registers.organizations.accounts.ThreeClasses"},
]
# Messages travel in a cookie: a session row is written at sign-in and at a switch, not by every act.
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"

SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

STATIC_URL = "static/"
STATICFILES_DIRS = [PACKAGE / "static"]
STATIC_ROOT = HOME / "static"
STATIC_ROOT.mkdir(exist_ok=True)
WHITENOISE_USE_FINDERS = True
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 30 * 1024 * 1024
UPLOADS = HOME / "uploads"
REPORTS = HOME / "reports"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("JIXIAO_LOG", "WARNING")},
}
