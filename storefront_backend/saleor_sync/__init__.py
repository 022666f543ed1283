"""The shop on a Saleor: our checkouts and orders, each with an image there.

checkouts   CheckoutEngine: ours decides and quotes, Saleor's image must come to the same total
orders      OrderEngine: what happens to an order on either side happens on the other
sales       the steps between the two, each idempotent: bring, confirm, finish, agree
agreement   what `agree` carries over: parcels, cancellations, what became of the money
dashboard_refunds  lines that bear what staff refunded in Saleor
desk        the payment desk of a shop on a Saleor
quotes      the landed cost behind a tax question
"""
