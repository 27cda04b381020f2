"""Menus and share picture of the site settings, readers' answers, the task of the guide's workflow (CMS-1, CMS-5)."""

import django.db.models.deletion
import wagtail.fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("guide_pages", "0002_search"),
        ("wagtailcore", "0098_apitoken"),
        ("wagtailimages", "0027_image_description"),
        migrations.swappable_dependency(settings.WAGTAIL_PAGE_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="sitesettings",
            name="footer_links",
            field=wagtail.fields.StreamField(
                [("link", 4)],
                blank=True,
                block_lookup={
                    0: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {"help_text": "至多八个字，与所到页面的标题一致。", "label": "名称", "max_length": 8},
                    ),
                    1: (
                        "wagtail.blocks.ChoiceBlock",
                        [],
                        {
                            "choices": [
                                ("account_signup", "用户注册"),
                                ("account_login", "登录"),
                                ("member_home", "会员中心"),
                                ("member_apply", "申请会员"),
                                ("verify", "查验证书"),
                            ],
                            "label": "会员系统中的页面",
                            "required": False,
                        },
                    ),
                    2: ("wagtail.blocks.PageChooserBlock", (), {"label": "网站页面", "required": False}),
                    3: ("wagtail.blocks.StructBlock", [[("place", 1), ("page", 2)]], {}),
                    4: ("wagtail.blocks.StructBlock", [[("label", 0), ("destination", 3)]], {}),
                },
                help_text="排在页脚「协会」一栏的最后，至多六个。",
                verbose_name="页脚里另加的链接",
            ),
        ),
        migrations.AddField(
            model_name="sitesettings",
            name="menu_links",
            field=wagtail.fields.StreamField(
                [("link", 4)],
                blank=True,
                block_lookup={
                    0: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {"help_text": "至多八个字，与所到页面的标题一致。", "label": "名称", "max_length": 8},
                    ),
                    1: (
                        "wagtail.blocks.ChoiceBlock",
                        [],
                        {
                            "choices": [
                                ("account_signup", "用户注册"),
                                ("account_login", "登录"),
                                ("member_home", "会员中心"),
                                ("member_apply", "申请会员"),
                                ("verify", "查验证书"),
                            ],
                            "label": "会员系统中的页面",
                            "required": False,
                        },
                    ),
                    2: ("wagtail.blocks.PageChooserBlock", (), {"label": "网站页面", "required": False}),
                    3: ("wagtail.blocks.StructBlock", [[("place", 1), ("page", 2)]], {}),
                    4: ("wagtail.blocks.StructBlock", [[("label", 0), ("destination", 3)]], {}),
                },
                help_text="排在「首页、会员指南、新闻、查验证书」之后，至多两个。",
                verbose_name="主菜单里另加的链接",
            ),
        ),
        migrations.AddField(
            model_name="sitesettings",
            name="share_picture",
            field=models.ForeignKey(
                blank=True,
                help_text="分享到微信等处时显示，主体请居中。留空则用带协会名称的图片；新闻有题图的，用题图。",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="wagtailimages.image",
                verbose_name="分享图片",
            ),
        ),
        migrations.AlterField(
            model_name="sitesettings",
            name="police_number",
            field=models.CharField(
                blank=True,
                help_text="例如：津公网安备 12010102000001 号。填写后显示在每页页脚，并链接到公安部备案查询。",
                max_length=60,
                verbose_name="公安备案号",
            ),
        ),
        migrations.CreateModel(
            name="Helpfulness",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("yes", models.PositiveIntegerField(default=0, verbose_name="有帮助")),
                ("no", models.PositiveIntegerField(default=0, verbose_name="没有帮助")),
                (
                    "page",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="helpfulness",
                        to=settings.WAGTAIL_PAGE_MODEL,
                        verbose_name="页面",
                    ),
                ),
            ],
            options={
                "verbose_name": "读者的评价",
                "verbose_name_plural": "读者的评价",
            },
        ),
        migrations.CreateModel(
            name="SecondReadingTask",
            fields=[
                (
                    "task_ptr",
                    models.OneToOneField(
                        auto_created=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        serialize=False,
                        to="wagtailcore.task",
                    ),
                ),
                (
                    "groups",
                    models.ManyToManyField(
                        help_text="Pages/snippets at this step in a workflow will be moderated or approved by these groups of users",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
            ],
            options={
                "verbose_name": "请另一人审阅",
                "verbose_name_plural": "请另一人审阅",
            },
            bases=("wagtailcore.task",),
        ),
    ]
