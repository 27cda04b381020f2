"""The words and shapes in which people read how a thing stands; pages know these and no state names."""

from dataclasses import dataclass
from datetime import date

from membership.enums import EndorsementState, MembershipStatus, StatusWord


@dataclass(frozen=True)
class Status:
    """A word and the shape it is drawn in: pending, approved, rejected, withdrawn, frozen, replaced, type."""

    word: str
    kind: str


@dataclass(frozen=True)
class Action:
    """Something a person can do next: the button's words, and the name of the page behind it."""

    label: str
    url_name: str
    pk: int | None = None


WITHDRAWN = "withdrawn"
_KINDS = {
    StatusWord.PENDING: "pending",
    StatusWord.APPROVED: "approved",
    StatusWord.REFUSED: "rejected",
    StatusWord.WITHDRAWN: WITHDRAWN,
}
_MEMBERSHIP = {
    MembershipStatus.ACTIVE: Status("有效", "plain"),
    MembershipStatus.GRACE: Status("待续会", "pending"),
    MembershipStatus.LAPSED: Status("已过期", "rejected"),
    MembershipStatus.FROZEN: Status("已冻结", "frozen"),
    MembershipStatus.ENDED: Status("已终止", "rejected"),
    MembershipStatus.ANONYMISED: Status("已注销", "rejected"),
}
_ENDORSEMENTS = {
    EndorsementState.ASKED: "pending",
    EndorsementState.AGREED: "approved",
    EndorsementState.DECLINED: "rejected",
    EndorsementState.TIMED_OUT: "rejected",
    EndorsementState.DROPPED: WITHDRAWN,
    EndorsementState.VOID: WITHDRAWN,
}


def of_word(word: StatusWord) -> Status:
    """Return one of the applicant's four words with its shape."""
    return Status(word.label, _KINDS[word])


def of_membership(status: MembershipStatus) -> Status | None:
    """Return how a member stands today; nothing for an applicant, who has words of their own."""
    return _MEMBERSHIP.get(status)


def of_member(status: MembershipStatus) -> Status:
    """Return how somebody who was let in, or one of their affiliations, stands today."""
    return _MEMBERSHIP[status]


def of_endorsement(state: str) -> Status:
    """Return a referrer's answer with its shape."""
    return Status(EndorsementState(state).label, _ENDORSEMENTS[EndorsementState(state)])


def day(value: date | None) -> str:
    """Return a date as every page writes it."""
    return f"{value:%Y-%m-%d}" if value else ""
