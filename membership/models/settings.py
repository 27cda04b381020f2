"""The figures of the rulebook, as administrators set them: one row, names and defaults as in «Settings and their defaults»."""

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import DEFAULT_DB_ALIAS, models, transaction
from django.db.models import F, Q

CACHE_KEY = "membership.society_settings"
# Another process notices a change after this long where the cache is not shared.
CACHE_SECONDS = 60

at_least_one = MinValueValidator(1)


def validate_days(value: object) -> None:
    """Accept a non-empty list of different whole numbers of days, each at least 1."""
    _validate_numbers(value, empty_allowed=False)


def validate_serials(value: object) -> None:
    """Accept a list, possibly empty, of different serial numbers of certificates."""
    _validate_numbers(value, empty_allowed=True)


def _validate_numbers(value: object, *, empty_allowed: bool) -> None:
    numbers = value if isinstance(value, list) else None
    if numbers is None or any(type(number) is not int or number < 1 for number in numbers):
        raise ValidationError("请填写正整数，用英文逗号分开。")
    if not numbers and not empty_allowed:
        raise ValidationError("请至少填写一个数字。")
    if len(set(numbers)) != len(numbers):
        raise ValidationError("数字不能重复。")


def form_reminders() -> list[int]:
    return [7, 30]


def renewal_reminders() -> list[int]:
    return [60, 30, 7]


def share_links() -> list[int]:
    return [30, 90, 180]


def reserved() -> list[int]:
    return [2054]


def count(label: str, default: int, *, zero: bool = False, most: int = 32767) -> models.PositiveSmallIntegerField:
    """A setting that is a number; ``zero`` allows 0, ``most`` is the largest value that the rest of the system holds."""
    validators = [MaxValueValidator(most)] if zero else [at_least_one, MaxValueValidator(most)]
    return models.PositiveSmallIntegerField(label, default=default, validators=validators)


class SocietySettings(models.Model):
    """
    Exactly one row. Read it with :func:`current`, never by a query of one's own.

    ``…_working_days`` are working days, other ``…_days`` calendar days. Lists are numbers of days, but ``reserved_serials``.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)

    # Clock and deadlines (K)
    decision_working_days = count("审核承诺（工作日）", 15)
    association_working_days = count("协会审核（工作日）", 5)
    row_working_days = count("机构审核最短时间（工作日）", 5)
    resume_working_days = count("恢复计时后最短时间（工作日）", 5)
    take_back_working_days = count("撤回决定后重新审核（工作日）", 5)
    substitute_working_days = count("逾期后协会可代为决定（工作日）", 5)
    endorsement_working_days = count("推荐人答复期限（工作日）", 10)
    endorsement_reminder_days = count("提醒推荐人的间隔（天）", 1)
    form_reminder_days = models.JSONField("待交盖章文件：提醒日（天）", default=form_reminders, validators=[validate_days])
    form_expiry_days = count("待交盖章文件：到期（天）", 60)
    returned_reminder_days = count("退回后：提醒日（天）", 30)
    returned_expiry_days = count("退回后：到期（天）", 90)
    draft_days = count("草稿保留（天）", 180)

    # Applications (A, D, E)
    take_back_days = count("可撤回通过决定的期限（天）", 30)
    not_accepted_from_round = count("从第几轮起可不予受理", 3)
    not_accepted_block_months = count("不予受理后重新申请的等待期（月）", 6, zero=True)
    row_supplement_files = count("机构补充材料：文件数上限", 3, zero=True)
    max_committees = count("专委会（含海外分会）上限", 5)
    max_regions = count("省市抗癌协会上限", 1)
    max_youth_council = count("青年理事会上限", 1)
    document_tries_per_day = count("每个账号每天提交已占用证件的次数", 5)
    member_lookups_per_day = count("每个账号每天查找推荐会员的次数", 20)
    member_lookup_candidates = count("同名推荐会员最多显示", 5)

    # Membership (M)
    validity_months = count("会员有效期（月）", 12)
    grace_days = count("宽限期（天）", 30, zero=True)
    renewal_early_days = count("可提前续会（天）", 60)
    renewal_late_months = count("过期后可续会（月）", 12)
    renewal_reminder_days = models.JSONField("到期前提醒日（天）", default=renewal_reminders, validators=[validate_days])
    renewal_reminder_after_days = count("到期后提醒日（天）", 7)
    renewal_after_unfreeze_days = count("解冻后仍可按时续会（天）", 30)
    freeze_review_days = count("冻结复核（天）", 30)
    violation_min_characters = count("违规记录最少字数", 10)
    expulsion_block_years = count("撤销会员资格后的限制（年）", 3, zero=True)
    violation_keep_years = count("违规记录保留（年）", 5)
    youth_council_age = count("青年理事会：须小于（周岁）", 45, most=150)

    # Persons (P)
    minimum_age = count("最低年龄（周岁）", 14, most=150)
    adult_age = count("成年年龄（周岁）", 18, most=150)
    name_max_characters = count("姓名最多字数", 50, most=100)
    deletion_cooling_days = count("注销冷静期（天）", 15, zero=True)
    share_link_days = models.JSONField("分享验证链接的有效期（天）", default=share_links, validators=[validate_days])

    # Former members (L)
    legacy_tries = count("认领原会员的尝试次数", 5)
    idle_login_days = count("久未登录的界限（天）", 180)
    legacy_collect_days = count("激活后领取新证书的期限（天）", 90)
    legacy_numbers_void_on = models.DateField("原编号全部失效日期", null=True, blank=True)

    # Institutions and numbers (I, N)
    closing_notice_days = count("机构关闭前通知（天）", 90)
    seat_max_years = count("任期最长（年）", 5)
    number_safety_step = models.PositiveIntegerField("恢复备份后的编号安全间隔", default=1000, validators=[at_least_one])
    reserved_serials = models.JSONField("保留不发的编号", default=reserved, blank=True, validators=[validate_serials])

    class Meta:
        verbose_name = "协会设置"
        verbose_name_plural = "协会设置"
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="the_society_has_one_row_of_settings"),
            models.CheckConstraint(
                condition=Q(adult_age__gte=F("minimum_age")),
                name="nobody_is_adult_below_the_minimum_age",
                violation_error_message="成年年龄不能小于最低年龄。",
            ),
        ]

    def __str__(self) -> str:
        return "协会设置"

    def save(self, *args, **kwargs) -> None:
        """Save, and let every reader see the new figures: now, and again once other transactions can see them."""
        super().save(*args, **kwargs)
        forget()
        transaction.on_commit(forget)


def forget() -> None:
    """Drop the cached figures."""
    cache.delete(CACHE_KEY)


def current() -> SocietySettings:
    """Return the figures in force, from the cache; the defaults where nobody has saved any."""
    figures = cache.get(CACHE_KEY)
    if figures is None:
        figures = SocietySettings.objects.filter(pk=1).values().first() or {}
        cache.set(CACHE_KEY, figures, CACHE_SECONDS)
    return SocietySettings.from_db(DEFAULT_DB_ALIAS, list(figures), list(figures.values())) if figures else SocietySettings()
