"""
The lives of the demo persons, told through the society's own verbs, so that no screen shows a state that cannot be.

Numbers of documents are synthetic with right check characters, and none is a sample of the association's guide (I-9).
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.contrib.auth.models import Group

from membership import identity, pinyin, rules
from membership.accounts import roles
from membership.domain import dossiers, enrolment, feedback, further_enrolment, referral_codes, review, stamped_forms
from membership.domain.enrolment import Consents
from membership.domain.further_enrolment import Choice
from membership.enums import Basis, DeliveryState, DocumentKind, FeedbackCategory, MemberType, ReferralMethod, SeatRole, Sex
from membership.management.demo import PASSWORD, accounts, papers
from membership.models import (
    Application,
    Delivery,
    Division,
    EducationLevel,
    EthnicGroup,
    Freeze,
    Institution,
    LegacyMember,
    Member,
    PoliticalAffiliation,
    QualificationKind,
    ReferralCode,
    Seat,
    Title,
    User,
    Violation,
    WorkUnit,
)

CONSENTS = Consents(version="2026-11", identity_documents=True)
TIANJIN_HEXI = "120103"


@dataclass(frozen=True)
class Person:
    """Answers of one invented person; what is not named here is the same for all."""

    name: str
    born_on: date
    sex: str
    serial: int
    member_type: str = MemberType.PROFESSIONAL
    title: str = "主治医师"
    specialty: str = "肿瘤内科"
    department: str = "肿瘤内科"
    duty: str = "医师"
    unit: str = "天津医科大学肿瘤医院"
    email: str = "demo@example.org"
    societies: tuple[str, ...] = ()
    institutions: tuple[str, ...] = ("lung",)
    extra: dict = field(default_factory=dict)


XU = Person("许静安", date(1986, 5, 12), Sex.FEMALE, 21, MemberType.ORDINARY, title="主管护师", specialty="肿瘤护理", department="护理部",
            duty="护士长", institutions=("lung", "reg-tj", "liver"))  # fmt: skip
GU = Person("顾明修", date(1969, 11, 3), Sex.MALE, 33, title="主任医师", specialty="胸部肿瘤", department="胸部肿瘤科", duty="科主任",
            societies=("中华医学会肿瘤学分会委员",))  # fmt: skip
SHEN = Person("沈砚秋", date(1986, 4, 12), Sex.MALE, 45, title="副主任医师", department="胸部肿瘤科", duty="科副主任",
              institutions=("lung", "reg-tj"), societies=("天津市医学会肿瘤学分会青年委员", "中国临床肿瘤学会会员"))  # fmt: skip
LIN = Person("林怀谦", date(1979, 8, 21), Sex.MALE, 57, institutions=("lung", "reg-tj"))
HAN = Person("韩知白", date(1975, 2, 6), Sex.MALE, 61, title="副主任医师")
HUI = Person("阿依古丽·买买提", date(1990, 3, 15), Sex.FEMALE, 72, department="放疗科", specialty="肿瘤放射治疗", institutions=("lung",))
QIN = Person("秦若谷", date(1992, 7, 8), Sex.MALE, 83, institutions=("lung", "youth"))
STUDENT = Person("方知夏", date(2001, 9, 9), Sex.FEMALE, 94, MemberType.STUDENT, specialty="肿瘤学", unit="天津医科大学",
                 institutions=("lung",))  # fmt: skip


def tell(*, at: datetime) -> list[str]:
    """Make all demo accounts and their stories as of ``at``; return a line for each."""
    staff = _staff()
    stories = (
        _new_applicant,
        _committee_member,
        _other_seats,
        _member_with_certificate,
        _rejected,
        _frozen,
        _former_member,
        _waiting_for_the_association,
        _waiting_for_the_institution,
        _waiting_for_the_referrer,
        _member_joining_another,
        _feedback,
        _text_not_sent,
    )
    return [line for story in stories for line in [story(staff, at)] if line]


def _staff() -> dict[str, User]:
    roles.ensure_groups()
    staff = {}
    for account in accounts.ALL:
        user = User.objects.create_user(
            account.e164,
            (PASSWORD if account.has_password else None),
            phone_verified=True,
            is_staff=bool(account.role),
            last_name=account.name if account.role else "",
        )
        if account.role:
            user.groups.add(Group.objects.get(name=account.role))
            staff[account.role] = user
    reviewer = staff[rules.INSTITUTION_REVIEWER]
    for code in ("lung", "reg-tj"):
        _institution(code).reviewers.create(user=reviewer)
    return staff


def _institution(code: str) -> Institution:
    return Institution.objects.get(code=code)


def _user(account: accounts.Account) -> User:
    return User.objects.get(phone=account.e164)


def _further_user(tail: int) -> User:
    """Return one more applicant's account, to fill the queues."""
    return User.objects.create_user(f"+86188000001{tail:02d}", PASSWORD, phone_verified=True)


def _number(person: Person) -> str:
    order = person.serial * 2 - (1 if person.sex == Sex.MALE else 0)
    first17 = f"{TIANJIN_HEXI}{person.born_on:%Y%m%d}{order:03d}"
    return first17 + identity.check_character(first17)


def _answers(person: Person) -> dict:
    unit = WorkUnit.objects.filter(name=person.unit).first()
    answers = {
        "member_type": person.member_type,
        "name": person.name,
        "sex": person.sex,
        "born_on": person.born_on,
        "document_kind": DocumentKind.RESIDENT_ID,
        "document_number": _number(person),
        "ethnic_group": EthnicGroup.objects.get(code="05" if "·" in person.name else "01"),
        "political_affiliation": PoliticalAffiliation.objects.get(code="12"),
        "origin": Division.objects.get(code=TIANJIN_HEXI),
        "education_level": EducationLevel.objects.get(code="11"),
        "specialty": person.specialty,
        "email": person.email,
        "address": "天津市河西区体院北环湖西路 1 号 门诊楼 5 层",
        "postcode": "300060",
        "unit_phone": "022-00000000",
        "work_unit": unit,
        "work_unit_name": unit.name if unit else person.unit,
        "work_region": Division.objects.get(code=TIANJIN_HEXI),
        "other_societies": list(person.societies),
        "institutions": [_institution(code) for code in person.institutions],
    }
    if person.member_type == MemberType.STUDENT:
        return {**answers, "student_card_until": date(2028, 7, 1)}
    answers |= {"department": person.department, "duty": person.duty, "title": Title.objects.get(name=person.title)}
    if person.member_type == MemberType.PROFESSIONAL:
        kind = QualificationKind.objects.filter(regex="").first() or QualificationKind.objects.first()
        answers |= {"qualification_kind": kind, "qualification_number": "201112010301984"}
    return {**answers, **person.extra}


def _submit(user: User, person: Person, *, at: datetime, referral: dict | None = None) -> Application:
    application = enrolment.start(user=user, at=at)
    enrolment.save_draft(application=application, person=user, answers={**_answers(person), **(referral or {})}, at=at)
    files = {"portrait": papers.portrait(person.serial)}
    if person.member_type == MemberType.STUDENT:
        files["student_card"] = papers.student_card()
    elif person.member_type == MemberType.PROFESSIONAL:
        files["qualification"] = papers.qualification()
    for name, file in files.items():
        enrolment.attach(application=application, person=user, field=name, file=file, at=at)
    application.refresh_from_db()
    return enrolment.submit(application=application, person=user, consents_given=CONSENTS, at=at)


def _upload(application: Application, *, at: datetime, basis: tuple[str, ...] = (Basis.STAMP,), with_seal: bool = True) -> Application:
    person = application.member.user
    scan = papers.stamped(application, unit=application.proposed_dossier.work_unit_name[-10:], with_seal=with_seal)
    return stamped_forms.upload(application=application, person=person, scan=scan, basis=basis, at=at)


def _check(application: Application, reviewer: User, *, at: datetime) -> None:
    review.approve_file(application=application, dossier=dossiers.latest_sealed(application), reviewer=reviewer, at=at)


def _approve(application: Application, staff: dict[str, User], codes: tuple[str, ...], *, at: datetime) -> None:
    for code in codes:
        row = application.rows.get(institution=_institution(code))
        reviewer = staff[rules.INSTITUTION_REVIEWER] if code in ("lung", "reg-tj") else staff[rules.ASSOCIATION_REVIEWER]
        review.approve_row(row=row, dossier=dossiers.latest_sealed(application), reviewer=reviewer, at=at)


def _enrol(user: User, person: Person, staff: dict[str, User], codes: tuple[str, ...], *, at: datetime) -> Member:
    application = _upload(_submit(user, person, at=at), at=at + timedelta(days=1))
    _check(application, staff[rules.ASSOCIATION_REVIEWER], at=at + timedelta(days=3))
    _approve(application, staff, codes, at=at + timedelta(days=6))
    return Member.objects.get(user=user)


def _new_applicant(staff: dict[str, User], at: datetime) -> str:
    return f"{accounts.NEW.phone} {accounts.NEW.who}"


def _committee_member(staff: dict[str, User], at: datetime) -> str:
    member = _enrol(_user(accounts.COMMITTEE_MEMBER), GU, staff, ("lung",), at=at - timedelta(days=200))
    seat = Seat.objects.create(
        member=member,
        committee=_institution("lung"),
        role=SeatRole.STANDING_MEMBER,
        starts_on=(at - timedelta(days=150)).date(),
        ends_on=(at + timedelta(days=900)).date(),
    )
    code = referral_codes.issue(seat=seat, person=member.user, at=at - timedelta(days=120))
    ReferralCode.objects.filter(pk=code.pk).update(scans=37)
    return f"{accounts.COMMITTEE_MEMBER.phone} {accounts.COMMITTEE_MEMBER.who}"


def _member_with_certificate(staff: dict[str, User], at: datetime) -> str:
    _enrol(_user(accounts.MEMBER), XU, staff, ("lung", "reg-tj"), at=at - timedelta(days=12))
    return f"{accounts.MEMBER.phone} {accounts.MEMBER.who}"


def _rejected(staff: dict[str, User], at: datetime) -> str:
    application = _upload(_submit(_user(accounts.REJECTED), LIN, at=at - timedelta(days=9)), at=at - timedelta(days=8), with_seal=False)
    review.refuse_file(
        application=application,
        dossier=dossiers.latest_sealed(application),
        reviewer=staff[rules.ASSOCIATION_REVIEWER],
        at=at - timedelta(days=5),
        reason="盖章不清晰，看不出单位全称。请重新盖章后上传",
        fields=["stamped_form"],
    )
    return f"{accounts.REJECTED.phone} {accounts.REJECTED.who}"


def _frozen(staff: dict[str, User], at: datetime) -> str:
    member = _enrol(_user(accounts.FROZEN), HAN, staff, ("lung",), at=at - timedelta(days=90))
    reviewer = staff[rules.ASSOCIATION_REVIEWER]
    violation = Violation.objects.create(
        member=member, text="资料变更所附证明与出具单位核实不符。", recorded_by=reviewer, recorded_at=at - timedelta(days=4)
    )
    Freeze.objects.create(
        member=member,
        violation=violation,
        reason="所附证明与出具单位核实不符",
        frozen_by=reviewer,
        started_at=at - timedelta(days=4),
    )
    return f"{accounts.FROZEN.phone} {accounts.FROZEN.who}"


def _former_member(staff: dict[str, User], at: datetime) -> str:
    LegacyMember.objects.create(
        source="原会员系统",
        old_number="CACA-0087214",
        name=accounts.FORMER.name,
        phone=accounts.FORMER.e164,
        sex=Sex.FEMALE,
        born_on=date(1966, 10, 2),
        member_type=MemberType.PROFESSIONAL,
    )
    return f"{accounts.FORMER.phone} {accounts.FORMER.who}"


def _waiting_for_the_association(staff: dict[str, User], at: datetime) -> str:
    for tail, person in ((1, SHEN), (2, HUI), (3, STUDENT)):
        _upload(_submit(_further_user(tail), person, at=at - timedelta(days=tail + 4)), at=at - timedelta(days=tail + 2))
    return "三份入会申请，待协会会员部审核"


def _waiting_for_the_institution(staff: dict[str, User], at: datetime) -> str:
    application = _upload(_submit(_further_user(4), QIN, at=at - timedelta(days=12)), at=at - timedelta(days=10))
    _check(application, staff[rules.ASSOCIATION_REVIEWER], at=at - timedelta(days=8))
    return "一份入会申请，待机构审核"


def _member_joining_another(staff: dict[str, User], at: datetime) -> str:
    """A member of one committee who asks a second one, without form or stamp (APP-13)."""
    person = Person("乔若溪", date(1984, 5, 19), Sex.FEMALE, 117, title="副主任医师", department="介入科", institutions=("liver",))
    member = _enrol(_further_user(6), person, staff, ("liver",), at=at - timedelta(days=80))
    choice = Choice((_institution("lung"),))
    further_enrolment.submit(person=member.user, choice=choice, is_still_true=True, at=at - timedelta(days=1))
    return "一位会员申请加入更多机构，待机构审核"


def _waiting_for_the_referrer(staff: dict[str, User], at: datetime) -> str:
    seat = Seat.objects.select_related("member", "committee").get(member__user=_user(accounts.COMMITTEE_MEMBER))
    referral = {
        "referral_method": ReferralMethod.COMMITTEE_MEMBER,
        "referrer_seat": seat,
        "referrer": seat.member,
        "referring_unit": seat.committee.full_name,
    }
    person = Person("苏念慈", date(1988, 12, 1), Sex.FEMALE, 106, department="胸部肿瘤科")
    application = _submit(_further_user(5), person, at=at - timedelta(days=3), referral=referral)
    _upload(application, at=at - timedelta(days=2), basis=())
    return "一份入会申请，待委员顾明修答复"


def _other_seats(staff: dict[str, User], at: datetime) -> str:
    """Seats of persons without an account yet: found as a referrer and marked 未激活 (E-18); one ends soon, one is over."""
    terms = (
        ("秦牧之", "lung", SeatRole.CHAIR, -400, 700),
        ("单雪松", "liver", SeatRole.MEMBER, -700, 12),
        ("曾一苇", "lung", SeatRole.SECRETARY, -1500, -60),
    )
    for name, committee, role, since, until in terms:
        holder = Member(name=name)
        holder.name_pinyin, holder.name_initials = pinyin.readings(name)
        holder.save()
        Seat.objects.create(
            member=holder,
            committee=_institution(committee),
            role=role,
            starts_on=(at + timedelta(days=since)).date(),
            ends_on=(at + timedelta(days=until)).date(),
        )
    return "三位未激活委员的任职，一位快要到期，一位已到期"


def _feedback(staff: dict[str, User], at: datetime) -> str:
    sent = feedback.send_feedback(
        person=_user(accounts.MEMBER),
        category=FeedbackCategory.CERTIFICATE,
        text="证书预览里单位名称比较长，手机上字很小，能放大看吗？",
        at=at - timedelta(days=2),
    )
    said = "可以的。在预览页用两根手指放大，或下载后打开 PDF。谢谢您的建议，我们会把预览做得更清楚。"
    feedback.answer(feedback=sent, person=staff[rules.SUPPORT], text=said, seen=None, at=at - timedelta(days=1))
    feedback.send_feedback(
        person=_user(accounts.REJECTED),
        category=FeedbackCategory.APPLICATION,
        text="上传盖章文件时提示文件太大。手机拍的照片都超过 5 MB，请问怎么压缩？",
        contact="工作日下午可接电话",
        screenshots=[papers.screenshot("文件 7.2 MB，超过 5 MB")],
        at=at - timedelta(hours=3),
    )
    return "两条意见反馈，一条已答复"


def _text_not_sent(staff: dict[str, User], at: datetime) -> str:
    """A provider that was busy three times: support may send this one again."""
    texts = Delivery.objects.filter(message__user=_user(accounts.REJECTED), message__code="file-refused")
    texts.update(state=DeliveryState.FAILED, attempts=3, sent_at=None, provider_id="", error="aliyun: isv.BUSINESS_LIMIT_CONTROL")
    return "一条没有发出的短信，可以重新发送"
