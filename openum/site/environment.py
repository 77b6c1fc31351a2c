"""The settings an installation may choose, read from the environment: typed, documented, and loud when wrong.

``VARIABLES`` is the whole list; ``docs/reference/settings.md`` is printed from it. ``read`` turns a mapping of strings
into one frozen ``Environment`` or raises ``SettingsFault`` with every fault it found and what to do about each.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

T = TypeVar("T")

PROJECT = Path(__file__).resolve().parents[2]
MODES = ("development", "production")
LOG_FORMATS = ("text", "json")
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
DEVELOPMENT_SECRET = "for-development-only-never-for-patients-of-flesh-and-blood"  # noqa: S105 (refused in production)
SECRET_LENGTH = 50


class SettingsFault(ImproperlyConfigured):
    """The environment does not make a working installation; the text names each variable and its mend."""


class _Wrong(Exception):
    """One value that cannot be read; the text says what to write instead."""


@dataclass(frozen=True, slots=True)
class Database:
    """One database: ``vendor`` is ``sqlite`` or ``postgresql``, ``name`` a file path or a database name."""

    vendor: str
    name: str
    user: str = ""
    password: str = ""
    host: str = ""
    port: str = ""
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """One line of the list: its name, type, default (as it would be written) and meaning."""

    name: str
    kind: str
    default: str
    meaning: str
    secret: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """What ``read`` found, one field per variable."""

    mode: str
    debug: bool
    secret_key: str
    allowed_hosts: tuple[str, ...]
    trusted_origins: tuple[str, ...]
    behind_proxy: bool
    base_url: str
    database: Database
    allow_sqlite: bool
    data: Path
    library: tuple[Path, ...]
    most_body_mib: int
    most_lines: int
    log_level: str
    log_format: str

    @property
    def production(self) -> bool:
        """Whether real patients may be in this installation."""
        return self.mode == "production"


VARIABLES: tuple[Variable, ...] = (
    Variable(
        name="OPENUM_ENV",
        kind="development | production",
        default="development",
        meaning="Production refuses to start with a default or short secret, debug on, no allowed hosts, or SQLite.",
    ),
    Variable(
        name="OPENUM_DEBUG",
        kind="true | false",
        default="false",
        meaning="Show faults in full in the browser. They may show patient data: never in production.",
    ),
    Variable(
        name="OPENUM_SECRET_KEY",
        kind="text",
        default="a fixed key for development",
        meaning="Signs sessions and forms. At least 50 characters from a random source in production.",
        secret=True,
    ),
    Variable(
        name="OPENUM_ALLOWED_HOSTS",
        kind="names, separated by commas",
        default="localhost,127.0.0.1,[::1]",
        meaning="The host names this installation answers to. No default in production; `*` is refused there.",
    ),
    Variable(
        name="OPENUM_TRUSTED_ORIGINS",
        kind="addresses, separated by commas",
        default="",
        meaning="Origins whose forms are taken when a proxy changes the host, e.g. `https://um.example.org`.",
    ),
    Variable(
        name="OPENUM_BEHIND_PROXY",
        kind="true | false",
        default="false",
        meaning="Trust `X-Forwarded-Proto`. Only when every request passes a proxy that sets or removes it.",
    ),
    Variable(
        name="OPENUM_BASE_URL",
        kind="address",
        default="http://127.0.0.1:8000",
        meaning="The address the world uses for this installation; written into FHIR answers and checked in tokens.",
    ),
    Variable(
        name="DATABASE_URL",
        kind="address",
        default="sqlite:///var/openum.sqlite3",
        meaning="`postgres://user:password@host:port/name` or `sqlite:///path`; relative paths start at the checkout.",
        secret=True,
    ),
    Variable(
        name="OPENUM_ALLOW_SQLITE",
        kind="true | false",
        default="false",
        meaning="Let production run on SQLite: one machine, one writer, a small practice.",
    ),
    Variable(
        name="OPENUM_DATA",
        kind="folder",
        default="var",
        meaning="Where attachments are kept, by content hash. Back it up together with the database.",
    ),
    Variable(
        name="OPENUM_LIBRARY",
        kind="folders, separated by `:`",
        default="library",
        meaning="The shelves of policies, clocks and notices, first to last. A payer adds its own; none is patched.",
    ),
    Variable(
        name="OPENUM_MOST_BODY_MIB",
        kind="whole number",
        default="16",
        meaning="The largest FHIR body that is taken, in MiB; at most 60. A larger one is answered 413.",
    ),
    Variable(
        name="OPENUM_MOST_LINES",
        kind="whole number",
        default="1000",
        meaning="The most lines (Claim items) one request may have; at most 10000.",
    ),
    Variable(
        name="OPENUM_LOG_LEVEL",
        kind=" | ".join(LOG_LEVELS),
        default="INFO",
        meaning="The least serious log line to write.",
    ),
    Variable(
        name="OPENUM_LOG_FORMAT",
        kind=" | ".join(LOG_FORMATS),
        default="text",
        meaning="`json` writes one JSON object per line, for collectors.",
    ),
)

_DEFAULTS = {variable.name: variable.default for variable in VARIABLES} | {"OPENUM_SECRET_KEY": DEVELOPMENT_SECRET}


def read(environ: Mapping[str, str]) -> Environment:
    """Read and check the whole environment. Raises ``SettingsFault`` naming every fault found, not only the first."""
    reader = _Reader(environ)
    found = Environment(
        mode=reader.take("OPENUM_ENV", _one_of(MODES)),
        debug=reader.take("OPENUM_DEBUG", _switch),
        secret_key=reader.take("OPENUM_SECRET_KEY", str),
        allowed_hosts=reader.take("OPENUM_ALLOWED_HOSTS", _list),
        trusted_origins=reader.take("OPENUM_TRUSTED_ORIGINS", _origins),
        behind_proxy=reader.take("OPENUM_BEHIND_PROXY", _switch),
        base_url=reader.take("OPENUM_BASE_URL", _address),
        database=reader.take("DATABASE_URL", _database),
        allow_sqlite=reader.take("OPENUM_ALLOW_SQLITE", _switch),
        data=reader.take("OPENUM_DATA", _folder),
        library=reader.take("OPENUM_LIBRARY", _folders),
        most_body_mib=reader.take("OPENUM_MOST_BODY_MIB", _up_to(60)),
        most_lines=reader.take("OPENUM_MOST_LINES", _up_to(10_000)),
        log_level=reader.take("OPENUM_LOG_LEVEL", _one_of(LOG_LEVELS)),
        log_format=reader.take("OPENUM_LOG_FORMAT", _one_of(LOG_FORMATS)),
    )
    faults = [*reader.faults, *_unknown(environ)]
    if found.production:
        faults += _unfit_for_production(found, environ)
    if faults:
        raise SettingsFault("OpenUM cannot start:\n" + "\n".join(f"  - {fault}" for fault in faults))
    return found


class _Reader:
    """Reads one variable at a time and keeps the faults."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.faults: list[str] = []

    def take(self, name: str, convert: Callable[[str], T]) -> T:
        """The variable's value; when it is wrong, the fault is kept and the default stands in."""
        try:
            return convert(self.environ.get(name, "").strip() or _DEFAULTS[name])
        except _Wrong as wrong:
            self.faults.append(f"{name}: {wrong}")
            return convert(_DEFAULTS[name])


def _unknown(environ: Mapping[str, str]) -> list[str]:
    """Names that begin like ours and are none of ours: a slip of the pen must not be silent."""
    unknown = sorted(name for name in environ if name.startswith("OPENUM_") and name not in _DEFAULTS)
    return [f"{name} is not a setting; docs/reference/settings.md lists them" for name in unknown]


def _unfit_for_production(found: Environment, environ: Mapping[str, str]) -> list[str]:
    """What must not stand where real patients are."""
    checks = (
        (
            found.secret_key == DEVELOPMENT_SECRET or len(found.secret_key) < SECRET_LENGTH,
            f"OPENUM_SECRET_KEY: set at least {SECRET_LENGTH} random characters, for instance the output of "
            "`python3 -c 'import secrets; print(secrets.token_urlsafe(50))'`",
        ),
        (found.debug, "OPENUM_DEBUG: use 'false'; fault pages show patient data"),
        (
            not environ.get("OPENUM_ALLOWED_HOSTS", "").strip() or "*" in found.allowed_hosts,
            "OPENUM_ALLOWED_HOSTS: name the hosts it answers to, e.g. 'um.example.org'; '*' is not taken",
        ),
        (
            found.database.vendor == "sqlite" and not found.allow_sqlite,
            "DATABASE_URL: use PostgreSQL ('postgres://user:password@host:5432/openum'), or set "
            "OPENUM_ALLOW_SQLITE to 'true' for one machine with one writer",
        ),
        (
            not found.base_url.startswith("https://"),
            "OPENUM_BASE_URL: set the https address the world uses, e.g. 'https://um.example.org'",
        ),
    )
    return [fault for wrong, fault in checks if wrong]


def _switch(text: str) -> bool:
    if text not in ("true", "false"):
        raise _Wrong(f"use 'true' or 'false', not '{text}'")
    return text == "true"


def _one_of(choices: tuple[str, ...]) -> Callable[[str], str]:
    def choose(text: str) -> str:
        if text not in choices:
            raise _Wrong("use " + " or ".join(f"'{choice}'" for choice in choices) + f", not '{text}'")
        return text

    return choose


def _up_to(most: int) -> Callable[[str], int]:
    def count(text: str) -> int:
        if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= most:
            raise _Wrong(f"use a whole number from 1 to {most}, not '{text}'")
        return int(text)

    return count


def _list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _address(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise _Wrong(f"use an address such as 'https://um.example.org', not '{text}'")
    return text.rstrip("/")


def _origins(text: str) -> tuple[str, ...]:
    return tuple(_address(origin) for origin in _list(text))


def _folder(text: str) -> Path:
    return (PROJECT / text).resolve()


def _folders(text: str) -> tuple[Path, ...]:
    found = tuple(_folder(part) for part in text.split(":") if part)
    for folder in found:
        if not folder.is_dir():
            raise _Wrong(f"there is no folder '{folder.name}' where it says; give paths that exist, separated by ':'")
    return found


def _database(text: str) -> Database:
    """Read a database address: ``sqlite:///path``, ``sqlite:////absolute/path`` or ``postgres://user:pw@host:port/name``.

    User, password and name may be percent-encoded; the query becomes connection options (``?sslmode=require``).
    The text may hold a password, so it never stands in an error.
    """
    scheme, _, rest = text.partition("://")
    if scheme == "sqlite" and rest.startswith("/") and len(rest) > 1:
        return Database(vendor="sqlite", name=str(_folder(unquote(rest[1:]))))
    if scheme in ("postgres", "postgresql"):
        return _postgresql(text)
    raise _Wrong("use 'sqlite:///path/to/file' or 'postgres://user:password@host:5432/name'")


def _postgresql(text: str) -> Database:
    try:
        parts = urlsplit(text)
        port = "" if parts.port is None else str(parts.port)
    except ValueError:
        raise _Wrong("percent-encode special characters in the password (for instance '/' as '%2F')") from None
    name = unquote(parts.path.removeprefix("/"))
    if not name or "/" in name:
        raise _Wrong("name one database after the host: 'postgres://user:password@host:5432/name'")
    return Database(
        vendor="postgresql",
        name=name,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        host=unquote(parts.hostname or ""),
        port=port,
        options=tuple(parse_qsl(parts.query)),
    )


def reference() -> str:
    """The page ``docs/reference/settings.md``, printed from ``VARIABLES``."""
    lines = [
        "# Settings",
        "",
        "<!-- Printed from openum/site/environment.py by ./dev docs; do not edit. -->",
        "",
        "OpenUM is set up by environment variables and nothing else. A value that cannot be read stops the start and",
        "says what to write instead; so does a name that begins with `OPENUM_` and is not in this list. Paths are",
        "relative to the checkout. Secret values are never logged.",
        "",
        "| name | type | default | meaning |",
        "| --- | --- | --- | --- |",
    ]
    for variable in VARIABLES:
        kind = variable.kind.replace("|", "\\|")
        secret = " **Secret.**" if variable.secret else ""
        default = f"`{variable.default}`" if variable.default else "none"
        lines.append(f"| `{variable.name}` | {kind} | {default} | {variable.meaning}{secret} |")
    return "\n".join(lines) + "\n"
