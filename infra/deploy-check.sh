#!/bin/sh
# Asks Django's deployment check and ours what they think of production settings. The values here
# open nothing: they only have the form of real ones.
set -eu
cd "$(dirname "$0")/.."
PAVILION_ENV=production SECRET_KEY=$(.venv/bin/python -c 'import secrets; print(secrets.token_urlsafe(64))') \
    ALLOWED_HOSTS=shop.example PUBLIC_URL=https://shop.example CSRF_TRUSTED_ORIGINS=https://shop.example \
    PAYMENT_PROVIDER=stripe STRIPE_SECRET_KEY=sk_live_form_only STRIPE_WEBHOOK_SECRET=whsec_form_only \
    EMAIL_URL=smtp+tls://user:password@mail.example:587 \
    TRUSTED_PROXIES=127.0.0.1 infra/with-database.sh .venv/bin/python manage.py check --deploy --fail-level WARNING
