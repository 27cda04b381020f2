"""The confirmation of a bulk decision: for a refusal why, as the applicants will read it (REV-6)."""

from django import forms
from django.http import QueryDict

from membership.enums import ApplicationKind, Verdict
from membership.models import BulkRun, ReviewReason
from membership.review.decision_form import LONGEST_REASON


class ConfirmForm(forms.Form):
    """``leaves_warned`` comes from the second button of an approval."""

    reasons = forms.ModelMultipleChoiceField(ReviewReason.objects.none(), required=False)
    reason = forms.CharField(
        max_length=LONGEST_REASON,
        required=False,
        error_messages={"max_length": f"原因最多 {LONGEST_REASON} 字，现在是 %(show_value)d 字"},
    )
    leaves_warned = forms.BooleanField(required=False)

    def __init__(self, posted: QueryDict | None = None, *, run: BulkRun) -> None:
        super().__init__(posted)
        if run.verdict == Verdict.REFUSED:
            self.fields["reasons"].queryset = ReviewReason.objects.for_kind(ApplicationKind.FIRST_ENROLMENT)

    def grouped_reasons(self) -> list[tuple[str, list[ReviewReason]]]:
        """Return the reasons by category, each in the list's order."""
        groups: dict[str, list[ReviewReason]] = {}
        for reason in self.fields["reasons"].queryset:
            groups.setdefault(reason.category, []).append(reason)
        return list(groups.items())

    @property
    def picked_reasons(self) -> list[str]:
        """The ids of the reasons that were ticked, so that a refused form comes back as it was."""
        return [str(value) for value in self["reasons"].value() or ()]
