"""Telling people: who is told of which certificate, when, and in which words."""

from certkit.notify.notice import Notice, due
from certkit.notify.register import Register

__all__ = ["Notice", "Register", "due"]
