"""Links in mails by which people make an account or choose another password.

A link proves that its holder reads the address's mail. It works once: it is bound to the account's
password and last sign-in, or to there being no account yet. Nothing is stored for an unknown
address, so no one can leave an account with a password of their own at somebody else's address.
"""

from __future__ import annotations

from django.core import signing
from django.db import IntegrityError, transaction
from django.utils.crypto import constant_time_compare, salted_hmac

from storefront_backend.accounts.models import User

WORKS_FOR = 24 * 3600  # seconds
_SALT = "accounts.links"


def make_link(email: str) -> str:
    """The link's token."""
    return signing.dumps([email, _state(_account(email))], salt=_SALT, compress=True)


def read_link(token: str) -> str | None:
    """The address it was sent to; None where it is forged, too old, or was used."""
    try:
        email, state = signing.loads(token, salt=_SALT, max_age=WORKS_FOR)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    account = _account(email)
    if account is not None and not account.is_active:
        return None
    return str(email) if constant_time_compare(state, _state(account)) else None


def use_link(token: str, password: str, *, language: str, market: str) -> User | None:
    """The account, made where there was none, with its new password; None for a dead link."""
    email = read_link(token)
    if email is None:
        return None
    try:
        with transaction.atomic():
            user = User.objects.select_for_update().filter(email=email).first()
            if user is None:
                return User.objects.create_user(email, password, language=language, market=market)
            if read_link(token) is None:  # used by another request meanwhile
                return None
            user.set_password(password)
            user.save(update_fields=("password",))
            return user
    except IntegrityError:  # made by another request meanwhile
        return None


def _account(email: str) -> User | None:
    return User.objects.filter(email=email).first()


def _state(account: User | None) -> str:
    if account is None:
        return "new"
    value = f"{account.pk} {account.password} {account.last_login}"
    return salted_hmac(_SALT, value, algorithm="sha256").hexdigest()[:32]
