"""The rules of tools/tidy.py. A rule takes a Tree and yields Faults; tidy_test.py has an
offending and a clean sample for each."""
import ast
import re
from dataclasses import dataclass, field

LINE_MAX, FUNCTION_MAX, FILE_MAX, HEADER_MAX, MEMBERS_MAX = 100, 70, 400, 260, 40
SOURCES = (".cpp", ".hpp", ".py", ".ts", ".tsx", ".css", ".cmake", ".sql", ".sh", ".mjs", ".html")
CPP = (".cpp", ".hpp")
WEB = (".ts", ".tsx")
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include\s*([<"])([^">]+)[">]', re.M)
SQL = re.compile(r"\b(SELECT\s.+\sFROM|INSERT\s+(OR\s+\w+\s+)?INTO|UPDATE\s+\w+\s+SET"
                 r"|DELETE\s+FROM|CREATE\s+(UNIQUE\s+)?(TABLE|INDEX)|ALTER\s+TABLE)\b", re.S)
UNFINISHED = re.compile(r"\b(TO" r"DO|FIX" r"ME)\b")


@dataclass(frozen=True)
class Fault:
    path: str
    line: int
    text: str


@dataclass
class Tree:
    """The repository's own files (path → text), the table of layers, and what the build compiles
    (None when nothing has been built)."""
    files: dict
    layers: dict
    compiled: set = None
    headers: list = field(default_factory=list)

    def of(self, *endings, under=""):
        return [(path, text) for path, text in self.files.items()
                if path.endswith(endings) and path.startswith(under)]


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


def is_test(path):
    return path.endswith("_test.cpp") or path.startswith(("tests/", "bench/")) or path.split(
        "/")[-1].startswith("test_")


def is_generated(path):
    return path.startswith("web/src/api/") or "/generated/" in path or "/snapshots/" in path


def includes(path, text):
    for found in INCLUDE.finditer(text):
        yield line_of(text, found.start()), found.group(2), found.group(1) == '"'


def pattern(glob):
    parts = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*"}
    return re.compile("".join(parts.get(part, re.escape(part))
                              for part in re.split(r"(\*\*/|\*\*|\*)", glob)) + "$")


def blank(text, strings=True):
    """The C++ text with comments (and strings) replaced by spaces; lines stay where they are."""
    token = re.compile(r'//[^\n]*|/\*.*?\*/|R"(\w*)\((.*?)\)\1"|"(?:\\.|[^"\\\n])*"'
                       r"|'(?:\\.|[^'\\\n])+'", re.S)

    def hide(found):
        piece = found.group(0)
        if not strings and not piece.startswith(("//", "/*")):
            return piece
        return re.sub(r"[^\n]", " ", piece)
    return token.sub(hide, re.sub(r"(?<=\d)'(?=\d)", "_", text))


def layer_direction(tree):
    layers = tree.layers["layers"]
    for path, text in tree.of(*CPP, under="src/"):
        if is_test(path):
            continue
        own = path.split("/")[1]
        for line, name, quoted in includes(path, text):
            other = name.split("/")[0]
            if not quoted or other not in layers:
                continue
            if other != own and other not in layers.get(own, []):
                yield Fault(path, line, f"{own} may not include {other}: {name}")


def feature_rows(tree):
    rows = tree.layers.get("features", {})
    folders = {path.split("/")[2] for path, _ in tree.of(*CPP, under="src/features/")
               if path.count("/") > 2}
    for name in sorted(folders - set(rows)):
        yield Fault("tools/layers.toml", 1, f"the feature {name} has no row in [features]")
    for name in sorted(set(rows) - folders):
        yield Fault("tools/layers.toml", 1, f"[features] names {name}, which does not exist")
    for path, text in tree.of(*CPP, under="src/features/"):
        if is_test(path):
            continue
        own = path.split("/")[2]
        for line, name, quoted in includes(path, text):
            parts = name.split("/")
            if not quoted or parts[0] != "features" or parts[1] == own:
                continue
            if parts[1] not in rows.get(own, []):
                yield Fault(path, line, f"{own} has no row that lets it see {parts[1]}")
            elif parts[2:] != [parts[1] + ".hpp"]:
                yield Fault(path, line, f"only features/{parts[1]}/{parts[1]}.hpp may be included")


def feature_circle(tree):
    rows = tree.layers.get("features", {})

    def walk(name, trail):
        if name in trail:
            circle = " > ".join([*trail[trail.index(name):], name])
            yield Fault("tools/layers.toml", 1, f"features see one another in a circle: {circle}")
        else:
            for other in rows.get(name, []):
                yield from walk(other, [*trail, name])
    yield from sorted({fault for name in rows for fault in walk(name, [])},
                      key=lambda fault: fault.text)[:1]


def cmake_rows(tree):
    text = re.sub(r"#.*", "", tree.files.get("cmake/parts.cmake", ""))
    built = {name: set(re.findall(r"features_(\w+)", rest)) for name, rest in
             re.findall(r"atelier_uses\(\s*features_(\w+)([^)]*)\)", text)}
    rows = tree.layers.get("features", {})
    for name in sorted(set(built) | set(rows)):
        said, linked = set(rows.get(name, [])), built.get(name, set())
        for other in sorted(said ^ linked):
            where = "cmake/parts.cmake" if other in said else "tools/layers.toml"
            yield Fault(where, 1, f"the row {name} > {other} stands only in the other file")


def outside_headers(tree):
    for prefix, places in tree.layers.get("only", {}).items():
        allowed = [pattern(place) for place in places]
        for path, text in tree.of(*CPP):
            if is_test(path) or any(place.match(path) for place in allowed):
                continue
            for line, name, _ in includes(path, text):
                if name.startswith(prefix):
                    yield Fault(path, line, f"{name} belongs in {' or '.join(places)}")


def once_headers(tree):
    for header in tree.layers.get("once", {}).get("headers", []):
        users = [(path, line) for path, text in tree.of(*CPP) if not is_test(path)
                 for line, name, _ in includes(path, text) if name == header]
        for path, line in users[1:]:
            yield Fault(path, line, f"{header} is already included by {users[0][0]}")


def sql_place(tree):
    for path, text in tree.of(*CPP, under="src/"):
        name = path.split("/")[-1]
        if is_test(path) or path.startswith(("src/engines/", "src/platform/")) or re.fullmatch(
                r"(\w+_)?store(_\w+)?\.cpp", name):
            continue
        for found in SQL.finditer(blank(text, strings=False)):
            yield Fault(path, line_of(text, found.start()), "SQL belongs in store.cpp")


def coroutines(tree):
    for path, text in tree.of(*CPP, under="src/"):
        bare = blank(text)
        for found in re.finditer(r"\bTRY\(\s*co_await\b", bare):
            yield Fault(path, line_of(text, found.start()),
                        "g++ 12 crashes on TRY(co_await …): await in a named statement")
        if path.startswith("src/features/"):
            for found in re.finditer(r"\bco_(await|return|yield)\b", bare):
                yield Fault(path, line_of(text, found.start()), "no coroutine in features")


def line_length(tree):
    for path, text in tree.of(*SOURCES):
        if is_generated(path):
            continue
        for number, line in enumerate(text.split("\n"), 1):
            if path.endswith(WEB):  # a text or a drawing's path cannot be broken
                line = re.sub(r'(["\'`])[^"\'`]{60,}\1', "", line)
            if len(line) > LINE_MAX and "http" not in line:
                yield Fault(path, number, f"{len(line)} characters; {LINE_MAX} are the limit")


def file_length(tree):
    for path, text in tree.of(*SOURCES):
        limit = HEADER_MAX if path.endswith(".hpp") else FILE_MAX
        lines = text.count("\n")
        if lines > limit and not is_generated(path):
            yield Fault(path, limit, f"{lines} lines; {limit} are the limit")


def cpp_functions(text):
    """(first line, lines) of each outermost function body; a heuristic on braces."""
    # directives and braces that only initialise a value open no body
    bare = re.sub(r"^[ \t]*#.*(\\\n.*)*|(?<=[\w>])\{[^{};]*\}",
                  lambda found: re.sub(r"[^\n]", " ", found.group(0)), blank(text), flags=re.M)
    depth_of_body, depth, start, head = None, 0, 0, 0
    for found in re.finditer(r"[{};]", bare):
        mark, at = found.group(0), found.start()
        if mark == "{":
            before = bare[head:at]
            opens = re.search(r"\)[\w\s:&>,<*()\-=\[\]{}.]*$", before) and not re.search(
                r"\b(namespace|class|struct|enum|union)\b[^()]*$", before) and "=" not in (
                re.sub(r"operator\S*|[=!<>]=|\([^()]*\)", "", before).split(")")[0])
            if depth_of_body is None and opens:
                depth_of_body, start = depth, line_of(bare, at)
            depth += 1
        elif mark == "}":
            depth -= 1
            if depth == depth_of_body:
                yield start, line_of(bare, at) - start + 1
                depth_of_body = None
        head = at + 1


def function_length(tree):
    for path, text in tree.of(*CPP):
        for line, lines in cpp_functions(text):
            if lines > FUNCTION_MAX:
                yield Fault(path, line, f"a function of {lines} lines; {FUNCTION_MAX} the limit")
    for path, text in tree.of(".py"):
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef):
                lines = node.end_lineno - node.lineno + 1
                if lines > FUNCTION_MAX:
                    yield Fault(path, node.lineno, f"{node.name} has {lines} lines")


def banned_names(tree):
    names = tree.layers.get("names", {})
    banned, allowed = set(names.get("banned", [])), names.get("allowed", [])
    declared = re.compile(r"\b(?:class|struct|enum|union|concept|interface|type|using)\s+"
                          r"(?:class\s+)?([A-Z]\w+)\b(?=\s*[:={<;]|\s+final|\s+extends|$)", re.M)
    for path, text in tree.of(*CPP, *WEB):
        if is_generated(path):
            continue
        for found in declared.finditer(blank(text)):
            name = found.group(1)
            for word in allowed:
                name = name.replace(word, "")
            bad = banned & set(re.findall(r"[A-Z][a-z0-9]*", name))
            if bad or re.match(r"I[A-Z][a-z]", name):
                yield Fault(path, line_of(text, found.start()),
                            f"{found.group(1)}: name it by what it is")
        stem = path.split("/")[-1].split(".")[0]
        if banned & {word.capitalize() for word in re.split(r"[_\-]", stem)} - {"Base"}:
            yield Fault(path, 1, "name the file by what is in it")


def unfinished(tree):
    for path, text in tree.of(*SOURCES, ".md", ".txt"):
        if is_generated(path):
            continue
        for found in UNFINISHED.finditer(text):
            yield Fault(path, line_of(text, found.start()), f"{found.group(0)}: do it or drop it")


def skip_reason(tree):
    for path, text in tree.of(".cpp"):
        bare = blank(text, strings=False)
        for found in re.finditer(r"\bGTEST_SKIP\(\)(?!\s*<<\s*\S)", bare):
            yield Fault(path, line_of(text, found.start()), "a skipped test says why")
        # what a test starts as a process of its own is not run by itself
        children = set(re.findall(r'"\w+\.(DISABLED_\w+)"', bare))
        for found in re.finditer(r"\bTEST\w*\(\s*\w+,\s*(DISABLED_\w+)", bare):
            if found.group(1) in children:
                continue
            yield Fault(path, line_of(text, found.start()), "a test runs or is removed")


def described_members(tree):
    described = re.compile(r"BOOST_DESCRIBE_STRUCT\(\s*([\w:<>]+)\s*,"
                           r"\s*\([^)]*\)\s*,\s*\(([^)]*)\)")
    for path, text in tree.of(*CPP):
        for found in described.finditer(text):
            members = len([name for name in found.group(2).split(",") if name.strip()])
            if members > MEMBERS_MAX:
                yield Fault(path, line_of(text, found.start()),
                            f"{found.group(1)} has {members} members; {MEMBERS_MAX} are the limit")


def dead_files(tree):
    used = {name for path, text in tree.of(*CPP) for _, name, _ in includes(path, text)}
    used_ends = {"/".join(name.split("/")[-2:]) for name in used} | used
    for path, _ in tree.of(".hpp"):
        ends = {path.removeprefix("src/"), "/".join(path.split("/")[-2:]), path}
        if not ends & used_ends:
            yield Fault(path, 1, "no file includes this header")
    if tree.compiled is not None:
        for path, _ in tree.of(".cpp"):
            if path not in tree.compiled and not path.startswith(("tests/fuzz/", "bench/")):
                yield Fault(path, 1, "the build does not compile this file")
    words = "\n".join(text for _, text in tree.of(".ts", ".tsx", ".html", ".css", ".mjs"))
    for path, _ in tree.of(".ts", ".tsx", ".css", under="web/src/"):
        stem = path.split("/")[-1].rsplit(".", 1)[0].removesuffix(".d")
        if ".test" in path or path.endswith(".d.ts") or is_generated(path):
            continue
        names = [stem] if stem != "index" else [path.split("/")[-2]]
        if not re.search(rf"[\"'/]({'|'.join(map(re.escape, names))})(\.\w+)?[\"']", words):
            yield Fault(path, 1, "nothing imports this file")


def inline_style(tree):
    for path, text in tree.of(".html"):
        for found in re.finditer(r"\sstyle\s*=|<style\b|<script(?![^>]*\ssrc=)[^>]*>", text):
            yield Fault(path, line_of(text, found.start()), "no inline style or script: strict CSP")
    users = [(path, line_of(text, found.start())) for path, text in tree.of(*WEB)
             for found in re.finditer(r"dangerouslySetInnerHTML\s*=", text)]
    for path, line in users[1:]:
        yield Fault(path, line, f"ready-made HTML is shown in one place only: {users[0][0]}")


RULES = [layer_direction, feature_rows, feature_circle, cmake_rows, outside_headers, once_headers,
         sql_place, coroutines, line_length, file_length, function_length, banned_names, unfinished,
         skip_reason, described_members, dead_files, inline_style]


def check(tree, rule):
    """The faults of one rule that [exceptions] does not excuse."""
    excused = {path for path, row in tree.layers.get("exceptions", {}).items()
               if row["rule"] == rule.__name__ and row["why"]}
    return [fault for fault in rule(tree) if fault.path not in excused]
