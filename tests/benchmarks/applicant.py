"""An applicant of their own, with a form that is filled in, and what their browser sends of it."""

from datetime import date
from functools import cache

from django.test import Client
from django.utils import timezone

from membership.domain import enrolment
from membership.enums import ApplicationState, AttachmentKind, DocumentKind, MemberType, Sex
from membership.forms.enrolment import EnrolmentForm
from membership.forms.stored_answers import as_sent
from membership.models import (
    Application,
    Division,
    EducationLevel,
    EthnicGroup,
    FieldOfInterest,
    Institution,
    PoliticalAffiliation,
    QualificationKind,
    Title,
    User,
    WorkUnit,
)
from membership.views import draft_saving
from tests.factories import enrolment as stories
from tests.factories.browser import client_of

PHONE = "+8618800000090"
BORN_ON = date(1964, 5, 6)


@cache
def browser() -> Client:
    return client_of(_user())


def draft() -> Application:
    """Return the applicant's draft, filled in and with its pictures; what was submitted is recalled."""
    user = _user()
    application = enrolment.current(user) or _filled_in(user)
    if application.state == ApplicationState.AWAITING_FORM:
        enrolment.recall(application=application, person=user, at=timezone.now())
    return enrolment.current(user)


def sent() -> dict[str, object]:
    """Return what the whole form sends: every answer as it is stored, and what the page knows of the draft."""
    form = EnrolmentForm(application=draft(), person=_user(), at=timezone.now())
    controls = {}
    for name in form.marks():
        controls |= as_sent(form.fields[name], name, form.initial[name], person=form.person)
    return {**controls, **known(form)}


def known(form: EnrolmentForm | None = None) -> dict[str, str]:
    """Return what a page sends along with every answer."""
    form = form or EnrolmentForm(application=draft(), person=_user(), at=timezone.now())
    return {
        "seen": draft_saving.seen_of(form.application),
        "marks": draft_saving.marks_in(form.marks()),
        "member_type": MemberType.PROFESSIONAL,
        "document_kind": DocumentKind.RESIDENT_ID,
        "referral_method": "",
    }


def another_number(serial: int) -> dict[str, str]:
    return {"document_number": stories.resident_number(BORN_ON, serial=90 + serial % 2)}


def _user() -> User:
    user, _ = User.objects.get_or_create(phone=PHONE)
    return user


def _filled_in(user: User) -> Application:
    at = timezone.now()
    application = enrolment.start(user=user, at=at)
    enrolment.save_draft(application=application, person=user, answers=_answers(), at=at)
    for field in ("portrait", "qualification"):
        enrolment.attach(application=application, person=user, field=field, file=stories.picture(AttachmentKind(field)), at=at)
    return application


def _answers() -> dict[str, object]:
    place, unit = Division.objects.get(code="120103"), WorkUnit.objects.active().first()
    return {
        "member_type": MemberType.PROFESSIONAL,
        "name": "程砚田",
        "sex": Sex.MALE,
        "born_on": BORN_ON,
        "document_kind": DocumentKind.RESIDENT_ID,
        "document_number": stories.resident_number(BORN_ON, serial=90),
        "ethnic_group": EthnicGroup.objects.first(),
        "political_affiliation": PoliticalAffiliation.objects.first(),
        "origin": place,
        "work_region": place,
        "education_level": EducationLevel.objects.selectable().first(),
        "specialty": "肿瘤学",
        "email": "cheng@example.org",
        "address": "天津市河西区体院北环湖西路 1 号",
        "postcode": "300060",
        "unit_phone": "022-00000000",
        "work_unit": unit,
        "work_unit_name": unit.name,
        "department": "胸部肿瘤科",
        "duty": "教授",
        "title": Title.objects.active().first(),
        "social_posts": "某学会理事",
        "other_societies": ["甲学会 委员", "乙学会 常委"],
        "fields_of_interest": list(FieldOfInterest.objects.active()[:4]),
        "qualification_kind": QualificationKind.objects.active().first(),
        "qualification_number": "201112110120103",
        "institutions": list(Institution.objects.filter(kind="committee")[:3]),
    }
