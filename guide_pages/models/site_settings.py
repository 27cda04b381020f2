"""What appears on every page and is no page's own: who helps, the legal numbers, the notice of the day (CMS-5, UI-6, UI-9)."""

import hashlib
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.fields import StreamField

from guide_pages.blocks import LinkBlock
from guide_pages.panels import NoticePreviewPanel


def page_link(label: str) -> models.ForeignKey:
    """A link from the settings to a page, empty when the page is deleted."""
    return models.ForeignKey("wagtailcore.Page", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=label)


@register_setting(icon="cog", order=10)
class SiteSettings(BaseSiteSetting):
    """The site's own facts; templates read them as ``settings.guide_pages.SiteSettings``."""

    support_name = models.CharField("联系人", max_length=40, default="霍老师")
    support_phone = models.CharField("电话", max_length=40, default="022-28219588-805", help_text="区号-号码-分机，例如 022-28219588-805。")
    support_hours = models.CharField("服务时间", max_length=60, default="工作日 9:00–17:00", blank=True)
    icp_number = models.CharField("ICP 备案号", max_length=60, blank=True, help_text="填写后显示在每页页脚。")
    police_number = models.CharField(
        "公安备案号",
        max_length=60,
        blank=True,
        help_text="例如：津公网安备 12010102000001 号。填写后显示在每页页脚，并链接到公安部备案查询。",
    )
    about_page = page_link("关于协会")
    privacy_page = page_link("隐私说明")
    contact_page = page_link("联系我们")
    menu_links = StreamField(
        [("link", LinkBlock())],
        blank=True,
        max_num=2,
        verbose_name="主菜单里另加的链接",
        help_text="排在「首页、会员指南、新闻、查验证书」之后，至多两个。",
    )
    footer_links = StreamField(
        [("link", LinkBlock())], blank=True, max_num=6, verbose_name="页脚里另加的链接", help_text="排在页脚「协会」一栏的最后，至多六个。"
    )
    share_picture = models.ForeignKey(
        "wagtailimages.Image",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="分享图片",
        help_text="分享到微信等处时显示，主体请居中。留空则用带协会名称的图片；新闻有题图的，用题图。",
    )
    notice_text = models.CharField("网站公告", max_length=120, blank=True, help_text="显示在每页最上方的一句话，例如维护时间。")
    notice_starts_at = models.DateTimeField("开始显示", null=True, blank=True, help_text="留空即刻显示。")
    notice_ends_at = models.DateTimeField("停止显示", null=True, blank=True, help_text="留空则一直显示，直到删去公告。")
    notice_page = page_link("详细说明")

    panels = [
        MultiFieldPanel([FieldPanel("support_name"), FieldPanel("support_phone"), FieldPanel("support_hours")], heading="会员服务"),
        MultiFieldPanel(
            [
                NoticePreviewPanel(),
                FieldPanel("notice_text"),
                FieldRowPanel([FieldPanel("notice_starts_at"), FieldPanel("notice_ends_at")]),
                FieldPanel("notice_page"),
            ],
            heading="网站公告",
        ),
        MultiFieldPanel([FieldPanel("about_page"), FieldPanel("privacy_page"), FieldPanel("contact_page")], heading="页脚链接"),
        MultiFieldPanel([FieldPanel("menu_links"), FieldPanel("footer_links")], heading="菜单"),
        MultiFieldPanel([FieldPanel("icp_number"), FieldPanel("police_number")], heading="备案"),
        FieldPanel("share_picture"),
    ]

    class Meta:
        verbose_name = "网站信息"
        verbose_name_plural = "网站信息"

    def __str__(self) -> str:
        return "网站信息"

    @property
    def support_dial(self) -> str:
        """The part of the telephone number that a phone can dial: area code and number, without the extension."""
        return "-".join(self.support_phone.split("-")[:2])

    @property
    def police_url(self) -> str:
        """Where the police register of websites shows this one; it is found by the digits of its number."""
        digits = "".join(character for character in self.police_number if character.isdigit())
        return f"https://beian.mps.gov.cn/#/query/webSearch?code={digits}" if digits else ""

    @property
    def current_notice(self) -> str:
        """The notice to show now, or nothing."""
        return self.notice_at(timezone.now())

    def notice_at(self, at: datetime) -> str:
        """The notice to show at ``at``: from its start on, until before its end; an open border does not limit it."""
        has_begun = self.notice_starts_at is None or self.notice_starts_at <= at
        is_over = self.notice_ends_at is not None and self.notice_ends_at <= at
        return self.notice_text if has_begun and not is_over else ""

    @property
    def notice_state(self) -> str:
        """How the notice stands now: none · now · later · over."""
        if not self.notice_text:
            return "none"
        if self.current_notice:
            return "now"
        return "over" if self.notice_ends_at is not None and self.notice_ends_at <= timezone.now() else "later"

    @property
    def notice_key(self) -> str:
        """Names this notice for the browser that closed it: the same words at another time are another notice."""
        return hashlib.sha256(f"{self.notice_text}|{self.notice_starts_at}".encode()).hexdigest()[:12]

    def clean(self):
        super().clean()
        if self.notice_starts_at and self.notice_ends_at and self.notice_ends_at <= self.notice_starts_at:
            raise ValidationError({"notice_ends_at": "停止显示的时间应晚于开始显示的时间"})
