"""Reference data, one of each kind, always the same; a second one of a kind differs by its running number."""

from datetime import date

import factory
from factory.django import DjangoModelFactory

from membership.enums import ChangeCategoryCode, DivisionLevel, InstitutionKind, WorkUnitKind
from membership.models.divisions import Division
from membership.models.institutions import Institution, InstitutionName, InstitutionReviewer
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
from membership.models.work_units import WorkUnit, WorkUnitAlias


class DivisionFactory(DjangoModelFactory):
    """天津市; ``county=True`` is 和平区 below it, ``city=True`` 石家庄市 in 河北省."""

    class Meta:
        model = Division
        django_get_or_create = ("code",)

    code = "120000"
    name = "天津市"
    level = DivisionLevel.PROVINCE
    kind = "直辖市"

    class Params:
        county = factory.Trait(
            code="120101",
            name="和平区",
            level=DivisionLevel.COUNTY,
            kind="市辖区",
            parent=factory.LazyFunction(lambda: DivisionFactory()),
        )
        city = factory.Trait(
            code="130100",
            name="石家庄市",
            level=DivisionLevel.CITY,
            kind="地级市",
            parent=factory.LazyFunction(lambda: DivisionFactory(code="130000", name="河北省", kind="省")),
        )


class InstitutionFactory(DjangoModelFactory):
    """A committee unless a trait says otherwise: ``regional``, ``youth_council``, ``overseas_branch``, ``headquarters``."""

    class Meta:
        model = Institution
        django_get_or_create = ("code",)

    code = factory.Sequence(lambda number: f"committee-{number:06d}")  # lists are in the order of codes: the order of making
    name = factory.Sequence(lambda number: f"第{number}专业委员会")
    kind = InstitutionKind.COMMITTEE

    class Params:
        committee = factory.Trait(kind=InstitutionKind.COMMITTEE)
        overseas_branch = factory.Trait(
            code=factory.Sequence(lambda number: f"overseas-{number:06d}"),
            name=factory.Sequence(lambda number: f"第{number}海外分会"),
            kind=InstitutionKind.OVERSEAS_BRANCH,
        )
        regional = factory.Trait(
            code=factory.Sequence(lambda number: f"regional-{number:06d}"),
            name=factory.Sequence(lambda number: f"第{number}省抗癌协会"),
            kind=InstitutionKind.REGIONAL,
            province=factory.SubFactory(DivisionFactory),
        )
        youth_council = factory.Trait(code="youth", name="青年理事会", kind=InstitutionKind.YOUTH_COUNCIL)
        headquarters = factory.Trait(code="headquarters", name="协会本部", kind=InstitutionKind.HEADQUARTERS)


class InstitutionNameFactory(DjangoModelFactory):
    class Meta:
        model = InstitutionName

    institution = factory.SubFactory(InstitutionFactory)
    name = factory.Sequence(lambda number: f"第{number}专业委员会（原名）")
    valid_to = date(2025, 12, 31)


class InstitutionReviewerFactory(DjangoModelFactory):
    """Wants ``user``; the account has a factory of its own."""

    class Meta:
        model = InstitutionReviewer

    institution = factory.SubFactory(InstitutionFactory)


class TitleFactory(DjangoModelFactory):
    """副主任医师 unless told otherwise."""

    class Meta:
        model = Title
        django_get_or_create = ("code",)

    code = "232"
    series_code = "230"
    series = "卫生技术人员（医师）"
    group = "医疗类"
    level = "副高级"
    name = "副主任医师"
    display = factory.LazyAttribute(lambda title: f"{title.level},{title.name}")


class WorkUnitFactory(DjangoModelFactory):
    class Meta:
        model = WorkUnit

    name = factory.Sequence(lambda number: f"第{number}肿瘤医院")
    kind = WorkUnitKind.CANCER_HOSPITAL
    province = factory.SubFactory(DivisionFactory)


class WorkUnitAliasFactory(DjangoModelFactory):
    class Meta:
        model = WorkUnitAlias

    work_unit = factory.SubFactory(WorkUnitFactory)
    name = factory.Sequence(lambda number: f"肿瘤{number}院")


class QualificationKindFactory(DjangoModelFactory):
    """医师执业证书, with its form of number and its 变更页; ``free=True`` is a certificate without either."""

    class Meta:
        model = QualificationKind
        django_get_or_create = ("code",)

    code = "physician-practice"
    name = "医师执业证书"
    group = "医师"
    regex = r"^[12][1-4]\d\d{6}\d{6}$"
    rule = "15位数字。"
    pages = "首页;变更页"

    class Params:
        free = factory.Trait(code="other-qualification", name="其他资质证书", group="其他", regex="", rule="", pages="首页")


class ReviewReasonFactory(DjangoModelFactory):
    """信息填写不完整, for every kind of application; ``stamped_form=True`` is 盖章不清晰, which asks for a new form."""

    class Meta:
        model = ReviewReason
        django_get_or_create = ("code",)

    code = "incomplete"
    text = "信息填写不完整"
    category = "填写"
    for_enrolment = True
    for_activation = True
    for_change = True
    for_upgrade = True

    class Params:
        stamped_form = factory.Trait(code="seal-unclear", text="盖章不清晰", category=ReviewReason.STAMPED_FORM, for_activation=False)


class FieldOfInterestFactory(DjangoModelFactory):
    class Meta:
        model = FieldOfInterest

    code = factory.Sequence(lambda number: f"field-{number:06d}")
    name = factory.Sequence(lambda number: f"领域{number}")
    category = "治疗技术"


class EthnicGroupFactory(DjangoModelFactory):
    class Meta:
        model = EthnicGroup
        django_get_or_create = ("code",)

    code = "01"
    letter_code = "HA"
    name = "汉族"
    roman = "Han"


class PoliticalAffiliationFactory(DjangoModelFactory):
    class Meta:
        model = PoliticalAffiliation
        django_get_or_create = ("code",)

    code = "13"
    name = "群众"
    short_name = "群众"
    form_label = "群众"


class EducationLevelFactory(DjangoModelFactory):
    class Meta:
        model = EducationLevel
        django_get_or_create = ("code",)

    code = "21"
    name = "大学本科毕业"
    form_label = "大学本科"
    is_selectable = True
    order = 40


class CalendarDayFactory(DjangoModelFactory):
    """国庆节 2026; ``working=True`` is the Saturday worked after it."""

    class Meta:
        model = CalendarDay
        django_get_or_create = ("date",)

    date = date(2026, 10, 1)
    is_working = False
    name = "国庆节"

    class Params:
        working = factory.Trait(date=date(2026, 10, 10), is_working=True, name="国庆节调休上班")


class ChangeCategoryFactory(DjangoModelFactory):
    """As delivered: stamped and reviewed."""

    class Meta:
        model = ChangeCategory
        django_get_or_create = ("code",)

    code = ChangeCategoryCode.CONTACT
    needs_stamp = True
    needs_review = True
