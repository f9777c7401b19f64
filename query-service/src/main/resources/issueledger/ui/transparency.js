// The arithmetic of the transparency log: signed notes (C2SP signed-note), checkpoints (tlog-checkpoint), tiles (tlog-tiles), proofs
// (tlog-proof), and the Merkle tree of RFC 6962 with the algorithms of RFC 9162, sections 2.1.3.2 and 2.1.4.2. Nothing here asks a service.

const encoder = new TextEncoder();

export class Untrue extends Error {}

const concat = (...parts) => {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
};

export const sha256 = async (bytes) => new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
const leafHash = (entry) => sha256(concat([0], entry));
const nodeHash = (left, right) => sha256(concat([1], left, right));

export const hex = (bytes) => Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');
export const unhex = (text) => Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));

export function unbase64(text) {
  try {
    return Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  } catch {
    throw new Untrue(`“${text.slice(0, 60)}” is no Base64.`);
  }
}

const same = (a, b) => a.length === b.length && a.every((byte, at) => byte === b[at]);

/** The Ed25519 key among verifier keys, a line each: `name+hash+base64`. Keys of other kinds are left alone. */
export function parseKey(text) {
  for (const line of text.split('\n')) {
    const [, name, hash, encoded] = /^([^+\s]+)\+([0-9a-f]{8})\+(\S+)$/.exec(line.trim()) ?? [];
    const bytes = encoded ? unbase64(encoded) : [];
    if (bytes.length === 33 && bytes[0] === 1) {
      return { line: line.trim(), name, hash, bytes: bytes.slice(1) };
    }
  }
  throw new Untrue('The ledger shows no Ed25519 verifier key.');
}

/** A checkpoint whose Ed25519 signature by this key is valid. Signatures of others are left alone. */
export async function openCheckpoint(note, key) {
  const end = note.lastIndexOf('\n\n');
  if (end < 0) {
    throw new Untrue('The checkpoint is no signed note.');
  }
  const text = note.slice(0, end + 1);
  const [origin, size, root] = text.split('\n');
  if (!/^(0|[1-9]\d{0,15})$/.test(size ?? '') || !root) {
    throw new Untrue('The checkpoint is malformed.');
  }
  const expected = hex((await sha256(concat(encoder.encode(`${key.name}\n`), [1], key.bytes))).slice(0, 4));
  if (expected !== key.hash) {
    throw new Untrue('The key’s hash is not that of its name and bytes.');
  }
  const imported = await crypto.subtle.importKey('raw', key.bytes, { name: 'Ed25519' }, false, ['verify']);
  let found = false;
  for (const line of note.slice(end + 2).split('\n').filter(Boolean)) {
    const [, name, encoded] = /^— (\S+) (\S+)$/.exec(line) ?? [];
    const signature = name === key.name ? unbase64(encoded) : [];
    if (signature.length === 68 && hex(signature.slice(0, 4)) === key.hash) {
      found = true;
      if (!(await crypto.subtle.verify('Ed25519', imported, signature.slice(4), encoder.encode(text)))) {
        throw new Untrue('The checkpoint’s signature is not by the ledger’s key.');
      }
    }
  }
  if (!found) {
    throw new Untrue('The checkpoint has no signature by the ledger’s key.');
  }
  if (origin !== key.name) {
    throw new Untrue(`The checkpoint is of ${origin}, the key of ${key.name}.`);
  }
  const hash = unbase64(root);
  if (hash.length !== 32) {
    throw new Untrue('The checkpoint’s root is no SHA-256 hash.');
  }
  return { origin, size: Number(size), root: hash, note };
}

/** `1234067` as `x001/x234/067`. */
function tileNumber(number) {
  const digits = String(number);
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, '0').match(/.../g);
  return groups.map((group, at) => (at < groups.length - 1 ? `x${group}` : group)).join('/');
}

const TILE = 256;
const HASH = 32;

/** The hashes of a tree of some size, out of its tiles. */
export class Tiles {
  /** @param read the bytes at a path below /tlog/, or null where there is nothing */
  constructor(size, read) {
    this.size = size;
    this.read = read;
    this.tiles = new Map();
  }

  #tile(level, number) {
    const key = `${level}/${number}`;
    if (!this.tiles.has(key)) {
      this.tiles.set(key, this.#fetch(level, number));
    }
    return this.tiles.get(key);
  }

  async #fetch(level, number) {
    const path = `tile/${level}/${tileNumber(number)}`;
    const width = Math.min(TILE, Math.floor(this.size / TILE ** level) - number * TILE);
    const bytes = (width < TILE ? await this.read(`${path}.p/${width}`) : null) ?? (await this.read(path));
    if (!bytes || bytes.length < width * HASH) {
      throw new Untrue(`The tile ${path} has fewer hashes than a tree of ${this.size} events.`);
    }
    return Array.from({ length: width }, (each, at) => bytes.slice(at * HASH, (at + 1) * HASH));
  }

  /** The hash of the whole subtree of 2^level leaves with this index. */
  async #node(level, index) {
    const below = level % 8;
    const first = index * 2 ** below;
    const hashes = await this.#tile(Math.floor(level / 8), Math.floor(first / TILE));
    let row = hashes.slice(first % TILE, (first % TILE) + 2 ** below);
    if (row.length < 2 ** below) {
      throw new Untrue('A tile is too short.');
    }
    while (row.length > 1) {
      row = await Promise.all(row.filter((each, at) => at % 2 === 0).map((left, at) => nodeHash(left, row[2 * at + 1])));
    }
    return row[0];
  }

  /** The hash of the leaves from `begin` to before `end`. */
  async #range(begin, end) {
    const count = end - begin;
    const level = Math.log2(count);
    if (Number.isInteger(level)) {
      return this.#node(level, begin / count);
    }
    const left = 2 ** Math.floor(level);
    return nodeHash(await this.#range(begin, begin + left), await this.#range(begin + left, end));
  }

  root() {
    return this.#range(0, this.size);
  }

  /** The proof that the tree of the first `size` leaves is the beginning of this one (RFC 9162, section 2.1.4.1). */
  consistencyWith(size) {
    return this.#subproof(size, 0, this.size, true);
  }

  async #subproof(size, begin, end, whole) {
    const count = end - begin;
    if (size === count) {
      return whole ? [] : [await this.#range(begin, end)];
    }
    const left = 2 ** Math.ceil(Math.log2(count) - 1);
    return size <= left
      ? [...(await this.#subproof(size, begin, begin + left, whole)), await this.#range(begin + left, end)]
      : [...(await this.#subproof(size - left, begin + left, end, false)), await this.#range(begin, begin + left)];
  }
}

const half = (number) => Math.floor(number / 2);

/** True if the proof shows that the tree `older` is the beginning of the tree `newer`, both `{size, root}`. */
export async function isConsistent(older, newer, proof) {
  if (older.size === newer.size) {
    return proof.length === 0 && same(older.root, newer.root);
  }
  if (older.size === 0) {
    return true;
  }
  const path = Number.isInteger(Math.log2(older.size)) ? [older.root, ...proof] : proof;
  if (older.size > newer.size || !path.length) {
    return false;
  }
  let first = older.size - 1;
  let second = newer.size - 1;
  while (first % 2 === 1) {
    first = half(first);
    second = half(second);
  }
  let oldRoot = path[0];
  let newRoot = path[0];
  for (const hash of path.slice(1)) {
    if (second === 0) {
      return false;
    }
    if (first % 2 === 1 || first === second) {
      oldRoot = await nodeHash(hash, oldRoot);
      newRoot = await nodeHash(hash, newRoot);
      while (first % 2 === 0 && first !== 0) {
        first = half(first);
        second = half(second);
      }
    } else {
      newRoot = await nodeHash(newRoot, hash);
    }
    first = half(first);
    second = half(second);
  }
  return second === 0 && same(oldRoot, older.root) && same(newRoot, newer.root);
}

/** True if the leaf with this index is in the tree. */
export async function isIncluded(entry, index, tree, proof) {
  if (index >= tree.size) {
    return false;
  }
  let at = index;
  let last = tree.size - 1;
  let hash = await leafHash(entry);
  for (const each of proof) {
    if (last === 0) {
      return false;
    }
    if (at % 2 === 1 || at === last) {
      hash = await nodeHash(each, hash);
      while (at % 2 === 0 && at !== 0) {
        at = half(at);
        last = half(last);
      }
    } else {
      hash = await nodeHash(hash, each);
    }
    at = half(at);
    last = half(last);
  }
  return last === 0 && same(hash, tree.root);
}

/** A proof of C2SP tlog-proof: the index, the hashes, and the checkpoint's note. */
export function parseProof(text) {
  const [head, ...rest] = text.split('\n\n');
  const lines = head.split('\n');
  const index = lines.findIndex((line) => line.startsWith('index '));
  if (!/^c2sp\.org\/tlog-proof@v1$/.test(lines[0]) || index < 0 || !/^index \d{1,15}$/.test(lines[index])) {
    throw new Untrue('The proof is no C2SP tlog-proof.');
  }
  return {
    index: Number(lines[index].slice(6)),
    hashes: lines.slice(index + 1).filter(Boolean).map(unbase64),
    note: rest.join('\n\n'),
  };
}

/** The log's entry of an exported event (docs/log-format.md): its texts stand in it as commitments, salted. */
export async function entryOf(event) {
  const commitment = async (text, salt, given) => (salt ? hex(await sha256(concat(unhex(salt), encoder.encode(text)))) : given);
  return encoder.encode(
    [
      'issue-ledger/event/v2',
      event.position,
      event.issueId,
      event.version,
      event.type,
      event.revision,
      event.recordedAt,
      await commitment(event.payload, event.payloadSalt, event.payloadCommitment),
      await commitment(event.metadata, event.metadataSalt, event.metadataCommitment),
      '',
    ].join('\n'),
  );
}
