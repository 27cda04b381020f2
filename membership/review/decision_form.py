"""What a reviewer posts: a verdict on what the screen showed, and for a refusal why and where (REV-2, D-4)."""

from django import forms

from membership.domain import answers, requirements, visibility
from membership.domain.dossiers import DossierChanged
from membership.enums import ApplicationKind, AttachmentKind, Verdict
from membership.models import Dossier, LegacyMember, ReviewReason
from membership.review.case import Case

LONGEST_REASON = 1000
# Papers that an applicant mends beside the form's fields.
_STAMPED_FORM = (AttachmentKind.STAMPED_FORM.value, AttachmentKind.STAMPED_FORM.label)


class DecisionForm(forms.Form):
    """
    The decision bar. ``verdict`` comes from the pressed button; ``dossier`` and ``round`` say what the screen showed.

    ``is_ineligible``: 不予受理 before its round, for who can never be admitted (A-15). ``waives_stamp``: 免重新盖章 (E-4).
    ``legacy_rows``: of an activation, the rows of the former member that are this person's (L-7).
    """

    verdict = forms.ChoiceField(choices=Verdict.choices)
    dossier = forms.ModelChoiceField(
        Dossier.objects.none(), error_messages={"invalid_choice": DossierChanged.message, "required": DossierChanged.message}
    )
    round = forms.IntegerField(min_value=1, error_messages={"required": DossierChanged.message, "invalid": DossierChanged.message})
    reasons = forms.ModelMultipleChoiceField(ReviewReason.objects.none(), required=False)
    reason = forms.CharField(
        max_length=LONGEST_REASON,
        required=False,
        error_messages={"max_length": f"原因最多 {LONGEST_REASON} 字，现在是 %(show_value)d 字"},
    )
    fields_concerned = forms.MultipleChoiceField(required=False)
    waives_stamp = forms.BooleanField(required=False)
    is_ineligible = forms.BooleanField(required=False)
    legacy_rows = forms.ModelMultipleChoiceField(LegacyMember.objects.none(), required=False)

    def __init__(self, *args, case: Case, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        application = case.application
        if case.row is not None:
            # 不予受理 ends a file, which is the association's to end.
            self.fields["verdict"].choices = [choice for choice in Verdict.choices if choice[0] != Verdict.NOT_ACCEPTED]
        self.fields["dossier"].queryset = Dossier.objects.filter(member=application.member_id)
        self.fields["reasons"].queryset = ReviewReason.objects.for_kind(application.kind).about(
            member_type=case.dossier.member_type, sees_form=visibility.sees(case.reader, "stamped_form")
        )
        self.fields["fields_concerned"].choices = fields_of(case)
        if application.kind == ApplicationKind.ACTIVATION:
            self.fields["legacy_rows"].queryset = application.legacy_rows.order_by("source", "old_number")

    def clean(self) -> dict[str, object]:
        """Refuse a verdict that contradicts its own reasons: a wrong button, pressed in haste."""
        cleaned = super().clean()
        if cleaned.get("verdict") == Verdict.APPROVED and cleaned.get("reasons"):
            raise forms.ValidationError("勾选了不通过的原因，却按了「审批通过」。请取消勾选，或改为审批不通过。")
        return cleaned

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

    def offered_legacy_rows(self) -> list[tuple[LegacyMember, bool]]:
        """Return the rows that an activation names, and whether each is ticked: all of them, until somebody unticks one."""
        picked = {str(value) for value in self["legacy_rows"].value() or ()}
        return [(row, not self.is_bound or str(row.pk) in picked) for row in self.fields["legacy_rows"].queryset]

    @property
    def opens_reasons(self) -> bool:
        """Whether the reasons stand open: a refusal came back, or an approval with reasons ticked."""
        return self.is_bound and (self["verdict"].value() != Verdict.APPROVED or bool(self.picked_reasons))

    @property
    def picked_fields(self) -> list[str]:
        """The fields that were ticked."""
        return [str(value) for value in self["fields_concerned"].value() or ()]


def fields_of(case: Case) -> list[tuple[str, str]]:
    """Return the fields of the form that this reader sees and this person was asked for, with their labels (S-3)."""
    dossier = case.dossier
    asked = requirements.asked(
        member_type=dossier.member_type, document_kind=dossier.document_kind, referral_method=case.application.referral_method
    )
    found = [(field, answers.LABELS[field]) for field in asked if visibility.sees(case.reader, field)]
    has_form = case.application.kind != ApplicationKind.FURTHER_ENROLMENT and visibility.sees(case.reader, "stamped_form")
    return [*found, _STAMPED_FORM] if has_form else found
