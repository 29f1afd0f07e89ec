"""The rows of the docs' table of engines: GluonCV's networks for actions, and how each is tried."""

from __future__ import annotations

from dataclasses import dataclass

SMALL = (0.2, 0.6)


@dataclass(frozen=True)
class Row:
    """A row of the table.

    ``networks`` are those that ``tried`` stands for, as the table names them; ``pattern`` fits
    their names without the data set. ``view`` is the shape of a view that is tried; ``gammas``
    bound the seeded scales. ``heavy`` networks are tried only when the table is written again.
    """

    networks: str
    pattern: str
    tried: str
    view: tuple[int, ...]
    gammas: tuple[float, float] = (0.5, 1.5)
    heavy: bool = False

    @property
    def sees(self) -> str:
        return "frames" if len(self.view) == 3 else "clips"


ROWS = [
    Row("vgg16", "vgg16", "vgg16_ucf101", (3, 224, 224), heavy=True),
    Row("inceptionv1", "inceptionv1", "inceptionv1_ucf101", (3, 224, 224)),
    Row("inceptionv3", "inceptionv3", "inceptionv3_ucf101", (3, 299, 299)),
    Row("resnet18_v1b, resnet34_v1b", "resnet(18|34)_v1b", "resnet18_v1b_custom", (3, 64, 64)),
    Row(
        "resnet50_v1b, resnet101_v1b, resnet152_v1b",
        "resnet(50|101|152)_v1b",
        "resnet50_v1b_ucf101",
        (3, 64, 64),
    ),
    Row("c3d", "c3d", "c3d_kinetics400", (3, 16, 112, 112), heavy=True),
    Row(
        "p3d_resnet50, p3d_resnet101",
        r"p3d_resnet(50|101)",
        "p3d_resnet50_kinetics400",
        (3, 16, 48, 48),
    ),
    Row(
        "r2plus1d_resnet18, r2plus1d_resnet34",
        r"r2plus1d_resnet(18|34)",
        "r2plus1d_resnet18_kinetics400",
        (3, 8, 32, 32),
    ),
    Row(
        "r2plus1d_resnet50, r2plus1d_resnet101, r2plus1d_resnet152",
        r"r2plus1d_resnet(50|101|152)",
        "r2plus1d_resnet50_kinetics400",
        (3, 8, 32, 32),
        heavy=True,
    ),
    Row("i3d_inceptionv1", "i3d_inceptionv1", "i3d_inceptionv1_kinetics400", (3, 16, 48, 48)),
    Row("i3d_inceptionv3", "i3d_inceptionv3", "i3d_inceptionv3_kinetics400", (3, 8, 96, 96)),
    Row(
        "i3d_resnet50_v1, i3d_resnet101_v1",
        r"i3d_resnet(50|101)_v1",
        "i3d_resnet50_v1_ucf101",
        (3, 8, 48, 48),
    ),
    Row(
        "i3d_nl5_resnet50_v1, i3d_nl10_resnet50_v1, i3d_nl5_resnet101_v1, i3d_nl10_resnet101_v1",
        r"i3d_nl(5|10)_resnet(50|101)_v1",
        "i3d_nl5_resnet50_v1_kinetics400",
        (3, 8, 48, 48),
        SMALL,
    ),
    Row(
        "i3d_slow_resnet101_f16s4",
        "i3d_slow_resnet101_f16s4",
        "i3d_slow_resnet101_f16s4_kinetics700",
        (3, 4, 32, 32),
        heavy=True,
    ),
    Row(
        "slowfast_4x16_resnet50, slowfast_4x16_resnet101",
        r"slowfast_4x16_resnet(50|101)",
        "slowfast_4x16_resnet50_kinetics400",
        (3, 36, 32, 32),
    ),
    Row(
        "slowfast_8x8_resnet50, slowfast_8x8_resnet101, slowfast_16x8_resnet101, "
        "slowfast_16x8_resnet101_50_50",
        r"slowfast_(8x8|16x8)_resnet\w+",
        "slowfast_8x8_resnet50_kinetics400",
        (3, 40, 32, 32),
        heavy=True,
    ),
]
