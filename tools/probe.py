#!/usr/bin/env python3
"""A front in another language: one operation over a port, by the standard library alone.

    tools/probe.py HOST:PORT METHOD [PAYLOAD]        prints each result and the outcome
    tools/probe.py HOST:PORT METHOD --cancel         commences an operation and cancels it

messages/PROTOCOL.md, "The port byte by byte", says what the bytes mean. The exit status is 0 if the operation ended as
it was to end: completed, or cancelled.
"""

import argparse
import json
import os
import socket
import struct
import sys

MAGIC = b"TNDM"
VERSION = 1
GOODBYE, PONG, PING, NOTICE, FRAME, ACKNOWLEDGEMENT = 1, 2, 3, 4, 5, 6
TICKET, PIECE = 1, 2  # items
OPERATION_ID, SEQUENCE_NUMBER, KIND, NAME, SUBSCRIPTION, TRACE_ID, PAYLOAD, TIMEOUT, DETAILS, TEXT, IN_PIECES = range(1, 12)
KINDS = {1: "commencement", 2: "continuation", 3: "completion", 4: "entire", 5: "cancellation", 6: "expiration",
         7: "reception failure", 8: "transmission failure", 9: "serviced failure", 10: "servicer failure", 11: "refusal"}
NUMBERS = {name: number for number, name in KINDS.items()}


def varint(number):
    result = bytearray()
    while number >= 0x80:
        result.append(number & 0x7F | 0x80)
        number >>= 7
    result.append(number)
    return bytes(result)


def take_varint(data, at):
    number = shift = 0
    while True:
        byte = data[at]
        number |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return number, at


def item(kind, body):
    return bytes([kind]) + varint(len(body)) + body


def ticket(fields):
    return item(TICKET, b"".join(varint(number) + varint(len(data)) + data for number, data in fields))


def items_of(content):
    at = 0
    while at < len(content):
        kind = content[at]
        length, at = take_varint(content, at + 1)
        yield kind, content[at:at + length]
        at += length


def fields_of(body):
    at, result = 0, {}
    while at < len(body):
        number, at = take_varint(body, at)
        length, at = take_varint(body, at)
        result[number] = body[at:at + length]
        at += length
    return result


class Session:
    """A session over one connection, which nothing resumes."""

    def __init__(self, host, port):
        self.socket = socket.create_connection((host, port), timeout=10)
        self.sent = self.received = 0
        greeting = json.dumps({"node": f"probe/{os.getpid()}"}).encode()
        self.socket.sendall(MAGIC + bytes([VERSION, VERSION]) + struct.pack(">H", len(greeting)) + greeting)
        prefix = self.read(8)
        if prefix[:4] != MAGIC:
            sys.exit("probe.py: that is no port of Tandem")
        newest, oldest, length = prefix[4], prefix[5], struct.unpack(">H", prefix[6:])[0]
        if not oldest <= VERSION <= newest:
            sys.exit(f"probe.py: the back speaks versions {oldest} to {newest}")
        answer = json.loads(self.read(length))
        if answer.get("refused"):
            sys.exit("probe.py: refused: " + answer["refused"])

    def read(self, size):
        result = b""
        while len(result) < size:
            more = self.socket.recv(size - len(result))
            if not more:
                sys.exit("probe.py: the back closed the connection")
            result += more
        return result

    def write(self, kind, body):
        self.socket.sendall(struct.pack(">IB", len(body), kind) + body)

    def send(self, content):
        self.sent += 1
        self.write(FRAME, struct.pack(">QQ", self.sent, self.received) + content)

    def contents(self):
        """The contents of the frames that come; answers pings meanwhile."""
        while True:
            length, kind = struct.unpack(">IB", self.read(5))
            body = self.read(length)
            if kind == PING:
                self.write(PONG, body + struct.pack(">Q", self.received))
            elif kind == FRAME:
                number = struct.unpack(">Q", body[:8])[0]
                if number != self.received + 1:
                    sys.exit(f"probe.py: frame {number} came after frame {self.received}")
                self.received = number
                yield body[16:]
            elif kind == GOODBYE:
                sys.exit("probe.py: the back said goodbye")


def run(session, method, payload, cancel):
    operation = os.urandom(16)

    def common(number, kind):
        return [(OPERATION_ID, operation), (SEQUENCE_NUMBER, varint(number)), (KIND, bytes([NUMBERS[kind]]))]

    first = common(0, "commencement" if cancel else "entire")
    first += [(NAME, method.encode()), (SUBSCRIPTION, b"\1"), (TIMEOUT, struct.pack(">q", 10 * 10**9))]
    if payload is not None:
        first.append((TEXT, payload.encode()))
    session.send(ticket(first))
    if cancel:
        session.send(ticket(common(1, "cancellation") + [(DETAILS, b"the probe changed its mind")]))
        # The back answers nothing to a cancellation: another operation shows that it goes on.
        return run(session, "echo", "after the cancellation", False)
    large = {}
    for content in session.contents():
        for kind, body in items_of(content):
            if kind == PIECE:
                transfer, at = take_varint(body, 0)
                large[transfer] = large.get(transfer, b"") + body[at:]
                continue
            fields = fields_of(body)
            if fields[OPERATION_ID] != operation:
                continue
            name = KINDS[fields[KIND][0]]
            if TEXT in fields:
                print(fields[TEXT].decode())
            if name == "completion":
                print("outcome: completed")
                return 0
            if name != "continuation":
                print(f"outcome: {name}: {fields.get(DETAILS, b'').decode()}")
                return 1
    return 1


def main():
    parser = argparse.ArgumentParser(description="one operation over a port of Tandem")
    parser.add_argument("back", metavar="HOST:PORT")
    parser.add_argument("method")
    parser.add_argument("payload", nargs="?")
    parser.add_argument("--cancel", action="store_true", help="cancel it, and call echo over the same session")
    options = parser.parse_args()
    host, _, port = options.back.rpartition(":")
    session = Session(host.strip("[]"), int(port))
    status = run(session, options.method, options.payload, options.cancel)
    session.write(GOODBYE, b"")
    return status


if __name__ == "__main__":
    sys.exit(main())
