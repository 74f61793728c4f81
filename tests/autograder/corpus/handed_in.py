"""Files in the place of a trained network; for labs that ask for one, called challenge.keras."""

from tests.autograder.checks.model_files import BAD, Maker
from tests.autograder.corpus.case import HANDED_IN, Submission, case
from tests.autograder.corpus.lab import Lab

FILE = "challenge.keras"


def _asks_for_networks(lab: Lab) -> bool:
    return any(FILE in source and "trained_model(" in source for source in lab.test_sources)


def _file(name: str, make: Maker) -> None:
    """Add a case in which all is right but this file."""

    def submission(lab: Lab) -> Submission:
        return Submission(lab.without("challenge"), lab.right(), {FILE: make()})

    submission.__name__ = "a_file_" + name.replace(" ", "_").replace(",", "")
    case(HANDED_IN, applies=_asks_for_networks)(submission)


@case(HANDED_IN, applies=_asks_for_networks)
def the_networks_that_are_asked_for(lab: Lab) -> Submission:
    return Submission(lab.full(), lab.right())


for _name, (_make, _) in BAD.items():
    if _name != "a layer that is not allowed":  # which layers are is the lab's to say
        _file(_name, _make)
