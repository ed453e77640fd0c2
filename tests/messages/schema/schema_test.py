"""The golden traces, and those that the program writes here, are valid by messages/trace.schema.json. The program
writes them with services that end in every way, filters, redaction, rotation and the flight recorder.

    schema_test.py PROGRAM GOLDEN_FOLDER WORK_FOLDER
"""

import collections
import json
import os
import shutil
import signal
import subprocess
import sys

from validate import TraceValidator, files_of

program, golden, work = sys.argv[1:]
validator = TraceValidator()


# -- the validator can fail --------------------------------------------------------------------------------------------

HEADER = {"tandem_trace": 1, "node": "host/1", "side": "front", "link": "orders", "start_wall_ns": 1,
          "start_monotonic_ns": 1}
BEGUN = {"record": 0, "wall_ns": 1, "monotonic_ns": 1, "side": "front", "link": "orders", "event": "begun",
         "operation_id": "0" * 32}
SENT = {**BEGUN, "event": "sent", "direction": "front to back", "payload_size": 0,
        "ticket": {"operation_id": "0" * 32, "sequence_number": 0, "kind": "entire"}}
ENDED = {**BEGUN, "event": "ended", "outcome": "completed"}
CONSUMED = {**BEGUN, "event": "consumed", "sequence_number": 0, "began_ns": -1, "took_ns": 0}


def changed(line, **fields):
    """A line with other fields; those that are None are left out."""
    return {name: value for name, value in {**line, **fields}.items() if value is not None}


def with_ticket(**fields):
    return changed(SENT, ticket=changed(SENT["ticket"], **fields))


good_lines = [HEADER, BEGUN, SENT, ENDED, CONSUMED, changed(SENT, event=None), changed(BEGUN, event="of a later version"),
              with_ticket(kind=77, sequence_number=-1, timeout="0.123456789", name={"base64": "//4="})]
bad_lines = [
    [], 1, {}, "text",
    changed(HEADER, node=None), changed(HEADER, side="left"), changed(HEADER, start_wall_ns="1"),
    changed(HEADER, tandem_trace=0), changed(HEADER, sample=2), changed(HEADER, clock="sundial"),
    changed(HEADER, profile="secret"), changed(HEADER, merged=[{"node": "host/2"}]),
    changed(BEGUN, record=-1), changed(BEGUN, wall_ns=1.5), changed(BEGUN, side=""), changed(BEGUN, link=1),
    changed(BEGUN, operation_id="12"), changed(BEGUN, operation_id=None), changed(BEGUN, subscription="some"),
    changed(BEGUN, timeout="soon"), changed(BEGUN, parent="me"), changed(BEGUN, trace_id="0" * 32),
    changed(BEGUN, event=None), changed(BEGUN, event=1),
    changed(SENT, direction="up"), changed(SENT, ticket=None), changed(SENT, ticket=[]),
    changed(SENT, payload_size=-1), changed(SENT, payload_size=None), changed(SENT, payload_missing="lost"),
    changed(SENT, payload_hash="0"), with_ticket(kind="odd"), with_ticket(kind=None), with_ticket(kind=256),
    with_ticket(operation_id=None), with_ticket(sequence_number="0"), with_ticket(details=1),
    changed(ENDED, outcome="well"), changed(ENDED, outcome=None), changed(ENDED, event="annotation"),
    changed(CONSUMED, took_ns=-1), changed(CONSUMED, took_ns=None), changed(CONSUMED, began_ns="0"),
    changed(CONSUMED, sequence_number=None), changed(CONSUMED, operation_id=None),
    changed(ENDED, event="dropped", count=0), changed(ENDED, event="lost", details=7),
]
bad_bytes = [b"", b"{", b'{"record":NaN}', b'{"tandem_trace":1,"tandem_trace":1}', b'"\xff"']

for line in good_lines:
    problem, _ = validator.problem_of(json.dumps(line).encode())
    assert problem is None, (line, problem)
for line in [json.dumps(x).encode() for x in bad_lines] + bad_bytes:
    problem, _ = validator.problem_of(line)
    assert problem is not None, f"the validator lets this pass: {line}"
problems, _ = validator.check(os.path.join(golden, "broken.jsonl"))
assert problems, "the validator lets golden/broken.jsonl pass"
print(f"refused {len(bad_lines) + len(bad_bytes)} lines that are wrong, and of broken.jsonl: {problems[0]}")


# -- traces of the program ---------------------------------------------------------------------------------------------

def path(name):
    return os.path.join(work, name)


def settings(values):
    return [x for value in values for x in ("--set", value)]


class Back:
    """`tandem serve` that writes a trace."""

    def __init__(self, trace, *values):
        self.running = subprocess.Popen([program, "serve", "--port", "0", "--verbose", "--trace", path(trace),
                                         *settings(values)],
                                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.address = self.await_line("listening on ")

    def await_line(self, beginning):
        for line in self.running.stdout:
            if line.startswith(beginning):
                return line[len(beginning):].strip()
        raise AssertionError(f"tandem serve has not said: {beginning}")

    def command(self, trace, name, *payloads, options=(), values=()):
        return [program, "call", self.address, name, *(x for text in payloads for x in ("--payload", text)),
                "--trace", path(trace), *options, *settings(values)]

    def call(self, *arguments, **more):
        return subprocess.run(self.command(*arguments, **more), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              check=False, timeout=60)

    def call_cancelled(self, trace):
        calling = subprocess.Popen(self.command(trace, "sleep", "1h"), stderr=subprocess.DEVNULL)
        while not self.await_line("begun: ").endswith(" sleep"):
            pass
        calling.send_signal(signal.SIGINT)
        calling.wait(timeout=60)

    def stop(self):
        self.running.send_signal(signal.SIGINT)
        self.running.communicate(timeout=60)
        assert self.running.returncode == 0, self.running.returncode


def make_traces():
    back = Back("back.jsonl", "tandem.trace.consumption=true", f"tandem.trace.failures-file={path('failures.jsonl')}")
    back.call("front.jsonl", "echo", "hi", "Grüße\n\"\\",
              options=["--trace-id", "01234567-89ab-cdef-0123-456789abcdef"])
    back.call("front.jsonl", "word count", "one two", "two", options=["--timeout", "1.5s"])
    back.call("front.jsonl", "hash", options=["--file", __file__, "--bytes", "--subscription", "termination only"])
    back.call("front.jsonl", "range", "9", options=["--subscription", "none"])
    back.call("front.jsonl", "fail", "it \"failed\"")
    back.call("front.jsonl", "no such service")
    back.call_cancelled("front.jsonl")
    back.call("front.jsonl", "sleep", "1h", options=["--timeout", "100ms"])
    back.stop()

    back = Back("back_filtered.jsonl", "tandem.trace.capture=echo{p:3}, -fail", "tandem.trace.sample=0.999",
                f"tandem.trace.failures-file={path('failures_filtered.jsonl')}")
    sampled = ["--trace-id", "01234567-89ab-cdef-0123-456789abcdef"]
    back.call("front_filtered.jsonl", "echo", "hello", options=sampled, values=["tandem.trace.capture=*{p:0}"])
    back.call("front_filtered.jsonl", "fail", "no", options=sampled, values=["tandem.trace.records=3"])
    back.stop()

    redacted = ("tandem.trace.profile=production", "tandem.trace.key=a key",
                f"tandem.trace.failures-file={path('failures_redacted.jsonl')}")
    back = Back("back_redacted.jsonl", *redacted)
    back.call("front_redacted.jsonl", "word count", "a secret", values=redacted[:2])
    back.call("front_redacted.jsonl", "fail", "a secret", values=redacted[:2])
    back.stop()

    back = Back("back_rotated.jsonl", "tandem.trace.file-bytes=3000", "tandem.trace.files=4",
                "tandem.trace.records-per-second=100")
    back.call("front_rotated.jsonl", "range", "150", values=["tandem.trace.file-bytes=10000", "tandem.trace.files=9"])
    back.stop()

    subprocess.run([program, "trace", "merge", path("front.jsonl"), path("back.jsonl"), "--output",
                    path("merged.jsonl")], stderr=subprocess.DEVNULL, check=True)
    with open(path("filtered.jsonl"), "wb") as file:
        subprocess.run([program, "trace", "filter", "name = echo", path("front.jsonl"), path("back.jsonl")],
                       stdout=file, stderr=subprocess.DEVNULL, check=True)


class Seen:
    """What occurs in traces, so that they are known to be about what they were made for."""

    def __init__(self):
        self.events = collections.Counter()
        self.outcomes = collections.Counter()
        self.kinds = collections.Counter()
        self.missing = collections.Counter()
        self.profiles = collections.Counter()
        self.fields = collections.Counter()

    def take(self, value):
        self.fields.update(value.keys())
        if "tandem_trace" in value:
            self.profiles[value.get("profile")] += 1
            return
        self.events[value.get("event")] += 1
        self.outcomes[value.get("outcome")] += 1
        self.kinds[value.get("ticket", {}).get("kind")] += 1
        self.missing[value.get("payload_missing")] += 1

    def require(self, name, *wanted):
        found = getattr(self, name)
        lacking = [x for x in wanted if not found[x]]
        assert not lacking, f"{name} that the traces should have: {lacking}; they have: {dict(found)}"


shutil.rmtree(work, ignore_errors=True)
os.makedirs(work)
make_traces()

problems = []
lines = 0
seen = Seen()
made = files_of(work, [])
for file in made:
    found, count = validator.check(file, seen.take)
    problems += found
    lines += count
seen.require("events", "begun", "ended", "sent", "received", "consumed", "dropped")
events = {"begun", "ended", "sent", "received", "annotation", "consumed", "joined", "lost", "dropped", "interrupted", "resumed"}
assert set(seen.events) <= events, seen.events
seen.require("outcomes", "completed", "cancelled", "expired", "servicer failure", "reception failure")
seen.require("kinds", "commencement", "continuation", "completion", "entire", "cancellation", "expiration",
             "servicer failure")
seen.require("missing", "capture", "redacted")
seen.require("profiles", "full", "redacted")
seen.require("fields", "payload_hash", "payload_start", "capture", "sample", "merged", "node")
names = {os.path.basename(x) for x in made}
for name in ("failures.jsonl", "failures_redacted.jsonl", "back_rotated.jsonl.1", "front_rotated.jsonl.1"):
    assert name in names, (name, names)

# Nothing is found in traces that belong together, also where records were left out, sampled, redacted or rotated.
for ends in (["front", "back", "failures"], ["front_filtered", "back_filtered", "failures_filtered"],
             ["front_redacted", "back_redacted", "failures_redacted"], ["front_rotated", "back_rotated"], ["merged"],
             ["filtered"]):
    files = [x for x in made if os.path.basename(x).split(".jsonl")[0] in ends]
    assert len(files) >= len(ends), (ends, files)
    checked = subprocess.run([program, "trace", "check", "--severity", "warning", *files], stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT, text=True, check=False)
    if checked.returncode != 0:
        problems.append(f"tandem trace check of {' '.join(ends)}: {checked.stdout}")

# The outputs of other commands are JSON Lines too, and no traces.
kept = files_of(golden, ["broken*", "shop_otlp.jsonl", "shop_page.jsonl"])
for file in kept:
    found, count = validator.check(file)
    problems += found
    lines += count

print("\n".join(problems) or f"{lines} lines of {len(made)} new traces and {len(kept)} golden ones are valid")
sys.exit(1 if problems else 0)
