"""The world as files: what a payer sets up, its members, the requests as Bundles, and apart from them the truth."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import orjson

from openum.world.values import Client, Member, Organization, Payer
from openum.world.world import World

FORM = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE


def write(world: World, n: int, folder: Path, *, wrote: Callable[[], None] = lambda: None) -> None:
    """Write ``plans.json``, ``members.json``, ``truth.json`` and ``bundles/000001.json`` … into the folder.

    ``wrote`` is called after each Bundle. Private keys are not written: they stay in ``World.clients``.
    """
    (folder / "bundles").mkdir(parents=True, exist_ok=True)
    _put(folder / "plans.json", set_up(world))
    _put(folder / "members.json", [_data(one) for one in world.members])
    truths = []
    for sent in world.requests(n):
        _put(folder / "bundles" / f"{sent.number:06d}.json", sent.bundle)
        truths.append({**sent.truth.data(), "client_id": sent.client_id, "sent_at": sent.sent_at.isoformat()})
        wrote()
    _put(folder / "truth.json", truths)


def set_up(world: World) -> dict[str, Any]:
    """Everything but members and requests, as plain data."""
    return {
        "seed": world.seed,
        "as_of": world.as_of.isoformat(),
        "library": world.library.digest,
        "payers": [_data(one) for one in world.payers],
        "organizations": [_data(one) for one in world.organizations],
        "practice_people": [asdict(one) for one in world.practice_people],
        "clients": [_client(one) for one in world.clients],
    }


def _put(path: Path, data: object) -> None:
    path.write_bytes(orjson.dumps(data, option=FORM))


def _data(one: Payer | Organization | Member) -> dict[str, Any]:
    plain: dict[str, Any] = _plain(asdict(one))
    return plain


def _client(client: Client) -> dict[str, Any]:
    named = ("payer", "organization", "client_id", "name", "person")
    return {
        **{name: getattr(client, name) for name in named}, "scopes": list(client.scopes), "jwks": client.key.jwks
    }  # fmt: skip


def _plain(value: Any) -> Any:
    """Days and amounts as text, tuples as lists."""
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value
