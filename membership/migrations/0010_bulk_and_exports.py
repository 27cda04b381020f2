import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("membership", "0009_review_scale"),
    ]

    operations = [
        migrations.CreateModel(
            name="BulkItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("round", models.PositiveIntegerField(verbose_name="轮次")),
                ("warnings", models.JSONField(blank=True, default=list, verbose_name="提示")),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "等待处理"), ("done", "已处理"), ("skipped", "已跳过"), ("failed", "没有处理")],
                        default="waiting",
                        max_length=16,
                        verbose_name="状态",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="说明")),
                ("done_at", models.DateTimeField(blank=True, null=True, verbose_name="时间")),
            ],
            options={
                "verbose_name": "批量审核的一份",
                "verbose_name_plural": "批量审核的各份",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="BulkRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("desk", models.CharField(max_length=60, verbose_name="列表")),
                ("asked", models.TextField(blank=True, verbose_name="筛选条件")),
                ("is_everything", models.BooleanField(default=False, verbose_name="整个列表")),
                (
                    "verdict",
                    models.CharField(
                        choices=[("approved", "审批通过"), ("refused", "审批不通过"), ("not_accepted", "不予受理")],
                        max_length=16,
                        verbose_name="决定",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=1000, verbose_name="原因")),
                ("left_out", models.PositiveIntegerField(default=0, verbose_name="略去")),
                (
                    "state",
                    models.CharField(
                        choices=[("prepared", "待确认"), ("running", "处理中"), ("done", "已完成")],
                        default="prepared",
                        max_length=16,
                        verbose_name="状态",
                    ),
                ),
                ("prepared_at", models.DateTimeField(verbose_name="选定时间")),
                ("started_at", models.DateTimeField(blank=True, null=True, verbose_name="开始时间")),
                ("moved_at", models.DateTimeField(blank=True, null=True, verbose_name="最近进展")),
                ("finished_at", models.DateTimeField(blank=True, null=True, verbose_name="完成时间")),
            ],
            options={
                "verbose_name": "批量审核",
                "verbose_name_plural": "批量审核",
            },
        ),
        migrations.AddField(
            model_name="exportrun",
            name="done_count",
            field=models.PositiveIntegerField(default=0, verbose_name="已写行数"),
        ),
        migrations.AddField(
            model_name="exportrun",
            name="error",
            field=models.CharField(blank=True, max_length=300, verbose_name="失败原因"),
        ),
        migrations.AddField(
            model_name="exportrun",
            name="filter_words",
            field=models.CharField(blank=True, max_length=500, verbose_name="筛选条件（文字）"),
        ),
        migrations.AddField(
            model_name="exportrun",
            name="format",
            field=models.CharField(
                choices=[("xlsx", "Excel 表格（xlsx）"), ("csv", "逗号分隔的文本（csv）")],
                default="xlsx",
                max_length=8,
                verbose_name="格式",
            ),
        ),
        migrations.AddField(
            model_name="exportrun",
            name="has_identity",
            field=models.BooleanField(default=False, verbose_name="含完整证件号码"),
        ),
        migrations.AddField(
            model_name="exportrun",
            name="institutions",
            field=models.JSONField(blank=True, default=list, verbose_name="机构范围"),
        ),
        migrations.AddField(
            model_name="exportrun",
            name="kept_until",
            field=models.DateField(blank=True, null=True, verbose_name="文件保留至"),
        ),
        migrations.AddField(
            model_name="exportrun",
            name="moved_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="最近进展"),
        ),
        migrations.AddField(
            model_name="exportrun",
            name="reader",
            field=models.CharField(blank=True, max_length=16, verbose_name="读者"),
        ),
        migrations.AddIndex(
            model_name="exportrun",
            index=models.Index(fields=["requested_by", "-id"], name="export_by_person"),
        ),
        migrations.AddConstraint(
            model_name="exportrun",
            constraint=models.CheckConstraint(condition=models.Q(("purpose", ""), _negated=True), name="an_export_says_what_for"),
        ),
        migrations.AddConstraint(
            model_name="exportrun",
            constraint=models.CheckConstraint(
                condition=models.Q(("file__isnull", True), ("kept_until__isnull", False), _connector="OR"),
                name="a_kept_export_says_until_when",
            ),
        ),
        migrations.AddField(
            model_name="bulkitem",
            name="application",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="membership.application", verbose_name="申请"
            ),
        ),
        migrations.AddField(
            model_name="bulkitem",
            name="decision",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="membership.decision",
                verbose_name="决定",
            ),
        ),
        migrations.AddField(
            model_name="bulkitem",
            name="dossier",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="membership.dossier", verbose_name="所审资料"
            ),
        ),
        migrations.AddField(
            model_name="bulkitem",
            name="row",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="membership.applicationinstitution",
                verbose_name="机构申请",
            ),
        ),
        migrations.AddField(
            model_name="bulkrun",
            name="reasons",
            field=models.ManyToManyField(blank=True, related_name="+", to="membership.reviewreason", verbose_name="原因（清单）"),
        ),
        migrations.AddField(
            model_name="bulkrun",
            name="reviewer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="bulk_runs", to=settings.AUTH_USER_MODEL, verbose_name="审核员"
            ),
        ),
        migrations.AddField(
            model_name="bulkitem",
            name="run",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="items", to="membership.bulkrun", verbose_name="批量审核"
            ),
        ),
        migrations.AddIndex(
            model_name="bulkrun",
            index=models.Index(fields=["state", "moved_at"], name="bulk_run_by_state"),
        ),
        migrations.AddConstraint(
            model_name="bulkrun",
            constraint=models.CheckConstraint(
                condition=models.Q(("verdict__in", ("approved", "refused"))), name="a_bulk_run_approves_or_refuses"
            ),
        ),
        migrations.AddConstraint(
            model_name="bulkrun",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("started_at__isnull", True), ("state", "prepared")),
                    models.Q(models.Q(("state", "prepared"), _negated=True), ("started_at__isnull", False)),
                    _connector="OR",
                ),
                name="a_bulk_run_that_started_says_when",
            ),
        ),
        migrations.AddIndex(
            model_name="bulkitem",
            index=models.Index(fields=["run", "state", "id"], name="bulk_item_by_state"),
        ),
        migrations.AddConstraint(
            model_name="bulkitem",
            constraint=models.UniqueConstraint(
                condition=models.Q(("row__isnull", True)), fields=("run", "application"), name="a_file_is_in_a_bulk_run_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="bulkitem",
            constraint=models.UniqueConstraint(
                condition=models.Q(("row__isnull", False)), fields=("run", "row"), name="a_row_is_in_a_bulk_run_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="bulkitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decision__isnull", False), ("state", "done")),
                    models.Q(models.Q(("state", "done"), _negated=True), ("decision__isnull", True)),
                    _connector="OR",
                ),
                name="exactly_the_decided_items_have_a_decision",
            ),
        ),
        migrations.AddConstraint(
            model_name="bulkitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ("skipped", "failed")), _negated=True), models.Q(("note", ""), _negated=True), _connector="OR"
                ),
                name="an_item_left_alone_says_why",
            ),
        ),
    ]
