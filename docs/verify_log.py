"""Proves an events.db, or names the first position that is wrong: python3 verify_log.py data/events.db

Written from log-format.md alone, with nothing but the standard library.
"""

import hashlib, re, sqlite3, sys
from pathlib import Path


def check(holds, position, why):
    if not holds:
        sys.exit(f"position {position}: {why}")


def commitment(position, salt, text, stored):
    """What an entry commits to a text with; the stored one where the text, and with it the salt, is erased."""
    check(isinstance(text, str), position, "has a text that is none")
    check((salt is None) != (stored is None) and re.fullmatch("[0-9a-f]{32}" if salt else "[0-9a-f]{64}", salt or stored),
          position, "has no salt of 16 bytes")
    return stored if salt is None else hashlib.sha256(bytes.fromhex(salt) + text.encode("utf-8")).hexdigest()


def verify(rows, erasures):
    end, commits, begun, stored, time, next_sequence, erased = 0, 0, 0, "0" * 64, "", {}, 0
    digest = None  # over the commit that is being read
    for (position, stream, sequence, kind, revision, at, payload, metadata, first, number, commit_hash,
         payload_salt, metadata_salt, payload_commitment, metadata_commitment) in rows:
        check(position == end + 1, end + 1, "is missing")
        if first == position:  # a commit begins, and the one before ends
            check(digest is None or digest.hexdigest() == stored, end, "its commit's hash is wrong")
            digest, commits, begun, stored = hashlib.sha256(bytes.fromhex(stored)), commits + 1, position, commit_hash
        check((first, number, commit_hash) == (begun, commits, stored), position, "is not of its commit")
        check(sequence == next_sequence.get(stream, 0), position, "is not its issue's next version")
        check(not any("\n" in line for line in (stream, kind, revision, at)), position, "has a field of two lines")
        check(at >= time, position, "was recorded before its predecessor")
        digest.update("".join(line + "\n" for line in (
            "issue-ledger/event/v2", str(position), stream, str(sequence + 1), kind, revision, at,
            commitment(position, payload_salt, payload, payload_commitment),
            commitment(position, metadata_salt, metadata, metadata_commitment))).encode("utf-8"))
        if payload_salt is None or metadata_salt is None:
            parts = [part for part, salt in (("payload", payload_salt), ("metadata", metadata_salt)) if salt is None]
            check((position, 1) in erasures or metadata_salt is not None and (position, 0) in erasures,
                  position, "is erased, and no erasure is recorded")
            print(f"position {position}: ERASED {' and '.join(parts)}, what stands there is unproven")
            erased += 1
        end, time, next_sequence[stream] = position, at, sequence + 1
    check(digest is None or digest.hexdigest() == stored, end, "its commit's hash is wrong")
    return f"{end} events in {commits} commits{f', {erased} of them erased' if erased else ''}; the last hash is {stored}"


if len(sys.argv) != 2 or not Path(sys.argv[1]).is_file():
    sys.exit("usage: python3 verify_log.py data/events.db")
try:
    # The file is only read; what is still in its -wal is read with it.
    with sqlite3.connect(Path(sys.argv[1]).resolve().as_uri() + "?mode=ro", uri=True) as database:
        print(verify(database.execute(
            "SELECT position, stream, sequence, type, revision, recorded_at, payload, metadata,"
            " commit_position, commit_number, commit_hash, payload_salt, metadata_salt,"
            " payload_commitment, metadata_commitment FROM events ORDER BY position"),
            set(database.execute("SELECT position, metadata FROM erasures"))))
except (sqlite3.Error, ValueError, TypeError) as problem:
    sys.exit(f"{sys.argv[1]} cannot be read: {problem}")
