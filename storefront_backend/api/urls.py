"""The API's one address."""

from django.conf import settings
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from graphene_django.views import GraphQLView

from storefront_backend.api.limits import limit_rule
from storefront_backend.api.schema import schema


class ShopGraphQLView(GraphQLView):
    """Plain GraphQL over POST. It has no page of its own: its script would need the CSP opened."""

    validation_rules = (limit_rule(settings.GRAPHQL_MAX_DEPTH, settings.GRAPHQL_MAX_COST),)


# No cookie carries any right here: what a token opens, its holder may do. So there is no forgery
# to protect from.
urlpatterns = [
    path("", csrf_exempt(ShopGraphQLView.as_view(schema=schema, graphiql=False)), name="graphql")
]
