"""What the society tells people, and what they tell it."""

from django.conf import settings
from django.db import models

from membership.enums import DeliveryState, MessageChannel, RequestState

USER = settings.AUTH_USER_MODEL


class MessageTemplate(models.Model):
    """The wording of one event, edited by staff; ``code`` names the event (UI-8). Without a row the delivered wording holds."""

    code = models.SlugField("事件", max_length=60, unique=True)
    title = models.CharField("标题", max_length=120)
    body = models.CharField("正文", max_length=2000)
    sms = models.CharField("短信", max_length=300, blank=True)
    sms_template_id = models.CharField("短信模板编号", max_length=60, blank=True)

    class Meta:
        verbose_name = "消息文本"
        verbose_name_plural = "消息文本"

    def __str__(self) -> str:
        return self.title


class Message(models.Model):
    """
    An in-site message to one account (UI-4).

    ``grouping_key`` names the person's application and the act it came of, so that one act writes one message (S-9).
    """

    user = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="site_messages", verbose_name="收件人")
    code = models.SlugField("事件", max_length=60)
    title = models.CharField("标题", max_length=120)
    body = models.CharField("正文", max_length=2000)
    link = models.CharField("链接", max_length=200, blank=True)
    application = models.ForeignKey(
        "membership.Application", on_delete=models.SET_NULL, null=True, blank=True, related_name="messages", verbose_name="申请"
    )
    grouping_key = models.CharField("归并", max_length=120, unique=True)
    created_at = models.DateTimeField("时间")
    read_at = models.DateTimeField("已读时间", null=True, blank=True)

    class Meta:
        verbose_name = "消息"
        verbose_name_plural = "消息"
        indexes = [
            models.Index(fields=["user", "-created_at"], name="message_inbox"),
            models.Index(fields=["created_at", "id"], name="message_by_time"),
        ]

    def __str__(self) -> str:
        return f"消息 {self.pk}"


class Delivery(models.Model):
    """One message on its way out by one channel: the log that support reads; no codes in it (UI-8)."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="deliveries", verbose_name="消息")
    channel = models.CharField("渠道", max_length=8, choices=MessageChannel.choices)
    text = models.CharField("内容", max_length=300, blank=True)
    # What fills the places of the provider's registered template.
    parameters = models.JSONField("参数", default=dict, blank=True)
    state = models.CharField("状态", max_length=16, choices=DeliveryState.choices, default=DeliveryState.QUEUED)
    attempts = models.PositiveSmallIntegerField("次数", default=0)
    provider_id = models.CharField("服务商编号", max_length=80, blank=True)
    error = models.CharField("错误", max_length=300, blank=True)
    queued_at = models.DateTimeField("排队时间")
    claimed_at = models.DateTimeField("取出时间", null=True, blank=True)
    sent_at = models.DateTimeField("发送时间", null=True, blank=True)

    class Meta:
        verbose_name = "发送记录"
        verbose_name_plural = "发送记录"
        indexes = [models.Index(fields=["state", "queued_at"], name="delivery_by_state")]
        constraints = [
            models.UniqueConstraint(name="one_delivery_per_message_and_channel", fields=["message", "channel"]),
        ]

    def __str__(self) -> str:
        return f"发送 {self.pk}"


class Feedback(models.Model):
    """意见反馈: a person's word to support, and the answer (UI-5)."""

    user = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, blank=True, related_name="feedback", verbose_name="账号")
    category = models.CharField("类别", max_length=32)
    text = models.CharField("内容", max_length=2000)
    screenshots = models.ManyToManyField("membership.Attachment", blank=True, related_name="+", verbose_name="截图")
    contact = models.CharField("联系方式", max_length=120, blank=True)
    state = models.CharField("状态", max_length=16, choices=RequestState.choices, default=RequestState.OPEN)
    answer = models.CharField("答复", max_length=2000, blank=True)
    answered_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="答复人")
    sent_at = models.DateTimeField("提交时间")
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)

    class Meta:
        verbose_name = "意见反馈"
        verbose_name_plural = "意见反馈"

    def __str__(self) -> str:
        return f"意见反馈 {self.pk}"
