"""Which chapters readers found helpful, for editors: 报告 → 指南评价."""

from django.db.models import F
from django.db.models.functions import Coalesce
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.reports import PageReportView

from guide_pages.models import GuideChapterPage


class HelpfulnessReport(PageReportView):
    """The chapters with the answers of their readers, the least helpful first."""

    page_title = "指南评价"
    header_icon = "help"
    index_url_name = "guide_helpfulness"
    index_results_url_name = "guide_helpfulness_results"
    # Wagtail's report on pages draws columns of its own; the other one draws ours.
    results_template_name = "wagtailadmin/reports/base_report_results.html"
    any_permission_required = ["add", "change", "publish"]
    columns = [
        TitleColumn("title", label="章节", url_name="wagtailadmin_pages:edit"),
        Column("get_device_display", label="设备"),
        Column("yes", label="有帮助"),
        Column("no", label="没有帮助"),
    ]
    list_export = ["title", "get_device_display", "yes", "no"]
    export_headings = {"title": "章节", "get_device_display": "设备", "yes": "有帮助", "no": "没有帮助"}

    def get_queryset(self):
        chapters = GuideChapterPage.objects.live().defer_streamfields()
        answers = {name: Coalesce(F(f"helpfulness__{name}"), 0) for name in ("yes", "no")}
        return chapters.annotate(**answers).order_by("-no", "part", "path")
