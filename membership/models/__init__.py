"""The data and its invariants, one module per concept. Thin: fields, constraints, predicates on own columns."""

from membership.models.affiliations import Affiliation, Renewal
from membership.models.applications import (
    Application,
    ApplicationInstitution,
    Decision,
    Note,
    Recusal,
    Reopening,
    Replacement,
    ScanPage,
    StampedForm,
    StampedFormPage,
)
from membership.models.attachments import Attachment
from membership.models.audit import AuditEntry, ExportRun
from membership.models.bulk import BulkItem, BulkRun
from membership.models.calendar import CalendarYear
from membership.models.certificates import Certificate, ShareLink
from membership.models.consents import Consent
from membership.models.divisions import Division
from membership.models.dossiers import Dossier
from membership.models.endorsements import Endorsement, ReferralBinding, ReferralCode, Seat
from membership.models.institutions import Institution, InstitutionName, InstitutionReviewer
from membership.models.legacy import ImportRun, LegacyClaim, LegacyMember, Tombstone
from membership.models.members import (
    Contact,
    DeletionRequest,
    Member,
    MemberDocument,
    MemberNumber,
    MergeRecord,
    NumberCounter,
)
from membership.models.messages import Delivery, Feedback, Message, MessageTemplate
from membership.models.name_keys import NameKey
from membership.models.read_only import ReadOnlyMode
from membership.models.reference import (
    CalendarDay,
    ChangeCategory,
    EducationLevel,
    EthnicGroup,
    FieldOfInterest,
    PoliticalAffiliation,
    QualificationKind,
    ReviewReason,
    Title,
)
from membership.models.saved_views import SavedView
from membership.models.settings import SocietySettings
from membership.models.users import User
from membership.models.violations import Expulsion, Freeze, Violation, ViolationReport
from membership.models.work_units import WorkUnit, WorkUnitAlias, WorkUnitRequest

__all__ = [
    "Affiliation",
    "Application",
    "ApplicationInstitution",
    "Attachment",
    "AuditEntry",
    "BulkItem",
    "BulkRun",
    "CalendarDay",
    "CalendarYear",
    "Certificate",
    "ChangeCategory",
    "Consent",
    "Contact",
    "Decision",
    "DeletionRequest",
    "Delivery",
    "Division",
    "Dossier",
    "EducationLevel",
    "Endorsement",
    "EthnicGroup",
    "ExportRun",
    "Expulsion",
    "Feedback",
    "FieldOfInterest",
    "Freeze",
    "ImportRun",
    "Institution",
    "InstitutionName",
    "InstitutionReviewer",
    "LegacyClaim",
    "LegacyMember",
    "Member",
    "MemberDocument",
    "MemberNumber",
    "MergeRecord",
    "Message",
    "MessageTemplate",
    "NameKey",
    "Note",
    "NumberCounter",
    "PoliticalAffiliation",
    "QualificationKind",
    "ReadOnlyMode",
    "Recusal",
    "ReferralBinding",
    "ReferralCode",
    "Renewal",
    "Reopening",
    "Replacement",
    "ReviewReason",
    "SavedView",
    "ScanPage",
    "Seat",
    "ShareLink",
    "SocietySettings",
    "StampedForm",
    "StampedFormPage",
    "Title",
    "Tombstone",
    "User",
    "Violation",
    "ViolationReport",
    "WorkUnit",
    "WorkUnitAlias",
    "WorkUnitRequest",
]
