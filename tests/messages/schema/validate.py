#!/usr/bin/env python3
"""Holds every line of traces against messages/trace.schema.json, with a validator that is not Tandem's.

    validate.py [--except PATTERN]... [--every N] FILE_OR_FOLDER...

Of a folder it takes every *.jsonl, and the older files of a rotated recording (*.jsonl.1), but for those whose names
match a PATTERN; broken*, which are broken on purpose, if there is no --except. A line that was cut off, at the end of a
file or before a header, means nothing in a trace and is passed over.

With --every, of the lines that have the same fields, of the same types and with the same words, the first is held
against the schema and then one of N: a validator takes a millisecond for a line, and tests record lines by the hundred
thousand. That each is JSON is seen in any case.

Prints FILE:LINE and what is wrong, then how many lines of how many files it has looked at. The exit status is 0 if all
are as they should be, 1 if not, 2 for a usage error, and 77 if there is no python3-jsonschema.
"""

import argparse
import fnmatch
import json
import os
import sys

try:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import best_match
except ImportError:
    print("SKIPPED: Python's jsonschema 4 or later is needed (on Debian: python3-jsonschema)")
    sys.exit(77)

SCHEMA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../messages/trace.schema.json")


def refuse_constant(text):
    raise ValueError(f"{text} is no JSON")


def object_of(pairs):
    result = dict(pairs)
    if len(result) != len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError("a field twice: " + ", ".join(sorted({x for x in names if names.count(x) > 1})))
    return result


def form_of(value):
    """What lines that differ in numbers, identifiers and payloads alone have in common."""
    if isinstance(value, dict):
        return tuple((name, form_of(x)) for name, x in value.items())
    if isinstance(value, list):
        return tuple(form_of(x) for x in value[:4])
    if isinstance(value, str):
        return value if len(value) < 24 and value.isalpha() else str
    return type(value)


class TraceValidator:
    """Compiled once, for any number of files."""

    def __init__(self, every=1):
        self.every = every
        self.seen = {}
        self.validated = 0
        with open(SCHEMA, encoding="utf-8") as file:
            schema = json.load(file)
        Draft202012Validator.check_schema(schema)
        self.validator = Draft202012Validator(schema)

    def problem_of(self, line):
        """What is wrong with a line (bytes), or None; and its JSON, or None if it is none."""
        try:
            value = json.loads(line.decode("utf-8"), parse_constant=refuse_constant, object_pairs_hook=object_of)
        except ValueError as error:
            return f"not JSON: {error}", None
        if self.every > 1:
            form = form_of(value)
            times = self.seen[form] = self.seen.get(form, -1) + 1
            if times % self.every != 0:
                return None, value
        self.validated += 1
        error = best_match(self.validator.iter_errors(value))
        if error is None:
            return None, value
        message = error.message if len(error.message) < 300 else error.message[:300] + "..."
        return f"{error.json_path}: {message}", value

    def check(self, path, take=lambda value: None):
        """The problems of a file, as texts, and how many lines it has. Gives the JSON of each to `take`."""
        problems = []
        cut_off = None
        count = 0
        headers = 0
        number = 0
        with open(path, "rb") as file:
            for number, line in enumerate(file, 1):
                if not line.strip():
                    continue
                count += 1
                problem, value = self.problem_of(line)
                is_header = isinstance(value, dict) and "tandem_trace" in value
                headers += is_header
                if cut_off and not is_header:
                    problems.append(cut_off)
                cut_off = None
                if value is None:
                    cut_off = f"{path}:{number}: {problem}"
                elif problem:
                    problems.append(f"{path}:{number}: {problem}")
                else:
                    take(value)
                was_ended = line.endswith(b"\n")
        if cut_off and was_ended:
            problems.append(cut_off)
        if headers == 0:
            problems.append(f"{path}:{number}: no header: this is no trace")
        return problems, count


def files_of(path, patterns):
    """The traces in a folder, or the file itself."""
    if not os.path.isdir(path):
        return [path]
    result = []
    for folder, _, names in os.walk(path):
        for name in names:
            if not any(fnmatch.fnmatch(name, x) for x in ("*.jsonl", "*.jsonl.[0-9]*")):
                continue
            if not any(fnmatch.fnmatch(name, x) for x in patterns):
                result.append(os.path.join(folder, name))
    return sorted(result)


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("paths", nargs="+", metavar="FILE_OR_FOLDER")
    options.add_argument("--except", dest="patterns", action="append", metavar="PATTERN")
    options.add_argument("--every", type=int, default=1, metavar="N")
    given = options.parse_args()
    if given.every < 1:
        options.error("--every must be at least 1")
    validator = TraceValidator(given.every)
    lines = 0
    bad = 0
    files = []
    for path in given.paths:
        found = files_of(path, given.patterns or ["broken*"])
        if not found:
            print(f"{path}: no traces are there")
            bad += 1
        files += found
    for path in files:
        try:
            problems, count = validator.check(path)
        except OSError as error:
            problems, count = [f"{path}: {error.strerror}"], 0
        for problem in problems:
            print(problem)
        lines += count
        bad += len(problems)
    print(f"{lines} lines of {len(files)} files, {validator.validated} held against the schema, {bad} problems")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
