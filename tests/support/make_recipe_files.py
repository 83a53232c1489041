#!/usr/bin/env python3
"""Writes a folder of images that tell how they were made: make_recipe_files.py FOLDER [SEED].

The containers are written by Pillow, ExifTool and ImageMagick, never by Atelier. expected.json says
for each file what a reader must find; files under "broken" say at least one fault and, where
something stands before the break, what must still be found.
"""
import json
import pathlib
import random
import subprocess
import sys

from PIL import Image, PngImagePlugin

import recipe_texts as texts
import recipe_tools as tools

MAKERS = [(texts.a1111, 28), (texts.civitai, 12), (texts.comfyui, 22), (texts.flux, 6),
          (texts.workflow_only, 5), (tools.swarmui, 12), (tools.fooocus, 8),
          (tools.fooocus_a1111, 5), (tools.ruined_fooocus, 4), (tools.novelai, 10),
          (tools.invokeai, 9), (tools.old_invokeai, 3), (tools.dream, 3),
          (tools.easy_diffusion, 7), (tools.draw_things, 6), (tools.civitai_graph, 5),
          (tools.saved_with_graph, 5)]
FORMATS = ["png", "png", "jpg", "webp", "avif"]
USER_COMMENT, MAKE, MODEL, DESCRIPTION = 0x9286, 0x010F, 0x0110, 0x010E


def xmp_with_comment(text):
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return ('<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta '
            'xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-'
            'ns#"><rdf:Description rdf:about="" xmlns:exif="http://ns.adobe.com/exif/1.0/" '
            'xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:CreatorTool="Draw Things"><exif:'
            f'UserComment><rdf:Alt><rdf:li xml:lang="x-default">{escaped}</rdf:li></rdf:Alt>'
            '</exif:UserComment></rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>')


def user_comment(text, r):
    """Every way in which the tools write EXIF's UserComment."""
    choices = [b"UNICODE\0" + text.encode("utf-16-be"), b"UNICODE\0" + text.encode("utf-16-le"),
               b"UNICODE\0\xff\xfe" + text.encode("utf-16-le"), b"\0" * 8 + text.encode(),
               b"ASCII\0\0\0" + text.encode(), text.encode()]
    return r.choice(choices)


def exif_of(found, r):
    exif = Image.Exif()
    if "comment" in found:
        exif[0x8769] = {USER_COMMENT: user_comment(found["comment"], r)}
    if "prompt" in found:
        exif[MODEL] = "prompt:" + found["prompt"]
    if "workflow" in found:
        exif[MAKE if r.random() < 0.7 else DESCRIPTION] = r.choice(
            ["workflow:", "Workflow: "]) + found["workflow"]
    return exif


class Folder:
    def __init__(self, root, seed):
        self.root, self.r, self.expected = root, random.Random(seed), {}
        self.later = []  # ExifTool's work: (file, argument lines)

    def picture(self):
        # Pillow refuses empty pixels; the pattern matters to nobody.
        return Image.linear_gradient("L").resize((16, 16)).convert("RGB")

    def png(self, path, found):
        r = self.r
        meta = PngImagePlugin.PngInfo()
        pieces = dict(found.get("pieces", {}))
        for key in ("parameters", "prompt", "workflow", "fooocus_scheme"):
            if key in found:
                pieces[key] = found[key]
        if "comment_json" in found and "pieces" not in found:
            pieces["Comment" if r.random() < 0.3 else "parameters"] = found["comment_json"]
        for key, text in pieces.items():
            form = r.choice(["text", "text", "itxt", "ztxt", "itxt_packed"])
            if form == "text" and self.utf8_in_text(meta, key, text):
                continue
            if form == "ztxt" and text.isascii():
                meta.add_text(key, text, zip=True)
            else:
                meta.add_itxt(key, text, zip=form == "itxt_packed")
        if "xmp_comment" in found:
            meta.add_itxt("XML:com.adobe.xmp", xmp_with_comment(found["xmp_comment"]))
        self.picture().save(path, pnginfo=meta)

    @staticmethod
    def utf8_in_text(meta, key, text):
        """tEXt says Latin-1; the tools write that, or UTF-8 all the same."""
        if text.isascii():
            meta.add_text(key, text)
        else:
            meta.add(b"tEXt", key.encode("latin-1") + b"\0" + text.encode())
        return True

    def other(self, path, found, kind):
        """JPEG, WebP and AVIF carry one comment, graphs, and XMP."""
        r = self.r
        carried = {k: found[k] for k in ("prompt", "workflow") if k in found}
        text = found.get("parameters") or found.get("comment_json")
        if text is not None:
            carried["comment"] = text
        if text is None and not carried and "xmp_comment" not in found:
            return False
        tag = exif_of(carried, r).tobytes()
        if len(tag) > 60_000:
            return False
        save = {"exif": tag} if carried else {}
        if kind == "jpg":
            self.picture().save(path, **save)
        elif kind == "webp":
            self.picture().save(path, lossless=r.random() < 0.5, **save)
        else:
            self.avif(path, carried)
        if "xmp_comment" in found:
            packet = path.with_suffix(".xmp")
            packet.write_text(xmp_with_comment(found["xmp_comment"]))
            self.later.append((path, [f"-XMP<={packet}"]))
        return True

    def avif(self, path, carried):
        path.write_bytes(self.blank_avif)
        lines = []
        for key, tag in (("comment", "ExifIFD:UserComment"), ("prompt", "IFD0:Model"),
                         ("workflow", "IFD0:Make")):
            if key not in carried:
                continue
            text = carried[key] if key == "comment" else f"{key}:{carried[key]}"
            held = path.with_suffix("." + key)
            held.write_text(text)
            lines.append(f"-{tag}<={held}")
        if lines:
            self.later.append((path, lines))

    def make_blank_avif(self):
        blank = self.root / "blank.png"
        self.picture().save(blank)
        subprocess.run(["/usr/bin/convert", blank, self.root / "blank.avif"], check=True)
        self.blank_avif = (self.root / "blank.avif").read_bytes()
        blank.unlink()
        (self.root / "blank.avif").unlink()

    def imagemagick(self, count):
        """What ImageMagick makes of PNG texts and of comments. Its options give some letters
        another meaning, so these texts have none of them."""
        made, kept = 0, texts.WORDS
        texts.WORDS = [word for word in kept if word.isascii() and not set(word) & set("\\%@")]
        while made < count:
            found, expected = texts.a1111(self.r)
            text = found["parameters"]
            if not text.isascii() or set(text) & set("\\%@"):
                continue
            kind = ["png", "jpg", "gif"][made % 3]
            path = self.root / f"im-{made:03}.{kind}"
            option = ["-set", "parameters" if kind == "png" else "comment", text]
            subprocess.run(["/usr/bin/convert", "-size", "16x16", "gradient:", *option, path],
                           check=True)
            self.expected[path.name] = expected
            made += 1
        texts.WORDS = kept

    def exiftool(self):
        """One run for all: a process for each file would take minutes."""
        lines = []
        for path, arguments in self.later:
            lines += ["-q", "-m", "-overwrite_original", *arguments, str(path), "-execute"]
        held = self.root / "exiftool.args"
        held.write_text("\n".join(lines) + "\n")
        subprocess.run(["exiftool", "-@", held], check=True, stdout=subprocess.DEVNULL)

    def broken(self, count):
        """Cut, overwritten and lying files: the reader says so and goes on."""
        r = self.r
        whole = [name for name in self.expected if not name.startswith("im-")]
        for i in range(count):
            name = r.choice(whole)
            data = bytearray((self.root / name).read_bytes())
            if i % 2 == 0:
                data = data[:r.randint(0, len(data) - 1)]
            else:
                for _ in range(r.randint(1, 20)):
                    data[r.randrange(len(data))] = r.randrange(256)
            (self.root / f"broken-{i}-{name}").write_bytes(data)

    def run(self):
        self.make_blank_avif()
        number = 0
        for maker, share in MAKERS:
            for _ in range(share * 8):
                found, expected = maker(self.r)
                kind = self.r.choice(FORMATS)
                path = self.root / f"{number:04}-{maker.__name__}.{kind}"
                if kind != "png" and not self.other(path, found, kind):
                    path = path.with_suffix(".png")
                    kind = "png"
                if kind == "png":
                    self.png(path, found)
                self.expected[path.name] = expected
                number += 1
        self.exiftool()
        self.imagemagick(60)
        self.broken(150)
        (self.root / "expected.json").write_text(json.dumps(self.expected))


def main():
    root = pathlib.Path(sys.argv[1])
    root.mkdir(parents=True, exist_ok=True)
    folder = Folder(root, int(sys.argv[2]) if len(sys.argv) > 2 else 7)
    folder.run()
    print(len(folder.expected), "images")


if __name__ == "__main__":
    main()
