"""What people agree to."""

from datetime import UTC, datetime

import pytest

from membership.domain import consents
from membership.enums import ConsentKind
from membership.models import User

AT = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)


@pytest.mark.django_db
class TestRecord:  # ACC-1, P-1, P-2
    def test_a_consent_keeps_the_wording_and_the_time(self):
        user = User.objects.create_user("+8618800000001")

        consent = consents.record(user=user, kind=ConsentKind.PRIVACY, version="2026-11", at=AT)

        consent.refresh_from_db()
        assert (consent.kind, consent.version, consent.given_at) == (ConsentKind.PRIVACY, "2026-11", AT)

    def test_agreeing_again_is_another_record(self):
        user = User.objects.create_user("+8618800000001")

        consents.record(user=user, kind=ConsentKind.PRIVACY, version="2026-11", at=AT)
        consents.record(user=user, kind=ConsentKind.PRIVACY, version="2027-03", at=AT)

        assert list(user.consents.order_by("pk").values_list("version", flat=True)) == ["2026-11", "2027-03"]

    def test_a_guardians_consent_names_the_guardian(self):
        user = User.objects.create_user("+8618800000001")

        with pytest.raises(consents.GuardianMissing) as refusal:
            consents.record(user=user, kind=ConsentKind.GUARDIAN, version="2026-11", at=AT, guardian_name="  ")

        assert refusal.value.field == "guardian_name"
        assert not user.consents.exists()

    def test_the_guardians_name_is_kept(self):
        user = User.objects.create_user("+8618800000001")

        consent = consents.record(user=user, kind=ConsentKind.GUARDIAN, version="2026-11", at=AT, guardian_name=" 王芳 ")

        assert consent.guardian_name == "王芳"
