#!/usr/bin/env python3
"""The reader and the comparison behind the API tests: what each must accept and refuse."""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent.parent))

from tests.api import match  # noqa: E402
from tests.api.play import safetensors  # noqa: E402
from tests.api.script import Reader, ScriptError  # noqa: E402


def wrong(expected, actual):
    return list(match.differences(expected, actual, {}))


class Matching(unittest.TestCase):
    def test_objects_are_subsets_but_named_members_must_agree(self):
        self.assertEqual(wrong({"a": 1}, {"a": 1, "b": 2}), [])
        self.assertEqual(wrong({"a": 1}, {"a": 2}), ["$.a: expected 1, got 2"])
        self.assertEqual(wrong({"a": 1}, {}), ["$.a: missing"])
        self.assertTrue(wrong({"a": "*absent*"}, {"a": None}))
        self.assertTrue(wrong({"a": None}, {"a": 0}))
        self.assertTrue(wrong({"a": True}, {"a": 1}))
        self.assertTrue(wrong({}, []))

    def test_lists_agree_in_length_unless_they_say_more(self):
        self.assertEqual(wrong([1, 2], [1, 2]), [])
        self.assertTrue(wrong([1], [1, 2]))
        self.assertTrue(wrong([1, 2, "*more*"], [1]))
        self.assertEqual(wrong([1, "*more*"], [1, 2]), [])
        self.assertEqual(wrong(["*contains*", {"a": 2}], [{"a": 1}, {"a": 2}]), [])
        self.assertTrue(wrong(["*contains*", {"a": 3}], [{"a": 1}, {"a": 2}]))

    def test_kinds_refuse_other_kinds(self):
        samples = {"*int*": 3, "*text*": "x", "*bool*": False, "*list*": [], "*object*": {},
                   "*time*": "2026-01-31T10:20:30.456Z", "*hex64*": "a" * 64, "*number*": 1.5}
        for kind, value in samples.items():
            self.assertEqual(wrong(kind, value), [], kind)
            self.assertTrue(wrong(kind, None), kind)
        self.assertTrue(wrong("*int*", True))
        self.assertTrue(wrong("*text*", ""))
        self.assertTrue(wrong("~[a-z]+", "abc1"))
        self.assertEqual(wrong("~[a-z]+", "abc"), [])

    def test_captures_and_fills(self):
        captured = {}
        self.assertEqual(list(match.differences({"id": "{{id=}}"}, {"id": 7}, captured)), [])
        self.assertEqual(match.fill("/a/{{id}}?x={{id}}", captured), "/a/7?x=7")
        self.assertTrue(match.wildcard("/b/{{slug=}}?*", "/b/cat?y", captured))
        self.assertEqual(captured["slug"], "cat")
        self.assertFalse(match.wildcard("a*c", "abd", {}))
        with self.assertRaises(match.Unknown):
            match.fill("{{nothing}}", captured)


class Reading(unittest.TestCase):
    def test_a_whole_file(self):
        script = Reader("x", "serve: --demo\n\n== one\nas bot with A: b\nPOST /x?y=1\nC: d\n{\n"
                        '"a": {{id}}}\n-> 2xx within 3s\nE: f*\ncontains: g\n[1,\n2]\n'
                        "== two\ncli: user list\n-> 0\n").read()
        self.assertEqual(script.options["serve"], ["--demo"])
        self.assertEqual([case.title for case in script.cases], ["one", "two"])
        client, request = script.cases[0].steps
        self.assertEqual(client.words, ["bot", "A", "b"])
        self.assertEqual((request.words, request.headers), (["POST", "/x?y=1"], [("C", "d")]))
        self.assertEqual(request.expect.headers, [("E", "f*")])
        self.assertEqual(request.expect.checks, [("contains", "g")])
        self.assertEqual(request.expect.json, "[1,\n2]")
        self.assertEqual((request.expect.status, request.expect.within_s), ("2xx", 3))

    def test_what_is_not_understood_is_refused(self):
        for text in ("", "GET /x\n-> 200\n", "== a\nGET /x\n", "== a\nGRAB /x\n-> 200\n",
                     '== a\nPOST /x\n{"a": \n-> 200\n', '== a\nPOST /x\n"""\nabc\n'):
            with self.assertRaises(ScriptError, msg=text):
                Reader("x", text).read()

    def test_made_safetensors_have_the_size_their_header_says(self):
        blob = safetensors({"a": {"dtype": "F16", "shape": [4], "data_offsets": [0, 8]}})
        self.assertEqual(len(blob), 8 + int.from_bytes(blob[:8], "little") + 8)


if __name__ == "__main__":
    unittest.main()
