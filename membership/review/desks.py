"""
The desks of a review: files on the association's, rows on the institutions' (REV-1, REV-3).

A desk says which cases a reviewer may open, which wait for them, and how the list and the screen call things; lists and screens are the
same for all.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import date

from django.core.cache import cache
from django.db.models import Exists, OuterRef, QuerySet

from membership import rules
from membership.domain import queues
from membership.domain.visibility import Reader
from membership.enums import ApplicationKind, ApplicationState, Outcome, RowState
from membership.models import ApplicationInstitution, Institution, User

WAITING, DECIDED, EVERYTHING = "waiting", "decided", "all"
ENDORSING, DECIDING, REPORTED = "endorsing", "deciding", "reported"
# Rows of an institution that are read whole; of one with more, the list is walked in its order until a page is full.
FEW_ROWS = 8_000
FEW_SECONDS = 3_600
_FILE_STATUSES = {
    state.value: state.label for state in ApplicationState if state not in (ApplicationState.DRAFT, ApplicationState.CLOSED)
} | {outcome.value: outcome.label for outcome in Outcome}
_ROW_STATUSES = {state.value: state.label for state in (RowState.PENDING, RowState.APPROVED, RowState.REFUSED, RowState.WITHDRAWN)}


# What a line of a list is made of: no other column is read, least of all for its price.
_LINE = (
    "round", "hold", "state_since", "member_type", "member__name", "member__current_dossier_id", "assigned_to__first_name",
    "assigned_to__last_name",
)  # fmt: skip
_APPLICATION = ("kind", "hold", "created_at", "clock_started_at", "proposed_dossier_id", "member_id")
_FILE = ("state", "outcome", "stage_due_on", "target_type", "is_correction", *_APPLICATION)


def _file_lines(files: QuerySet) -> QuerySet:
    return files.select_related("member", "assigned_to").only(*dict.fromkeys((*_LINE, *_FILE)))


class Desk(ABC):
    """
    What lists and screens need to know of the cases they show. ``due_field`` orders those that wait; ``tabs`` the names of its parts;
    ``statuses``: by tab, the ones that its cases can have, with their words, where there are several; ``has_institutions``: cases are of
    some, and can be narrowed to one.
    """

    title: str
    due_field: str
    url_prefix: str
    status_field: str
    tabs: Mapping[str, str] = {WAITING: "待我审核", DECIDED: "已审", EVERYTHING: "全部"}
    statuses: Mapping[str, Mapping[str, str]]
    is_of_files = False
    has_institutions = False

    @abstractmethod
    def open_to(self, reviewer: User) -> QuerySet:
        """Return every case that the reviewer may open; the others do not exist for them."""

    @abstractmethod
    def everything(self, reviewer: User, *, today: date) -> QuerySet:
        """Return the cases of this reviewer's desk, whatever their state."""

    @abstractmethod
    def waiting(self, reviewer: User, *, today: date) -> QuerySet:
        """Return the cases that wait for this reviewer."""

    @abstractmethod
    def decided(self, reviewer: User) -> QuerySet:
        """Return the cases that were decided."""

    @abstractmethod
    def for_list(self, cases: QuerySet) -> QuerySet:
        """Return the cases with what a line of the list shows, without opening a dossier."""

    @abstractmethod
    def reader(self, reviewer: User) -> Reader:
        """Return as whom the reviewer searches this desk."""

    @abstractmethod
    def institutions(self, reviewer: User) -> QuerySet[Institution]:
        """Return the institutions that cases of this desk may be of, for its filter."""

    @abstractmethod
    def at_institution(self, cases: QuerySet, institution: int) -> QuerySet:
        """Narrow cases to those of an institution."""

    def listed(self, reviewer: User, tab: str, *, today: date) -> QuerySet:
        """Return the cases of a tab; of one this desk does not have, those that wait."""
        if tab == DECIDED:
            return self.decided(reviewer)
        return self.everything(reviewer, today=today) if tab == EVERYTHING else self.waiting(reviewer, today=today)


class FileDesk(Desk):
    """The association's desk for files of one kind."""

    due_field = "stage_due_on"
    status_field = "status"
    is_of_files = True
    kind: ApplicationKind
    statuses: Mapping[str, Mapping[str, str]] = {
        DECIDED: {one: _FILE_STATUSES[one] for one in ("approved", "refused", "not_accepted", "returned")},
        EVERYTHING: {one: word for one, word in _FILE_STATUSES.items() if one not in (ENDORSING, DECIDING)},
    }

    def __init__(self, kind: ApplicationKind, *, title: str, url_prefix: str) -> None:
        self.kind, self.title, self.url_prefix = kind, title, url_prefix

    def open_to(self, reviewer: User) -> QuerySet:
        return queues.files_for(reviewer).filter(kind=self.kind)

    def everything(self, reviewer: User, *, today: date) -> QuerySet:
        return self.open_to(reviewer)

    def waiting(self, reviewer: User, *, today: date) -> QuerySet:
        return queues.files_to_check(reviewer).filter(kind=self.kind)

    def decided(self, reviewer: User) -> QuerySet:
        return queues.files_checked(reviewer).filter(kind=self.kind)

    def for_list(self, cases: QuerySet) -> QuerySet:
        return _file_lines(cases)

    def reader(self, reviewer: User) -> Reader:
        return Reader.ASSOCIATION

    def institutions(self, reviewer: User) -> QuerySet[Institution]:
        return Institution.objects.all() if self.has_institutions else Institution.objects.none()

    def at_institution(self, cases: QuerySet, institution: int) -> QuerySet:
        rows = ApplicationInstitution.objects.filter(institution=institution).exclude(state=RowState.MOVED)
        key = f"review.few_rows.{institution}"
        few = cache.get(key)
        if few is None:
            few = len(rows.values_list("pk")[: FEW_ROWS + 1]) <= FEW_ROWS
            cache.set(key, few, FEW_SECONDS)
        if few:
            return cases.filter(pk__in=rows.values("application"))
        return cases.filter(Exists(rows.filter(application=OuterRef("pk"))))


class EnrolmentDesk(FileDesk):
    """入会审核: first enrolments, as the association checks them."""

    has_institutions = True
    tabs: Mapping[str, str] = {
        WAITING: "待我审核",
        ENDORSING: "等待推荐",
        DECIDING: "各机构审核中",
        DECIDED: "已审",
        EVERYTHING: "全部",
    }
    statuses: Mapping[str, Mapping[str, str]] = {
        DECIDED: {one: _FILE_STATUSES[one] for one in (DECIDING, "approved", "refused", "not_accepted", "returned")},
        EVERYTHING: _FILE_STATUSES,
    }

    def listed(self, reviewer: User, tab: str, *, today: date) -> QuerySet:
        if tab in (ENDORSING, DECIDING):
            return self.open_to(reviewer).filter(status=tab)
        return super().listed(reviewer, tab, today=today)


class AmendmentDesk(FileDesk):
    """激活审核, 变更审核, 升级审核: what members and former members ask, which no institution decides (A-21)."""

    def for_list(self, cases: QuerySet) -> QuerySet:
        along = {ApplicationKind.ACTIVATION: ["legacy_rows"], ApplicationKind.CHANGE: ["categories"]}
        return _file_lines(cases).prefetch_related(*along.get(self.kind, ()))


class RowDesk(Desk):
    """机构审核: one application at one institution."""

    title = "机构审核"
    due_field = "due_on"
    url_prefix = "review_rows_modeladmin"
    has_institutions = True
    status_field = "state"
    tabs: Mapping[str, str] = {WAITING: "待我审核", REPORTED: "违规上报", DECIDED: "已审", EVERYTHING: "全部"}
    statuses: Mapping[str, Mapping[str, str]] = {
        DECIDED: {one: _ROW_STATUSES[one] for one in ("approved", "refused")},
        EVERYTHING: _ROW_STATUSES,
    }

    def open_to(self, reviewer: User) -> QuerySet:
        return queues.rows_open_to(reviewer)

    def listed(self, reviewer: User, tab: str, *, today: date) -> QuerySet:
        return queues.rows_reported(reviewer) if tab == REPORTED else super().listed(reviewer, tab, today=today)

    def everything(self, reviewer: User, *, today: date) -> QuerySet:
        return queues.rows_for(reviewer, today=today)

    def waiting(self, reviewer: User, *, today: date) -> QuerySet:
        return queues.rows_to_decide(reviewer, today=today)

    def decided(self, reviewer: User) -> QuerySet:
        return queues.rows_decided(reviewer)

    def for_list(self, cases: QuerySet) -> QuerySet:
        found = cases.select_related("member", "application", "institution", "assigned_to")
        return found.only(
            *_LINE, "state", "due_on", "application_id", "institution__name", *(f"application__{one}" for one in _APPLICATION)
        )

    def reader(self, reviewer: User) -> Reader:
        """Who reviews for an institution searches as one, whatever else they are."""
        if rules.has_role(reviewer, rules.ASSOCIATION_REVIEWER) and not rules.institutions_reviewed_by(reviewer):
            return Reader.ASSOCIATION
        return Reader.INSTITUTION

    def institutions(self, reviewer: User) -> QuerySet[Institution]:
        if rules.has_role(reviewer, rules.ASSOCIATION_REVIEWER):
            return Institution.objects.all()
        return Institution.objects.filter(pk__in=rules.institutions_reviewed_by(reviewer))

    def at_institution(self, cases: QuerySet, institution: int) -> QuerySet:
        return cases.filter(institution=institution)


FILES = EnrolmentDesk(ApplicationKind.FIRST_ENROLMENT, title="入会审核", url_prefix="review_enrolments_modeladmin")
ACTIVATIONS = AmendmentDesk(ApplicationKind.ACTIVATION, title="激活审核", url_prefix="review_activations_modeladmin")
CHANGES = AmendmentDesk(ApplicationKind.CHANGE, title="变更审核", url_prefix="review_changes_modeladmin")
UPGRADES = AmendmentDesk(ApplicationKind.UPGRADE, title="升级审核", url_prefix="review_upgrades_modeladmin")
ROWS = RowDesk()
FILE_DESKS: tuple[FileDesk, ...] = (FILES, ACTIVATIONS, CHANGES, UPGRADES)
DESKS: tuple[Desk, ...] = (FILES, ROWS, ACTIVATIONS, CHANGES, UPGRADES)
