"""What is new: since whoever is looking judged the case before, and beside what was approved before (REV-2, REV-8)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from membership.domain import answers, differences, verdicts, visibility
from membership.domain.differences import Difference
from membership.domain.wording import day
from membership.models import Decision, Dossier, StampedForm
from membership.models.applications import AMENDMENTS
from membership.periods import shanghai_date
from membership.review.case import Case


@dataclass(frozen=True)
class Comparison:
    """The differences to one earlier state: what they are called, and of which state in words."""

    title: str
    words: str
    changes: Sequence[Difference]

    @property
    def has_identity(self) -> bool:
        """Whether 关键信息 is among them."""
        return any(change.is_identity for change in self.changes)


def comparisons_of(case: Case, known: Sequence[Decision], forms: Sequence[StampedForm], *, today: date) -> Iterator[Comparison]:
    """Return the comparisons that a screen shows: with the approved data where the case is to change them, and with the last round."""
    approved = _approved(case)
    if approved is not None:
        yield Comparison("与已通过资料的不同", _approved_words(approved), _between(case, approved.pk, today))
    before = _judged_before(case, known)
    if before is not None:
        yield Comparison(
            "与上一轮的不同", _verdict_words(before), (*_form_changes(before, forms), *_between(case, before.dossier_id, today))
        )


def _approved(case: Case) -> Dossier | None:
    """The data that an activation, change or upgrade starts from: those it names, else the member's current ones (D-17)."""
    application = case.application
    if application.kind not in AMENDMENTS:
        return None
    return application.base_dossier or application.member.current_dossier


def _judged_before(case: Case, known: Sequence[Decision]) -> Decision | None:
    """The last verdict of whoever is looking that is not on the present round."""
    earlier = [one for one in known if one.round < case.round or one.taken_back_at is not None]
    return verdicts.last_of(earlier, case.institution)


def _between(case: Case, earlier: int, today: date) -> tuple[Difference, ...]:
    if earlier == case.dossier.pk:
        return ()
    fields = visibility.visible_fields(case.reader)
    return differences.between(case.application, answers.dossier_with_answers(earlier), case.dossier, fields, today=today)


def _form_changes(before: Decision, forms: Sequence[StampedForm]) -> tuple[Difference, ...]:
    """The signed form that came since, beside the one that was judged."""
    judged = [form for form in forms if form.uploaded_at <= before.decided_at]
    if not forms or len(judged) == len(forms):
        return ()
    old = f"第 {len(judged)} 份，{_date(judged[-1].uploaded_at)}" if judged else ""
    return (Difference("stamped_form", "盖章文件", old, f"第 {len(forms)} 份，{_date(forms[-1].uploaded_at)} 上传"),)


def _verdict_words(decision: Decision) -> str:
    reason = f"：{decision.reason}" if decision.reason else ""
    return f"上一轮 {_date(decision.decided_at)} {decision.get_verdict_display()}{reason}"


def _approved_words(dossier: Dossier) -> str:
    return f"{_date(dossier.submitted_at)} 提交的资料" if dossier.submitted_at else "现在的会员资料"


def _date(moment: datetime) -> str:
    return day(shanghai_date(moment))
