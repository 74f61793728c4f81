"""Importing this module loads the digits, so that processes which are forked afterwards share them."""

from sepconv.data.mnist import digits

digits()
