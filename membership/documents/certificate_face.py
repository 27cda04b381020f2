"""What an edition of the certificate prints, from the dossier it was issued on (CERT-1, CERT-2, N-3, N-13, P-4, P-5)."""

from collections.abc import Iterable
from datetime import date

from django.conf import settings

from membership.documents.certificate import CertificateFace
from membership.documents.pictures import crop_portrait
from membership.domain import certificates
from membership.domain.certificates import Line
from membership.models import Attachment, Certificate
from membership.models.institutions import ASSOCIATION_NAME


def face_of(certificate: Certificate, lines: Iterable[Line]) -> CertificateFace:
    """
    Return the face of an edition; ``lines`` are the affiliations to print, each with its own dates.

    Names, unit and title are those of the dossier that was approved (I-5). Students have no title (P-5).

    :raises PictureRefused: the stored photograph is no picture.
    """
    dossier = certificate.dossier
    return CertificateFace(
        number=certificate.number,
        edition=certificate.edition,
        name=dossier.name,
        name_local=dossier.name_local,
        sex=dossier.get_sex_display(),
        born_on=f"{dossier.born_on:%Y-%m-%d}",
        member_type_label=dossier.get_member_type_display(),
        speciality=dossier.specialty,
        title="" if dossier.is_student else dossier.title_name,
        work_unit=dossier.work_unit_name,
        portrait=_portrait(dossier.portrait),
        affiliations=tuple((line.institution, f"{line.valid_from:%Y-%m-%d}", f"{line.valid_to:%Y-%m-%d}") for line in lines),
        issuer=ASSOCIATION_NAME,
        issued_on=_in_words(certificates.issued_on(certificate)),
        link=link_of(certificate.token),
    )


def link_of(token: str) -> str:
    """Return what the QR code says: all in capitals, which take less room in it and scan better (N-3)."""
    return f"{settings.SITE_URL.rstrip('/')}/V/{token}".upper()


def _portrait(attachment: Attachment | None) -> bytes | None:
    if attachment is None:
        return None
    with attachment.file.open("rb") as file:
        return crop_portrait(file.read())


def _in_words(day: date) -> str:
    return f"{day.year} 年 {day.month} 月 {day.day} 日"
