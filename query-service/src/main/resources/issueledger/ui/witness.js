// This browser as a witness: it keeps the last checkpoint it saw, and at each visit proves from the tiles that the new tree contains it.

import { html, nothing } from 'lit';
import { Problem, ask } from './api.js';
import { exactTime, plural, whole } from './format.js';
import { View } from './page.js';
import { Tiles, Untrue, hex, isConsistent, openCheckpoint, parseKey } from './transparency.js';

const KEPT = 'issue-ledger.checkpoint';

/** One of several query services may show the checkpoint of a moment ago. */
const TRIES = 3;
const BETWEEN = 3_000;

export const kept = () => {
  try {
    return JSON.parse(localStorage.getItem(KEPT));
  } catch {
    return null;
  }
};

export const forget = () => localStorage.removeItem(KEPT);

const text = async (path, cache) => (await ask(`tlog/${path}`, { accept: '*/*', cache: cache ?? 'no-cache' })).text();

/** Tiles never change: the browser's cache may answer. */
async function tile(path) {
  try {
    return new Uint8Array(await (await ask(`tlog/${path}`, { accept: '*/*', cache: 'default' })).arrayBuffer());
  } catch (e) {
    if (e instanceof Problem && e.status === 404) {
      return null;
    }
    throw e;
  }
}

/** The ledger's key: the one kept, if there is one. */
export async function trustedKey() {
  const key = parseKey(await text('key'));
  const before = kept();
  if (before && before.key !== key.line) {
    throw new Untrue('The ledger now shows another key than the one this browser kept.');
  }
  return key;
}

/**
 * Looks at the ledger and compares it with what was kept. `state`: good (it contains what was kept), first (nothing was kept), absent (it
 * signs nothing), denied (no role for it), unable (this browser cannot verify), bad (it does not fit), away.
 */
export async function look() {
  const before = kept();
  if (!globalThis.crypto?.subtle) {
    return { state: 'unable', why: 'A browser verifies signatures on https pages and on localhost only.' };
  }
  let note;
  let keyLine;
  try {
    keyLine = await text('key');
    const key = await trustedKey();
    let now;
    for (let tries = 0; tries === 0 || (before && now.size < before.size && tries < TRIES); tries++) {
      if (tries) {
        await new Promise((resolve) => setTimeout(resolve, BETWEEN));
      }
      note = await text('checkpoint');
      now = await openCheckpoint(note, key);
    }
    const tiles = new Tiles(now.size, tile);
    if (now.size > 0 && hex(await tiles.root()) !== hex(now.root)) {
      throw new Untrue('The tiles of the ledger do not have the root that its checkpoint signs.');
    }
    if (before) {
      const old = await openCheckpoint(before.note, key);
      if (old.size > now.size) {
        throw new Untrue(
          `The ledger shows ${plural(now.size, 'event')} now; this browser kept its signature over ${whole(old.size)}. Events are missing, or an older checkpoint is shown.`,
        );
      }
      if (!(await isConsistent(old, now, old.size ? await tiles.consistencyWith(old.size) : []))) {
        throw new Untrue(
          `The tree that the ledger signs now, over ${plural(now.size, 'event')}, does not contain the one over ${whole(old.size)} that it signed before. Its past was rewritten.`,
        );
      }
    }
    const seen = { note, key: key.line, size: now.size, at: new Date().toISOString(), since: before?.since ?? new Date().toISOString() };
    if ((kept()?.size ?? 0) <= now.size) {
      localStorage.setItem(KEPT, JSON.stringify(seen)); // Another tab may have seen more.
    }
    return { state: before ? 'good' : 'first', seen, before };
  } catch (e) {
    if (e instanceof Problem) {
      return e.status === 404
        ? before
          ? { state: 'bad', why: 'The ledger signed checkpoints before and shows none now.', before, note, keyLine }
          : { state: 'absent', why: e.body.detail || 'This ledger signs no checkpoints.' }
        : e.status === 401 || e.status === 403
          ? { state: 'denied', why: 'Checkpoints are for the role auditor.' }
          : { state: 'away', why: e.sentence };
    }
    if (e instanceof Untrue) {
      return { state: 'bad', why: e.message, before, note, keyLine };
    }
    if (e.name === 'NotSupportedError') {
      return { state: 'unable', why: 'This browser cannot verify Ed25519 signatures.' };
    }
    throw e;
  }
}

/** The line in the foot of each view. */
class WitnessLine extends View {
  static properties = { result: { state: true } };

  connectedCallback() {
    super.connectedCallback();
    this.look();
    this.every = setInterval(() => !document.hidden && this.look(), 60_000);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearInterval(this.every);
  }

  look() {
    return this.load('look', async () => {
      this.result = await look();
      this.dispatchEvent(new CustomEvent('witness', { detail: this.result, bubbles: true }));
    });
  }

  render() {
    const { result } = this;
    if (!result) {
      return html`<p class="witness" role="status">The ledger’s checkpoint is looked at …</p>`;
    }
    const { state, why, seen, before } = result;
    return html`<p class="witness ${state}" role="status">
      ${state === 'good'
        ? html`✓ Intact: the ${plural(seen.size, 'event')} signed now contain the ${whole(before.size)} that this browser saw ${exactTime(before.at)}.`
        : state === 'first'
          ? html`This browser now keeps the ledger’s checkpoint of ${plural(seen.size, 'event')}, and holds the ledger to it from now on.`
          : state === 'bad'
            ? html`<strong>✗ The ledger’s past does not fit.</strong> ${why}`
            : html`Not witnessed. ${why}`}
      <a href="#/witness">Your browser as a witness</a>
    </p>`;
  }
}

customElements.define('witness-line', WitnessLine);

/** Evidence as a file: what was kept, what is shown now, and the key of each. */
function saveEvidence(result) {
  const evidence = `What this browser kept, at ${result.before?.at ?? 'no time'}:\n\nkey: ${result.before?.key ?? ''}\n\n${result.before?.note ?? ''}\n\nWhat the ledger shows, at ${new Date().toISOString()} (${location.origin}):\n\nkey: ${result.keyLine ?? ''}\n${result.note ?? 'no checkpoint'}\n\nWhat does not fit: ${result.why}\n`;
  const anchor = document.createElement('a');
  anchor.href = URL.createObjectURL(new Blob([evidence], { type: 'text/plain' }));
  anchor.download = 'issue-ledger-evidence.txt';
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(anchor.href), 10_000);
}

class WitnessView extends View {
  static properties = { result: { state: true } };

  connectedCallback() {
    super.connectedCallback();
    this.#look();
  }

  #look() {
    return this.load('look', async () => {
      this.result = await look();
    });
  }

  #forget() {
    if (confirm('This browser will no longer know what the ledger signed before. Save the evidence first. Forget it?')) {
      forget();
      this.#look();
    }
  }

  render() {
    const { result } = this;
    const mine = kept();
    const bad = result?.state === 'bad';
    return html`<div class="witnesspage ${bad ? 'red' : ''}">
      <header class="bar"><h1>Your browser is a witness</h1></header>
      ${this.trouble('look')}
      ${bad
        ? html`<div class="notice bad" role="alert">
            <p><strong>The history of this ledger is not what it was.</strong></p>
            <p>${result.why}</p>
            <ol>
              <li>
                <button type="button" @click=${() => saveEvidence(result)}>Save the evidence</button> — both checkpoints with their signatures: whoever has the ledger’s key signed two
                histories, and cannot deny it.
              </li>
              <li>Leave this browser’s memory alone: it keeps the older checkpoint, and stays red.</li>
              <li>Give the file to the auditor, who holds it against witnesses and against <code>GET /audit/export</code>.</li>
            </ol>
          </div>`
        : html`<witness-state .result=${result}></witness-state>`}
      <p>
        The ledger signs checkpoints: a number of events and the root of a Merkle tree over all of them. This browser keeps the last one that it saw. At each visit it fetches the
        new one, verifies its Ed25519 signature, and computes from the ledger’s tiles, here, a proof that the new tree contains the old one. An event that is changed or removed
        behind a kept checkpoint cannot pass.
      </p>
      ${mine
        ? html`<dl class="facts">
              <dt>Kept</dt>
              <dd>${plural(mine.size, 'event')}, seen ${exactTime(mine.at)}; witness since ${exactTime(mine.since)}</dd>
              <dt>Key</dt>
              <dd><code class="break">${mine.key}</code></dd>
              <dt>Checkpoint</dt>
              <dd><pre tabindex="0">${mine.note}</pre></dd>
            </dl>
            <div class="buttons">
              <button type="button" @click=${() => this.#look()}>Look again</button>
              <button type="button" class="quiet" @click=${() => this.#forget()}>Forget the checkpoint</button>
            </div>`
        : nothing}
    </div>`;
  }
}

class WitnessState extends View {
  static properties = { result: { attribute: false } };

  render() {
    const { result } = this;
    if (!result) {
      return html`<p class="loading" role="status">The ledger’s checkpoint is looked at …</p>`;
    }
    const { state, seen, before, why } = result;
    return state === 'good'
      ? html`<div class="notice good"><p><strong>✓ Intact.</strong> The ${plural(seen.size, 'event')} that the ledger signs now contain the ${whole(before.size)} that this browser saw ${exactTime(before.at)}.</p></div>`
      : state === 'first'
        ? html`<div class="notice good"><p>This is the first checkpoint that this browser keeps: ${plural(seen.size, 'event')}. From now on it holds the ledger to it.</p></div>`
        : html`<div class="notice wait"><p>${why}</p></div>`;
  }
}

customElements.define('witness-view', WitnessView);
customElements.define('witness-state', WitnessState);
