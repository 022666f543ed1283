"""One outbox for all notifications to people: kinds of news, written letters, channels.

    kind      what to send, to which address, and that it has been sent (order_kinds, back_in_stock)
    letter    one message to one recipient, in their language
    channel   a way to send letters (channels)
    outbox    sends what is due, one by one; one that fails keeps no other waiting

A new kind is one class with the four functions of `outbox.Kind` and one line in wiring.
"""
