#!/usr/bin/env python3
"""One offending and one clean sample for every rule of tools/tidy_rules.py."""
import unittest

import tidy_rules
from tidy_rules import Tree

LAYERS = {
    "layers": {"base": [], "platform": ["base"], "features": ["base", "platform"],
               "engines": ["base", "platform"], "http": ["base", "platform"]},
    "features": {"models": ["tags"], "tags": []},
    "only": {"boost/asio": ["src/http/**", "src/engines/**/*.cpp"],
             "sqlite3.h": ["src/engines/sqlite/*.cpp"]},
    "once": {"headers": ["sqlite3.h"]},
    "names": {"banned": ["Manager", "Helper", "Base", "Data", "Info"], "allowed": ["BaseModel"]},
}
MODELS = {"src/features/models/models.cpp": '#include "features/tags/tags.hpp"\n',
          "src/features/tags/tags.cpp": '#include "features/tags/tags.hpp"\n',
          "cmake/parts.cmake": "atelier_uses(features_models features_tags)\n"}


def faults(rule, files, **changes):
    return tidy_rules.check(Tree(files, {**LAYERS, **changes}), rule)


class Rules(unittest.TestCase):
    def judge(self, rule, bad, clean, line=1):
        """`bad` breaks the rule, at this line; `clean` does not. Both are {path: text}."""
        found = faults(rule, bad)
        self.assertTrue(found, f"{rule.__name__} missed the offending sample")
        self.assertEqual(found[0].line, line)
        self.assertEqual(faults(rule, clean), [])

    def test_layer_direction(self):
        self.judge(tidy_rules.layer_direction,
                   {"src/features/models/models.cpp": '\n#include "engines/sqlite/sqlite.hpp"\n'},
                   {"src/features/models/models.cpp": '#include "base/text.hpp"\n',
                    "src/features/models/models_test.cpp": '#include "engines/sqlite/x.hpp"\n'}, 2)
        self.judge(tidy_rules.layer_direction,
                   {"src/base/text.cpp": '#include "platform/jobs.hpp"\n'},
                   {"src/platform/jobs.cpp": '#include "platform/jobs.hpp"\n#include <http/x>\n'})
        self.judge(tidy_rules.layer_direction,
                   {"src/http/router.cpp": '#include "features/tags/tags.hpp"\n'},
                   {"src/http/router.cpp": '// #include "features/tags/tags.hpp"\n'})

    def test_feature_rows(self):
        self.judge(tidy_rules.feature_rows,
                   {**MODELS,
                    "src/features/tags/tags.cpp": '#include "features/models/models.hpp"'}, MODELS)
        self.judge(tidy_rules.feature_rows,
                   {**MODELS,
                    "src/features/models/models.cpp": '#include "features/tags/store.hpp"\n'},
                   MODELS)
        self.judge(tidy_rules.feature_rows, {**MODELS, "src/features/shop/shop.cpp": ""}, MODELS)

    def test_feature_circle(self):
        circle = {"models": ["tags"], "tags": ["files"], "files": ["models"]}
        self.assertEqual(len(faults(tidy_rules.feature_circle, {}, features=circle)), 1)
        self.assertEqual(faults(tidy_rules.feature_circle, {}), [])

    def test_cmake_rows(self):
        self.judge(tidy_rules.cmake_rows,
                   {"cmake/parts.cmake": "# atelier_uses(features_models features_tags)\n"}, MODELS)
        self.judge(tidy_rules.cmake_rows,
                   {"cmake/parts.cmake": MODELS["cmake/parts.cmake"] +
                    "atelier_uses(features_tags PkgConfig::ZLIB features_models)"}, MODELS)

    def test_outside_headers(self):
        asio = "#include <boost/asio/awaitable.hpp>\n"
        self.judge(tidy_rules.outside_headers, {"src/engines/redis/redis.hpp": asio},
                   {"src/engines/redis/redis.cpp": asio, "src/http/parts/listener.hpp": asio})

    def test_once_headers(self):
        sqlite = "#include <sqlite3.h>\n"
        self.judge(tidy_rules.once_headers,
                   {"src/engines/sqlite/a.cpp": sqlite, "src/engines/sqlite/b.cpp": "\n" + sqlite},
                   {"src/engines/sqlite/a.cpp": sqlite, "tests/faults/torn_test.cpp": sqlite}, 2)

    def test_sql_place(self):
        query = 'auto q = "SELECT id FROM models";\n'
        self.judge(tidy_rules.sql_place, {"src/features/models/models.cpp": query},
                   {"src/features/models/store.cpp": query,
                    "src/features/models/models.cpp": "// SELECT id FROM models\n"})
        self.judge(tidy_rules.sql_place, {"src/app/users.cpp": '\nrun(R"(DELETE FROM users)");'},
                   {"src/app/users.cpp": 'say("update the set of users");'}, 2)

    def test_coroutines(self):
        self.judge(tidy_rules.coroutines,
                   {"src/http/a.cpp": "auto x = TRY(co_await read());"},
                   {"src/http/a.cpp": "auto y = co_await read();\nauto x = TRY(y);"})
        self.judge(tidy_rules.coroutines,
                   {"src/features/tags/tags.cpp": "co_return 1;"},
                   {"src/features/tags/tags.cpp": "return 1;  // no co_return here\n"})

    def test_line_length(self):
        self.judge(tidy_rules.line_length, {"src/a.cpp": "\n" + "x" * 101},
                   {"src/a.cpp": "é" * 100, "web/src/api/schema.ts": "x" * 200,
                    "web/src/icon.tsx": f'd="{"M0 0" * 40}"'}, 2)

    def test_file_length(self):
        self.judge(tidy_rules.file_length, {"src/a.cpp": "\n" * 401}, {"src/a.cpp": "\n" * 400},
                   400)
        self.judge(tidy_rules.file_length, {"src/a.hpp": "\n" * 261}, {"src/a.hpp": "\n" * 260},
                   260)

    def test_function_length(self):
        def body(lines):
            return "namespace a {\nint f(int x) const {\n" + "if (x) {\n}\n" * lines + "}\n}\n"
        self.judge(tidy_rules.function_length, {"src/a.cpp": body(35)}, {"src/a.cpp": body(34)}, 2)
        table = "constexpr Row rows[] = {\n" + '{"a(", 1},\n' * 90 + "};\n"
        python = "def f():\n" + "    x()\n" * 70
        self.judge(tidy_rules.function_length, {"tools/a.py": python}, {"src/a.cpp": table})
        constructor = "A::A(int x) : x_(x), y_{1} {\n" + "f();\n" * 70 + "}\n"
        members = "class A {\n" + "int f() { return 1; }\n" * 90 + "};\n"
        self.judge(tidy_rules.function_length, {"src/a.cpp": constructor}, {"src/a.hpp": members})

    def test_banned_names(self):
        for name in ("JobManager", "IMailer", "FileInfo", "DataRow"):
            self.judge(tidy_rules.banned_names, {"src/a.hpp": f"struct {name} {{"},
                       {"src/a.hpp": "struct BaseModel {};\nstruct Ids {};\nstruct Metadata {};\n"})
        self.judge(tidy_rules.banned_names, {"src/job_helper.cpp": ""}, {"src/base/jobs.cpp": ""})
        self.judge(tidy_rules.banned_names, {"web/src/a.ts": "interface UserInfo {"},
                   {"web/src/a.ts": "// interface UserInfo {"})

    def test_unfinished(self):
        self.judge(tidy_rules.unfinished, {"src/a.cpp": "// TO" "DO: later"},
                   {"src/a.cpp": "// the todos of a member"})

    def test_skip_reason(self):
        self.judge(tidy_rules.skip_reason, {"a_test.cpp": "GTEST_SKIP();"},
                   {"a_test.cpp": 'GTEST_SKIP() << "no /dev/kvm";'})
        self.judge(tidy_rules.skip_reason, {"a_test.cpp": "TEST(A, DISABLED_b) {"},
                   {"a_test.cpp": 'TEST(A, DISABLED_b) {}\nProcess("A.DISABLED_b");'})

    def test_described_members(self):
        def struct(members):
            return f"BOOST_DESCRIBE_STRUCT(A, (), ({', '.join('m%d' % n for n in range(members))}))"
        self.judge(tidy_rules.described_members, {"src/a.hpp": struct(41)},
                   {"src/a.hpp": struct(40)})

    def test_dead_files(self):
        used = {"src/base/a.hpp": "", "src/base/a.cpp": '#include "base/a.hpp"\n'}
        self.judge(tidy_rules.dead_files, {"src/base/a.hpp": ""}, used)
        tree = Tree(used, LAYERS, compiled={"src/base/b.cpp"})
        self.assertEqual([fault.path for fault in tidy_rules.dead_files(tree)], ["src/base/a.cpp"])
        tree.compiled.add("src/base/a.cpp")
        self.assertEqual(list(tidy_rules.dead_files(tree)), [])
        page = {"web/src/page.tsx": "", "web/index.html": '<script src="/src/main.tsx"></script>',
                "web/src/main.tsx": 'import "./page"'}
        self.judge(tidy_rules.dead_files, {**page, "web/src/lost.tsx": ""}, page)

    def test_inline_style(self):
        self.judge(tidy_rules.inline_style, {"web/index.html": '\n<p style="color: red">'},
                   {"web/index.html": '<script src="/a.js"></script><p class="style">'}, 2)
        self.judge(tidy_rules.inline_style, {"web/index.html": "<script>go()</script>"}, {})
        shown = {"web/src/markdown.tsx": "<div dangerouslySetInnerHTML={html} />"}
        self.judge(tidy_rules.inline_style,
                   {**shown, "web/src/page.tsx": "<p dangerouslySetInnerHTML={x} />"}, shown)

    def test_every_rule_has_a_test(self):
        self.assertEqual({f"test_{rule.__name__}" for rule in tidy_rules.RULES} - set(dir(self)),
                         set())

    def test_exceptions_name_one_rule_and_say_why(self):
        long = {"src/a.cpp": "x" * 101 + "\n" * 401}
        row = {"src/a.cpp": {"rule": "line_length", "why": "a table of the format"}}
        self.assertEqual(faults(tidy_rules.line_length, long, exceptions=row), [])
        self.assertEqual(len(faults(tidy_rules.file_length, long, exceptions=row)), 1)


if __name__ == "__main__":
    unittest.main()
