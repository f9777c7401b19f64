"""Proves an export of the log, or names the first position that is wrong:

python3 verify_export.py export.ndjson [POSITION HASH]

POSITION and HASH are a head that was kept: the export must have that position, and its commit this hash.
Written from log-format.md alone, with nothing but the standard library. The export is read line by line.
"""

import hashlib, json, re, sys
from pathlib import Path


def check(holds, position, why):
    if not holds:
        sys.exit(f"position {position}: {why}")


def commitment(event, text):
    """What the entry commits to a text with; the given one where the text, and with it the salt, is erased."""
    position, salt, stored = event["position"], event[text + "Salt"], event.get(text + "Commitment")
    check(isinstance(event[text], str), position, "has a text that is none")
    check((salt is None) != (stored is None) and re.fullmatch("[0-9a-f]{32}" if salt else "[0-9a-f]{64}", salt or stored),
          position, "has no salt of 16 bytes")
    return stored if salt is None else hashlib.sha256(bytes.fromhex(salt) + event[text].encode("utf-8")).hexdigest()


def verify(lines, kept_position, kept_hash):
    head = json.loads(next(lines))
    check(head["format"] == "issue-ledger/export/v2", 0, f"{head['format']} is another format")
    check(re.fullmatch("[0-9a-f]{64}", head["previousHash"]) and head["from"] >= 1, head["from"], "has no hash before it")
    check(head["from"] > 1 or head["previousHash"] == "0" * 64, 0, "the log does not begin with zeros")
    end, commits, begun, stored, time, next_version, erased = head["from"] - 1, 0, 0, head["previousHash"], "", {}, 0
    kept = kept_position is None
    if kept_position == end:
        check(stored == kept_hash, end, "is not of the kept hash")
        kept = True
    digest = None  # over the commit that is being read
    for line in lines:
        event = json.loads(line)
        position, issue, version = event["position"], event["issueId"], event["version"]
        check(position == end + 1, end + 1, "is missing")
        if event["commit"] == position:  # a commit begins, and the one before ends
            check(digest is None or digest.hexdigest() == stored, end, "its commit's hash is wrong")
            digest, commits, begun, stored = hashlib.sha256(bytes.fromhex(stored)), commits + 1, position, event["hash"]
        check((event["commit"], event["hash"]) == (begun, stored), position, "is not of its commit")
        # An export that does not begin with the log does not tell which version an issue had before.
        check(version == next_version.get(issue, 1 if head["from"] == 1 else version), position, "is not its issue's next version")
        fields = (issue, event["type"], event["revision"], event["recordedAt"])
        check(not any("\n" in field for field in fields), position, "has a field of two lines")
        check(event["recordedAt"] >= time, position, "was recorded before its predecessor")
        digest.update("".join(line + "\n" for line in (
            "issue-ledger/event/v2", str(position), issue, str(version), event["type"], event["revision"],
            event["recordedAt"], commitment(event, "payload"), commitment(event, "metadata"))).encode("utf-8"))
        gone = [text for text in ("payload", "metadata") if event[text + "Salt"] is None]
        if gone:
            print(f"position {position}: ERASED {' and '.join(gone)}, what stands there is unproven")
            erased += 1
        if kept_position == position:
            check(stored == kept_hash, position, "is not of the kept hash")
            kept = True
        end, time, next_version[issue] = position, event["recordedAt"], version + 1
    check(digest is None or digest.hexdigest() == stored, end, "its commit's hash is wrong")
    check(end == head["to"], end + 1, "is missing")
    check(stored == head["hash"], end, "the first line has another hash")
    check(kept, kept_position, "is not in this export")
    return (f"{end + 1 - head['from']} events in {commits} commits{f', {erased} of them erased' if erased else ''},"
            f" from position {head['from']} to {end}; the last hash is {stored}")


if len(sys.argv) not in (2, 4) or not Path(sys.argv[1]).is_file():
    sys.exit("usage: python3 verify_export.py export.ndjson [POSITION HASH]")
try:
    with open(sys.argv[1], encoding="utf-8", newline="\n") as export:
        print(verify(export, *((int(sys.argv[2]), sys.argv[3]) if len(sys.argv) == 4 else (None, None))))
except (OSError, ValueError, TypeError, KeyError, StopIteration) as problem:
    sys.exit(f"{sys.argv[1]} is no export: {problem!r}")
