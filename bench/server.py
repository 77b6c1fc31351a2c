"""The production server in processes of its own: started, waited for, weighed, stopped."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PATIENCE = 120.0
STEP = 0.02


@dataclass(frozen=True, slots=True)
class Server:
    """A running server and how long it took from its start to its first answer, in seconds."""

    process: subprocess.Popen[bytes]
    port: int
    seconds: float

    def processor(self) -> float:
        """Seconds of processor time it and its processes have used so far."""
        return sum(_used(pid) for pid in family(self.process.pid))

    def memory(self) -> list[float]:
        """Resident memory in MB of each of its processes, the largest first."""
        return sorted((_resident(pid) for pid in family(self.process.pid)), reverse=True)


@contextmanager
def running(command: list[str], *, environ: Mapping[str, str], port: int, page: str) -> Iterator[Server]:
    """``openum`` with these arguments until the end of the block; ready once ``page`` is answered with 200."""
    start = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "openum.doors.cli", *command], env={**os.environ, **environ}, stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip
    try:
        while not _answers(port, page):
            if process.poll() is not None:
                raise RuntimeError(f"openum {command[0]} ended: {(process.stderr or sys.stdin).read()!r}")  # type: ignore[union-attr]
            if time.perf_counter() - start > PATIENCE:
                raise RuntimeError(f"openum {command[0]} did not answer {page} within {PATIENCE:.0f} s")
            time.sleep(STEP)
        yield Server(process, port, time.perf_counter() - start)
    finally:
        stop(process)


def stop(process: subprocess.Popen[bytes]) -> None:
    """As Ctrl-C does; the hard way, for all of its processes, when that takes more than ten seconds."""
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    if process.stderr is not None:
        process.stderr.close()


def family(pid: int) -> list[int]:
    """A process and all below it."""
    parents = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                stat = (folder / "stat").read_text()
            except OSError:  # it has ended meanwhile
                continue
            parents[int(folder.name)] = int(stat.rpartition(")")[2].split()[1])
    found = [pid]
    for one in found:
        found += [child for child, parent in parents.items() if parent == one]
    return found


def _resident(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS:")), 0.0)


def _used(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _answers(port: int, page: str) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", page)
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
