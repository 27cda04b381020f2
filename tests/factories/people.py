"""Accounts and persons: the roles of the staff, members with a seat. Nothing random."""

from datetime import date

import factory
from django.contrib.auth.models import Group
from factory.django import DjangoModelFactory

from membership import rules
from membership.enums import SeatRole
from membership.models import InstitutionReviewer, Member, Seat, User
from tests.factories.reference import InstitutionFactory


class UserFactory(DjangoModelFactory):
    """An account with a proved phone and the password of the demo accounts."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    phone = factory.Sequence(lambda number: f"+86138{number:08d}")
    phone_verified = True
    last_name = ""
    password = factory.django.Password("Demo-2026")


def staff(role: str, name: str = "审核员") -> User:
    """Return an account in a role's group."""
    user = UserFactory(is_staff=True, last_name=name)
    user.groups.add(Group.objects.get_or_create(name=role)[0])
    return user


def association_reviewer(name: str = "唐老师") -> User:
    return staff(rules.ASSOCIATION_REVIEWER, name)


def institution_reviewer(*institutions, name: str = "王老师") -> User:
    """Return a reviewer who decides for the given institutions."""
    user = staff(rules.INSTITUTION_REVIEWER, name)
    for institution in institutions:
        InstitutionReviewer.objects.create(institution=institution, user=user)
    return user


class MemberFactory(DjangoModelFactory):
    """A person with an account and a name, not a member yet."""

    class Meta:
        model = Member

    user = factory.SubFactory(UserFactory)
    name = "顾明修"


class SeatFactory(DjangoModelFactory):
    """A committee member's seat that runs through 2026."""

    class Meta:
        model = Seat

    member = factory.SubFactory(MemberFactory)
    committee = factory.SubFactory(InstitutionFactory)
    role = SeatRole.MEMBER
    starts_on = date(2026, 1, 1)
    ends_on = date(2026, 12, 31)
