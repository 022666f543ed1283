"""Keeps background work going: isolation, retries, limits, and a report of what is not well.

    item    one mail, one product: fails alone, is retried with growing waits, or is set aside
    step    one kind of recurring work of the sweep: fails alone, however its process ends
    job     one run of a task in the queue: bounded in time and memory, retried, or set aside

Nothing here knows what the work is about.
"""
