"""
The two desks of a review: files on the association's, rows on the institutions' (REV-1, REV-3).

A desk says which cases a reviewer may open, which wait for them, and how the list and the screen call things; lists and screens are the
same for both.
"""

from abc import ABC, abstractmethod
from datetime import date

from django.db.models import F, Prefetch, QuerySet
from django.db.models.functions import Coalesce

from membership import rules
from membership.domain import queues
from membership.domain.visibility import Reader
from membership.enums import ApplicationKind, RowState
from membership.models import ApplicationInstitution, User

WAITING, DECIDED, EVERYTHING = "waiting", "decided", "all"


class Desk(ABC):
    """What lists and screens need to know of the cases they show. ``due_field`` orders those that wait."""

    title: str
    due_field: str
    url_prefix: str

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

    def listed(self, reviewer: User, tab: str, *, today: date) -> QuerySet:
        """Return the cases of a tab."""
        if tab == WAITING:
            return self.waiting(reviewer, today=today)
        return self.decided(reviewer) if tab == DECIDED else self.everything(reviewer, today=today)


class FileDesk(Desk):
    """入会审核: first enrolments, as the association checks them."""

    title = "入会审核"
    due_field = "stage_due_on"
    url_prefix = "review_enrolments_modeladmin"
    kinds = (ApplicationKind.FIRST_ENROLMENT,)

    def open_to(self, reviewer: User) -> QuerySet:
        return queues.files_for(reviewer).filter(kind__in=self.kinds)

    def everything(self, reviewer: User, *, today: date) -> QuerySet:
        return self.open_to(reviewer)

    def waiting(self, reviewer: User, *, today: date) -> QuerySet:
        return queues.files_to_check(reviewer).filter(kind__in=self.kinds)

    def decided(self, reviewer: User) -> QuerySet:
        return queues.files_checked(reviewer).filter(kind__in=self.kinds)

    def for_list(self, cases: QuerySet) -> QuerySet:
        rows = ApplicationInstitution.objects.exclude(state=RowState.MOVED).select_related("institution").order_by("pk")
        found = cases.select_related("member").prefetch_related(Prefetch("rows", rows))
        return found.annotate(member_type=F("proposed_dossier__member_type"))

    def reader(self, reviewer: User) -> Reader:
        return Reader.ASSOCIATION


class RowDesk(Desk):
    """机构审核: one application at one institution."""

    title = "机构审核"
    due_field = "due_on"
    url_prefix = "review_rows_modeladmin"

    def open_to(self, reviewer: User) -> QuerySet:
        return queues.rows_open_to(reviewer)

    def everything(self, reviewer: User, *, today: date) -> QuerySet:
        return queues.rows_for(reviewer, today=today)

    def waiting(self, reviewer: User, *, today: date) -> QuerySet:
        return queues.rows_to_decide(reviewer, today=today)

    def decided(self, reviewer: User) -> QuerySet:
        return queues.rows_decided(reviewer)

    def for_list(self, cases: QuerySet) -> QuerySet:
        found = cases.select_related("member", "application", "institution")
        # A further enrolment has no dossier of its own.
        kept = Coalesce(F("application__proposed_dossier__member_type"), F("member__current_dossier__member_type"))
        return found.annotate(member_type=kept)

    def reader(self, reviewer: User) -> Reader:
        """Who reviews for an institution searches as one, whatever else they are."""
        if rules.has_role(reviewer, rules.ASSOCIATION_REVIEWER) and not rules.institutions_reviewed_by(reviewer):
            return Reader.ASSOCIATION
        return Reader.INSTITUTION


FILES, ROWS = FileDesk(), RowDesk()
