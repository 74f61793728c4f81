"""Results by content, and each student's record of them, in ``<course>/.autograder/``."""

from autograder.store.content import files_digest, versions_digest
from autograder.store.records import Record
from autograder.store.results import Store, StoreError

__all__ = ["Record", "Store", "StoreError", "files_digest", "versions_digest"]
