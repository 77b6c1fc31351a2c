"""The tables of the parties room."""

from openum.records.parties.models.benefits import Accumulator, BenefitLimit, Exclusion, NetworkMembership
from openum.records.parties.models.care import Coverage, Member, Organization, Plan, Practitioner
from openum.records.parties.models.people import ApiClient, Staff, UsedAssertion, User

__all__ = [
    "Accumulator",
    "ApiClient",
    "BenefitLimit",
    "Coverage",
    "Exclusion",
    "Member",
    "NetworkMembership",
    "Organization",
    "Plan",
    "Practitioner",
    "Staff",
    "UsedAssertion",
    "User",
]
