"""Digits loaded at import, so that processes forked afterwards share their memory."""

from sepconv.data.mnist import digits

digits()
