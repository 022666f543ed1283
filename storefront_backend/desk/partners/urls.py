"""The addresses of partners' pages, below /desk/."""

from __future__ import annotations

from django.urls import path

from storefront_backend.desk.partners.views import money, own, people, programme, work

app_name = "partners-desk"
_M = "marketing/partners/"
_FILE = "<slug:currency>-<int:payout>.<slug:kind>"

urlpatterns = [
    path(_M, people.listed, name="partners"),
    path(f"{_M}rules/", programme.rules, name="partner-rules"),
    path(f"{_M}rules/<int:rule_id>/end/", programme.end_rule, name="partner-rule-end"),
    path(f"{_M}terms/", programme.terms, name="partner-terms"),
    path(f"{_M}briefs/", work.briefs, name="partner-briefs"),
    path(f"{_M}briefs/<int:brief_id>/close/", work.close_brief, name="partner-brief-close"),
    path(f"{_M}applications/<int:application_id>/", people.decide, name="partner-decide"),
    path(f"{_M}holds/<int:hold_id>/release/", money.release, name="partner-release"),
    path(f"{_M}loans/<int:loan_id>/return/", work.take_back, name="partner-return"),
    path(f"{_M}content/<int:content_id>/check/", work.check_content, name="partner-check"),
    path(f"{_M}<int:partner_id>/", people.one, name="partner"),
    path(f"{_M}<int:partner_id>/active/", people.activity, name="partner-activity"),
    path(f"{_M}<int:partner_id>/pay/", money.pay, name="partner-pay"),
    path(f"{_M}<int:partner_id>/lend/", work.lend_piece, name="partner-lend"),
    path(f"{_M}<int:partner_id>/{_FILE}", money.file, name="partner-file"),
    path("partner/", own.show, name="own"),
    path("partner/content/", own.content, name="own-content"),
    path("partner/terms/", own.accept_terms, name="own-terms"),
    path(f"partner/{_FILE}", own.file, name="own-file"),
]
