"""
The people of the referral's browser tests, put into a site's database by the society's own verbs.

A process of its own: ``python -m tests.e2e.referral_people``, with the site's environment. Prints a line «who phone» for each.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import django

if __name__ == "__main__":
    django.setup()

from django.utils import timezone

from membership import pinyin
from membership.domain import enrolment
from membership.management.demo import PASSWORD
from membership.models import Application, Freeze, Institution, Member, Seat, Title, User, Violation, WorkUnit
from tests.factories import enrolment as stories


def account(tail: int) -> User:
    return User.objects.create_user(f"+861881236{tail:04d}", PASSWORD, phone_verified=True)


def complete(user: User, name: str, *, at: datetime, referral: dict | None = None) -> Application:
    """Return a draft that wants nothing but its submission."""
    unit = WorkUnit.objects.get(name="天津医科大学肿瘤医院")
    return stories.draft(
        at=at,
        user=user,
        institutions=[Institution.objects.get(code="lung")],
        referral=referral,
        name=name,
        born_on=date(1987, 4, 12),
        work_unit=unit,
        work_unit_name=unit.name,
        title=Title.objects.get(name="副主任医师"),
        document_number=stories.resident_number(date(1987, 4, 12), serial=user.pk % 400 + 1, region="120105"),
    )


def submitted(user: User, name: str, seat: Seat, *, at: datetime) -> Application:
    application = complete(user, name, at=at, referral=stories.referred_by(seat))
    return enrolment.submit(application=application, person=user, consents_given=stories.CONSENTS, at=at)


def seat_holder(user: User, name: str, now: datetime) -> Seat:
    """Return a seat of a member who was approved half a year ago."""
    application = complete(user, name, at=now - timedelta(days=180))
    enrolment.submit(application=application, person=user, consents_given=stories.CONSENTS, at=now - timedelta(days=180))
    upload = {"scan": stories.scan(), "basis": ["stamp"], "at": now - timedelta(days=179)}
    stories.stamped_forms.upload(application=application, person=user, **upload)
    stories.approve_file(application, at=now - timedelta(days=178))
    stories.approve_row(application.rows.get(), at=now - timedelta(days=177))
    return Seat.objects.create(
        member=Member.objects.get(user=user),
        committee=Institution.objects.get(code="liver"),
        starts_on=(now - timedelta(days=100)).date(),
        ends_on=(now + timedelta(days=600)).date(),
    )


def spell(member: Member) -> None:
    member.name_pinyin, member.name_initials = pinyin.readings(member.name)
    member.save()


def frozen(user: User, now: datetime) -> None:
    seat = seat_holder(user, "尉迟长风", now)
    violation = Violation.objects.create(member=seat.member, text="证明材料与出具单位核实不符", recorded_by=user, recorded_at=now)
    Freeze.objects.create(member=seat.member, violation=violation, reason="材料不实", frozen_by=user, started_at=now)


def former(user: User, now: datetime) -> None:
    seat = seat_holder(user, "欧阳文若", now)
    Seat.objects.filter(pk=seat.pk).update(ends_on=(now - timedelta(days=3)).date())


def people(seat: Seat) -> dict[str, Callable[[User, datetime], object]]:
    return {
        "drafting-phone": lambda user, now: complete(user, "陆清越", at=now - timedelta(days=1)),
        "drafting-desktop": lambda user, now: complete(user, "苏映雪", at=now - timedelta(days=1)),
        "plain-phone": lambda user, now: complete(user, "江望舒", at=now - timedelta(days=1)),
        "plain-desktop": lambda user, now: complete(user, "谢临川", at=now - timedelta(days=1)),
        "another-phone": lambda user, now: complete(user, "白露", at=now - timedelta(days=1), referral={"referral_method": "association"}),
        "another-desktop": lambda user, now: complete(
            user, "霜降", at=now - timedelta(days=1), referral={"referral_method": "association"}
        ),
        "waiting-phone": lambda user, now: submitted(user, "温如玉", seat, at=now - timedelta(days=3)),
        "waiting-desktop": lambda user, now: submitted(user, "顾盼", seat, at=now - timedelta(days=3)),
        "nobody": lambda user, now: None,
        "holder-phone": lambda user, now: seat_holder(user, "单雪舟", now),
        "holder-desktop": lambda user, now: seat_holder(user, "曾一鸣", now),
        "frozen": frozen,
        "former": former,
    }


def tell(now: datetime) -> dict[str, str]:
    """Make everybody; return who → phone as one types it."""
    seat = Seat.objects.select_related("member", "committee").get(member__user__phone="+8618800000003")
    phones = {}
    for tail, (who, story) in enumerate(people(seat).items(), 1):
        user = account(tail)
        story(user, now)
        for member in Member.objects.filter(user=user):
            spell(member)
        phones[who] = str(user.phone.national_number)
    return phones


if __name__ == "__main__":
    for who, phone in tell(timezone.now()).items():
        print(who, phone)  # noqa: T201  read by the test
