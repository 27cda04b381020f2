"""What editors see beside the fields: of a chapter how readers found it, of the site notice when it shows."""

from wagtail.admin.panels import Panel


class HelpfulnessPanel(Panel):
    """How many readers found the chapter helpful, and how many did not."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "guide_pages/admin/helpfulness_panel.html"

        def get_context_data(self, parent_context=None):
            context = super().get_context_data(parent_context)
            context["helpfulness"] = getattr(self.instance, "helpfulness", None)
            return context

        def is_shown(self):
            return self.instance.pk is not None


class NoticePreviewPanel(Panel):
    """The site notice as it is saved: how it looks, and whether it shows now, will show, or has shown (UI-9)."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "guide_pages/admin/notice_preview_panel.html"

        def get_context_data(self, parent_context=None):
            return {**super().get_context_data(parent_context), "site": self.instance}

        def is_shown(self):
            return bool(self.instance.notice_text)
