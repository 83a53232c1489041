#!/usr/bin/env python3
"""A feature made in a copy of the repository compiles, and obeys the rules of the house."""
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

import new_feature

ROOT = new_feature.ROOT


def output(*command, cwd):
    done = subprocess.run(command, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True)
    if done.returncode:
        raise AssertionError(f"{' '.join(command)}\n{done.stdout[-4000:]}")
    return done.stdout


class NewFeature(unittest.TestCase):
    def setUp(self):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="atelier-feature-"))
        self.addCleanup(shutil.rmtree, self.root)
        listed = output("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard",
                        cwd=ROOT)
        for path in filter(None, listed.split("\0")):
            if (ROOT / path).is_file():
                (self.root / path).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / path, self.root / path)

    def test_what_it_makes_compiles_and_is_tidy(self):
        made = new_feature.make("book_marks", self.root)
        output("git", "init", "-q", cwd=self.root)
        output("cmake", "--preset", "dev", "-DATELIER_WEB=OFF", cwd=self.root)
        targets = output("ninja", "-C", "build/dev", "-t", "targets", "all", cwd=self.root)
        objects = [line.partition(":")[0] for line in targets.splitlines()
                   if "/features/book_marks/" in line and ".o:" in line]
        self.assertEqual(len(objects), 4)
        output("ninja", "-C", "build/dev", *objects, cwd=self.root)
        tidy = subprocess.run([sys.executable, "tools/tidy.py"], cwd=self.root,
                              capture_output=True, text=True).stdout
        self.assertEqual([line for line in tidy.splitlines()
                          if line.partition(":")[0] in made or "book_marks" in line], [])
        self.assertIn("book_marks::feature()", (self.root / "src/app/features.cpp").read_text())

    def test_nothing_is_overwritten(self):
        new_feature.make("book_marks", self.root)
        with self.assertRaises(FileExistsError):
            new_feature.make("book_marks", self.root)
        with self.assertRaises(FileExistsError):
            new_feature.make("accounts", self.root)


if __name__ == "__main__":
    unittest.main()
