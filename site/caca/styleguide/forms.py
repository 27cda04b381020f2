"""A form with one field of each kind, empty, filled in, and sent with mistakes."""

from datetime import date

from django import forms

from membership.accounts.captcha import CaptchaField

PLACES = (("", "请选择"), ("120000", "天津市"), ("540000", "西藏自治区"))
TYPES = (("professional", "专业会员"), ("general", "普通会员"), ("student", "学生会员"))
TYPE_HELP = {"professional": "持有资质证书的医护与科研人员", "general": "从事肿瘤防治相关工作", "student": "在读本科生、研究生"}
FIELDS_OF_INTEREST = tuple((f"{number}", name) for number, name in enumerate(("放射治疗", "免疫治疗", "整合肿瘤学与中西医结合治疗"), 1))


class ChoicesWithHelp(forms.RadioSelect):
    """Radios whose options say in one line what they mean."""

    def create_option(self, name, value, *args, **kwargs):
        return super().create_option(name, value, *args, **kwargs) | {"help": TYPE_HELP[value]}


class SampleForm(forms.Form):
    """One field of each kind that the site has."""

    name = forms.CharField(label="姓名", help_text="与身份证件一致", error_messages={"required": "请填写姓名"})
    email = forms.EmailField(label="邮箱", error_messages={"invalid": "邮箱里缺少 @，如 name@example.org"})
    phone = forms.CharField(label="手机号", required=False, initial="188 0000 0001", widget=forms.TextInput(attrs={"readonly": True}))
    born_on = forms.DateField(
        label="出生日期", widget=forms.DateInput(attrs={"type": "date"}), error_messages={"required": "请填写出生日期"}
    )
    password = forms.CharField(
        label="密码",
        help_text="至少 8 位，有字母也有数字",
        widget=forms.PasswordInput(render_value=True),
        error_messages={"required": "请填写密码"},
    )
    title = forms.ChoiceField(
        label="职称", choices=(("", "请选择"), ("232", "副高级，副主任医师")), error_messages={"required": "请选择职称"}
    )
    remark = forms.CharField(label="备注信息", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    member_type = forms.ChoiceField(label="会员类型", choices=TYPES, widget=ChoicesWithHelp, error_messages={"required": "请选择会员类型"})
    sex = forms.ChoiceField(
        label="性别", choices=(("male", "男"), ("female", "女")), widget=forms.RadioSelect, error_messages={"required": "请选择性别"}
    )
    basis = forms.MultipleChoiceField(
        label="文件上有什么",
        choices=(("stamp", "单位盖章"), ("signature", "推荐人签字")),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少勾选一项"},
    )
    consent = forms.BooleanField(label="我已阅读并同意《隐私说明》", error_messages={"required": "同意隐私说明后才能继续"})
    interests = forms.MultipleChoiceField(
        label="关注的领域",
        choices=FIELDS_OF_INTEREST,
        required=False,
        help_text="至多十个",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "这个领域已不在名单里，请重新选择"},
    )
    institutions = forms.CharField(label="申请机构", help_text="至少选 1 个", error_messages={"required": "请选择申请机构"})
    portrait = forms.FileField(
        label="个人寸照", widget=forms.FileInput(attrs={"accept": "image/*"}), error_messages={"required": "请上传个人寸照"}
    )
    province = forms.ChoiceField(label="籍贯（省）", choices=PLACES, error_messages={"required": "请选择籍贯"})
    city = forms.ChoiceField(label="籍贯（市）", choices=(("", "请选择"),), required=False)
    code = forms.CharField(label="短信验证码", error_messages={"required": "请填写短信里的 6 位数字"})
    captcha = CaptchaField()


def empty() -> SampleForm:
    return SampleForm(prefix="empty")


def filled() -> SampleForm:
    """A form as somebody has it who comes back to it: everything filled in, the longest there is."""
    answers = {
        "name": "阿不都热合曼·买买提吐尔逊·艾合买提江",
        "email": "abdurahman.memtursun.ahmatjan@oncology.example.org",
        "born_on": date(1984, 9, 30),
        "password": "Demo-2026",
        "title": "232",
        "remark": "2019 年至 2021 年在援藏医疗队工作，期间的执业注册地为西藏自治区人民医院；返回后已变更回原单位。",
        "member_type": "professional",
        "sex": "male",
        "basis": ["stamp", "signature"],
        "consent": True,
        "interests": ["1", "3"],
        "province": "540000",
        "code": "204816",
    }
    return SampleForm(prefix="filled", initial=answers)


def mistaken() -> SampleForm:
    """A form that came back: nothing in it is right."""
    form = SampleForm({"wrong-email": "lu.example.org", "wrong-interests": ["9"]}, {}, prefix="wrong")
    form.is_valid()
    return form
