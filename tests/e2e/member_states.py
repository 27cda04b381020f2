"""
One person in each state of 会员中心, put into a site's database by the society's own verbs.

A process of its own: ``python -m tests.e2e.member_states``, with the site's environment. Prints a line «state phone» for each.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import django

if __name__ == "__main__":
    django.setup()

from django.utils import timezone

from membership.domain import endorsements, enrolment, stamped_forms
from membership.enums import AffiliationEnd, Basis, EndKind, Standing
from membership.management.demo import PASSWORD, papers
from membership.models import Affiliation, Application, Institution, Member, Seat, Title, User, WorkUnit
from membership.models import settings as society
from tests.factories import enrolment as stories
from tests.factories import people

LONG_NAME = "阿不都热合曼·买买提吐尔逊"
YEAR = timedelta(days=365)


def account(tail: int) -> User:
    return User.objects.create_user(f"+861881235{tail:04d}", PASSWORD, phone_verified=True)


def institutions(*codes: str) -> list[Institution]:
    return [Institution.objects.get(code=code) for code in codes]


def complete(user: User, name: str, codes: tuple[str, ...], *, at: datetime, referral: dict | None = None) -> Application:
    """Return a complete draft with a portrait that looks like one."""
    unit = WorkUnit.objects.get(name="天津医科大学肿瘤医院")
    application = stories.draft(
        at=at,
        user=user,
        institutions=institutions(*codes),
        referral=referral,
        name=name,
        born_on=date(1986, 4, 12),
        work_unit=unit,
        work_unit_name=unit.name,
        title=Title.objects.get(name="副主任医师"),
        document_number=stories.resident_number(date(1986, 4, 12), serial=user.pk % 400 + 1, region="120104"),
    )
    enrolment.attach(application=application, person=user, field="portrait", file=papers.portrait(user.pk), at=at)
    return Application.objects.get(pk=application.pk)


def submitted(user: User, name: str, codes: tuple[str, ...] = ("lung", "reg-tj"), *, at: datetime, referral=None) -> Application:
    application = complete(user, name, codes, at=at, referral=referral)
    return enrolment.submit(application=application, person=user, consents_given=stories.CONSENTS, at=at)


def uploaded(user: User, name: str, *, at: datetime, basis=(Basis.STAMP,), referral=None) -> Application:
    application = submitted(user, name, at=at, referral=referral)
    return stamped_forms.upload(application=application, person=user, scan=stories.scan(), basis=basis, at=at + timedelta(hours=3))


def deciding(user: User, name: str, *, at: datetime) -> Application:
    application = uploaded(user, name, at=at)
    stories.approve_file(application, at=at + timedelta(days=2))
    return Application.objects.get(pk=application.pk)


def member(user: User, name: str, *, at: datetime) -> Member:
    """Return a member whom both institutions approved two days after ``at``."""
    for row in deciding(user, name, at=at).rows.order_by("pk"):
        stories.approve_row(row, at=at + timedelta(days=2, hours=1))
    return Member.objects.get(user=user)


def draft(user: User, now: datetime) -> None:
    application = enrolment.start(user=user, at=now - timedelta(days=3))
    answers = {"member_type": "professional", "name": "闻人清和", "born_on": date(1990, 2, 3)}
    enrolment.save_draft(application=application, person=user, answers=answers, at=now - timedelta(days=3))


def endorsing(user: User, now: datetime) -> None:
    seat = Seat.objects.select_related("member", "committee").get(member__user__phone="+8618800000003")
    uploaded(user, "司徒若兰", at=now - timedelta(days=4), basis=(), referral=stories.referred_by(seat))


def declined(user: User, now: datetime) -> None:
    seat = Seat.objects.select_related("member", "committee").get(member__user__phone="+8618800000003")
    application = submitted(user, "欧阳远帆", at=now - timedelta(days=4), referral=stories.referred_by(seat))
    asked = endorsements.open_endorsement(application)
    endorsements.decline(endorsement=asked, person=seat.member.user, reason_public="与申请人不相识，不便推荐", at=now - timedelta(days=1))


def row_refused(user: User, now: datetime) -> None:
    application = deciding(user, "诸葛明远", at=now - timedelta(days=20))
    first, second = application.rows.order_by("pk")
    stories.approve_row(first, at=now - timedelta(days=10))
    stories.refuse_row(second, at=now - timedelta(days=2), reason="工作单位不在本市，请向单位所在地的抗癌协会申请")


def rejected(user: User, now: datetime) -> None:
    application = uploaded(user, "慕容雪", at=now - timedelta(days=9))
    stories.refuse_file(application, at=now - timedelta(days=4), reason="盖章不清晰，看不出单位全称", fields=["stamped_form"])


def frozen(user: User, now: datetime) -> None:
    people.freeze(member(user, "尉迟长风", at=now - timedelta(days=90)), at=now - timedelta(days=4))


def ended(user: User, now: datetime, kind: EndKind) -> None:
    one = member(user, "东方既白" if kind == EndKind.WITHDRAWN else "南宫问天", at=now - timedelta(days=200))
    on = (now - timedelta(days=6)).date()
    Affiliation.objects.filter(member=one).update(ended_on=on, ended_by=AffiliationEnd.MEMBERSHIP_ENDED)
    Member.objects.filter(pk=one.pk).update(standing=Standing.ENDED, end_kind=kind, ended_on=on)


def lapsed_after(days: int) -> Callable[[User, datetime], None]:
    """Return a story whose membership ended so many days ago."""
    return lambda user, now: member(user, "夏侯明月", at=now - YEAR - timedelta(days=days + 2)) and None


def states() -> dict[str, Callable[[User, datetime], object]]:
    grace = society.current().grace_days
    return {
        "empty": lambda user, now: None,
        "draft": draft,
        "your-turn": lambda user, now: submitted(user, LONG_NAME, at=now - timedelta(days=2)),
        "endorsing": endorsing,
        "declined": declined,
        "waiting": lambda user, now: uploaded(user, "上官云舒", at=now - timedelta(days=5)),
        "rejected": rejected,
        "deciding": lambda user, now: deciding(user, "令狐静之", at=now - timedelta(days=12)),
        "row-refused": row_refused,
        "approved": lambda user, now: member(user, LONG_NAME, at=now - timedelta(days=12)),
        "grace": lapsed_after(min(8, grace)),
        "lapsed": lapsed_after(grace + 40),
        "frozen": frozen,
        "left": lambda user, now: ended(user, now, EndKind.WITHDRAWN),
        "expelled": lambda user, now: ended(user, now, EndKind.EXPELLED),
    }


def tell(now: datetime) -> dict[str, str]:
    """Make everybody; return state → phone as one types it."""
    phones = {}
    for tail, (state, story) in enumerate(states().items(), 1):
        user = account(tail)
        story(user, now)
        phones[state] = user.phone.removeprefix("+86") if isinstance(user.phone, str) else str(user.phone.national_number)
    return phones


if __name__ == "__main__":
    for state, phone in tell(timezone.now()).items():
        print(state, phone)  # noqa: T201  read by the test
