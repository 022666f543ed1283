"""Django's admin, entered by the same steps as the desk."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django.contrib.admin import AdminSite
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache


class OperatorSite(AdminSite):
    """Its own sign-in page, and then the steps that django-allauth knows of the account."""

    @method_decorator(never_cache)
    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The password here; the second factor, where the account has one, at the desk's page."""
        wanted = self._wanted(request)
        if request.method != "POST" and self.has_permission(request):
            return HttpResponseRedirect(wanted)
        form = AdminAuthenticationForm(request, data=request.POST or None)
        if request.method == "POST" and form.is_valid():
            user = form.get_user()
            login = Login(user=user, email=user.email, redirect_url=wanted)
            step: HttpResponse = perform_password_login(request, {"email": user.email}, login)
            return step
        context = self.each_context(request) | {
            "title": gettext("Log in"),
            "subtitle": None,
            "app_path": request.get_full_path(),
            "username": request.user.get_username(),
            REDIRECT_FIELD_NAME: wanted,
            "form": form,
        }
        request.current_app = self.name
        return TemplateResponse(request, "admin/login.html", context | (extra_context or {}))

    def _wanted(self, request: HttpRequest) -> str:
        asked = request.POST.get(REDIRECT_FIELD_NAME, request.GET.get(REDIRECT_FIELD_NAME, ""))
        here = url_has_allowed_host_and_scheme(
            asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        )
        return asked if here else reverse("admin:index", current_app=self.name)
