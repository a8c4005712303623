"""The moderation API: for apps written for Perspective or for OpenAI's endpoint, and in a shape of Wardmote's own.

Everything here but `mount` is free of Django, so that `wardmote moderate` serves it on the base install.
"""
