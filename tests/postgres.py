"""A PostgreSQL of our own for the tests and the benchmarks: started, handed to one command, stopped again.

    python -m tests.postgres run [--fsync] [--folder DIR] -- COMMAND...

The command finds the server through ``DATABASE_URL``. The server gets a free port on 127.0.0.1, a random password and
an empty data folder that is removed at the end, also after a failure. PostgreSQL refuses to run as root, so root
drops to ``postgres`` (or ``nobody``) for the server alone. ``fsync`` is off unless asked for: a test run that loses
power starts again, a benchmark has to pay what production pays.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

START_SECONDS = 60
UNPRIVILEGED = ("postgres", "nobody")


class Missing(Exception):
    """PostgreSQL, or something it needs, is not on this machine; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Account:
    """The operating-system user the server runs as; ``None`` ids mean "as I am"."""

    name: str
    uid: int | None
    gid: int | None

    def popen_arguments(self) -> dict[str, Any]:
        """What ``subprocess`` needs to run a program as this account."""
        if self.uid is None:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def programs() -> Path:
    """The folder that holds ``initdb`` and ``postgres``: Debian's newest version first, then ``PATH``."""
    debian = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    for folder in sorted(debian, key=lambda path: float(path.parent.name), reverse=True):
        if (folder / "postgres").exists():
            return folder
    found = shutil.which("initdb")
    if found and (Path(found).parent / "postgres").exists():
        return Path(found).parent
    raise Missing("PostgreSQL is not installed. On Debian or Ubuntu: sudo apt-get install -y postgresql")


def account() -> Account:
    """Who runs the server: we ourselves, or an unprivileged user when we are root."""
    if os.geteuid() != 0:
        return Account(pwd.getpwuid(os.geteuid()).pw_name, None, None)
    for name in UNPRIVILEGED:
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return Account(name, entry.pw_uid, entry.pw_gid)
    raise Missing("PostgreSQL refuses to run as root and no user of " + ", ".join(UNPRIVILEGED) + " exists.")


def may_enter(folder: str, who: Account) -> bool:
    """Whether ``who`` can reach ``folder``; a checkout or TMPDIR below /root is closed to an unprivileged user."""
    return subprocess.run(["test", "-x", folder], check=False, **who.popen_arguments()).returncode == 0


def new_folder(parent: str | None, who: Account) -> Path:
    """An empty folder owned by ``who``, below ``parent`` or the first temporary folder that ``who`` can reach."""
    for place in [parent] if parent else [tempfile.gettempdir(), "/tmp", "/var/tmp"]:  # noqa: S108
        if may_enter(place, who):
            folder = Path(tempfile.mkdtemp(prefix="openum-postgresql-", dir=place))
            if who.uid is not None and who.gid is not None:
                os.chown(folder, who.uid, who.gid)
            return folder
    raise Missing(f"The user {who.name} can reach no folder for the data. Name one with --folder DIR.")


def free_port() -> int:
    """A TCP port on 127.0.0.1 that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def create_cluster(folder: Path, who: Account, password: str) -> None:
    """Run ``initdb``; on failure its own words are in the error."""
    secret = folder / "password"
    secret.write_text(password)
    if who.uid is not None and who.gid is not None:
        os.chown(secret, who.uid, who.gid)
    command = [programs() / "initdb", "-D", folder / "data", "-U", "openum", "--auth=scram-sha-256", "--no-sync"]
    command += [f"--pwfile={secret}", "--encoding=UTF8", "--locale=C.UTF-8", "--no-instructions"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, **who.popen_arguments())
    secret.unlink()
    if done.returncode:
        raise RuntimeError(f"initdb failed:\n{done.stdout}{done.stderr}")


def start(folder: Path, who: Account, port: int, *, fsync: bool) -> subprocess.Popen[bytes]:
    """Start the server in a session of its own, so that Ctrl-C reaches the tests and not the database."""
    settings = {
        "port": port,
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",
        "fsync": "on" if fsync else "off",
        "synchronous_commit": "on" if fsync else "off",
        "full_page_writes": "on" if fsync else "off",
        "max_connections": 60,
        "timezone": "UTC",
    }
    command = [str(programs() / "postgres"), "-D", str(folder / "data")]
    command += [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    with (folder / "server.log").open("wb") as log:
        return subprocess.Popen(
            command, cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            **who.popen_arguments(),
        )  # fmt: skip


def is_ready(server: subprocess.Popen[bytes], port: int, who: Account) -> bool:
    """Wait for the server: True when it answers, False when it ended (its port was taken, for instance)."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if server.poll() is not None:
            return False
        ask = [programs() / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)]
        if subprocess.run(ask, cwd="/", check=False, **who.popen_arguments()).returncode == 0:
            return True
        time.sleep(0.05)
    return False


def stop(server: subprocess.Popen[bytes]) -> None:
    """Fast shutdown; the hard way when it does not end within ten seconds."""
    if server.poll() is not None:
        return
    server.send_signal(signal.SIGINT)
    try:
        server.wait(10)
    except subprocess.TimeoutExpired:
        server.send_signal(signal.SIGQUIT)
        server.wait(10)


@contextlib.contextmanager
def running(*, fsync: bool = False, folder: str | None = None) -> Iterator[str]:
    """A fresh server for the time of the block; yields its ``DATABASE_URL``."""
    who = account()
    place = new_folder(folder, who)
    password = secrets.token_urlsafe(16)
    try:
        create_cluster(place, who, password)
        for _ in range(3):
            port = free_port()
            server = start(place, who, port, fsync=fsync)
            try:
                if is_ready(server, port, who):
                    yield f"postgres://openum:{password}@127.0.0.1:{port}/postgres"
                    return
            finally:
                stop(server)
        raise RuntimeError("PostgreSQL did not start:\n" + (place / "server.log").read_text(errors="replace"))
    finally:
        shutil.rmtree(place, ignore_errors=True)


def run(command: list[str], *, fsync: bool, folder: str | None) -> int:
    """Run ``command`` with ``DATABASE_URL`` set and return its exit code; the server is gone afterwards."""
    with running(fsync=fsync, folder=folder) as url:
        child = subprocess.Popen(command, env={**os.environ, "DATABASE_URL": url})
        while True:
            try:
                code = child.wait()
                return code if code >= 0 else 128 - code
            except KeyboardInterrupt:  # the child got it too; let it end in its own way
                continue
            except SystemExit:  # we were asked to end: pass it on, then wait
                child.terminate()


def end(_signal: int, _frame: FrameType | None) -> None:
    """Turn SIGTERM into an ordinary exit, so that the server is stopped and its folder removed."""
    raise SystemExit(143)


def main(arguments: list[str]) -> int:
    """The command line; see the head of this file."""
    parser = argparse.ArgumentParser(prog="python -m tests.postgres")
    parser.add_argument("verb", choices=["run", "where"], help="run a command, or say where the programs are")
    parser.add_argument("--fsync", action="store_true", help="write as safely as production does")
    parser.add_argument("--folder", help="where the data folder is made; default: the temporary folder")
    parser.add_argument("command", nargs="*", metavar="COMMAND", help="after --, what to run")
    options = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, end)
    try:
        if options.verb == "where":
            print(programs())
            return 0
        return run(options.command, fsync=options.fsync, folder=options.folder)
    except Missing as missing:
        print(missing, file=sys.stderr)
        return 3


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
