"""Reads the text format of API tests (docs/TESTING.md) into steps."""
import json
import re
from dataclasses import dataclass, field

METHODS = "GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS"
REQUEST = re.compile(rf"({METHODS}) (\S+)$")
HEADER = re.compile(r"([A-Za-z][A-Za-z0-9\-]*): ?(.*)$")
EXPECT = re.compile(r"-> (\S+)(?: within (\d+)s)?$")


class ScriptError(Exception):
    pass


@dataclass
class Expect:
    status: str = ""  # "200", "2xx"; a command's exit status
    within_s: int = 0  # > 0: the step is repeated until it matches, so long at most
    headers: list = field(default_factory=list)  # (name, pattern)
    checks: list = field(default_factory=list)  # (word, text): contains, lacks, capture, bytes
    json: str = None  # JSON text that the reply must hold


@dataclass
class Step:
    kind: str  # request, cli, client, let, server
    line: int
    words: list
    headers: list = field(default_factory=list)
    body: str = None  # JSON or other text; placeholders are filled when it runs
    bytes: str = None  # `body: NAME[a:b]`
    expect: Expect = None


@dataclass
class Case:
    title: str
    line: int
    steps: list = field(default_factory=list)


@dataclass
class Script:
    path: str
    options: dict = field(default_factory=lambda: {"serve": [], "env": {}, "only": None})
    cases: list = field(default_factory=list)


class Reader:
    def __init__(self, path, text):
        self.script = Script(path)
        self.lines = text.split("\n")
        self.at = 0

    def fail(self, text):
        raise ScriptError(f"{self.script.path}:{self.at + 1}: {text}")

    def peek(self):
        """The next line that is neither empty nor a comment, or None."""
        while self.at < len(self.lines):
            line = self.lines[self.at].rstrip()
            if line and not line.startswith("#"):
                return line
            self.at += 1
        return None

    def read(self):
        while (line := self.peek()) is not None:
            if line.startswith("== "):
                self.script.cases.append(Case(line[3:], self.at + 1))
                self.at += 1
            elif not self.script.cases:
                self.option(line)
            else:
                self.script.cases[-1].steps.append(self.step(line))
        if not self.script.cases:
            self.fail("no case: begin one with `== what it shows`")
        return self.script

    def option(self, line):
        name, _, rest = line.partition(": ")
        if name == "serve":
            self.script.options["serve"] += rest.split()
        elif name == "env" and "=" in rest:
            key, _, value = rest.partition("=")
            self.script.options["env"][key] = value
        elif name == "only" and rest in ("sqlite", "postgres"):
            self.script.options["only"] = rest
        else:
            self.fail("before the first case stand only `serve:`, `env:` and `only:`")
        self.at += 1

    def step(self, line):
        number = self.at + 1
        self.at += 1
        if found := REQUEST.match(line):
            step = Step("request", number, [found.group(1), found.group(2)])
            step.headers = self.headers()
            self.body(step)
            return self.expectation(step)
        if line.startswith("cli: "):
            return self.expectation(Step("cli", number, [line[5:]]))
        if found := re.match(r"as (\w+)(?: with ([A-Za-z\-]+): (.*))?$", line):
            return Step("client", number, list(found.groups()))
        if found := re.match(r"let (\w+) = (\w+) ?(.*)$", line):
            return Step("let", number, list(found.groups()))
        if line in ("server: restart", "server: kill"):
            return Step("server", number, [line[8:]])
        self.at -= 1
        return self.fail(f"not a step: {line}")

    def headers(self):
        found = []
        while self.at < len(self.lines):
            line = self.lines[self.at].rstrip()
            header = HEADER.match(line)
            if not header or header.group(1) == "body":
                break
            found.append(header.groups())
            self.at += 1
        return found

    def body(self, step):
        line = self.peek()
        if line is None or line.startswith("-> "):
            return
        if line.startswith("body: "):
            step.bytes = line[6:]
            self.at += 1
        else:
            step.body = self.value()

    def value(self):
        """JSON, or text between lines of three quotation marks."""
        line = self.peek()
        lines = []
        if line == '"""':
            self.at += 1
            while self.at < len(self.lines) and self.lines[self.at].rstrip() != '"""':
                lines.append(self.lines[self.at])
                self.at += 1
            if self.at == len(self.lines):
                self.fail('the text is not closed by """')
            self.at += 1
            return "\n".join(lines)
        start = self.at
        while self.at < len(self.lines):
            lines.append(self.lines[self.at])
            self.at += 1
            if complete("\n".join(lines)):
                return "\n".join(lines)
        self.at = start
        return self.fail("neither JSON nor a step")

    def expectation(self, step):
        line = self.peek()
        found = EXPECT.match(line or "")
        if not found:
            return self.fail("a step says what it expects: `-> 200`")
        step.expect = Expect(found.group(1), int(found.group(2) or 0))
        self.at += 1
        for name, rest in self.headers():
            if name in ("contains", "lacks", "capture", "bytes", "sha256"):
                step.expect.checks.append((name, rest))
            else:
                step.expect.headers.append((name, rest))
        if (line := self.peek()) is not None and line.startswith(("{", "[")):
            step.expect.json = self.value()
        return step


def complete(text):
    """Whether the JSON ends here: placeholders outside strings stand for a number."""
    try:
        json.loads(re.sub(r"\{\{[\w.]+\}\}", "0", text))
    except ValueError:
        return False
    return True
