"""
What a reviewer should look at twice, found by itself (REV-2, E-3, E-7).

Hints for people, never verdicts: nothing here refuses anything. Each is shown only to who may see the field it speaks of (S-3).
"""

from collections.abc import Iterator
from datetime import date

from django.db.models import QuerySet, Value

from membership import identity, validators
from membership.domain import claims, divisions, review, scan_hints, visibility
from membership.domain.scan_hints import Hint
from membership.domain.visibility import Reader
from membership.enums import ApplicationState, Basis, DocumentKind, EndorsementState
from membership.models import Application, Dossier, Endorsement, LegacyMember, Member, MemberDocument, StampedForm
from membership.periods import age_on

OLDEST = 100  # full years
MOST_DOUBLES = 3
UNENDORSED = {
    EndorsementState.DECLINED: "推荐人未同意",
    EndorsementState.TIMED_OUT: "推荐人未答复",
    EndorsementState.VOID: "推荐人已失去推荐资格",
}


def hints_for(
    reader: Reader,
    application: Application,
    dossier: Dossier,
    form: StampedForm | None,
    endorsement: Endorsement | None,
    *,
    today: date,
    unprintable: str = "",
) -> tuple[Hint, ...]:
    """
    Return the hints on a case that this reader may have, those on the papers first. ``unprintable``: the characters of the name that no
    face of the certificate has; which those are, the documents know.
    """
    found: list[Hint] = []
    if reader is Reader.ASSOCIATION and application.state == ApplicationState.CHECKING and review.lacks_basis(application):
        found.append(Hint("没有盖章、签字或推荐", "不能审批通过，请退回申请人补充", True))
    if visibility.sees(reader, "stamped_form") and form is not None:
        found += of_the_form(form)
    if visibility.sees(reader, "document_number"):
        found += [*_of_the_document(dossier, today), *_of_doubles(application, dossier)]
    if unprintable and visibility.sees(reader, "name"):
        found.append(Hint("姓名中有字暂时无法打印", f"「{'」「'.join(unprintable)}」，审批通过前请联系技术支持", True))
    if visibility.sees(reader, "born_on"):
        found += _of_the_age(dossier, today)
    if visibility.sees(reader, "student_card_until"):
        found += _of_the_student_card(dossier, today)
    if visibility.sees(reader, "qualification_number"):
        found += _of_the_qualification(dossier)
    if visibility.sees(reader, "endorsement"):
        found += _of_the_endorsement(endorsement)
    return tuple(found)


def of_the_form(form: StampedForm) -> tuple[Hint, ...]:
    """Return what was found on a signed form that was handed in; its pages are best fetched along."""
    pictures = [page.attachment_id for page in form.pages.all()]
    return scan_hints.on_scan(form.findings, pictures, is_stamp_expected=Basis.STAMP in form.basis)


# --- The person ------------------------------------------------------------------------------------


def _of_the_document(dossier: Dossier, today: date) -> Iterator[Hint]:
    faults = identity.faults(
        kind=dossier.document_kind,
        number=dossier.document_number,
        today=today,
        born_on=dossier.born_on,
        sex=dossier.sex or None,
        country=dossier.issuing_country,
    )
    if faults:
        yield Hint("证件号码有疑问", "；".join(fault.message for fault in faults), True)
        return
    facts = identity.facts(dossier.document_kind, dossier.document_number)
    if facts is None:
        yield Hint("证件号码格式正确", "这类证件没有校验码，请与证件核对")
        return
    yield Hint("证件号码校验一致", "与出生日期、性别相符")
    known = dossier.document_kind != DocumentKind.RESIDENT_ID or divisions.is_known_to_identity_numbers(facts.region_code)
    if not known:
        yield Hint(f"证件号码前六位 {facts.region_code} 不在行政区划名单中", "名单不会完整，请与证件核对", True)


def _of_the_age(dossier: Dossier, today: date) -> Iterator[Hint]:
    age = age_on(dossier.born_on, today) if dossier.born_on else 0
    if age > OLDEST:
        yield Hint(f"年龄 {age} 岁", "请核对出生日期", True)


def _of_the_student_card(dossier: Dossier, today: date) -> Iterator[Hint]:
    until = dossier.student_card_until
    if not dossier.is_student or until is None:
        return
    if until < today:
        # Valid on the day of submission, which is what counts (M-12); the reviewer should know all the same.
        yield Hint("学生证已过期", f"有效期至 {until:%Y-%m-%d}，以提交当天为准", True)
    else:
        yield Hint("学生证在有效期内", f"有效期至 {until:%Y-%m-%d}")


def _of_the_qualification(dossier: Dossier) -> Iterator[Hint]:
    kind = dossier.qualification_kind
    if kind is None or not dossier.qualification_number:
        return
    if validators.qualification_number_hint(kind.code, kind.regex, dossier.qualification_number, dossier.document_number):
        yield Hint("资质证书编码与常见格式不同", kind.rule or "请与证书图片核对", True)


def _of_the_endorsement(endorsement: Endorsement | None) -> Iterator[Hint]:
    if endorsement is not None and endorsement.state in UNENDORSED:
        yield Hint(UNENDORSED[EndorsementState(endorsement.state)], endorsement.name or endorsement.seat.member.name, True)


# --- Somebody else who may be the same -------------------------------------------------------------


def _of_doubles(application: Application, dossier: Dossier) -> Iterator[Hint]:
    member = application.member
    others = list(_same_document(member, dossier).union(_sounding_alike(member, dossier)).order_by("pk"))
    for other in [one for one in others if one.by_document][:MOST_DOUBLES]:
        yield Hint("同一证件出现在另一人的资料中", f"{other.name}，{other}", True)
    for other in [one for one in others if not one.by_document][:MOST_DOUBLES]:
        yield Hint("可能与另一人重复", f"{_likeness(other.name, member.name)}、同生日：{other.name}，{other}", True)
    for former in _former_members(member, dossier):
        same = "同一证件" if former.document_hash and former.document_hash == dossier.document_hash else "同名同生日"
        yield Hint("可能与原会员重复", f"{same}，原编号 {former.old_number}", True)


def _same_document(member: Member, dossier: Dossier) -> QuerySet:
    """Other persons who submitted this document, or hold it, whatever became of their application (D-6, D-9); ``by_document`` is set."""
    found = Member.objects.exclude(pk=member.pk).annotate(by_document=Value(True))
    if not dossier.document_hash:
        return found.none()
    by_dossier = Dossier.objects.filter(document_hash=dossier.document_hash, submitted_at__isnull=False).values("member")
    by_document = MemberDocument.objects.filter(
        kind=dossier.document_kind, issuing_country=claims.issuing_country(dossier), number_hash=dossier.document_hash
    ).values("member")
    return found.filter(pk__in=by_dossier.union(by_document))


def _sounding_alike(member: Member, dossier: Dossier) -> QuerySet:
    """Members whose names are spelled alike, born on the same day by a version that was submitted."""
    found = Member.objects.exclude(pk=member.pk).annotate(by_document=Value(False))
    if not (member.name_pinyin and dossier.born_on):
        return found.none()
    return found.filter(name_pinyin=member.name_pinyin, dossiers__born_on=dossier.born_on, dossiers__submitted_at__isnull=False)


def _likeness(one: str, other: str) -> str:
    return "同名" if one == other else "同音"


def _former_members(member: Member, dossier: Dossier) -> list[LegacyMember]:
    """Imported rows with this document, or with this name and birthday below the same phone; not the person's own."""
    others = LegacyMember.objects.exclude(member=member)
    by_document = others.filter(document_hash=dossier.document_hash) if dossier.document_hash else others.none()
    by_phone = others.filter(phone=dossier.phone, name=dossier.name, born_on=dossier.born_on) if dossier.phone else others.none()
    return list((by_document | by_phone).order_by("pk")[:MOST_DOUBLES])
