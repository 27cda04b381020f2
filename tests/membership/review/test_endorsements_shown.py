"""What became of the endorsement stands on the printed form and on the review's screens (REF-1, E-3, E-10, E-12)."""

from datetime import date, timedelta

import pytest

from membership.documents import form, form_sheet
from membership.domain import endorsements, referral_codes, stamped_forms
from membership.enums import ApplicationState, Basis, EndorsementState, SeatRole
from membership.models import Application, Seat
from tests.factories import enrolment as stories
from tests.factories.moments import moment
from tests.factories.people import association_reviewer, committee_member, institution_reviewer
from tests.factories.reference import InstitutionFactory
from tests.membership.documents import reading
from tests.membership.domain.acts import fresh, submit
from tests.membership.review.pages import screen_of

pytestmark = pytest.mark.django_db

ANSWERS = ("agreed", "declined", "timed out", "void")
LATER = date(2026, 4, 1)


@pytest.fixture
def seat() -> Seat:
    return committee_member(committee=InstitutionFactory(committee=True, name="肝癌专业委员会"), role=SeatRole.VICE_CHAIR)


def answered(application: Application, how: str, at) -> Application:
    """Let the request find its end; with a stamp ticked the file is then with the association."""
    endorsement = application.endorsements.get()
    own = {"endorsement": endorsement, "person": endorsement.seat.member.user}
    if how == "agreed":
        endorsements.agree(**own, at=at + timedelta(days=1))
    elif how == "declined":
        endorsements.decline(**own, reason_public="与申请人不相识", reason_internal="曾有举报", at=at + timedelta(days=1))
    elif how == "timed out":
        endorsements.time_out(endorsement=endorsement, at=moment(LATER))
    else:
        endorsements.void(endorsement=endorsement, at=moment(LATER))
    return fresh(application)


def text_of(application: Application) -> str:
    return reading.by_pypdf(form.render(form_sheet.sheet_of(application)))


class TestOnTheForm:
    @pytest.mark.parametrize("how", ANSWERS)
    def test_only_an_agreement_is_printed_and_the_row_stays_for_a_signature(self, how, seat, at):
        application = answered(stories.endorsing(at=at, seat=seat, basis=[Basis.STAMP]), how, at)

        text = text_of(application)

        assert ("已于2026-03-18在线同意推荐" in text) is (how == "agreed")
        assert "顾明修" in text and "副主任委员" in text and "中国抗癌协会肝癌专业委员会" in text
        assert "不相识" not in text and "举报" not in text

    def test_who_agreed_stands_there_as_they_were_though_their_seat_changed_since(self, seat, at):  # E-10
        application = answered(stories.submitted(at=at, referral=stories.referred_by(seat)), "agreed", at)
        seat.role = SeatRole.MEMBER
        seat.save()
        seat.member.name = "顾明修改名"
        seat.member.save()

        sheet = form_sheet.sheet_of(fresh(application))

        assert (sheet.referrer, sheet.referrer_seat) == ("顾明修", "副主任委员")
        assert sheet.endorsement == "顾明修 已于 2026-03-18 在线同意推荐"

    def test_one_bound_by_a_code_is_printed_like_any_other(self, seat, at):
        code = referral_codes.issue(seat=seat, person=seat.member.user, at=at)
        application = stories.draft(at=at)
        referral_codes.follow(code=code.code, person=application.member.user, at=at)
        application = answered(submit(application, at), "agreed", at)

        assert "顾明修已于2026-03-18在线同意推荐" in text_of(application)

    def test_another_referrer_takes_the_former_ones_word_off_the_form(self, seat, at):
        application = answered(stories.submitted(at=at, referral=stories.referred_by(seat)), "agreed", at)
        other = committee_member()
        other.member.name = "周砚秋"
        other.member.save()
        endorsements.change_referrer(application=application, person=application.member.user, seat=other, at=at + timedelta(days=2))

        text = text_of(fresh(application))

        assert "周砚秋" in text and "顾明修" not in text and "在线同意推荐" not in text


class TestOnTheScreens:
    WORDS = {"agreed": "同意推荐", "declined": "未同意推荐", "timed out": "未答复", "void": "已失效"}
    HINTS = {"declined": "推荐人未同意", "timed out": "推荐人未答复", "void": "推荐人已失去推荐资格"}

    @pytest.fixture
    def lung(self):
        return InstitutionFactory(committee=True, name="肺癌专业委员会")

    @pytest.mark.parametrize("how", ANSWERS)
    def test_association_and_institution_read_who_what_and_when(self, how, seat, lung, at, clock):
        application = answered(stories.endorsing(at=at, seat=seat, basis=[Basis.STAMP], institutions=[lung]), how, at)
        assert application.state == ApplicationState.CHECKING
        of_lung = institution_reviewer(lung)
        word = screen_of(association_reviewer(), application).context["screen"].word
        stories.approve_file(application, at=moment(LATER))
        theirs = screen_of(of_lung, application.rows.get())

        assert (word.who, word.status.word) == ("顾明修，中国抗癌协会肝癌专业委员会 副主任委员", self.WORDS[how])
        assert word.when == ("2026-03-18" if how in ("agreed", "declined") else "2026-04-01")
        assert theirs.context["screen"].word.status.word == self.WORDS[how]
        assert "曾有举报" not in theirs.content.decode()
        if how in self.HINTS:
            assert self.HINTS[how] in theirs.content.decode()

    def test_one_that_came_by_a_code_is_shown_like_any_other(self, seat, lung, at, clock):
        code = referral_codes.issue(seat=seat, person=seat.member.user, at=at)
        application = stories.draft(at=at, institutions=[lung])
        referral_codes.follow(code=code.code, person=application.member.user, at=at)
        application = submit(application, at)
        stamped_forms.upload(application=application, person=application.member.user, scan=stories.scan(), basis=[Basis.STAMP], at=at)
        application = answered(application, "agreed", at)

        page = screen_of(association_reviewer(), application)

        assert page.context["screen"].word.status.word == EndorsementState.AGREED.label
        assert "委员已同意推荐" in page.content.decode()
        assert "委员推荐" in page.content.decode()
