"""
The reference data in the Wagtail admin, under 「基础数据」 (CMS-4).

Nothing here can be deleted: papers and dossiers name these rows. What is no longer wanted becomes inactive (I-2, I-7). Entries of
standards can be neither added nor renamed.
"""

from django import forms
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from wagtail.admin import messages
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn, BulkActionsCheckboxColumn
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy
from wagtail.snippets.views.snippets import CreateView, EditView, IndexView, SnippetViewSet, SnippetViewSetGroup

from membership.domain import due_dates
from membership.models.institutions import Institution
from membership.models.reference import (
    CalendarDay,
    ChangeCategory,
    EducationLevel,
    EthnicGroup,
    FieldOfInterest,
    PoliticalAffiliation,
    QualificationKind,
    ReviewReason,
    Title,
)
from membership.models.settings import SocietySettings
from membership.models.work_units import WorkUnit
from membership.review.settings_panels import settings_panels
from membership.review.snippet_forms import ChangeCategoryForm, InstitutionForm, SocietySettingsForm, WorkUnitForm

ACTIVE = BooleanColumn("is_active", label="启用", sort_key="is_active")
TITLE_LEVELS = ["正高级", "副高级", "中级", "初级（师）", "初级（士）", "无"]
CERTIFICATE_PAGES = ["首页", "首页;变更页"]


def choice_of(values: list[str]) -> forms.Select:
    """A select of ``values``, stored as they are shown."""
    return forms.Select(choices=[("", "请选择"), *((value, value.replace(";", "、")) for value in values)])


class ShownPanel(FieldPanel):
    """A field that is only shown; an empty one in words."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **{**kwargs, "read_only": True})

    def format_value_for_display(self, value):
        """Return the value as it is shown."""
        return "无" if value is None else super().format_value_for_display(value)


class KeptPolicy(ModelPermissionPolicy):
    """Django's permissions, but nobody deletes (I-2, I-7)."""

    refused = frozenset({"delete"})

    def user_has_permission(self, user, action) -> bool:
        """Ask Django, unless the action is refused to everybody."""
        return action not in self.refused and super().user_has_permission(user, action)


class FixedPolicy(KeptPolicy):
    """Nobody adds either: the rows are a standard's, or one for each case."""

    refused = frozenset({"add", "delete"})


class ReferenceIndex(IndexView):
    """A list without check boxes: the only thing they would offer is deleting."""

    @property
    def columns(self):
        """The columns of the list."""
        return [column for column in super().columns if not isinstance(column, BulkActionsCheckboxColumn)]


class WorkUnitIndex(ReferenceIndex):
    """Finds a unit under its other names too, once however many of them fit."""

    def search_queryset(self, queryset):
        """Search, without the doubles that come from the aliases."""
        return super().search_queryset(queryset).distinct()


class ReferenceViewSet(SnippetViewSet):
    """What all lists of reference data have in common."""

    index_view_class = ReferenceIndex
    copy_view_enabled = False
    list_per_page = 50
    add_to_reference_index = False


class InstitutionViewSet(ReferenceViewSet):
    model = Institution
    icon = "site"
    ordering = ["kind", "code"]
    list_display = ["name", "code", "kind", "province", "seats", ACTIVE]
    list_filter = ["kind", "is_active", "province"]
    search_fields = ["name", "code", "name_pinyin", "name_initials"]
    edit_handler = ObjectList(
        [
            FieldPanel("name"),
            FieldRowPanel([FieldPanel("code"), FieldPanel("kind")]),
            FieldRowPanel([FieldPanel("province"), FieldPanel("seats")]),
            FieldPanel("parent"),
            FieldPanel("is_active"),
            MultiFieldPanel([ShownPanel("merged_into"), ShownPanel("closed_on")], heading="合并与关闭"),
        ],
        base_form_class=InstitutionForm,
    )


class WorkUnitViewSet(ReferenceViewSet):
    model = WorkUnit
    icon = "home"
    index_view_class = WorkUnitIndex
    ordering = ["name"]
    list_display = ["name", "kind", "province", ACTIVE]
    list_filter = ["kind", "is_active", "province"]
    search_fields = ["name", "name_pinyin", "name_initials", "aliases__name", "aliases__name_pinyin"]
    edit_handler = ObjectList(
        [
            FieldPanel("name"),
            FieldRowPanel([FieldPanel("kind"), FieldPanel("province")]),
            FieldPanel("is_active"),
            InlinePanel("aliases", [FieldPanel("name")], heading="别名与曾用名", label="别名"),
        ],
        base_form_class=WorkUnitForm,
    )


class TitleViewSet(ReferenceViewSet):
    model = Title
    icon = "tag"
    ordering = ["order", "code"]
    list_display = ["display", "code", "series", "group", "level", ACTIVE]
    list_filter = ["group", "level", "is_active"]
    search_fields = ["name", "series", "code"]
    panels = [
        FieldRowPanel([FieldPanel("name"), FieldPanel("level", widget=choice_of(TITLE_LEVELS))]),
        FieldPanel("display"),
        FieldRowPanel([FieldPanel("series"), FieldPanel("series_code")]),
        FieldRowPanel([FieldPanel("group"), FieldPanel("code")]),
        FieldRowPanel([FieldPanel("order"), FieldPanel("is_active")]),
    ]


class QualificationKindViewSet(ReferenceViewSet):
    model = QualificationKind
    icon = "doc-full"
    ordering = ["order", "code"]
    list_display = ["name", "code", "group", "pages", ACTIVE]
    list_filter = ["group", "is_active"]
    search_fields = ["name", "code"]
    panels = [
        FieldPanel("name"),
        FieldRowPanel([FieldPanel("code"), FieldPanel("group")]),
        FieldPanel("pages", widget=choice_of(CERTIFICATE_PAGES)),
        MultiFieldPanel([FieldPanel("regex"), FieldPanel("rule")], heading="编码格式"),
        FieldRowPanel([FieldPanel("order"), FieldPanel("is_active")]),
    ]


class ReviewReasonViewSet(ReferenceViewSet):
    model = ReviewReason
    icon = "comment"
    ordering = ["order", "code"]
    list_display = [
        "text",
        "category",
        BooleanColumn("for_enrolment", label="入会"),
        BooleanColumn("for_activation", label="激活"),
        BooleanColumn("for_change", label="变更"),
        BooleanColumn("for_upgrade", label="升级"),
        ACTIVE,
    ]
    list_filter = ["category", "for_enrolment", "for_activation", "for_change", "for_upgrade", "is_active"]
    search_fields = ["text", "code"]
    panels = [
        FieldPanel("text"),
        FieldRowPanel([FieldPanel("category"), FieldPanel("code")]),
        MultiFieldPanel([FieldPanel(column) for column in dict.fromkeys(ReviewReason.COLUMNS.values())], heading="适用于"),
        FieldRowPanel([FieldPanel("order"), FieldPanel("is_active")]),
    ]


class FieldOfInterestViewSet(ReferenceViewSet):
    model = FieldOfInterest
    icon = "crosshairs"
    ordering = ["order", "code"]
    list_display = ["name", "code", "category", ACTIVE]
    list_filter = ["category", "is_active"]
    search_fields = ["name", "code"]
    panels = [
        FieldPanel("name"),
        FieldRowPanel([FieldPanel("code"), FieldPanel("category")]),
        FieldRowPanel([FieldPanel("order"), FieldPanel("is_active")]),
    ]


class EthnicGroupViewSet(ReferenceViewSet):
    model = EthnicGroup
    icon = "globe"
    list_display = ["name", "code", "letter_code", "roman", ACTIVE]
    search_fields = ["name", "roman"]
    panels = [FieldPanel("name", read_only=True), FieldPanel("code", read_only=True), FieldPanel("is_active")]


class PoliticalAffiliationViewSet(ReferenceViewSet):
    model = PoliticalAffiliation
    icon = "group"
    list_display = ["form_label", "name", "code", ACTIVE]
    search_fields = ["name", "form_label"]
    panels = [FieldPanel("name", read_only=True), FieldPanel("form_label"), FieldPanel("is_active")]


class EducationLevelViewSet(ReferenceViewSet):
    model = EducationLevel
    icon = "title"
    ordering = ["code"]
    list_display = ["name", "form_label", "code", "order", BooleanColumn("is_selectable", label="可选")]
    list_filter = ["is_selectable"]
    search_fields = ["name", "form_label"]
    panels = [FieldPanel("name", read_only=True), FieldPanel("form_label"), FieldPanel("is_selectable"), FieldPanel("order")]


class FollowedByDates:
    """Saving a day of the calendar moves, in the same transaction, every date that rests on it, and says how many moved (K-3)."""

    def save_instance(self):
        """Note how the years stood, save, and let the dates follow."""
        at = timezone.now()
        due_dates.note_calendar(at=at)
        day = super().save_instance()
        self.moved = due_dates.follow_calendar(by=self.request.user, at=at)
        return day

    def save_action(self):
        """Say what was saved, and after it what moved."""
        response = super().save_action()
        if self.moved.total:
            messages.warning(self.request, moved_in_words(self.moved))
        return response


def moved_in_words(moved: due_dates.Moved) -> str:
    """Return what an administrator reads after the dates moved."""
    figures = ((moved.files, "份申请的协会审核期限"), (moved.rows, "份申请的机构审核期限"), (moved.requests, "个推荐请求的期限"))
    counted = "、".join(f"{count} {what}" for count, what in figures if count)
    return f"已按新的安排重算：{counted}。答复日期推后的申请人，明天会收到一条站内消息。"


class CalendarDayCreate(FollowedByDates, CreateView):
    """Adds a day."""


class CalendarDayEdit(FollowedByDates, EditView):
    """Corrects a day."""


class CalendarDayViewSet(ReferenceViewSet):
    model = CalendarDay
    icon = "calendar-alt"
    add_view_class = CalendarDayCreate
    edit_view_class = CalendarDayEdit
    ordering = ["-date"]
    list_display = ["date", BooleanColumn("is_working", label="上班", sort_key="is_working"), "name"]
    list_filter = ["date", "is_working"]
    search_fields = ["name"]
    # The browser's own: Wagtail's picker makes another day of what it cannot read, and says nothing.
    panels = [
        FieldPanel("date", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")),
        FieldPanel("is_working"),
        FieldPanel("name"),
    ]


class ChangeCategoryEdit(EditView):
    """Warns when what a certificate shows could change without anybody looking (D-12)."""

    def save_action(self):
        """Say what was saved, and the warning after it."""
        response = super().save_action()
        if self.object.touches_face_data and not self.object.needs_review:
            messages.warning(self.request, f"“{self.object}”可改变会员证书上的内容，现在无须审核即生效。")
        return response


class ChangeCategoryViewSet(ReferenceViewSet):
    model = ChangeCategory
    icon = "edit"
    edit_view_class = ChangeCategoryEdit
    list_display = ["__str__", BooleanColumn("needs_stamp", label="须盖章"), BooleanColumn("needs_review", label="须审核")]
    edit_handler = ObjectList(
        [FieldPanel("code", read_only=True), FieldPanel("needs_stamp"), FieldPanel("needs_review")],
        base_form_class=ChangeCategoryForm,
    )


class OnlyRow(IndexView):
    """There is one row of settings: instead of a list of it, show it."""

    def get(self, request, *args, **kwargs):
        """Go to the row, made with the rulebook's figures if nobody has made it."""
        settings, _ = SocietySettings.objects.get_or_create(pk=1)
        return redirect(reverse(self.edit_url_name, args=[settings.pk]))


class SocietySettingsViewSet(ReferenceViewSet):
    model = SocietySettings
    icon = "cogs"
    index_view_class = OnlyRow
    edit_handler = ObjectList(settings_panels(), base_form_class=SocietySettingsForm)


class ReferenceData(SnippetViewSetGroup):
    """The menu 「基础数据」."""

    menu_label = "基础数据"
    menu_name = "reference-data"
    menu_icon = "table"
    menu_order = 500
    items = (
        InstitutionViewSet,
        WorkUnitViewSet,
        TitleViewSet,
        QualificationKindViewSet,
        ReviewReasonViewSet,
        FieldOfInterestViewSet,
        PoliticalAffiliationViewSet,
        EducationLevelViewSet,
        EthnicGroupViewSet,
        CalendarDayViewSet,
        ChangeCategoryViewSet,
        SocietySettingsViewSet,
    )


for kept in (Institution, WorkUnit, Title, QualificationKind, ReviewReason, FieldOfInterest, CalendarDay):
    register_permission_policy(kept, KeptPolicy(kept))
for fixed in (EthnicGroup, PoliticalAffiliation, EducationLevel, ChangeCategory, SocietySettings):
    register_permission_policy(fixed, FixedPolicy(fixed))

# What wagtail_hooks registers.
snippet_groups = (ReferenceData,)
