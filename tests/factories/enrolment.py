"""Applications in every state, brought there by the society's own verbs, so that no test stands on a state that cannot be."""

from datetime import date, datetime
from io import BytesIO
from itertools import cycle

from PIL import Image

from membership import identity
from membership.domain import attachments, dossiers, endorsements, enrolment, review, stamped_forms
from membership.domain.enrolment import Consents
from membership.enums import ApplicationState, AttachmentKind, Basis, DocumentKind, MemberType, Sex
from membership.models import Application, ApplicationInstitution, Institution, Seat, User
from tests.factories.people import UserFactory, association_reviewer, committee_member, institution_reviewer
from tests.factories.reference import (
    DivisionFactory,
    EducationLevelFactory,
    EthnicGroupFactory,
    InstitutionFactory,
    PoliticalAffiliationFactory,
    QualificationKindFactory,
    TitleFactory,
    WorkUnitFactory,
)

CONSENTS = Consents(version="2026-11", identity_documents=True)


def picture(kind: AttachmentKind = AttachmentKind.PORTRAIT, size: tuple[int, int] = (354, 496), tone: int = 200) -> attachments.NewFile:
    """Return a small grey JPEG as a checked upload."""
    content = BytesIO()
    Image.new("RGB", size, (tone, tone, tone)).save(content, "JPEG")
    return attachments.NewFile(kind, content.getvalue(), "image/jpeg", "photo.jpg", *size)


def scan() -> stamped_forms.Scan:
    """Return a stamped form of one page."""
    return stamped_forms.Scan(
        original=picture(AttachmentKind.STAMPED_FORM, (600, 850)), pages=[picture(AttachmentKind.STAMPED_PAGE, (600, 850))]
    )


def resident_number(born_on: date = date(1984, 9, 30), *, serial: int = 1, sex: str = Sex.MALE, region: str = "120103") -> str:
    """Return a synthetic resident identity number with a right check character; ``serial`` (1 to 499) tells persons apart."""
    order = serial * 2 - (1 if sex == Sex.MALE else 0)
    first17 = f"{region}{born_on:%Y%m%d}{order:03d}"
    return first17 + identity.check_character(first17)


_serial = cycle(range(1, 500))


def answers(*, born_on: date = date(1984, 9, 30), sex: str = Sex.MALE, member_type: str = MemberType.PROFESSIONAL, **changes) -> dict:
    """Return complete answers of a resident; give other ones as keywords. Each call is another person, up to 499 in a test."""
    county = DivisionFactory(county=True)
    unit = WorkUnitFactory()
    complete = {
        "member_type": member_type,
        "name": "沈砚秋",
        "sex": sex,
        "born_on": born_on,
        "document_kind": DocumentKind.RESIDENT_ID,
        "document_number": resident_number(born_on, serial=next(_serial) if "document_number" not in changes else 1, sex=sex),
        "ethnic_group": EthnicGroupFactory(),
        "political_affiliation": PoliticalAffiliationFactory(),
        "origin": county,
        "education_level": EducationLevelFactory(),
        "specialty": "肿瘤学",
        "email": "shen@example.org",
        "address": "天津市河西区临江路 18 号",
        "work_unit": unit,
        "work_unit_name": unit.name,
        "department": "胸部肿瘤科",
        "duty": "科副主任",
        "title": TitleFactory(),
        "work_region": county,
        "qualification_kind": QualificationKindFactory(free=True),
        "qualification_number": "2011010001",
    }
    if member_type == MemberType.STUDENT:
        for field in ("department", "duty", "title", "qualification_kind", "qualification_number"):
            complete.pop(field)
        complete["student_card_until"] = date(2027, 7, 1)
    return {**complete, **changes}


def draft(
    *, at: datetime, user: User | None = None, institutions: list[Institution] | None = None, referral: dict | None = None, **changes
) -> Application:
    """Return a complete draft with its pictures, ready to submit."""
    user = user or UserFactory()
    application = enrolment.start(user=user, at=at)
    filled = answers(**changes)
    enrolment.save_draft(
        application=application,
        person=user,
        answers={**filled, "institutions": institutions or [InstitutionFactory(committee=True)], **(referral or {})},
        at=at,
    )
    student = filled["member_type"] == MemberType.STUDENT
    for field in ("portrait", "student_card") if student else ("portrait", "qualification"):
        enrolment.attach(application=application, person=user, field=field, file=picture(AttachmentKind(field)), at=at)
    return Application.objects.get(pk=application.pk)


def referred_by(seat) -> dict:
    """Return the answers of 委员推荐 by this seat."""
    return {
        "referral_method": "committee_member",
        "referrer_seat": seat,
        "referrer": seat.member,
        "referring_unit": seat.committee.full_name,
    }


def submitted(*, at: datetime, **options) -> Application:
    application = draft(at=at, **options)
    return enrolment.submit(application=application, person=application.member.user, consents_given=CONSENTS, at=at)


def endorsing(*, at: datetime, seat: Seat | None = None, basis=(), **options) -> Application:
    """Return a file whose form is here while the committee member, able to endorse, has not answered."""
    application = submitted(at=at, referral=referred_by(seat or committee_member()), **options)
    return stamped_forms.upload(application=application, person=application.member.user, scan=scan(), basis=basis, at=at)


def checking(*, at: datetime, **options) -> Application:
    """Return a file with the association: form uploaded, stamp ticked; a committee member who was asked has agreed."""
    application = submitted(at=at, **options)
    asked = endorsements.open_endorsement(application)
    if asked is not None:
        endorsements.agree(endorsement=asked, person=asked.seat.member.user, at=at)
    return stamped_forms.upload(application=application, person=application.member.user, scan=scan(), basis=[Basis.STAMP], at=at)


def deciding(*, at: datetime, **options) -> Application:
    application = checking(at=at, **options)
    approve_file(application, at=at)
    return Application.objects.get(pk=application.pk)


def returned(*, at: datetime, reason: str = "盖章不清晰", **options) -> Application:
    application = checking(at=at, **options)
    refuse_file(application, at=at, reason=reason)
    return Application.objects.get(pk=application.pk)


def approved(*, at: datetime, **options) -> Application:
    """Return a closed file whose every row was approved: its person is a member."""
    application = deciding(at=at, **options)
    for row in application.rows.order_by("pk"):
        approve_row(row, at=at)
    return Application.objects.get(pk=application.pk)


def approve_file(application: Application, *, at: datetime, reviewer: User | None = None):
    seen = dossiers.latest_sealed(application)
    return review.approve_file(application=application, dossier=seen, reviewer=reviewer or association_reviewer(), at=at)


def refuse_file(application: Application, *, at: datetime, reason: str = "盖章不清晰", reviewer: User | None = None, **options):
    seen = dossiers.latest_sealed(application)
    return review.refuse_file(
        application=application, dossier=seen, reviewer=reviewer or association_reviewer(), at=at, reason=reason, **options
    )


def approve_row(row: ApplicationInstitution, *, at: datetime, reviewer: User | None = None, **options):
    reviewer = reviewer or institution_reviewer(row.institution)
    return review.approve_row(row=row, dossier=dossiers.latest_sealed(row.application), reviewer=reviewer, at=at, **options)


def refuse_row(row: ApplicationInstitution, *, at: datetime, reason: str = "不符合要求", reviewer: User | None = None, **options):
    reviewer = reviewer or institution_reviewer(row.institution)
    return review.refuse_row(row=row, dossier=dossiers.latest_sealed(row.application), reviewer=reviewer, at=at, reason=reason, **options)


BUILDERS = {
    ApplicationState.DRAFT: draft,
    ApplicationState.AWAITING_FORM: submitted,
    ApplicationState.ENDORSING: endorsing,
    ApplicationState.CHECKING: checking,
    ApplicationState.DECIDING: deciding,
    ApplicationState.RETURNED: returned,
    ApplicationState.CLOSED: approved,
}


def in_state(state: ApplicationState, *, at: datetime, **options) -> Application:
    """Return an application in the state."""
    return BUILDERS[state](at=at, **options)
