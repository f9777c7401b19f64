// One command on its way: dry run, If-Match, its own Idempotency-Key, and what the service said.

import { html, nothing } from 'lit';
import { Problem, actor, command, setActor, settings } from './api.js';
import { plural, words } from './format.js';
import { trouble } from './page.js';

export class Sender {
  constructor(host) {
    this.host = host;
    this.keys = new Map();
    this.onlyIf = true;
  }

  /** The same body goes under the same key, so that one sent twice counts once; another body gets another key. */
  keyOf(body) {
    if (!this.keys.has(body)) {
      this.keys.set(body, crypto.randomUUID?.() ?? Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, '0')).join(''));
    }
    return this.keys.get(body);
  }

  async send(path, body, { dryRun, version, type, params } = {}) {
    this.busy = true;
    this.result = null;
    this.problem = null;
    this.host.requestUpdate();
    try {
      this.result = await command(path, body, {
        dryRun,
        type,
        params,
        ifMatch: this.onlyIf && version ? version : undefined,
        key: this.keyOf(body),
      });
      return this.result;
    } catch (e) {
      if (!(e instanceof Problem)) {
        throw e;
      }
      this.problem = e;
      return null;
    } finally {
      this.busy = false;
      this.host.requestUpdate();
    }
  }

  get errors() {
    return this.problem?.body.errors ?? [];
  }

  /** Who acts, and the conditions. */
  conditions(version) {
    return html`<div class="conditions">
      ${settings.tokens
        ? nothing
        : html`<label
            >You are
            <input name="actor" .value=${actor()} placeholder="anonymous" maxlength="200" autocomplete="username" @change=${(e) => setActor(e.target.value.trim())}
          /></label>`}
      ${version
        ? html`<label class="inline"
            ><input type="checkbox" .checked=${this.onlyIf} @change=${(e) => (this.onlyIf = e.target.checked)} /> only if the issue is still at version ${version}</label
          >`
        : nothing}
    </div>`;
  }

  /** What happened, what would happen, or why not. */
  outcome(unplaced = [], decideAgain) {
    const { result, problem } = this;
    if (result) {
      const events = result.events ?? [];
      const list = html`<ul>
        ${events.map((each) => html`<li>${words(each.replace(/(?<=[a-z])(?=[A-Z])/g, '_'))}</li>`)}
      </ul>`;
      const warnings = result.warnings?.length
        ? html`<p>${plural(result.warnings.length, 'warning')}:</p>
            <ul>
              ${result.warnings.map((each) => html`<li>${each.line ? `Line ${each.line}: ` : ''}${each.detail}</li>`)}
            </ul>`
        : nothing;
      return html`<div class="notice good" role="status">
        ${result.dryRun
          ? events.length
            ? html`<p><strong>It would be accepted.</strong> The issue would be at version ${result.version}, with ${plural(events.length, 'new event')}:</p>
                ${list}`
            : html`<p><strong>It would change nothing</strong>: all of it stands already.</p>`
          : events.length
            ? html`<p><strong>${result.replayed ? 'It was accepted before' : 'Accepted'}</strong>: version ${result.version}, position ${result.position}.</p>
                ${list}`
            : html`<p><strong>Nothing changed</strong>: all of it stood already.</p>`}
        ${warnings}
      </div>`;
    }
    if (!problem) {
      return nothing;
    }
    const { body } = problem;
    return html`<div class="refusal">
      ${problem.type === 'version-mismatch'
        ? html`<div class="notice bad" role="alert"><p>Somebody changed the issue meanwhile: it is at version ${body.currentVersion}. Look at it again before you decide.</p>
            ${decideAgain ? html`<p><button type="button" @click=${() => decideAgain(body.currentVersion)}>I have seen version ${body.currentVersion}</button></p>` : nothing}
          </div>`
        : body.errors?.length && !unplaced.length
          ? html`<div class="notice bad" role="alert" tabindex="-1"><p>${plural(body.errors.length, 'field')} cannot be taken as ${body.errors.length === 1 ? 'it stands' : 'they stand'}: see above.</p></div>`
          : trouble(problem)}
      ${body.reason ? html`<p>Reason code <a href=${`../problems/${encodeURIComponent(body.reason)}`}><code>${body.reason}</code></a></p>` : nothing}
      ${body.requirements?.length
        ? html`<ul>
            ${body.requirements.map((each) => html`<li><b>${words(each.requirement)}</b>: ${each.detail}</li>`)}
          </ul>`
        : nothing}
      ${unplaced.length
        ? html`<ul>
            ${unplaced.map((each) => html`<li>${each.line ? `Line ${each.line}: ` : each.pointer || each.parameter ? html`<code>${each.pointer || each.parameter}</code> ` : ''}${each.detail}</li>`)}
          </ul>`
        : nothing}
    </div>`;
  }
}
