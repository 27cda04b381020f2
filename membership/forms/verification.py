"""查验证书: a number, and the holder's full name if the visitor wants to compare it (CERT-3)."""

from django import forms

LONGEST = 200


class NumberForm(forms.Form):
    """The number printed on a certificate, old or new; what it may look like is the register's question."""

    number = forms.CharField(
        label="证书编号",
        max_length=LONGEST,
        help_text="印在证书上，字母 M 开头，10 位数字，末尾一个字母，如 M1650002054A；原系统的编号也可以查",
        error_messages={"required": "请填写证书编号", "max_length": "证书编号没有这么长，请核对"},
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "autocomplete": "off", "spellcheck": "false"}),
    )
    name = forms.CharField(
        label="持证人姓名",
        max_length=LONGEST,
        required=False,
        help_text="可不填。填写全名，可核对是否一致",
        error_messages={"max_length": "姓名没有这么长，请核对"},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class NameForm(forms.Form):
    """The holder's full name, on the page of an answer."""

    name = forms.CharField(
        label="证书上的姓名",
        max_length=LONGEST,
        error_messages={"required": "请填写证书上的姓名", "max_length": "姓名没有这么长，请核对"},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
