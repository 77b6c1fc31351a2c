"""What the door says it offers is what it offers."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from openum.doors.fhir.urls import urlpatterns
from openum.wire.fhir.checker import check
from tests.journeys.pas_parties import BASE, outcome_of


def get(path: str) -> Any:
    response = Client().get(f"{BASE}/{path}")
    assert response.status_code == 200
    return response


def test_the_capability_statement_is_valid_and_lists_what_exists() -> None:
    response = get("metadata")
    assert response["Content-Type"] == "application/fhir+json; charset=utf-8"
    found = json.loads(response.content)
    assert [issue for issue in check(found) if issue.severity == "error"] == []
    assert (found["fhirVersion"], found["format"], found["kind"]) == ("4.0.1", ["json"], "instance")
    assert found["implementation"]["url"] == "http://127.0.0.1:8000/fhir/pas/2.2.1"
    (rest,) = found["rest"]
    (claim,) = rest["resource"]
    offered = {f"{BASE}/{claim['type']}/${one['name']}".lstrip("/") for one in claim["operation"]}
    served = {str(one.pattern) for one in urlpatterns if "$" in str(one.pattern)}
    assert offered == served
    assert "interaction" not in claim


def test_the_smart_configuration_names_the_token_endpoint_and_how_to_sign() -> None:
    found = json.loads(get(".well-known/smart-configuration").content)
    assert found == {
        "token_endpoint": "http://127.0.0.1:8000/token",
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": ["RS384", "ES384"],
        "grant_types_supported": ["client_credentials"],
        "scopes_supported": ["system/Claim.$submit", "system/Claim.$inquire", "system/Claim.*", "system/*.*"],
        "capabilities": ["client-confidential-asymmetric"],
    }


@pytest.mark.parametrize("path", ["metadata", ".well-known/smart-configuration"])
def test_discovery_is_read_only_and_open(path: str) -> None:
    assert Client().head(f"{BASE}/{path}").status_code == 200
    response = Client().post(f"{BASE}/{path}")
    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD"
    outcome_of(response)
