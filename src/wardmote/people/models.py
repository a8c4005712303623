"""Logins and keys. One person may belong to many communities; e-mail addresses live here and nowhere else."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from wardmote.kernel.ids import new_id
from wardmote.kernel.urn import Urn
from wardmote.people.policy import WayIn, Window


class PersonManager(BaseUserManager["Person"]):
    """Makes logins; used by allauth and by the command line."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "Person":
        person = self.model(email=self.normalize_email(email), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person


class Person(AbstractBaseUser):
    """Somebody who can sign in. Being the host's staff is a property of the person, not of a membership."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    email = models.EmailField(max_length=254)
    is_active = models.BooleanField(default=True)
    is_host_staff = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)
    language = models.CharField(
        max_length=12, blank=True, default="", help_text="Code of the language that letters speak; empty: not chosen."
    )

    objects: ClassVar[PersonManager] = PersonManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="person_email_once")]
        # Signing in looks for the address as it is written: without an index an unknown one would take longer.
        indexes = [models.Index(fields=["email"], name="person_by_email")]

    def __str__(self) -> str:
        return str(self.urn)

    @property
    def urn(self) -> Urn:
        """How the record names this person."""
        return Urn("person", self.id)


class LoginMail(models.Model):
    """A mail about a login that has not left yet: codes and links, so it is deleted once it has."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    address = models.EmailField(max_length=254)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    created_at = models.DateTimeField()

    class Meta:
        db_table = "people_loginletter"  # what is stored keeps its name

    def __str__(self) -> str:
        return f"login mail {self.pk}"


class AddressChange(models.Model):
    """A login's main address was replaced; whoever reads mail at the one before has some days to take it back.

    `digest` is the SHA-256, in hex, of the secret in the link that was mailed there.
    """

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="address_changes")
    from_address = models.EmailField(max_length=254)
    digest = models.CharField(max_length=64)
    changed_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"change of {self.person_id}"


class Contact(models.Model):
    """Somebody without an account who is written to: a visitor who reported something, at a confirmed address.

    `realm`: the URN of the community that they turned to; with another they are another contact. Erased, the row stays
    as a name for what the record says, and holds nothing of them.
    """

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    realm = models.CharField(max_length=80)
    address = models.EmailField(max_length=254, blank=True)
    name = models.CharField(max_length=120, blank=True, default="")
    language = models.CharField(max_length=12, blank=True, default="")
    confirmed_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "realm", Lower("address"), condition=models.Q(erased_at=None), name="contact_address_once"
            ),
            models.CheckConstraint(
                condition=models.Q(erased_at=None) | models.Q(address="", name=""), name="contact_erased_is_empty"
            ),
        ]

    def __str__(self) -> str:
        return str(self.urn)

    @property
    def urn(self) -> Urn:
        return Urn("contact", self.id)


class HandOff(models.Model):
    """Somebody is on their way from the host's page into the community at `host`; deleted when they arrive.

    `digest` is the SHA-256, in hex, of the token that they carry; `bound_to` that of what their sessions are bound to,
    so that a new password ends this as well.
    """

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    digest = models.CharField(max_length=64, unique=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="hand_offs")
    bound_to = models.CharField(max_length=64)
    host = models.CharField(max_length=253)
    way = models.CharField(max_length=10, choices=[(w.value, w.value) for w in WayIn])
    made_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.person_id} to {self.host}"


class ApiKey(models.Model):
    """A key of the moderation API: its hash and its terms. `realm`: the URN of the one community it is for, if any."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the key, in hex.")
    begins = models.CharField(max_length=16, help_text="The first characters of the key, to tell it from others.")
    scopes = models.JSONField()
    realm = models.CharField(max_length=80, blank=True, default="")
    requests_per_minute = models.PositiveIntegerField(help_text="0: no limit.")
    texts_per_day = models.PositiveIntegerField(help_text="0: no limit.")
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["realm", "name"], condition=models.Q(revoked_at=None), name="api_key_name_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.begins}…)"

    @property
    def urn(self) -> Urn:
        return Urn("api_key", self.id)


class KeyUse(models.Model):
    """What has been handed out of one key's limit in the window that began at `begin`."""

    pk = models.CompositePrimaryKey("key_id", "window")
    key = models.ForeignKey(ApiKey, on_delete=models.CASCADE, related_name="uses", db_index=False)
    window = models.CharField(max_length=10, choices=[(w.value, w.value) for w in Window])
    begin = models.DateTimeField()
    used = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.key_id} this {self.window}: {self.used}"


class Pace(models.Model):
    """One count of tries, as Django's database cache keeps it; bounded and cleared by it."""

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "people_pace"

    def __str__(self) -> str:
        return self.cache_key
