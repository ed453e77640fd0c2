"""What `tandem trace export --csv` writes, read by Python's csv module, is what the traces say.

    csv_test.py PROGRAM TRACE...
"""

import csv
import io
import json
import subprocess
import sys

program, *files = sys.argv[1:]
output = subprocess.run([program, "trace", "export", "--csv", *files], check=True, stdout=subprocess.PIPE).stdout
assert output.endswith(b"\r\n")
rows = list(csv.DictReader(io.StringIO(output.decode("utf-8"), newline=""), strict=True))

records = {}
for name in files:
    with open(name, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            record = json.loads(line)
            if "tandem_trace" in record:
                node = record["node"]
            else:
                records[name, str(number)] = node, record

assert len(rows) == len(records), (len(rows), len(records))


def expect(row, column, value):
    wanted = "" if value is None else str(value)
    assert row[column] == wanted, (row["file"], row["line"], column, row[column], wanted)


for row in rows:
    assert None not in row and None not in row.values(), row  # as many fields as columns
    node, record = records.pop((row["file"], row["line"]))
    ticket = record.get("ticket", record)
    expect(row, "node", node)
    if "event" in record:
        expect(row, "event", record["event"])
    else:  # as traces were before there were events
        expect(row, "event", "sent" if record["direction"].startswith(record["side"]) else "received")
    for name in ("record", "wall_ns", "monotonic_ns", "side", "link", "direction", "outcome", "text", "count",
                 "peer", "parent", "payload_size", "maximum_timeout"):
        expect(row, name, record.get(name))
    for name in ("operation_id", "sequence_number", "kind", "name", "subscription", "trace_id", "timeout"):
        expect(row, name, ticket.get(name))
    expect(row, "details", record.get("details", ticket.get("details")))
    if "payload" in ticket:
        assert json.loads(row["payload"]) == ticket["payload"]
    else:
        expect(row, "payload", None)

print(f"{len(rows)} rows")
print("passed")
