"""
The main job as people do it: register, apply, print, stamp, upload; refused, corrected, approved; the certificate, and who verifies it.

Each person has a browser of their own, once at phone and once at desktop size. Pictures are left in build/screens/.
"""

import re
from datetime import date
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp

from tests.e2e import people
from tests.e2e.conftest import shoot
from tests.e2e.people import Applicant

ASSOCIATION, INSTITUTION = "18800000005", "18800000004"
APPLICANTS = {
    "phone": Applicant("18812340001", "程远山", "12010319860412453X"),
    "desktop": Applicant("18812340002", "阿卜杜热合曼·买买提吐尔逊", "120103198604124556"),
}
REASON = "盖章压住了日期，请重新盖章后上传"


@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_a_doctor_registers_is_refused_corrects_is_approved_and_the_certificate_verifies(
    size, open_page, tmp_path
):  # ACC-1, APP, REV, CERT
    doctor = APPLICANTS[size]
    page = open_page(size, accept_downloads=True)

    people.register(page, doctor, f"path-{size}")
    people.fill_in(page, doctor, tmp_path)
    shoot(page, f"path-{size}-2-form")
    people.to_check_page(page)
    assert page.url.endswith("/member/apply/check/")
    shoot(page, f"path-{size}-3-check")
    people.submit(page)
    application = re.search(r"/applications/(\d+)/submitted", page.url).group(1)
    assert "会员申请提交成功" in page.locator("h1").inner_text()
    shoot(page, f"path-{size}-4-submitted")
    people.upload_form(page, application, tmp_path)
    shoot(page, f"path-{size}-5-uploaded")
    page.goto("/member/")
    assert page.get_by_text("申请中", exact=True).first.is_visible()

    reviewer = open_page(size, ASSOCIATION)
    people.open_case(reviewer, "enrolments", doctor.name)
    shoot(reviewer, f"path-{size}-6-review")
    people.refuse(reviewer, REASON)

    page.goto("/member/")
    assert page.get_by_text("审批不通过").first.is_visible()
    assert page.get_by_text(REASON).first.is_visible()
    shoot(page, f"path-{size}-7-returned")
    page.goto("/member/apply/")
    page.locator("input[name=department]").fill("胸部肿瘤二科")
    people.to_check_page(page)
    people.submit(page)
    people.upload_form(page, application, tmp_path)

    people.open_case(reviewer, "enrolments", doctor.name)
    assert reviewer.get_by_text("胸部肿瘤二科").first.is_visible()
    people.approve(reviewer)
    committee = open_page(size, INSTITUTION)
    people.open_case(committee, "rows", doctor.name)
    assert doctor.document_number not in committee.content()
    shoot(committee, f"path-{size}-8-institution")
    people.approve(committee)

    page.goto("/member/")
    number = re.search(r"M\d{10}[A-Z]", page.locator("main").inner_text()).group(0)
    shoot(page, f"path-{size}-9-member")
    page.goto("/member/certificate/")
    shoot(page, f"path-{size}-10-certificate-check")
    page.get_by_role("button", name="确认").click()
    page.locator("main img").first.wait_for()
    shoot(page, f"path-{size}-11-certificate-preview")
    with page.expect_download() as download:
        page.get_by_role("button", name="下载证书").click()
    certificate = Path(download.value.path()).read_bytes()

    visitor = open_page(size)
    link = the_link_on(certificate)
    assert number in link
    visitor.goto(link.replace(link[: link.index("/V/")], "", 1))
    visitor.get_by_text("证书有效").first.wait_for()
    assert doctor.name not in visitor.locator("main").inner_text()
    shoot(visitor, f"path-{size}-12-verified-by-link")
    visitor.goto("/verify/")
    visitor.locator("main input[name=number]").fill(number.lower())
    visitor.locator("main form button[type=submit]").first.click()
    visitor.get_by_text("证书有效").first.wait_for()
    visitor.goto(f"/verify/{number[:-1]}{'A' if number[-1] != 'A' else 'B'}/")
    visitor.get_by_text("无效编号或链接").first.wait_for()


def the_link_on(pdf: bytes) -> str:
    """Read the QR code of a certificate as a phone would: from a picture of it."""
    picture = pypdfium2.PdfDocument(BytesIO(pdf))[0].render(scale=200 / 72).to_pil()
    [code] = zxingcpp.read_barcodes(picture)
    return code.text


class TestOthersOnTheWay:
    def test_an_applicant_of_somebody_else_is_not_to_be_found(self, open_page):  # OPS-2, REV-4
        page = open_page("desktop", "18800000001")

        statuses = [
            page.goto(url).status
            for url in ("/member/applications/1/", "/member/applications/1/stamped-form/", "/files/1/", "/member/rows/1/withdraw/")
        ]

        assert statuses == [404, 404, 404, 404]

    def test_a_committee_member_endorses_the_applicant_who_named_them(self, open_page):  # REF-1
        page = open_page("phone", "18800000003")
        page.goto("/member/referrals/")
        shoot(page, "referrals-phone")
        page.get_by_role("link", name="苏念慈").first.click()
        shoot(page, "endorse-phone")

        page.get_by_role("button", name="同意推荐").first.click()

        page.goto("/member/referrals/")
        assert page.get_by_text("同意推荐").first.is_visible()

    def test_form_mistakes_are_named_and_nothing_is_lost(self, open_page, tmp_path):  # APP-1, APP-4, APP-7
        person = Applicant("18812340003", "<script>alert(1)</script>", "120103198604124570", date(1986, 4, 13))
        page = open_page("phone")
        people.register(page, person, "mistakes")
        people.fill_in(page, person, tmp_path)
        page.locator("input[name=duty]").fill("")

        people.to_check_page(page)

        summary = page.locator("[role=alert], .error-summary").first
        shoot(page, "mistakes-phone")
        for mistake in ("姓名", "校验码", "职务"):
            assert mistake in summary.inner_text()
        assert page.locator("input[name=department]").input_value() == "胸部肿瘤科"
        assert page.evaluate("document.activeElement.closest('.error-summary') !== null")
