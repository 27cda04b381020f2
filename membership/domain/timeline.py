"""The six steps of a first enrolment: which are done, which is now, and what each says below its name (APP-12, K-2, K-3)."""

from dataclasses import dataclass, field
from datetime import date, datetime

from membership import working_days
from membership.domain import deadlines, progress, todo
from membership.domain.own_records import Records
from membership.domain.wording import day
from membership.enums import ApplicationState, RowState, Verdict
from membership.models import Application
from membership.models import settings as society
from membership.periods import shanghai_date

LABELS = ("填写", "打印盖章", "上传", "协会审核", "各机构审核", "证书")
DONE, NOW, LATER = "done", "now", "later"


@dataclass(frozen=True)
class Step:
    """One of the six steps; ``state`` is done, now or later, ``when`` a date or a few words."""

    label: str
    state: str
    when: str = ""


@dataclass(frozen=True)
class _Place:
    """Which step is now (0 to 5), and what stands below it."""

    step: int
    now: str
    labels: dict[int, str] = field(default_factory=dict)


def timeline_of(application: Application | None, records: Records) -> tuple[Step, ...]:
    """Return the six steps of an enrolment under way, or as they will be before it began; none for one that is over."""
    if application is None:
        return tuple(Step(label, LATER, when) for label, when in zip(LABELS, _outlook(None), strict=True))
    place = _place(application, records)
    if place is None:
        return ()
    whens = [*_dates(application)[: place.step], place.now, *_outlook(application)[place.step + 1 :]]
    states = [DONE] * place.step + [NOW] + [LATER] * (len(LABELS) - place.step - 1)
    labels = [place.labels.get(index, label) for index, label in enumerate(LABELS)]
    if application.state == ApplicationState.DECIDING and any(row.state == RowState.APPROVED for row in progress.shown_rows(application)):
        # The first approval brought the certificate, whatever the others still say.
        states[-1], whens[-1] = DONE, "可以下载"
    return tuple(Step(label, state, when) for label, state, when in zip(labels, states, whens, strict=True))


def _place(application: Application, records: Records) -> _Place | None:
    state = application.state
    if state == ApplicationState.DRAFT:
        return _Place(0, "轮到您")
    if state == ApplicationState.RETURNED:
        return _Place(0, "请修改")
    if state == ApplicationState.AWAITING_FORM:
        return _Place(1, "轮到您")
    if state == ApplicationState.ENDORSING:
        return _Place(2, "等待答复" if todo.asked_endorsement(application) else "轮到您", {1: "盖章上传", 2: "推荐人意见"})
    if state == ApplicationState.CHECKING:
        return _Place(3, _working_day(application, records.today))
    if state == ApplicationState.DECIDING:
        rows = progress.shown_rows(application)
        return _Place(4, f"{sum(not row.is_open for row in rows)}/{len(rows)} 已答复")
    return None


def _working_day(application: Application, today: date) -> str:
    """Name the working day of the review; the day of arrival does not count (K-3)."""
    started = shanghai_date(application.clock_started_at or application.state_since)
    count = working_days.count_between(started, today, deadlines.calendar())
    return f"第 {count} 个工作日" if count > 0 else "今天收到"


def _dates(application: Application) -> tuple[str, ...]:
    """Return when each step was done, as far as it is known."""
    if application.submitted_at is None:
        return ("",) * len(LABELS)
    submitted = _day_of(application.submitted_at)
    uploaded = _day_of(application.form_uploaded_at)  # type: ignore[attr-defined]  # annotated by own_records
    if application.state == ApplicationState.ENDORSING:
        return (submitted, uploaded, "", "", "", "")
    checked = [one for one in progress.of_the_association(application) if one.verdict == Verdict.APPROVED]
    return (submitted, "", uploaded, _day_of(checked[-1].decided_at) if checked else "", "", "")


def _day_of(moment: datetime | None) -> str:
    return day(shanghai_date(moment)) if moment else ""


def _outlook(application: Application | None) -> tuple[str, ...]:
    """Return what a step still to come says."""
    count = society.current().decision_working_days
    rows = len(progress.shown_rows(application)) if application and application.submitted_at else 0
    return (
        "约 15 分钟",
        "签字并盖章",
        "扫描或拍照",
        f"{count} 个工作日内",
        f"{rows} 个机构" if rows else "各自答复",
        "第一个机构通过即可下载",
    )
