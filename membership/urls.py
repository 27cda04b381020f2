"""URLs of the membership system."""

from django.urls import URLPattern, URLResolver, path, re_path

from membership.views import (
    applications,
    apply,
    apply_check,
    apply_draft,
    certificates,
    feedback,
    files,
    form_pdf,
    inbox,
    lookups,
    member,
    referral_codes,
    referrals,
    referrer,
    stamped_form,
    stamped_form_pages,
    verification,
    work_unit_requests,
)

urlpatterns: list[URLPattern | URLResolver] = [
    # Application (views/apply*.py, work_unit_requests.py, form_pdf.py, stamped_form*.py, referrer.py)
    path("member/apply/", apply.Apply.as_view(), name="member_apply"),
    path("member/apply/draft/", apply_draft.SaveDraft.as_view(), name="member_apply_draft"),
    path("member/apply/work-unit/", work_unit_requests.RequestUnit.as_view(), name="member_work_unit_request"),
    path("member/apply/check/", apply_check.ApplyCheck.as_view(), name="member_apply_check"),
    path("member/applications/<int:pk>/submitted/", apply_check.Submitted.as_view(), name="member_submitted"),
    path("member/applications/<int:pk>/form.pdf", form_pdf.FormPdf.as_view(), name="member_form_pdf"),
    path("member/applications/<int:pk>/stamped-form/", stamped_form.SubmitStampedForm.as_view(), name="member_stamped_form"),
    path("member/applications/<int:pk>/stamped-form/add/", stamped_form_pages.AddPages.as_view(), name="member_stamped_form_add"),
    path("member/applications/<int:pk>/stamped-form/change/", stamped_form_pages.ChangePages.as_view(), name="member_stamped_form_change"),
    path("member/applications/<int:pk>/stamped-form/form.jpg", stamped_form_pages.FormPicture.as_view(), name="member_form_picture"),
    path(
        "member/applications/<int:pk>/stamped-form/pages/<int:attachment>.jpg",
        stamped_form_pages.PagePicture.as_view(),
        name="member_stamped_form_picture",
    ),
    path("member/applications/<int:pk>/referrer/", referrer.ChangeReferrer.as_view(), name="member_referrer"),
    path("member/applications/<int:pk>/recall/", referrer.Recall.as_view(), name="member_recall"),
    # Member centre (views/member.py, applications.py, inbox.py, feedback.py)
    path("member/", member.Home.as_view(), name="member_home"),
    path("member/todo/", member.Tasks.as_view(), name="member_todo"),
    path("member/actions/<slug:code>/", member.QuickActionPage.as_view(), name="member_action"),
    path("member/applications/<int:pk>/", applications.Details.as_view(), name="member_application"),
    path("member/applications/<int:pk>/withdraw/", applications.Withdraw.as_view(), name="member_withdraw"),
    path("member/rows/<int:pk>/withdraw/", applications.WithdrawRow.as_view(), name="member_row_withdraw"),
    path("member/rows/<int:pk>/resubmit/", applications.ResubmitRow.as_view(), name="member_row_resubmit"),
    path("member/messages/", inbox.Inbox.as_view(), name="member_messages"),
    path("member/messages/<int:pk>/open/", inbox.OpenMessage.as_view(), name="member_message_open"),
    path("member/feedback/", feedback.WriteFeedback.as_view(), name="member_feedback"),
    # Certificate and its verification (views/certificates.py, verification.py); files (views/files.py)
    path("member/certificate/", certificates.Confirm.as_view(), name="member_certificate"),
    path("member/certificate/preview/", certificates.Preview.as_view(), name="member_certificate_preview"),
    path("member/certificate/preview.png", certificates.Picture.as_view(), name="member_certificate_picture"),
    path("member/certificate/download/", certificates.Download.as_view(), name="member_certificate_download"),
    path("verify/", verification.Verify.as_view(), name="verify"),
    path("verify/<path:number>/", verification.VerifyNumber.as_view(), name="verify_number"),
    # Scanners keep the capitals of the code; people who type it do not.
    re_path(r"^[Vv]/(?P<token>[^/]+)/?$", verification.VerifyLink.as_view(), name="verify_link"),
    path("files/<int:pk>/", files.PrivateFile.as_view(), name="private_file"),
    # Referral (views/referrals.py, referral_codes.py; the applicant's side of it in referrer.py)
    path("member/referrals/", referrals.Referrals.as_view(), name="member_referrals"),
    path("member/referrals/list/", referrals.ReferralList.as_view(), name="member_referral_list"),
    path("member/referrals/<int:pk>/", referrals.Endorse.as_view(), name="member_endorse"),
    path("member/referrals/code/", referrals.MyCodes.as_view(), name="member_referral_code"),
    path("member/referrals/code/<int:pk>/renew/", referrals.RenewCode.as_view(), name="member_referral_renew"),
    path("member/referrals/code/<int:pk>/code.png", referrals.CodePicture.as_view(), name="member_referral_picture"),
    path("member/referrals/code/<int:pk>/poster/", referrals.PosterPage.as_view(), name="member_referral_poster"),
    path("member/referrals/code/<int:pk>/poster.png", referrals.PosterPicture.as_view(), name="member_referral_poster_picture"),
    path("member/referrals/code/<int:pk>/poster.pdf", referrals.PosterPdf.as_view(), name="member_referral_poster_pdf"),
    path("member/applications/<int:pk>/referrer/remind/", referrer.Remind.as_view(), name="member_remind"),
    path("member/apply/referred/", referral_codes.Referred.as_view(), name="member_referred"),
    path("member/apply/referred/let-go/", referral_codes.LetGo.as_view(), name="member_referral_let_go"),
    # Scanners keep the capitals of the code; people who type it do not.
    re_path(r"^[rR]/(?P<code>[^/]+)/$", referral_codes.Scan.as_view(), name="referral_link"),
    path("member/lookup/seats/", lookups.seats, name="lookup_seats"),
    path("member/lookup/work-units/", lookups.work_units, name="lookup_work_units"),
    path("member/lookup/divisions/", lookups.divisions_below, name="lookup_divisions"),
]
