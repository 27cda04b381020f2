"""审核档案: a case as one PDF to take along, marked with who took it; of it only what its screen shows this reader (REV-12, S-3, S-4)."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header

from membership.documents import review_file
from membership.documents.review_file import Paper, Part, Row
from membership.domain import review, viewing
from membership.models import Attachment, User
from membership.models.institutions import ASSOCIATION_NAME
from membership.periods import SHANGHAI
from membership.review.case import Case
from membership.review.case_views import CaseView
from membership.review.pictures import Picture
from membership.review.screen import Screen, screen_of

OF_THE_ASSOCIATION = f"{ASSOCIATION_NAME}会员部"


class ReviewFile(CaseView):
    """GET: the file. That it was taken away is written down first (S-8)."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        case = self.case
        review.opened(application=case.application, reviewer=request.user, at=self.at, institution=self.scope)
        viewing.review_file(case=self.subject, reviewer=request.user, at=self.at, institution=self.scope)
        screen = screen_of(case, self.ruling(), None, today=self.today)
        reader = self.scope.full_name if self.scope else OF_THE_ASSOCIATION
        content = review_file.render(file_of(screen, case, mark_of(request.user, reader, self.at)))
        name = f"审核档案-{case.application.number}-{case.dossier.name}.pdf"
        return HttpResponse(
            content,
            content_type="application/pdf",
            headers={
                "Content-Disposition": content_disposition_header(as_attachment=True, filename=name),
                "Cache-Control": "private, no-store",
                "X-Content-Type-Options": "nosniff",
            },
        )


def mark_of(reader: User, institution: str, at: datetime) -> str:
    """Return what stands across every page: who took the file away, for whom, when."""
    return f"{reader}　{institution}　{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def file_of(screen: Screen, case: Case, mark: str) -> review_file.ReviewFile:
    """Return the file of what a screen shows."""
    stored = Attachment.objects.in_bulk([picture.attachment for picture in screen.pictures])
    portrait = case.dossier.portrait
    return review_file.ReviewFile(
        name=screen.name,
        number=screen.number,
        lead=list(_lead(screen)),
        parts=[part for part in _parts(screen) if part.rows],
        papers=[Paper(picture.label, _reader(stored.get(picture.attachment))) for picture in _papers(screen)],
        mark=mark,
        portrait=_reader(portrait) if screen.portrait_url else None,
    )


def _papers(screen: Screen) -> Sequence[Picture]:
    """The photo stands beside the name already."""
    return [picture for picture in screen.pictures if picture.key != "portrait"]


def _lead(screen: Screen) -> Iterator[str]:
    yield screen.who
    if screen.institution:
        yield f"申请加入 {screen.institution}"
    yield "　".join([f"申请编号 {screen.number}", screen.status.word, *(tag.word for tag in screen.tags)])
    if screen.due:
        yield f"最迟答复 {screen.due.on:%Y-%m-%d}"


def _parts(screen: Screen) -> Iterator[Part]:
    for section in screen.sections:
        yield Part(section.title, [Row(fact.label, fact.lines) for fact in section.facts])
    yield Part("推荐与盖章", list(_endorsement(screen)))
    if screen.statement:
        yield Part("补充说明", [Row("申请人", [line for line in screen.statement.splitlines() if line.strip()])])
    yield Part("申请机构的审核", [Row(line.name, [line.status.word]) for line in screen.institutions])
    yield Part("审核记录", [Row(f"{one.when} 第 {one.number} 轮", list(_round(one))) for one in screen.rounds])


def _endorsement(screen: Screen) -> Iterator[Row]:
    yield Row("推荐渠道", [screen.basis or "没有勾选盖章或签字"])
    word = screen.word
    if word is None:
        return
    yield Row("推荐意见", [word.who, f"{word.status.word} {word.when}", *([word.reason] if word.reason else [])])
    if word.internal:
        yield Row("仅供协会", [word.internal])


def _round(one) -> Iterator[str]:
    yield f"{one.decider}　{one.status.word}"
    if one.reason:
        yield one.reason
    if one.fields:
        yield f"涉及：{'、'.join(one.fields)}"
    if one.taken_back:
        yield one.taken_back


def _reader(attachment: Attachment | None) -> Callable[[], bytes | None]:
    def read() -> bytes | None:
        with suppress(FileNotFoundError):
            if attachment is not None:
                with attachment.file.open("rb") as file:
                    return file.read()
        return None

    return read
