"""Pillow's images."""

from __future__ import annotations

from typing import Any

from autograder.protocol.library_data.data_type import DataType, library, of_types, require, sizes

# Bytes of a pixel, by mode; eight pixels of mode "1" are a byte.
_PIXEL = {
    "1": 0, "L": 1, "P": 1, "PA": 2, "LA": 2, "La": 2, "RGB": 3, "RGBA": 4, "RGBa": 4, "RGBX": 4, "CMYK": 4,
    "YCbCr": 3, "LAB": 3, "HSV": 3, "I": 4, "F": 4, "I;16": 2, "I;16L": 2, "I;16B": 2,
}  # fmt: skip
_PALETTES = ("RGB", "RGBA")


def _parts(image: Any) -> Any:
    require(image.mode in _PIXEL, f"an image of mode {image.mode}")
    palette = None
    if image.mode in ("P", "PA"):
        mode = "RGBA" if image.palette is not None and image.palette.mode == "RGBA" else "RGB"
        palette = mode, bytes(image.getpalette(mode))
    return image.mode, tuple(image.size), image.tobytes(), palette


def _build(parts: Any) -> Any:
    mode, size, data, palette = of_types(parts, str, tuple, bytes, (tuple, type(None)))
    size = sizes(size, 2**16)
    require(mode in _PIXEL and len(size) == 2, "an image")
    width, height = size
    expected = width * height * _PIXEL[mode] if mode != "1" else (width + 7) // 8 * height
    require(len(data) == expected, "an image has another size than it says")
    image = library("PIL.Image").frombytes(mode, size, data) if data else library("PIL.Image").new(mode, size)
    if palette is not None:
        kind, colours = of_types(palette, str, bytes)
        require(mode in ("P", "PA") and kind in _PALETTES, "a palette")
        require(len(colours) <= 256 * len(kind) and not len(colours) % len(kind), "a palette")
        image.putpalette(colours, kind)
    return image


def _put(target: Any, source: Any) -> bool:
    if target.mode != source.mode or target.size != source.size:
        return False
    if source.mode in ("P", "PA"):
        target.putpalette(source.getpalette())
    target.paste(source)
    return True


TYPES = (DataType("PIL.Image:Image", _parts, _build, changeable=True, put=_put, subclasses=True),)
