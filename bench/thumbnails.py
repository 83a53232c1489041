"""Thumbnails of generated photos (PNG of 1024×1024, JPEG of 2400×1600, in turns) at 450 pixels by
our engine, every decoding in a confined process, against sharp, which decodes in its own and brings
a newer libvips. Same quality and effort; how like the original the results are is checked."""
import pathlib
import subprocess
import tempfile
import time

from bench import measure

PHOTOS = 16
WIDTH = 450
QUALITY = 80
ROUNDS = 5
THREADS = 2
ALIKE = 0.01  # SSIM by which ours may fall behind


class Maker:
    """A program that makes all thumbnails once for each line it is given."""

    def __init__(self, command, folder):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        text=True, cwd=folder)

    def round(self, medium):
        """Pictures a second, and a CPU second of the program and its processes."""
        before, start = measure.cpu_seconds(self.process.pid), time.monotonic()
        self.process.stdin.write(f"{medium} {WIDTH} {QUALITY}\n")
        self.process.stdin.flush()
        if self.process.stdout.readline().strip() != "done":
            raise RuntimeError("the thumbnails were not made")
        taken = time.monotonic() - start
        return PHOTOS / taken, PHOTOS / (measure.cpu_seconds(self.process.pid) - before)

    def stop(self):
        self.process.stdin.close()
        self.process.wait()


def likeness(folder, photos, side, medium):
    """The mean similarity of one side's thumbnails to the photos."""
    values = []
    for number, photo in enumerate(photos):
        done = subprocess.run(["node", "thumbnails.mjs", "likeness", photo,
                               folder / f"{side}-{number}.{medium}"], cwd=measure.PEERS,
                              check=True, capture_output=True, text=True)
        values.append(float(done.stdout))
    return sum(values) / len(values)


def size(folder, side, medium):
    return sum(path.stat().st_size for path in folder.glob(f"{side}-*.{medium}"))


def compare(medium, goal, ours, peer, folder, photos):
    ours.round(medium), peer.round(medium)  # processes started, files cached
    pairs = [(ours.round(medium), peer.round(medium)) for _ in range(ROUNDS)]
    alike = {side: likeness(folder, photos, side, medium) for side in ("ours", "sharp")}
    if alike["ours"] < alike["sharp"] - ALIKE:
        raise RuntimeError(f"ours are less like the photos: {alike}")
    kilobytes = {side: size(folder, side, medium) // 1024 for side in ("ours", "sharp")}
    print(f"  {medium}: SSIM {alike}, KiB {kilobytes}")
    return [measure.row("thumbnails", f"{medium}, {name}",
                        measure.median([pair[0][index] for pair in pairs]),
                        measure.median([pair[1][index] for pair in pairs]),
                        "sharp", goal, at_most=False)
            for index, name in enumerate(("pictures a second", "pictures a CPU second"))]


def run():
    measure.install_peers()
    program = measure.program("bench_thumbnails")
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        subprocess.run(["node", "thumbnails.mjs", "photos", folder, str(PHOTOS)],
                       cwd=measure.PEERS, check=True)
        photos = sorted(folder.glob("photo-*"))
        ours = Maker([program, str(THREADS), folder, *photos], folder)
        peer = Maker(["node", "thumbnails.mjs", "make", str(THREADS), folder, *photos],
                     measure.PEERS)
        try:
            return [row for medium, goal in (("webp", 0.8), ("jpeg", 0))
                    for row in compare(medium, goal, ours, peer, folder, photos)]
        finally:
            ours.stop()
            peer.stop()
