"""Results by content, and records of which student has which: the folder ``<course>/.autograder/``."""

from autograder.store.content import files_digest, versions_digest
from autograder.store.records import Record
from autograder.store.results import Store, StoreError

__all__ = ["Record", "Store", "StoreError", "files_digest", "versions_digest"]
