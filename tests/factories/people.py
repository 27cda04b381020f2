"""Accounts and persons: the roles of the staff, members with a seat. Nothing random."""

from datetime import date, datetime

import factory
from django.conf import settings
from django.contrib.auth.models import Group
from factory.django import DjangoModelFactory

from membership import link_signing, rules
from membership.enums import AffiliationSource, SeatRole, Standing
from membership.models import Affiliation, Freeze, InstitutionReviewer, Member, Seat, User, Violation
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


def active_member(*, until: date = date(2026, 12, 31), **changes) -> Member:
    """Return a member since 2025 with one affiliation until ``until``; no application or dossier behind it."""
    member = MemberFactory(last_valid_to=until, joined_on=date(2025, 1, 1), **changes)
    member.standing = Standing.MEMBER
    member.number = link_signing.number_of(900_000 + member.pk, settings.CERTIFICATE_ISSUER_CODE)
    member.save()
    Affiliation.objects.create(
        member=member, institution=InstitutionFactory(), valid_from=date(2025, 1, 1), valid_to=until, source=AffiliationSource.DECISION
    )
    return member


def freeze(member: Member, *, at: datetime, by: User | None = None) -> Freeze:
    """Return an open freeze of a member; the holds it lays on applications are the verb's."""
    by = by or association_reviewer()
    violation = Violation.objects.create(member=member, text="证明材料与出具单位核实不符", recorded_by=by, recorded_at=at)
    return Freeze.objects.create(member=member, violation=violation, reason="材料不实", frozen_by=by, started_at=at)


class SeatFactory(DjangoModelFactory):
    """A committee member's seat that runs through 2026."""

    class Meta:
        model = Seat

    member = factory.SubFactory(MemberFactory)
    committee = factory.SubFactory(InstitutionFactory)
    role = SeatRole.MEMBER
    starts_on = date(2026, 1, 1)
    ends_on = date(2026, 12, 31)


def committee_member(**changes) -> Seat:
    """Return a seat whose holder may endorse through 2026."""
    return SeatFactory(member=active_member(name="顾明修"), **changes)
