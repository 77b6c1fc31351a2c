"""Those who sign in: people with their roles and licenses, and organizations' systems with their keys."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q

from openum.records.parties.models.care import Organization
from openum.records.tenants.models import TenantRow

ROLES = (
    "intake_coordinator", "um_nurse", "pharmacist", "medical_director", "appeals_coordinator", "manager",
    "compliance", "delegate", "benefits_reviewer", "policy_analyst",
)  # fmt: skip
PROFESSIONS = ("nurse", "physician", "pharmacist", "behavioral", "dentist")


class UserManager(BaseUserManager["User"]):
    """Makes users; a user without a password cannot sign in by one."""

    def create_user(self, username: str, password: str | None = None, *, name: str = "", email: str = "") -> User:
        """One new person who may sign in."""
        user = self.model(username=username, name=name, email=self.normalize_email(email))
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person who signs in. What they may do is said by their staff rows, tenant by tenant."""

    username = models.CharField(max_length=150, unique=True)
    name = models.CharField(max_length=200, blank=True)
    email = models.EmailField(blank=True)
    is_active = models.BooleanField(default=True)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()

    def __str__(self) -> str:
        return self.username


class Staff(TenantRow):
    """A person's role at a tenant, with the license it is exercised under. Days are the tenant's; both included."""

    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    role = models.CharField(max_length=24)
    profession = models.CharField(max_length=10, blank=True)
    license_number = models.CharField(max_length=40, blank=True)
    license_state = models.CharField(max_length=2, blank=True)
    specialty = models.CharField(max_length=120, blank=True)
    active_from = models.DateField()
    active_to = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "user", "role", "active_from"], name="staff_role_starts_once"),
            models.CheckConstraint(condition=Q(role__in=ROLES), name="staff_role_is_known"),
            models.CheckConstraint(
                condition=Q(profession="", license_number="", license_state="")
                | (Q(profession__in=PROFESSIONS) & ~Q(license_number="") & ~Q(license_state="")),
                name="staff_license_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(active_to=None) | Q(active_to__gte=F("active_from")), name="staff_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"staff {self.pk}"


class ApiClient(TenantRow):
    """A system that speaks for one organization, with the public keys it signs with."""

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    client_id = models.CharField(max_length=200, unique=True)
    name = models.CharField(max_length=200)
    jwks = models.JSONField(null=True)
    jwks_url = models.URLField(max_length=400, blank=True)
    scopes = models.JSONField(default=list)
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(jwks__isnull=False) | ~Q(jwks_url=""), name="api_client_has_keys")
        ]
        indexes = [models.Index(fields=["tenant", "organization"], name="api_client_by_organization")]

    def __str__(self) -> str:
        return self.client_id


class UsedAssertion(TenantRow):
    """A sign-in assertion that was used: the same ``jti`` is refused until it would have expired anyway."""

    client = models.ForeignKey(ApiClient, models.CASCADE, related_name="+", db_index=False)
    jti = models.CharField(max_length=200)
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["client", "jti"], name="assertion_is_used_once")]
        indexes = [models.Index(fields=["tenant", "expires_at"], name="assertion_by_expiry")]

    def __str__(self) -> str:
        return f"assertion {self.pk}"
