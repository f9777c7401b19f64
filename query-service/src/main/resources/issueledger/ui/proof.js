// Proves, in the browser, that an event is in the log under a signed checkpoint.

import { html, nothing } from 'lit';
import { Problem, ask, issuePath, lines } from './api.js';
import { plural } from './format.js';
import { View, loading } from './page.js';
import { Untrue, entryOf, isIncluded, openCheckpoint, parseProof } from './transparency.js';
import { trustedKey } from './witness.js';

class IssueProof extends View {
  static properties = {
    issueId: { attribute: false },
    version: { attribute: false },
    event: { attribute: false },
    proven: { state: true },
  };

  willUpdate(changed) {
    if (changed.has('version') || changed.has('issueId')) {
      this.proven = null;
      this.untrue = null;
      this.troubles = {};
    }
  }

  #prove() {
    const { version, event, issueId } = this;
    return this.load('proof', async (signal) => {
      this.proven = null;
      this.untrue = null;
      try {
        if (!globalThis.crypto?.subtle) {
          throw new Untrue('A browser computes proofs on https pages and on localhost only.');
        }
        const key = await trustedKey();
        const proof = parseProof(await (await ask(issuePath(issueId, `/events/${version}/proof`), { accept: 'text/plain', signal })).text());
        const tree = await openCheckpoint(proof.note, key);
        let exported;
        for await (const line of lines(await ask('audit/export', { params: { from: event.position, to: event.position }, accept: 'application/x-ndjson', signal }))) {
          if (line.position === event.position) {
            exported = line;
          }
        }
        if (!exported || exported.issueId !== issueId || exported.version !== version) {
          throw new Untrue(`The export has another event at position ${event.position}.`);
        }
        if (proof.index !== event.position - 1 || !(await isIncluded(await entryOf(exported), proof.index, tree, proof.hashes))) {
          throw new Untrue('The proof does not lead from this event’s texts to the signed root.');
        }
        this.proven = { tree, version, erased: !exported.payloadSalt || !exported.metadataSalt };
      } catch (e) {
        if (!(e instanceof Untrue)) {
          throw e;
        }
        this.untrue = e.message;
      }
    });
  }

  render() {
    const e = this.troubles?.proof;
    return html`<section class="card">
      <h2>Proof</h2>
      <button type="button" @click=${() => this.#prove()} ?disabled=${!this.event || this.busy?.proof}>Prove this event</button>
      ${this.event ? nothing : html`<p class="muted">It needs a role that may read events.</p>`}
      ${this.busy?.proof ? loading('The proof is computed') : nothing}
      ${this.proven
        ? html`<p class="good" role="status">
            ✓ Version ${this.proven.version} is in the log of ${plural(this.proven.tree.size, 'event')} that ${this.proven.tree.origin} signed: computed here from the event’s own texts${this.proven.erased ? ', where they are not erased' : ''}.
          </p>`
        : nothing}
      ${this.untrue ? html`<p class="bad" role="alert">✗ ${this.untrue}</p>` : nothing}
      ${e instanceof Problem && e.status === 404
        ? html`<p class="muted" role="alert">There is no proof: this ledger signs no checkpoints.</p>`
        : e instanceof Problem && e.type === 'not-yet'
          ? html`<p class="muted" role="status">No checkpoint covers this event yet; the page asks again.</p>`
          : this.trouble('proof')}
    </section>`;
  }
}

customElements.define('issue-proof', IssueProof);
