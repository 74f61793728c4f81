"""What the book's guides tell a person to type."""

import re

from course.stamps import ROOT

_BLOCK = re.compile(r"^```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def told(guide: str) -> dict[str, list[str]]:
    """
    Give the blocks of code in each section of a guide, so that a walk types what the guide says.

    Parameters
    ----------
    guide : str
        A page of ``book/`` without its ending.

    Returns
    -------
    dict of str to list of str
        By the section's heading.
    """
    text = (ROOT / "book" / f"{guide}.md").read_text(encoding="utf-8")
    _, *sections = re.split(r"^## ", text, flags=re.MULTILINE)
    return {section.partition("\n")[0]: _BLOCK.findall(section) for section in sections}
