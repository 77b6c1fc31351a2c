"""Scopes stand for operations, and a client gets no more than it holds."""

from __future__ import annotations

import pytest

from openum.doors.fhir.scopes import BOTH, OFFERED, allows, granted, operations


@pytest.mark.parametrize(
    ("scope", "stands_for"),
    [
        ("system/Claim.$submit", {"submit"}), ("system/Claim.$inquire", {"inquire"}),
        ("system/Claim.write", {"submit"}), ("system/*.write", {"submit"}), ("system/Claim.c", {"submit"}),
        ("system/Claim.cu", {"submit"}), ("system/Claim.read", {"inquire"}), ("system/*.read", {"inquire"}),
        ("system/Claim.rs", {"inquire"}), ("system/Claim.s", {"inquire"}), ("system/Claim.cruds", BOTH),
        ("system/*.cruds", BOTH), ("system/Claim.*", BOTH), ("system/*.*", BOTH), ("system/Claim.u", set()),
        ("system/Claim.d", set()), ("system/Claim.", set()), ("system/Claim", set()), ("system/Patient.*", set()),
        ("user/Claim.*", set()), ("system/Claim.sr", set()), ("system/Claim.$submit$inquire", set()), ("", set()),
    ],
)  # fmt: skip
def test_a_scope_stands_for_these_operations(scope: str, stands_for: set[str]) -> None:
    assert operations(scope) == stands_for


def test_every_scope_that_is_offered_opens_something() -> None:
    assert [scope for scope in OFFERED if not operations(scope)] == []


def test_a_wider_scope_than_the_registered_one_is_not_granted() -> None:
    assert granted(["system/*.*"], ["system/Claim.$submit"]) == ()
    assert granted(["system/*.*"], ["system/Claim.$submit", "system/Claim.$inquire"]) == ("system/*.*",)
    assert granted(["system/Claim.$submit"], ["system/*.*"]) == ("system/Claim.$submit",)
    assert granted(["system/Claim.u"], ["system/*.*"]) == ()


def test_an_operation_is_allowed_by_any_scope_that_stands_for_it() -> None:
    assert allows(["openid", "system/Claim.rs"], "inquire") is True
    assert allows(["openid", "system/Claim.rs"], "submit") is False
    assert allows([], "submit") is False
