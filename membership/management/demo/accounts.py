"""The demo accounts: phone, who it is, role in the admin."""

from dataclasses import dataclass

from membership import rules


@dataclass(frozen=True)
class Account:
    """``tail`` is the last two digits of 188000000xx; ``role`` is a group of the admin, empty for members."""

    tail: str
    name: str
    who: str
    role: str = ""
    has_password: bool = True

    @property
    def phone(self) -> str:
        return f"188000000{self.tail}"

    @property
    def e164(self) -> str:
        return f"+86{self.phone}"


NEW = Account("01", "陆闻溪", "新用户，尚未申请")
MEMBER = Account("02", "许静安", "会员，有证书")
COMMITTEE_MEMBER = Account("03", "顾明修", "委员（可推荐会员）")
INSTITUTION_REVIEWER = Account("04", "王机构", "机构审核员", rules.INSTITUTION_REVIEWER)
ASSOCIATION_REVIEWER = Account("05", "唐协会", "协会会员部审核员", rules.ASSOCIATION_REVIEWER)
ADMINISTRATOR = Account("06", "管理员", "管理员", rules.ADMINISTRATOR)
EDITOR = Account("07", "编辑", "编辑（指南与新闻）", rules.EDITOR)
SUPPORT = Account("08", "技术支持", "技术支持", rules.SUPPORT)
FORMER = Account("09", "周望舒", "原会员，未激活", has_password=False)
REJECTED = Account("10", "林怀谦", "审批不通过，待重新提交")
FROZEN = Account("11", "韩知白", "会员资格已冻结")

ALL = (
    NEW, MEMBER, COMMITTEE_MEMBER, INSTITUTION_REVIEWER, ASSOCIATION_REVIEWER, ADMINISTRATOR, EDITOR, SUPPORT, FORMER, REJECTED, FROZEN,
)  # fmt: skip
