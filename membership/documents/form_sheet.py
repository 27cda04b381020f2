"""What the application form shows of an application: labels, dates and names, as text made for reading (APP-10)."""

from membership import countries, phone_numbers
from membership.documents import form, pictures, scans
from membership.documents.form import FormSheet
from membership.documents.glyphs import MissingGlyph
from membership.documents.html_page import NotOnePage
from membership.domain import divisions, dossiers, endorsements, gaps
from membership.enums import EndorsementState, ReferralMethod
from membership.models import Application, Attachment, Division, Dossier
from membership.periods import shanghai_date


def sheet_of(application: Application, dossier: Dossier | None = None) -> FormSheet:
    """
    Return the form of an application: of its latest submitted version, or of the ``dossier`` given.

    :raises ValueError: it was never submitted, and no dossier is given.
    """
    dossier = dossier or dossiers.latest_sealed(application)
    if dossier is None:
        raise ValueError("这份申请还没有提交，没有申请表格")
    return FormSheet(
        number=application.number,
        dossier_version=dossier.version,
        name=dossier.name,
        name_local=dossier.name_local,
        sex=dossier.get_sex_display(),
        born_on=dossier.born_on.isoformat() if dossier.born_on else "",
        party=_text(dossier.political_affiliation),
        education=_text(dossier.education_level),
        nation=_text(dossier.ethnic_group),
        origin=_place(dossier.origin),
        title=dossier.title_name,
        phone=phone_numbers.for_paper(dossier.phone),
        document_kind=dossier.get_document_kind_display(),
        document_number=dossier.document_number,
        mail=dossier.email,
        work_unit=dossier.work_unit_name,
        address=dossier.address,
        unit_phone=dossier.unit_phone,
        department=dossier.department,
        post=dossier.duty,
        licence_kind=_text(dossier.qualification_kind),
        licence=dossier.qualification_number,
        speciality=dossier.specialty,
        institutions=tuple(one.full_name for one in gaps.institutions_of(application)),
        societies=tuple(dossier.other_societies),
        **_referrer(application),
        is_student=dossier.is_student,
        portrait=_photo(dossier.portrait),
        qr_text=scans.form_qr_text(application.number, dossier.version),
        nationality=countries.name_of(dossier.nationality),
    )


def printing_trouble(application: Application) -> str:
    """
    Return why the form of a draft could not be printed, in a sentence that says the repair, or "".

    Asked before submission: afterwards nothing can be mended without a recall.
    """
    source = application.own_dossier
    draft = dossiers.copy(source, version=source.version)
    dossiers.forget_unasked(draft)
    try:
        form.check(sheet_of(application, draft))
    except NotOnePage as refusal:
        return str(refusal)
    except MissingGlyph as refusal:
        return f"{refusal}。请改用证件上的写法；证件上就是这个字的，请联系技术支持"
    return ""


def _referrer(application: Application) -> dict[str, str]:
    """
    The row of the committee member; a member who refers signs nothing, and stands nowhere on the form. Who has agreed online stands there
    as they were when they did (E-10).
    """
    seat = application.referrer_seat
    if application.referral_method != ReferralMethod.COMMITTEE_MEMBER or seat is None:
        return {"referrer": "", "referrer_committee": "", "referrer_seat": "", "endorsement": ""}
    given = endorsements.open_endorsement(application)
    if given is not None and given.state == EndorsementState.AGREED and given.answered_at:
        return {
            "referrer": given.name,
            "referrer_committee": given.committee_name,
            "referrer_seat": given.role_name,
            "endorsement": f"{given.name} 已于 {shanghai_date(given.answered_at)} 在线同意推荐",
        }
    return {
        "referrer": seat.member.name,
        "referrer_committee": seat.committee.full_name,
        "referrer_seat": seat.get_role_display(),
        "endorsement": "",
    }


def _text(choice: object | None) -> str:
    return "" if choice is None else str(choice)


def _place(division: Division | None) -> str:
    return "" if division is None else divisions.label_of(division)


def _photo(portrait: Attachment | None) -> bytes | None:
    if portrait is None:
        return None
    with portrait.file.open("rb") as file:
        return pictures.crop_portrait(file.read())
