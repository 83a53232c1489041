#!/usr/bin/env python3
"""Writes the small pictures of tests/support/pictures with Pillow (13.0 wrote those that are kept):
make_pictures.py FOLDER."""
import pathlib
import sys

from PIL import Image, ImageDraw

SIZE = (48, 32)


def scene(shift=0, mode="RGB"):
    """Sky above sand, a red disc left of the middle: top and bottom, left and right differ."""
    image = Image.new("RGB", SIZE, (90, 160, 230))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 20, 47, 31), fill=(220, 200, 140))
    draw.ellipse((6 + shift, 6, 17 + shift, 17), fill=(220, 30, 40))
    return image.convert(mode)


def oriented(orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010E] = "a private note"
    return exif


def write(folder):
    image = scene()
    image.save(folder / "plain.png")
    image.save(folder / "plain.jpg", quality=90)
    image.save(folder / "plain.webp", quality=90)
    image.save(folder / "lossless.webp", lossless=True)
    image.save(folder / "plain.avif", quality=90)
    image.save(folder / "plain.gif")
    image.save(folder / "progressive.jpg", quality=90, progressive=True)
    scene(mode="CMYK").save(folder / "cmyk.jpg", quality=90)
    scene(mode="L").save(folder / "grey.png")
    scene(mode="P").save(folder / "palette.png")
    clear = image.convert("RGBA")
    clear.putalpha(Image.linear_gradient("L").resize(SIZE))
    for kind in ("png", "webp", "avif"):
        clear.save(folder / f"clear.{kind}")
    for orientation in (3, 6):
        for kind in ("jpg", "webp", "png", "avif"):
            image.save(folder / f"turned{orientation}.{kind}", exif=oriented(orientation))
    frames = [scene(shift) for shift in (0, 8, 16, 24)]
    for kind in ("gif", "webp", "png", "avif"):
        frames[0].save(folder / f"moving.{kind}", save_all=True, append_images=frames[1:],
                       duration=[40, 60, 80, 100], loop=0)


if __name__ == "__main__":
    target = pathlib.Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    write(target)
