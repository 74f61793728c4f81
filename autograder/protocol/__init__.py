"""Frames, messages and values between processes that do not trust each other."""
