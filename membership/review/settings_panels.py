"""The page of the society's settings: headings, and what each figure is as delivered."""

from django.db.models import Field
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel

from membership.models.settings import SocietySettings

GROUPS: dict[str, tuple[str, ...]] = {
    "审核期限": (
        "decision_working_days",
        "association_working_days",
        "row_working_days",
        "resume_working_days",
        "take_back_working_days",
        "substitute_working_days",
        "take_back_days",
    ),
    "推荐": ("endorsement_working_days", "endorsement_reminder_days", "member_lookups_per_day", "member_lookup_candidates"),
    "提醒与到期": (
        "form_reminder_days",
        "form_expiry_days",
        "returned_reminder_days",
        "returned_expiry_days",
        "draft_days",
    ),
    "申请": (
        "max_committees",
        "max_regions",
        "max_youth_council",
        "youth_council_age",
        "row_supplement_files",
        "not_accepted_from_round",
        "not_accepted_block_months",
        "document_tries_per_day",
    ),
    "会员资格与续会": (
        "validity_months",
        "grace_days",
        "renewal_early_days",
        "renewal_late_months",
        "renewal_reminder_days",
        "renewal_reminder_after_days",
        "renewal_after_unfreeze_days",
    ),
    "冻结与违规": ("freeze_review_days", "violation_min_characters", "expulsion_block_years", "violation_keep_years"),
    "个人": ("minimum_age", "adult_age", "name_max_characters", "deletion_cooling_days", "share_link_days"),
    "原会员": ("legacy_tries", "idle_login_days", "legacy_collect_days", "legacy_numbers_void_on"),
    "机构与编号": ("closing_notice_days", "seat_max_years", "number_safety_step", "reserved_serials"),
}


def settings_panels() -> list[MultiFieldPanel]:
    """One panel for each group, two fields in a row, each with its delivered value."""
    return [MultiFieldPanel(_rows(names), heading=heading) for heading, names in GROUPS.items()]


def _rows(names: tuple[str, ...]) -> list[FieldRowPanel]:
    return [FieldRowPanel([_panel(name) for name in names[start : start + 2]]) for start in range(0, len(names), 2)]


def _panel(name: str) -> FieldPanel:
    field = SocietySettings._meta.get_field(name)
    return FieldPanel(name, help_text=f"默认：{_delivered(field)}")


def _delivered(field: Field) -> str:
    default = field.get_default()
    if field.name == "reserved_serials":
        return ", ".join(f"{serial:07}" for serial in default)
    if isinstance(default, list):
        return ", ".join(map(str, default))
    return "不设" if default is None else str(default)
