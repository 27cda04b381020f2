"""
Members for the walks after the first approval, put into a site's database by the society's own verbs.

A process of its own: ``python -m tests.e2e.further_people``, with the site's environment. Prints «name phone» for each.
"""

from datetime import datetime, timedelta

import django

if __name__ == "__main__":
    django.setup()

from django.utils import timezone

from membership.domain import further_enrolment, stamped_forms
from membership.domain.further_enrolment import Choice
from membership.enums import Basis
from membership.models import Member
from tests.e2e import member_states
from tests.factories import enrolment as stories

# One member for each walk and size: which institutions let them in.
STOMACH, BOTH = ("gastric",), ("gastric", "reg-tj")
WALKS = {"joins": STOMACH, "leaves": BOTH, "ends": STOMACH, "waits": STOMACH}
NAMES = ("温其玉", "陆行简", "谢知微", "江一白", "叶怀瑾", "宋青梧", "白乐山", "程见深")


def member(tail: int, name: str, codes: tuple[str, ...], *, at: datetime) -> Member:
    user = member_states.account(tail)
    application = member_states.submitted(user, name, codes, at=at)
    application = stamped_forms.upload(application=application, person=user, scan=stories.scan(), basis=(Basis.STAMP,), at=at)
    stories.approve_file(application, at=at + timedelta(days=2))
    for row in application.rows.order_by("pk"):
        stories.approve_row(row, at=at + timedelta(days=2, hours=1))
    return Member.objects.get(user=user)


def make() -> None:
    now = timezone.now()
    walks = [(walk, size, codes) for walk, codes in WALKS.items() for size in ("phone", "desktop")]
    for tail, ((walk, size, codes), name) in enumerate(zip(walks, NAMES, strict=True), start=8001):
        person = member(tail, name, codes, at=now - timedelta(days=20))
        if walk == "waits":
            chosen = Choice(tuple(member_states.institutions("lung", "liver")))
            further_enrolment.submit(person=person.user, choice=chosen, is_still_true=True, at=now - timedelta(days=2))
        print(f"{walk}-{size} {person.user.get_username()[3:]}")  # noqa: T201  read by the test
        print(f"{walk}-{size}-name {name}")  # noqa: T201  read by the test


if __name__ == "__main__":
    make()
