"""One outbox for all that people are told: kinds of news, written letters, channels.

    kind      what there is to tell, whom, and that it has been told (order_kinds, back_in_stock)
    letter    one message to one recipient, in their language
    channel   a way to send letters (channels)
    outbox    sends what is due, one by one; one that fails keeps no other waiting

A new kind is one class with the four functions of `outbox.Kind` and one line in wiring.
"""
