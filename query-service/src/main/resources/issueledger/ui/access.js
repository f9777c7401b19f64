// Who acts: a name where no tokens are asked for, a bearer token where they are; and what its roles allow.

import { html, nothing } from 'lit';
import { actor, claims, setActor, setToken, settings, token } from './api.js';
import { exactTime } from './format.js';
import { View } from './page.js';

/** The table of docs/api.md, “Who may do what”, as sentences. */
const ROLES = {
  reporter: 'Open issues, take notes; read issues, their timelines and metrics.',
  engineer: 'All commands, dry runs and imports; read issues, and the events with their reasons; follow the ledger live.',
  analyst: 'Read issues, and all of Analytics.',
  auditor: 'Read everything: issues, events, analytics, audit, proofs and checkpoints.',
  operator: 'See the projections and rebuild them.',
};

class AccessView extends View {
  #save(e) {
    e.preventDefault();
    const field = this.querySelector('input[name="value"]');
    const value = field.value.trim().replace(/^Bearer\s+/i, '');
    if (settings.tokens) {
      setToken(value);
    } else {
      setActor(value);
    }
  }

  render() {
    return html`<header class="bar"><h1>Access</h1></header>
      ${settings.tokens ? this.#tokens() : this.#actor()}`;
  }

  #actor() {
    return html`<p>This ledger asks for no token: it listens on this machine alone, and whoever can reach it may do everything. A command is recorded under the name that you give.</p>
      <form class="sheet" @submit=${(e) => this.#save(e)}>
        <div class="field">
          <label for="who">Your name</label>
          <input id="who" name="value" maxlength="200" .value=${actor()} placeholder="anonymous" autocomplete="username" />
          <p class="hint">Kept in this browser, and sent as <code>X-Actor</code> with commands.</p>
        </div>
        <footer class="buttons"><button type="submit" class="primary">Keep</button></footer>
      </form>`;
  }

  #tokens() {
    const known = claims();
    const expired = known?.expires && known.expires * 1000 < Date.now();
    return html`<p>This ledger asks for a bearer token, which your organisation’s issuer gives you. The page keeps it for this tab alone, and sends it to the two services and nowhere else.</p>
      <form class="sheet" @submit=${(e) => this.#save(e)}>
        <div class="field">
          <label for="token">Token</label>
          <input id="token" name="value" type="password" .value=${token()} autocomplete="off" spellcheck="false" />
        </div>
        <footer class="buttons">
          <button type="submit" class="primary">Use it</button>
          ${token() ? html`<button type="button" @click=${() => setToken('')}>Forget it</button>` : nothing}
        </footer>
      </form>
      ${token()
        ? known
          ? html`<h2>What it says</h2>
              <dl class="facts">
                <dt>You are</dt>
                <dd>${known.subject}</dd>
                ${known.expires
                  ? html`<dt>It ends</dt>
                      <dd>${exactTime(new Date(known.expires * 1000).toISOString())}${expired ? html` <strong class="bad">It has ended.</strong>` : nothing}</dd>`
                  : nothing}
                <dt>Roles</dt>
                <dd>
                  ${known.roles.length
                    ? html`<ul class="plain">
                        ${known.roles.map((role) => html`<li><b>${role}</b>: ${ROLES[role] ?? 'not a role of this ledger; it allows nothing.'}</li>`)}
                      </ul>`
                    : html`none at the claim <code>${settings.rolesClaim}</code>: it allows nothing.`}
                </dd>
              </dl>
              <p class="muted">The services decide; this is only what the token says.</p>`
          : html`<p class="bad">This does not look like a JSON Web Token.</p>`
        : nothing}
      <h2>Roles</h2>
      <dl class="facts">
        ${Object.entries(ROLES).map(
          ([role, allows]) =>
            html`<dt>${role}</dt>
              <dd>${allows}</dd>`,
        )}
      </dl>`;
  }
}

customElements.define('access-view', AccessView);
