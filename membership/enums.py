"""
Every choice the society knows, each with its label: what a thing is called stands here and nowhere else.

Values are stored; labels are the words of the association's guide. States carry a second label where applicants read another
word than the staff (``ApplicationState.applicant_word``).
"""

from django.db.models import IntegerChoices, TextChoices


class MemberType(TextChoices):
    """会员类型 (APP-2)."""

    PROFESSIONAL = "professional", "专业会员"
    ORDINARY = "ordinary", "普通会员"
    STUDENT = "student", "学生会员"


class Sex(TextChoices):
    MALE = "male", "男"
    FEMALE = "female", "女"


class DocumentKind(TextChoices):
    """证件类型 (APP-4)."""

    RESIDENT_ID = "resident_id", "居民身份证"
    PASSPORT = "passport", "护照"
    HK_MACAU_PERMIT = "hk_macau_permit", "港澳居民来往内地通行证"
    TAIWAN_PERMIT = "taiwan_permit", "台湾居民来往大陆通行证"
    RESIDENCE_PERMIT = "residence_permit", "港澳台居民居住证"
    PERMANENT_RESIDENCE = "permanent_residence", "外国人永久居留身份证"


class InstitutionKind(TextChoices):
    COMMITTEE = "committee", "专委会"
    OVERSEAS_BRANCH = "overseas_branch", "海外分会"
    REGIONAL = "regional", "省市抗癌协会"
    YOUTH_COUNCIL = "youth_council", "青年理事会"
    HEADQUARTERS = "headquarters", "协会本部"


class ReferralMethod(TextChoices):
    """推荐方式 (APP-6, E-16)."""

    MEMBER = "member", "会员推荐"
    COMMITTEE_MEMBER = "committee_member", "委员推荐"
    ASSOCIATION = "association", "管理员"


class AttachmentKind(TextChoices):
    PORTRAIT = "portrait", "个人寸照"
    QUALIFICATION = "qualification", "资质证书首页"
    QUALIFICATION_CHANGES = "qualification_changes", "变更页"
    STUDENT_CARD = "student_card", "学生证"
    STAMPED_FORM = "stamped_form", "盖章文件"
    STAMPED_PAGE = "stamped_page", "盖章文件的一页"
    SUPPLEMENT = "supplement", "补充材料"
    WAIVER_EVIDENCE = "waiver_evidence", "免盖章证明"
    VIOLATION_EVIDENCE = "violation_evidence", "违规证据"
    CLAIM_EVIDENCE = "claim_evidence", "身份证明"
    CERTIFICATE = "certificate", "会员证书"
    FEEDBACK = "feedback", "反馈截图"
    EXPORT = "export", "导出文件"


class Standing(TextChoices):
    """What is stored of a member; active, grace and lapsed are computed from dates (M-1)."""

    APPLICANT = "applicant", "申请人"
    MEMBER = "member", "会员"
    ENDED = "ended", "已终止"
    ANONYMISED = "anonymised", "已注销"


class EndKind(TextChoices):
    WITHDRAWN = "withdrawn", "已退会"
    EXPELLED = "expelled", "会员资格已撤销"
    DECEASED = "deceased", "已故"


class MembershipStatus(TextChoices):
    """How a member stands today, computed (M-1, M-2)."""

    APPLICANT = "applicant", "申请人"
    ACTIVE = "active", "有效"
    GRACE = "grace", "待续会"
    LAPSED = "lapsed", "已过期"
    FROZEN = "frozen", "会员资格已冻结"
    ENDED = "ended", "已终止"
    ANONYMISED = "anonymised", "已注销"


class ApplicationKind(TextChoices):
    FIRST_ENROLMENT = "first_enrolment", "入会"
    FURTHER_ENROLMENT = "further_enrolment", "加入更多机构"
    ACTIVATION = "activation", "原会员激活"
    CHANGE = "change", "资料变更"
    UPGRADE = "upgrade", "会员升级"


class ApplicationState(TextChoices):
    """Codes and staff labels; what the applicant reads is ``domain.transitions.applicant_word``."""

    DRAFT = "draft", "草稿"
    AWAITING_FORM = "awaiting_form", "待交盖章文件"
    ENDORSING = "endorsing", "待推荐人意见"
    CHECKING = "checking", "协会审核"
    DECIDING = "deciding", "机构审核"
    RETURNED = "returned", "已退回"
    CLOSED = "closed", "已结束"
    WITHDRAWN = "withdrawn", "已撤销"
    EXPIRED = "expired", "逾期关闭"


class Stage(TextChoices):
    """Where a file or a row stands for its deciders: the tabs of their lists (REV-1). The database computes it from state and hold."""

    NOT_YET = "", "不在列表中"
    BEFORE = "before", "尚未送审"
    WAITING = "waiting", "待审"
    HELD = "held", "审核暂停"
    DECIDED = "decided", "已审"
    ENDED = "ended", "已撤销"


class RowState(TextChoices):
    WAITING = "waiting", "待协会审核"
    PENDING = "pending", "待机构审核"
    APPROVED = "approved", "审批通过"
    REFUSED = "refused", "审批不通过"
    WITHDRAWN = "withdrawn", "已撤销"
    MOVED = "moved", "已转出"


class Outcome(TextChoices):
    APPROVED = "approved", "审批通过"
    REFUSED = "refused", "审批不通过"
    NOT_ACCEPTED = "not_accepted", "不予受理"


class Hold(TextChoices):
    NONE = "none", "无"
    REOPENED = "reopened", "开放修改"
    FROZEN = "frozen", "冻结"
    REPORTED = "reported", "上报违规"


class StatusWord(TextChoices):
    """The only words an applicant reads of an application or row."""

    PENDING = "pending", "申请中"
    APPROVED = "approved", "审批通过"
    REFUSED = "refused", "审批不通过"
    WITHDRAWN = "withdrawn", "已撤销"


class Verdict(TextChoices):
    APPROVED = "approved", "审批通过"
    REFUSED = "refused", "审批不通过"
    NOT_ACCEPTED = "not_accepted", "不予受理"


class EndorsementState(TextChoices):
    ASKED = "asked", "等待意见"
    AGREED = "agreed", "同意推荐"
    DECLINED = "declined", "未同意推荐"
    TIMED_OUT = "timed_out", "未答复"
    DROPPED = "dropped", "已取消"
    VOID = "void", "已失效"


class Basis(TextChoices):
    """What a signed form rests on (E-1); several may be ticked."""

    STAMP = "stamp", "工作单位／就读学校盖章"
    SIGNATURE = "signature", "委员签字"
    ENDORSEMENT = "endorsement", "委员在线同意推荐"


class SeatRole(TextChoices):
    CHAIR = "chair", "主任委员"
    DESIGNATED_CHAIR = "designated_chair", "候任主任委员"
    VICE_CHAIR = "vice_chair", "副主任委员"
    STANDING_MEMBER = "standing_member", "常务委员"
    MEMBER = "member", "委员"
    YOUTH_MEMBER = "youth_member", "青年委员"
    SECRETARY = "secretary", "秘书长"


class AffiliationSource(TextChoices):
    DECISION = "decision", "审批"
    ACTIVATION = "activation", "激活"
    MERGE = "merge", "合并"
    RENEWAL = "renewal", "续会"


class AffiliationEnd(TextChoices):
    GIVEN_UP = "given_up", "本人撤销"
    TERMINATED = "terminated", "协会终止"
    REPLACED = "replaced", "已更换"
    MEMBERSHIP_ENDED = "membership_ended", "会员资格终止"


class StampWaiver(TextChoices):
    RETIRED = "retired", "退休"
    OVERSEAS = "overseas", "海外"
    FREELANCE = "freelance", "自由执业"
    OTHER = "other", "其他"


class ChangeCategoryCode(TextChoices):
    CONTACT = "contact", "联系方式变更"
    WORK_UNIT = "work_unit", "单位名称变更"
    TITLE = "title", "职称变更"
    IDENTITY = "identity", "关键信息变更"
    OTHER = "other", "其他"


class ConsentKind(TextChoices):
    PRIVACY = "privacy", "隐私政策"
    IDENTITY_DOCUMENTS = "identity_documents", "证件信息单独同意"
    GUARDIAN = "guardian", "监护人同意"


class CertificateState(TextChoices):
    """What verification says, in the order of the test (Table D)."""

    FORGED = "forged", "无效编号或链接"
    UNKNOWN = "unknown", "查无此证书"
    ENDED = "ended", "会员资格已终止"
    REVOKED = "revoked", "该证书已撤销"
    FROZEN = "frozen", "会员资格已冻结"
    REPLACED = "replaced", "已换发"
    LEGACY_WAITING = "legacy_waiting", "原系统编号，待激活"
    EXPIRED = "expired", "已过期"
    GRACE = "grace", "待续会"
    VALID = "valid", "有效"


class DocumentHold(TextChoices):
    """How strongly a document number is taken (D-9)."""

    CLAIMED = "claimed", "申请中占用"
    HELD = "held", "永久占用"


class NumberKind(TextChoices):
    ISSUED = "issued", "本系统发放"
    MERGED = "merged", "合并后失效"


class DeletionState(TextChoices):
    REQUESTED = "requested", "冷静期"
    WITHDRAWN = "withdrawn", "已撤回"
    DONE = "done", "已注销"


class RequestState(TextChoices):
    OPEN = "open", "待处理"
    DONE = "done", "已处理"
    DECLINED = "declined", "未采纳"


class FeedbackCategory(TextChoices):
    """意见反馈: what it is about (UI-5). The last one the system writes itself; people do not choose it."""

    ACCOUNT = "account", "登录与账号"
    APPLICATION = "application", "会员申请"
    CERTIFICATE = "certificate", "会员证书"
    SUGGESTION = "suggestion", "功能建议"
    OTHER = "other", "其他"
    UNPRINTABLE = "certificate-unprintable", "证书不能生成"


class MessageChannel(TextChoices):
    SITE = "site", "站内消息"
    SMS = "sms", "短信"


class DeliveryState(TextChoices):
    QUEUED = "queued", "待发送"
    SENDING = "sending", "发送中"
    ACCEPTED = "accepted", "已受理"
    DELIVERED = "delivered", "已送达"
    # Certainly not taken by the provider. Where nobody can say, it is UNKNOWN, and nobody sends it again.
    FAILED = "failed", "没有发出"
    UNKNOWN = "unknown", "结果不明"
    SUPPRESSED = "suppressed", "不发送"


class ImportState(TextChoices):
    RUNNING = "running", "进行中"
    DONE = "done", "已完成"
    FAILED = "failed", "中断"
    UNDONE = "undone", "已撤回"


class ExportState(TextChoices):
    QUEUED = "queued", "排队中"
    RUNNING = "running", "生成中"
    DONE = "done", "已完成"
    FAILED = "failed", "失败"


class ExportFormat(TextChoices):
    XLSX = "xlsx", "Excel 表格（xlsx）"
    CSV = "csv", "逗号分隔的文本（csv）"


class BulkState(TextChoices):
    PREPARED = "prepared", "待确认"
    RUNNING = "running", "处理中"
    DONE = "done", "已完成"


class BulkItemState(TextChoices):
    """What became of one case of many; failed is a fault of ours, skipped the society's no."""

    WAITING = "waiting", "等待处理"
    DONE = "done", "已处理"
    SKIPPED = "skipped", "已跳过"
    FAILED = "failed", "没有处理"


class DivisionLevel(IntegerChoices):
    PROVINCE = 1, "省"
    CITY = 2, "市"
    COUNTY = 3, "县"


class WorkUnitKind(TextChoices):
    CANCER_HOSPITAL = "cancer_hospital", "肿瘤医院"
    GENERAL_HOSPITAL = "general_hospital", "综合医院"
    TCM_HOSPITAL = "tcm_hospital", "中医医院"
    SPECIALTY_HOSPITAL = "specialty_hospital", "专科医院"
    WOMEN_CHILDREN = "women_children", "妇幼医院"
    MILITARY_HOSPITAL = "military_hospital", "军队医院"
    MEDICAL_UNIVERSITY = "medical_university", "医科院校"
    UNIVERSITY = "university", "高等院校"
    RESEARCH_INSTITUTE = "research_institute", "研究机构"
    CDC = "cdc", "疾控机构"
    OTHER = "other", "其他"
