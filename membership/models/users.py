"""The account: who logs in, by telephone number."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Right
from phonenumber_field.modelfields import PhoneNumberField


class UserManager(BaseUserManager["User"]):
    """Creates accounts; the number is E.164 text (``validators.normalise_mobile`` makes it)."""

    def create_user(self, phone: str | None = None, password: str | None = None, **fields: Any) -> "User":
        """Make an account; without ``password`` it can only be entered by a code sent to the phone."""
        user = self.model(phone=phone, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, phone: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(phone, password, is_staff=True, is_superuser=True, phone_verified=True, **fields)

    def get_by_natural_key(self, phone: str | None) -> "User":
        return self.get(phone=phone)


class User(AbstractBaseUser, PermissionsMixin):
    """
    An account of the site: visitor, applicant, member, reviewer or editor alike.

    ``phone`` is unique E.164 text; it is empty after a telephone number passed to another person (L-4). The person in the
    society is a :class:`~membership.models.members.Member`.
    """

    phone = PhoneNumberField("手机号", unique=True, null=True, blank=True, region="CN")
    phone_verified = models.BooleanField("手机号已验证", default=False)
    # The last four digits, by which the association's reviewers find a case (REV-1); the database keeps them.
    phone_tail = models.GeneratedField(
        expression=Right("phone", 4), output_field=models.CharField("手机尾号", max_length=4), db_persist=True, db_index=True
    )
    # Wagtail shows these names in its admin; they are the staff's, never the member's name of record.
    first_name = models.CharField("名", max_length=60, blank=True)
    last_name = models.CharField("姓", max_length=60, blank=True)
    email = models.EmailField("邮箱", blank=True)
    is_staff = models.BooleanField("工作人员", default=False)
    is_active = models.BooleanField("可登录", default=True)
    date_joined = models.DateTimeField("注册时间", auto_now_add=True)

    objects = UserManager()
    # What is known of the account of a request from its first query on (accounts.backend); elsewhere it has none of these.
    has_dynamic_codes: bool
    has_own_permissions: bool
    is_frozen: bool
    # Kept by membership.rules and domain.queues on the account of a request, so that each asks once.
    _group_names: frozenset[str]
    _membership_roles: frozenset[str]
    # Kept by queues.look_up_once for one page.
    _no_business_of: tuple[int, ...]
    _reviewed_institutions: list[int]
    _stands_in_for_the_association: bool

    USERNAME_FIELD = "phone"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    EMAIL_FIELD = "email"

    class Meta:
        verbose_name = "账号"
        verbose_name_plural = "账号"

    def __str__(self) -> str:
        return self.get_full_name() or self.get_username() or f"账号 {self.pk}"

    def clean(self) -> None:
        """Keep a missing phone NULL: Django's normalisation would make it an empty text, of which there may be only one."""
        super().clean()
        self.phone = self.phone or None

    def get_username(self) -> str:  # Django's name; text, since the field's values are objects
        """Return the phone as E.164 text, or an empty string."""
        return str(self.phone or "")

    def get_full_name(self) -> str:  # Wagtail's name
        """Return family name and given name without a space, as Chinese names are written."""
        return f"{self.last_name}{self.first_name}"

    def get_short_name(self) -> str:
        return self.first_name or self.last_name or self.get_username()
