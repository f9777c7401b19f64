// What all views share: an element in the light DOM (one style sheet for all), the address bar, and the designed states.

import { LitElement, html, nothing } from 'lit';
import { Problem, changes, query, settings } from './api.js';

/** The parameters of a view; equal ones are no change. */
export const PARAMS = { attribute: false, hasChanged: (a, b) => JSON.stringify(a) !== JSON.stringify(b) };

export class View extends LitElement {
  createRenderRoot() {
    return this;
  }

  /** Runs what asks the services; the latest of a kind wins, and a problem is kept for `trouble`. */
  async load(kind, work) {
    this.loads ??= {};
    this.loads[kind]?.abort();
    const control = new AbortController();
    this.loads[kind] = control;
    this.busy = { ...this.busy, [kind]: true };
    this.requestUpdate();
    try {
      await work(control.signal);
      if (this.loads[kind] === control) {
        this.troubles = { ...this.troubles, [kind]: undefined };
      }
    } catch (e) {
      if (e.name === 'AbortError' || control.signal.aborted) {
        return;
      }
      if (!(e instanceof Problem)) {
        console.error(e);
      }
      if (this.loads[kind] === control) {
        this.troubles = { ...this.troubles, [kind]: e };
        if (e instanceof Problem && (e.type === 'not-yet' || e.type === 'overloaded')) {
          clearTimeout(this.again);
          this.again = setTimeout(() => this.isConnected && this.load(kind, work), 1000 * Number(e.retryAfter || 2));
        }
      }
    } finally {
      if (this.loads[kind] === control) {
        this.busy = { ...this.busy, [kind]: false };
        this.requestUpdate();
      }
    }
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    Object.values(this.loads ?? {}).forEach((control) => control.abort());
    clearTimeout(this.again);
  }

  trouble(kind) {
    const e = this.troubles?.[kind];
    return e ? trouble(e) : nothing;
  }
}

/** What went wrong, as a sentence with a way out. */
export function trouble(e) {
  const waits = e instanceof Problem && (e.type === 'not-yet' || e.type === 'overloaded');
  return html`<div class="notice ${waits ? 'wait' : 'bad'}" role="alert">
    <p>${e instanceof Problem ? e.sentence : 'The page failed; the browser’s console says where.'}</p>
    ${e instanceof Problem && (e.status === 401 || (e.status === 403 && settings.tokens))
      ? html`<p><a href="#/access">Access</a></p>`
      : nothing}
    ${e instanceof Problem && e.body.traceId ? html`<p class="muted">Trace id ${e.body.traceId}</p>` : nothing}
  </div>`;
}

export const loading = (what) => html`<p class="loading" role="status">${what} …</p>`;

export const empty = (title, text) =>
  html`<div class="empty">
    <p><strong>${title}</strong></p>
    <p>${text}</p>
  </div>`;

/** The route of the address bar: the parts of its path, and its parameters. */
export function route() {
  const [path, search = ''] = location.hash.replace(/^#\/?/, '').split('?');
  const parts = path
    .split('/')
    .filter(Boolean)
    .map((part) => {
      try {
        return decodeURIComponent(part);
      } catch {
        return part;
      }
    });
  return { parts, params: Object.fromEntries(new URLSearchParams(search)) };
}

export const link = (parts, params) => `#/${parts.map(encodeURIComponent).join('/')}${query(params)}`;

/** Puts parameters into the address bar without leaving the view. */
export function replace(params) {
  const { parts } = route();
  history.replaceState(null, '', link(parts, params));
}

export const go = (parts, params) => {
  location.hash = link(parts, params);
};

export { changes };
