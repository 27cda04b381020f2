"""What search looks through; filled by ``manage.py rebuild_search`` and whenever a page is published (CMS-3)."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("guide_pages", "0001_initial"),
        migrations.swappable_dependency(settings.WAGTAIL_PAGE_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                (
                    "page",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="search_entry",
                        serialize=False,
                        to=settings.WAGTAIL_PAGE_MODEL,
                        verbose_name="页面",
                    ),
                ),
                (
                    "kind",
                    models.CharField(choices=[("guide", "指南"), ("news", "新闻"), ("page", "页面")], max_length=8, verbose_name="种类"),
                ),
                ("device", models.CharField(blank=True, help_text="指南章节所写的设备，例如：网页端。", max_length=8, verbose_name="设备")),
                ("dated_on", models.DateField(null=True, verbose_name="日期")),
                ("text", models.TextField(help_text="读者所见的正文，每段一行，不含标题。", verbose_name="正文")),
                ("terms", models.TextField(help_text="页面上的名称和标题，每行一个；没有结果时从中推荐相近的词。", verbose_name="词语")),
                ("folded_title", models.TextField(verbose_name="标题（供比较）")),
                ("folded_headings", models.TextField(verbose_name="各级标题（供比较）")),
                ("folded_text", models.TextField(help_text="第一行是标题，以下与正文各行一一对应。", verbose_name="全文（供比较）")),
            ],
            options={
                "verbose_name": "搜索条目",
                "verbose_name_plural": "搜索条目",
            },
        ),
    ]
