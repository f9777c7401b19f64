// The list of issues: filters, search, sort and paging in the address bar; now, live, or as of a moment of the ledger's life.

import { html, nothing } from 'lit';
import { live } from 'lit/directives/live.js';
import { get, head } from './api.js';
import { exactTime, plural, severity, status, time, timeText, words } from './format.js';
import { PARAMS, View, empty, link, loading } from './page.js';
import { follower } from './stream.js';

const STATUSES = ['OPEN', 'IN_PROGRESS', 'TESTING', 'FIXED', 'CLOSED'];
const SEVERITIES = ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW'];
const SORTS = [
  ['-updatedAt', 'Latest change'],
  ['updatedAt', 'Oldest change'],
  ['-openedAt', 'Newest'],
  ['openedAt', 'Oldest'],
  ['-severity', 'Most severe'],
  ['severity', 'Least severe'],
];
const FILTERS = ['q', 'status', 'severity', 'label', 'assignee', 'file', 'openedAfter', 'openedBefore', 'sort', 'limit', 'asOf'];
const LIMIT = 50;

/** `2026-02-14T10:30` in the reader's zone, for an input. */
const localInput = (iso) => {
  if (!iso) {
    return '';
  }
  const moment = new Date(iso);
  return new Date(moment - moment.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
};

const iso = (local) => (local ? new Date(local).toISOString() : undefined);

/** Another filter begins with the first page. */
const withoutPage = (params) => ({ ...params, cursor: undefined, trail: undefined });

class LedgerView extends View {
  static properties = { params: PARAMS, page: { state: true }, fresh: { state: true } };

  constructor() {
    super();
    this.page = null;
    this.fresh = new Set();
    this.seen = 0;
    this.moments = new Map();
    this.onEvents = (e) => this.#live(e.detail);
  }

  connectedCallback() {
    super.connectedCallback();
    follower.addEventListener('events', this.onEvents);
    follower.start();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    follower.removeEventListener('events', this.onEvents);
    clearTimeout(this.typing);
  }

  willUpdate(changed) {
    if (changed.has('params')) {
      this.#list();
      this.#place();
    }
  }

  /** The list that the address names. */
  #list(quiet) {
    const { cursor } = this.params;
    const filters = withoutPage(this.params);
    return this.load('list', async (signal) => {
      const page = await get('issues', { params: { limit: LIMIT, ...filters, cursor }, signal });
      const before = new Map(this.page?.items.map((item) => [item.id, item.version]));
      this.fresh = new Set(quiet ? page.items.filter((item) => before.get(item.id) !== item.version).map((item) => item.id) : []);
      this.page = page;
      this.end ??= head;
    });
  }

  #live(items) {
    if (this.params.asOf || document.hidden) {
      return;
    }
    this.end = head || this.end;
    this.#list(true);
    this.lastEvents = items.length;
  }

  /** Finds the slider's place of the moment in the address. */
  #place() {
    const { asOf } = this.params;
    if (!asOf) {
      this.at = null;
    } else if (this.moments.get(this.at) !== asOf) {
      this.load('place', async (signal) => {
        const page = await get('events', { params: { since: new Date(Date.parse(asOf) + 1).toISOString(), limit: 1 }, signal });
        this.at = page.items.length ? page.items[0].position - 1 : head;
      });
    }
  }

  /** A step of the slider is an event of the log; its time is the moment. */
  #slide(position) {
    this.at = position;
    this.requestUpdate();
    if (position >= this.end) {
      this.end = head;
      return this.#go({ asOf: undefined });
    }
    return this.load('place', async (signal) => {
      let moment = this.moments.get(position);
      if (!moment) {
        const page = await get('events', { params: { after: position - 1, limit: 1 }, signal });
        moment = page.items[0]?.recordedAt;
        this.moments.set(position, moment);
      }
      if (!signal.aborted && this.at === position) {
        this.#go({ asOf: moment }, true);
      }
    });
  }

  #go(change, inPlace) {
    const rest = withoutPage(this.params);
    const target = link(['ledger'], { ...rest, ...change });
    if (inPlace) {
      history.replaceState(null, '', target);
      this.params = Object.fromEntries(Object.entries({ ...rest, ...change }).filter(([, each]) => each));
    } else {
      location.hash = target;
    }
  }

  #filter(e) {
    const field = e.target;
    const value = field.type === 'datetime-local' ? iso(field.value) : field.value.trim();
    clearTimeout(this.typing);
    this.typing = setTimeout(() => this.#go({ [field.name]: value || undefined }, e.type === 'input'), e.type === 'input' ? 250 : 0);
  }

  render() {
    const { params } = this;
    const filtered = FILTERS.some((name) => !['sort', 'limit', 'asOf'].includes(name) && params[name]);
    return html`<header class="bar">
        <h1>Ledger</h1>
        <p class="muted" role="status">
          ${params.asOf ? html`as of ${exactTime(params.asOf)}` : this.page ? html`now` : nothing}
          ${this.page ? html` · ${plural(this.page.items.length, 'issue')}${this.page.nextCursor || params.cursor ? ' on this page' : ''}` : nothing}
        </p>
        <a class="button" href="#/new">Open an issue</a>
      </header>
      ${this.#asOf()}
      <form class="filters" role="search" @submit=${(e) => e.preventDefault()}>
        <label class="grow"
          >Search
          <input type="search" name="q" .value=${live(params.q ?? '')} placeholder="Words of title, description, cause, solution, notes" @input=${this.#filter}
        /></label>
        ${this.#select('status', 'Status', STATUSES.map((each) => [each, words(each)]), 'Any')}
        ${this.#select('severity', 'Severity', SEVERITIES.map((each) => [each, words(each)]), 'Any')}
        ${this.#field('assignee', 'Assignee')} ${this.#field('label', 'Label')}
        ${this.#select('sort', 'Order', SORTS.slice(1), SORTS[0][1])}
        <details class="more" ?open=${params.file || params.openedAfter || params.openedBefore || params.limit}>
          <summary>More filters</summary>
          <div class="filters">
            ${this.#field('file', 'File')}
            ${['openedAfter', 'openedBefore'].map(
              (name) =>
                html`<label
                  >${name === 'openedAfter' ? 'Opened after' : 'Opened before'}
                  <input type="datetime-local" step="1" name=${name} .value=${live(localInput(params[name]))} @change=${this.#filter}
                /></label>`,
            )}
            ${this.#select('limit', 'A page has', ['20', '100', '200'].map((each) => [each, `${each} issues`]), '50 issues')}
          </div>
        </details>
        ${filtered ? html`<a class="quiet" href=${link(['ledger'], { sort: params.sort, asOf: params.asOf })}>Clear filters</a>` : nothing}
      </form>
      ${this.trouble('list')} ${this.page ? this.#table(filtered) : this.busy?.list ? loading('The issues are read') : nothing} ${this.#pages()}`;
  }

  #field(name, title) {
    return html`<label
      >${title} <input name=${name} .value=${live(this.params[name] ?? '')} @input=${this.#filter} autocomplete="off"
    /></label>`;
  }

  #select(name, title, options, otherwise) {
    const chosen = this.params[name] ?? '';
    return html`<label
      >${title}
      <select name=${name} @change=${this.#filter}>
        <option value="" ?selected=${!chosen}>${otherwise}</option>
        ${options.map(([value, text]) => html`<option value=${value} ?selected=${chosen === value}>${text}</option>`)}
      </select></label
    >`;
  }

  #asOf() {
    const end = Math.max(this.end ?? head ?? 1, 1);
    const at = this.params.asOf ? (this.at ?? end) : end;
    const text = this.params.asOf ? `event ${at} of ${end}, ${timeText(this.params.asOf)}` : `now, after ${plural(end, 'event')}`;
    return html`<div class="asof ${this.params.asOf ? 'past' : ''}">
      <label for="asof">As of</label>
      <input
        id="asof"
        type="range"
        min="1"
        max=${end}
        step="1"
        .value=${live(String(at))}
        aria-valuetext=${text}
        @input=${(e) => this.#slide(Number(e.target.value))}
      />
      <output for="asof">${text}</output>
      <label class="inline"
        ><span class="visually-hidden">Moment</span>
        <input type="datetime-local" step="1" .value=${live(localInput(this.params.asOf))} @change=${(e) => this.#go({ asOf: iso(e.target.value) })}
      /></label>
      ${this.params.asOf ? html`<button type="button" @click=${() => this.#go({ asOf: undefined })}>Back to now</button>` : nothing}
      ${this.troubles?.place
        ? html`<span class="muted">The slider needs a role that may read events; a moment can be typed beside it.</span>`
        : nothing}
    </div>`;
  }

  #table(filtered) {
    const { items } = this.page;
    if (!items.length) {
      return this.params.asOf
        ? empty('No issue', 'The ledger knew none like that at this moment. A moment is one of recording: what happened earlier may have been recorded later.')
        : filtered
          ? empty('No issue matches', 'Take a filter away, or search for the beginning of a word.')
          : empty('The ledger is empty', html`<a href="#/new">Open the first issue</a>, or start the product with <code>./run --demo</code> to look around.`);
    }
    const asOf = this.params.asOf;
    return html`<div class="tablewrap" aria-busy=${this.busy?.list ? 'true' : 'false'}>
      <table class="issues">
        <thead>
          <tr>
            <th scope="col">Severity</th>
            <th scope="col">Status</th>
            <th scope="col">Issue</th>
            <th scope="col">Assignee</th>
            <th scope="col">Phase</th>
            <th scope="col" class="num">Version</th>
            <th scope="col">Changed</th>
          </tr>
        </thead>
        <tbody>
          ${items.map(
            (item) => html`<tr class=${this.fresh.has(item.id) ? 'fresh' : ''}>
              <td>${severity(item.severity)}</td>
              <td>${status(item.status)}</td>
              <td class="title">
                <a href=${link(['issues', item.id], asOf ? { v: item.version } : {})}>${item.title}</a>
                <span class="id">${item.id}</span>
                ${item.labels.map((label) => html`<a class="label" href=${link(['ledger'], { ...this.params, cursor: undefined, trail: undefined, label })}>${label}</a>`)}
              </td>
              <td>${item.assignee ?? html`<span class="muted">nobody</span>`}</td>
              <td class="phase">${item.phase ? (item.phase.current ? `${item.phase.current} of ${item.phase.of}` : html`<span class="muted">of ${item.phase.of}</span>`) : html`<span class="muted">–</span>`}</td>
              <td class="num">${item.version}</td>
              <td class="when">${time(item.updatedAt)}</td>
            </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }

  /** Cursors lead forward; the trail of those passed leads back. */
  #pages() {
    const { cursor, trail, ...rest } = this.params;
    const passed = trail ? trail.split('~') : [];
    if (!this.page || (!cursor && !this.page.nextCursor)) {
      return nothing;
    }
    const back = passed.slice(0, -1);
    return html`<nav class="pages" aria-label="Pages">
      ${cursor
        ? html`<a class="button" href=${link(['ledger'], { ...rest, cursor: passed.at(-1) === '.' ? undefined : passed.at(-1), trail: back.join('~') })}>Previous</a>`
        : nothing}
      <span class="muted">Page ${passed.length + 1}</span>
      ${this.page.nextCursor
        ? html`<a class="button" href=${link(['ledger'], { ...rest, cursor: this.page.nextCursor, trail: [...passed, cursor ?? '.'].join('~') })}>Next</a>`
        : nothing}
    </nav>`;
  }
}

customElements.define('ledger-view', LedgerView);
