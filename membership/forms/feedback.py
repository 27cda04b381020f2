"""意见反馈: what it is about, the text, up to three screenshots, a way to be reached (UI-5)."""

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField

from membership.domain import feedback
from membership.domain.attachments import NewFile
from membership.enums import AttachmentKind
from membership.forms.typed_fields import LineField, ParagraphField, PictureField

SCREENSHOTS = tuple(f"screenshot_{number}" for number in range(1, feedback.MOST_SCREENSHOTS + 1))


class FeedbackForm(forms.Form):
    """The member's form, with a field for each screenshot: ``screenshot_1`` …"""

    use_required_attribute = False

    category = forms.ChoiceField(
        label="类别",
        choices=[("", "请选择"), *((one.value, one.label) for one in feedback.CHOSEN)],
        error_messages={"required": feedback.CategoryMissing.message, "invalid_choice": feedback.CategoryMissing.message},
    )
    text = ParagraphField(
        label="内容",
        maximum=feedback.LONGEST_TEXT,
        help_text="在哪个页面、做了什么、看到什么提示。请不要写密码和验证码",
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    contact = LineField(
        label="联系方式",
        maximum=feedback.LONGEST_CONTACT,
        help_text="可不填。答复会发站内消息；想接电话或邮件的，请留号码或邮箱",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        for number, name in enumerate(SCREENSHOTS, start=1):
            self.fields[name] = PictureField(AttachmentKind.FEEDBACK, label=f"截图 {number}")

    def clean_text(self) -> str:
        if not self.cleaned_data["text"]:
            raise ValidationError(feedback.TextMissing.message, code="required")
        return self.cleaned_data["text"]

    @property
    def first_picture(self) -> BoundField:
        return self[SCREENSHOTS[0]]

    @property
    def further_pictures(self) -> list[BoundField]:
        """The other screenshots, which stand folded away."""
        return [self[name] for name in SCREENSHOTS[1:]]

    @property
    def opens_further(self) -> bool:
        """Whether one of the folded screenshots was refused."""
        return any(picture.errors for picture in self.further_pictures)

    def screenshots(self) -> list[NewFile]:
        """Return the pictures that were chosen; the form is valid."""
        return [self.cleaned_data[name] for name in SCREENSHOTS if self.cleaned_data[name] is not None]
