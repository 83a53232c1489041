"""Compares a reply with what a test expects, and fills and captures placeholders."""
import json
import re

KINDS = {
    "*any*": lambda value: True,
    "*text*": lambda value: isinstance(value, str) and value != "",
    "*int*": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "*number*": lambda value: isinstance(value, (int, float)) and not isinstance(value, bool),
    "*bool*": lambda value: isinstance(value, bool),
    "*list*": lambda value: isinstance(value, list),
    "*object*": lambda value: isinstance(value, dict),
    "*time*": lambda value: isinstance(value, str) and re.fullmatch(
        r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z", value) is not None,
    "*hex64*": lambda value: isinstance(value, str) and re.fullmatch(
        r"[0-9A-Fa-f]{64}", value) is not None,
}
CAPTURE = re.compile(r"\{\{(\w+)=\}\}")


class Unknown(Exception):
    """A placeholder names nothing that was captured."""


def fill(text, values):
    """Replaces {{name}}; captures ({{name=}}) stay."""
    def value(found):
        if found.group(1) not in values:
            raise Unknown(f"{{{{{found.group(1)}}}}} has no value yet")
        word = values[found.group(1)]
        if isinstance(word, str):
            return word
        return json.dumps(word)
    return re.sub(r"\{\{([\w.]+)\}\}", value, text)


def wildcard(pattern, text, captured):
    """A header's value against a pattern: * is anything, {{name=}} captures."""
    names = CAPTURE.findall(pattern)
    parts = re.split(r"(\*|\{\{\w+=\}\})", pattern)
    expression = "".join(".*" if part == "*" else "(.+)" if CAPTURE.fullmatch(part)
                         else re.escape(part) for part in parts)
    found = re.fullmatch(expression, text, re.S)
    if found:
        captured.update(zip(names, found.groups()))
    return found is not None


def differences(expected, actual, captured, path="$"):
    """What is wrong with `actual`, one line each; empty when it holds all that is expected."""
    if isinstance(expected, str):
        yield from text_differences(expected, actual, captured, path)
    elif isinstance(expected, dict):
        if not isinstance(actual, dict):
            yield f"{path}: expected an object, got {shown(actual)}"
            return
        for name, value in expected.items():
            if value == "*absent*":
                if name in actual:
                    yield f"{path}.{name}: expected to be absent, got {shown(actual[name])}"
            elif name not in actual:
                yield f"{path}.{name}: missing"
            else:
                yield from differences(value, actual[name], captured, f"{path}.{name}")
    elif isinstance(expected, list):
        yield from list_differences(expected, actual, captured, path)
    elif expected != actual or isinstance(expected, bool) != isinstance(actual, bool):
        yield f"{path}: expected {shown(expected)}, got {shown(actual)}"


def text_differences(expected, actual, captured, path):
    if expected in KINDS:
        if not KINDS[expected](actual):
            yield f"{path}: expected {expected}, got {shown(actual)}"
    elif capture := CAPTURE.fullmatch(expected):
        captured[capture.group(1)] = actual
    elif expected.startswith("~"):
        if not isinstance(actual, str) or not re.fullmatch(expected[1:], actual, re.S):
            yield f"{path}: expected to match {expected[1:]}, got {shown(actual)}"
    elif CAPTURE.search(expected) and isinstance(actual, str):
        if not wildcard(expected, actual, captured):
            yield f"{path}: expected {expected}, got {shown(actual)}"
    elif expected != actual:
        yield f"{path}: expected {shown(expected)}, got {shown(actual)}"


def list_differences(expected, actual, captured, path):
    if not isinstance(actual, list):
        yield f"{path}: expected a list, got {shown(actual)}"
    elif expected and expected[0] == "*contains*":
        for index, item in enumerate(expected[1:]):
            for candidate in actual:
                attempt = {}
                if not list(differences(item, candidate, attempt, path)):
                    captured.update(attempt)
                    break
            else:
                yield f"{path}: no item is {shown(item)} ({index + 1}. of *contains*)"
    else:
        open_end = bool(expected) and expected[-1] == "*more*"
        items = expected[:-1] if open_end else expected
        if len(actual) < len(items) or (len(actual) > len(items) and not open_end):
            yield f"{path}: expected {len(items)} items, got {len(actual)}"
        for index, (item, value) in enumerate(zip(items, actual)):
            yield from differences(item, value, captured, f"{path}[{index}]")


def shown(value):
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 300 else text[:300] + "…"
