"""What is new since whoever is looking judged the case before (REV-2)."""

from collections.abc import Sequence
from datetime import date, datetime

from membership.domain import answers, differences, verdicts, visibility
from membership.domain.differences import Difference
from membership.domain.wording import day
from membership.models import Decision, StampedForm
from membership.periods import shanghai_date
from membership.review.case import Case


def judged_before(case: Case, known: Sequence[Decision]) -> Decision | None:
    """The last verdict of whoever is looking that is not on the present round."""
    earlier = [one for one in known if one.round < case.round or one.taken_back_at is not None]
    return verdicts.last_of(earlier, case.institution)


def changes_since(case: Case, before: Decision, forms: Sequence[StampedForm], *, today: date) -> tuple[Difference, ...]:
    """Return what differs from what that verdict judged, the signed form first."""
    found: tuple[Difference, ...] = ()
    if before.dossier_id != case.dossier.pk:
        judged = answers.dossier_with_answers(before.dossier_id)
        fields = visibility.visible_fields(case.reader)
        found = differences.between(case.application, judged, case.dossier, fields, today=today)
    return (*_form_changes(before, forms), *found)


def _form_changes(before: Decision, forms: Sequence[StampedForm]) -> tuple[Difference, ...]:
    """The signed form that came since, beside the one that was judged."""
    judged = [form for form in forms if form.uploaded_at <= before.decided_at]
    if not forms or len(judged) == len(forms):
        return ()
    old = f"第 {len(judged)} 份，{_date(judged[-1].uploaded_at)}" if judged else ""
    return (Difference("stamped_form", "盖章文件", old, f"第 {len(forms)} 份，{_date(forms[-1].uploaded_at)} 上传"),)


def in_words(decision: Decision) -> str:
    """Return that verdict as it stands above the differences."""
    reason = f"：{decision.reason}" if decision.reason else ""
    return f"上一轮 {_date(decision.decided_at)} {decision.get_verdict_display()}{reason}"


def _date(moment: datetime) -> str:
    return day(shanghai_date(moment))
