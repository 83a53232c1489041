#!/usr/bin/env python3
"""Writes the small pictures of tests/support/pictures with Pillow (13.0 wrote those that are
make_pictures.py FOLDER. The films beside them were written by ffmpeg 7 from its `testsrc`."""
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


# How a picture must be stored so that each EXIF orientation turns it upright again.
STORED = {2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180,
          4: Image.Transpose.FLIP_TOP_BOTTOM, 5: Image.Transpose.TRANSPOSE,
          6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE,
          8: Image.Transpose.ROTATE_270}


def noted(orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010E] = "a private note"
    return exif


def profile():
    """An ICC profile (version 2, matrix and gamma) whose red and green are exchanged: sRGB's
    colorants in the other order."""
    def numbers(*values):
        return b"".join(round(value * 65536).to_bytes(4, "big", signed=True) for value in values)

    def text(kind, words):
        return kind + bytes(4) + words

    colours = {"r": (0.3851, 0.7169, 0.0971), "g": (0.4361, 0.2225, 0.0139),
               "b": (0.1431, 0.0606, 0.7141)}
    name = b"exchanged\0"
    tags = {b"desc": text(b"desc", len(name).to_bytes(4, "big") + name + bytes(78)),
            b"cprt": text(b"text", b"none\0"),
            b"wtpt": text(b"XYZ ", numbers(0.9642, 1, 0.8249))}
    for letter, colour in colours.items():
        tags[letter.encode() + b"XYZ"] = text(b"XYZ ", numbers(*colour))
        tags[letter.encode() + b"TRC"] = text(b"curv", (1).to_bytes(4, "big") + b"\x02\x33")
    table, content = len(tags).to_bytes(4, "big"), b""
    for tag, value in tags.items():
        at = 128 + 4 + 12 * len(tags) + len(content)
        table += tag + at.to_bytes(4, "big") + len(value).to_bytes(4, "big")
        content += value + bytes(-len(value) % 4)
    size = 128 + len(table) + len(content)
    head = (size.to_bytes(4, "big") + bytes(4) + bytes.fromhex("02100000") + b"mntrRGB XYZ " +
            bytes(12) + b"acsp" + bytes(28) + numbers(0.9642, 1, 0.8249))
    return head + bytes(128 - len(head)) + table + content


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
    for orientation, way in STORED.items():
        stored, exif = image.transpose(way), noted(orientation)
        stored.save(folder / f"turned{orientation}.jpg", exif=exif, quality=90)
        if orientation in (3, 6):
            stored.save(folder / f"turned{orientation}.webp", exif=exif, quality=90)
            stored.save(folder / f"turned{orientation}.png", exif=exif)
            stored.save(folder / f"turned{orientation}.avif", exif=exif, quality=90)
    for kind in ("png", "jpg", "webp", "avif"):
        Image.new("RGB", SIZE, (250, 10, 10)).save(folder / f"profile.{kind}", quality=95,
                                                   icc_profile=profile())
    frames = [scene(shift) for shift in (0, 8, 16, 24)]
    for kind in ("gif", "webp", "png", "avif"):
        frames[0].save(folder / f"moving.{kind}", save_all=True, append_images=frames[1:],
                       duration=[40, 60, 80, 100], loop=0)
    # Few bytes, and more memory than a decoder is given.
    Image.new("RGB", (10000, 10000)).save(folder / "wide.webp", lossless=True)


if __name__ == "__main__":
    target = pathlib.Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    write(target)
