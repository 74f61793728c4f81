"""Convolutions taken apart: reference operations, their cost, their figures."""
