"""Addresses of everybody's own pages, below /desk/; the names are those that allauth asks for."""

from __future__ import annotations

from functools import partial

from allauth.account.decorators import reauthentication_required
from django.urls import path

from storefront_backend.desk.own.frame import own_page
from storefront_backend.desk.own.views import address, invitation, language, security, signing_in

_open = partial(own_page, signed_in=False)

urlpatterns = [
    path("language/", language.choose, name="desk_language"),
    path("sign-in/", _open(signing_in.sign_in), name="account_login"),
    path("sign-in/second-factor/", _open(signing_in.second_factor), name="mfa_authenticate"),
    path("sign-in/passkey/", _open(signing_in.passkey), name="mfa_login_webauthn"),
    path("sign-in/forgotten/", _open(signing_in.forgotten), name="account_reset_password"),
    path(
        "sign-in/password/<slug:uidb36>/<slug:key>/",
        _open(signing_in.new_password),
        name="account_reset_password_from_key",
    ),
    path("sign-out/", _open(signing_in.sign_out), name="account_logout"),
    path("invitation/", _open(invitation.join), name="invitation"),
    path(
        "account/email/",
        own_page(reauthentication_required(address.change)),
        name="account_email_change",
    ),
    path("account/email/cancel/", own_page(address.cancel), name="account_email_cancel"),
    path("account/email/confirm/", _open(address.confirm), name="account_email_confirm"),
    path("account/", own_page(security.show), name="mfa_index"),
    path("account/self/", own_page(security.change_self), name="account_self"),
    path("account/sessions/", own_page(security.end_sessions), name="account_sessions"),
    path("account/app/", own_page(security.activate_app), name="mfa_activate_totp"),
    path("account/app/remove/", own_page(security.remove_app), name="mfa_deactivate_totp"),
    path("account/passkeys/add/", own_page(security.add_passkey), name="mfa_add_webauthn"),
    path("account/passkeys/<int:pk>/", own_page(security.rename_passkey), name="mfa_edit_webauthn"),
    path(
        "account/passkeys/<int:pk>/remove/",
        own_page(security.remove_passkey),
        name="mfa_remove_webauthn",
    ),
    path("account/codes/", own_page(security.show_codes), name="mfa_view_recovery_codes"),
    path("account/codes/new/", own_page(security.new_codes), name="mfa_generate_recovery_codes"),
    path(
        "account/codes/codes.txt",
        own_page(security.download_codes),
        name="mfa_download_recovery_codes",
    ),
    path("account/password/", own_page(security.change_password), name="account_change_password"),
    path("account/password/first/", own_page(security.set_password), name="account_set_password"),
    path("account/confirm/", own_page(security.confirm_password), name="account_reauthenticate"),
    path("account/confirm/code/", own_page(security.confirm_code), name="mfa_reauthenticate"),
    path(
        "account/confirm/passkey/",
        own_page(security.confirm_passkey),
        name="mfa_reauthenticate_webauthn",
    ),
]
