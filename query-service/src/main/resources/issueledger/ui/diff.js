// Differences between two states of an issue, for marks in place.

export function equal(a, b) {
  if (a === b) {
    return true;
  }
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) {
    return (a ?? null) === (b ?? null);
  }
  if (Array.isArray(a) !== Array.isArray(b)) {
    return false;
  }
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => equal(a[name], b[name]));
}

/** Items of a list with their state: same, added, changed (with `was`) or removed; removed ones stand where they stood. */
export function listChanges(was, now, keyOf) {
  if (!was) {
    return now.map((item) => ({ item, state: 'same' }));
  }
  const before = new Map(was.map((item) => [keyOf(item), item]));
  const after = new Set(now.map(keyOf));
  const changes = now.map((item) => {
    const old = before.get(keyOf(item));
    return old === undefined
      ? { item, state: 'added' }
      : equal(old, item)
        ? { item, state: 'same' }
        : { item, state: 'changed', was: old };
  });
  was.forEach((item, at) => {
    if (!after.has(keyOf(item))) {
      changes.splice(Math.min(at, changes.length), 0, { item, state: 'removed' });
    }
  });
  return changes;
}

const MOST_WORDS = 1_500;

/** Two texts as runs of words: `{kind: 'same' | 'added' | 'removed', text}`. */
export function wordChanges(was, now) {
  const a = was.match(/\s+|[^\s]+/g) || [];
  const b = now.match(/\s+|[^\s]+/g) || [];
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) {
    start++;
  }
  let endA = a.length;
  let endB = b.length;
  while (endA > start && endB > start && a[endA - 1] === b[endB - 1]) {
    endA--;
    endB--;
  }
  const runs = [];
  const add = (kind, words) => {
    if (words.length) {
      const last = runs.at(-1);
      if (last?.kind === kind) {
        last.text += words.join('');
      } else {
        runs.push({ kind, text: words.join('') });
      }
    }
  };
  add('same', a.slice(0, start));
  middle(a.slice(start, endA), b.slice(start, endB), add);
  add('same', a.slice(endA));
  return runs;
}

/** The longest common subsequence of what differs; of very long texts, all of it is replaced. */
function middle(a, b, add) {
  if (!a.length || !b.length || a.length > MOST_WORDS || b.length > MOST_WORDS) {
    add('removed', a);
    add('added', b);
    return;
  }
  const width = b.length + 1;
  const length = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      length[i * width + j] =
        a[i] === b[j]
          ? length[(i + 1) * width + j + 1] + 1
          : Math.max(length[(i + 1) * width + j], length[i * width + j + 1]);
    }
  }
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    if (a[i] === b[j]) {
      add('same', [a[i++]]);
      j++;
    } else if (length[(i + 1) * width + j] >= length[i * width + j + 1]) {
      add('removed', [a[i++]]);
    } else {
      add('added', [b[j++]]);
    }
  }
  add('removed', a.slice(i));
  add('added', b.slice(j));
}
