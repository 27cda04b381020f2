"""A specimen, and the names that are hard to set: long, rare, or both."""

from dataclasses import dataclass, field
from datetime import date

from membership.domain.wording import Status

LONG_NAME = "阿不都热合曼·买买提吐尔逊·艾合买提江"
RARE_NAME = "𬍛㛃䶮"
LONG_INSTITUTION = "中国抗癌协会肿瘤多学科诊疗与整合康复专业委员会（粤港澳大湾区工作组）"
LONG_UNIT = "新疆维吾尔自治区伊犁哈萨克自治州友谊医院（伊犁哈萨克自治州肿瘤防治中心、新疆医科大学附属伊犁医院）"
SINCE, UNTIL = date(2026, 12, 8), date(2027, 12, 8)
PENDING, APPROVED, REFUSED = Status("申请中", "pending"), Status("审批通过", "approved"), Status("审批不通过", "rejected")
WITHDRAWN = Status("已撤销", "withdrawn")


@dataclass(frozen=True)
class Specimen:
    """A component in one state. ``opens``: id of the dialog that a button beside it opens."""

    component: str
    state: str
    context: dict[str, object] = field(default_factory=dict)
    opens: str = ""


@dataclass(frozen=True)
class Section:
    anchor: str
    title: str
    specimens: tuple[Specimen, ...]
