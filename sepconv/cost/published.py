"""Published networks, with their cost as their authors or keras.io state it."""

from dataclasses import dataclass

from sepconv.cost.models import of_model


@dataclass(frozen=True)
class Published:
    """Published cost of a network.

    Attributes
    ----------
    name : str
        Name of its function in `keras.applications`.
    parameters, macs : float or None
        As published, rounded; None where no number is published.
    source : str
    difference : str
        Reason for which our count is not the same.
    """

    name: str
    parameters: float
    macs: float | None
    source: str
    difference: str


PUBLISHED = (
    Published(
        "MobileNet",
        4.2e6,
        569e6,
        "Howard et al. 2017, table 4",
        "Keras counts the moving statistics of batch normalization as parameters",
    ),
    Published(
        "MobileNetV2",
        3.5e6,
        300e6,
        "parameters: keras.io; MACs: Sandler et al. 2018, table 4",
        "Keras counts the moving statistics of batch normalization as parameters",
    ),
    Published(
        "Xception",
        22.855952e6,
        None,
        "Chollet 2017, table 3",
        "Keras counts the moving statistics of batch normalization as parameters",
    ),
    Published(
        "InceptionV3",
        23.9e6,
        5e9,
        "parameters: keras.io; MACs: Szegedy et al. 2016, abstract",
        "the abstract gives one round figure",
    ),
    Published(
        "ResNet50",
        25.6e6,
        3.8e9,
        "parameters: keras.io; MACs: He et al. 2016, table 1",
        "the paper cuts off after one digit",
    ),
)


def comparison() -> str:
    """Count the published networks and compare with the published numbers, as a Markdown table."""
    import keras  # noqa: PLC0415

    lines = [
        "| network | parameters | published | MACs | published | source | why they differ |",
        "| :-- | --: | --: | --: | --: | :-- | :-- |",
    ]
    for network in PUBLISHED:
        report = of_model(getattr(keras.applications, network.name)(weights=None))
        macs = f"{network.macs / 1e6:,.0f} M" if network.macs else "none"
        lines.append(
            f"| {network.name} | {report.parameters:,} | {network.parameters / 1e6:.1f} M | {report.macs:,} "
            f"| {macs} | {network.source} | {network.difference} |"
        )
    return "\n".join(lines)
