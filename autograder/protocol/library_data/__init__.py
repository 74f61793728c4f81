"""Data of well-known libraries: what each type is taken apart into, and made of again."""
