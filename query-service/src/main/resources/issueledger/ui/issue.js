// An issue: as it is, as it was at any version, and two versions side by side.

import { html, nothing } from 'lit';
import { live } from 'lit/directives/live.js';
import { all, download, get, issuePath } from './api.js';
import { duration, exactTime, plural, severity, status, time, timeText, whole, words } from './format.js';
import { PARAMS, View, empty, link, loading } from './page.js';
import { changedSections, heading, sections } from './sections.js';
import { follower } from './stream.js';
import './actions.js';
import './proof.js';

const AROUND = 6;
const MOST_KEPT = 250;
const KINDS = ['STATUS', 'PHASE', 'NOTE', 'METRIC', 'TEST_RUN', 'REVISION'];

class IssueView extends View {
  static properties = {
    issueId: { attribute: false },
    params: PARAMS,
    shown: { state: true },
    byTime: { state: true },
    kind: { state: true },
    acting: { state: true },
  };

  constructor() {
    super();
    this.kept = new Map();
    this.steps = [];
    this.reasons = new Map();
    this.readable = new Map();
    this.kind = '';
    this.onEvents = (e) => this.#live(e.detail);
    this.onKey = (e) => this.#key(e);
  }

  connectedCallback() {
    super.connectedCallback();
    follower.addEventListener('events', this.onEvents);
    document.addEventListener('keydown', this.onKey);
    follower.start();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    follower.removeEventListener('events', this.onEvents);
    document.removeEventListener('keydown', this.onKey);
  }

  willUpdate(changed) {
    if (changed.has('issueId')) {
      this.kept.clear();
      this.readable.clear();
      this.newest = null;
      this.shown = null;
      this.steps = [];
      this.records = null;
      this.#read();
    } else if (changed.has('params')) {
      this.#show();
    }
  }

  /** The newest state, the timeline, the reasons and the metric records. */
  #read(wait) {
    const path = issuePath(this.issueId);
    return this.load('issue', async (signal) => {
      const newest = await get(path, { signal, wait });
      this.newest = newest;
      this.#keep(newest);
      document.title = `${newest.title} · Issue Ledger`;
      this.#show();
      await this.#readTimeline(signal, wait);
      const metrics = await get(`${path}/metrics`, { signal });
      this.records = metrics.items;
      this.requestUpdate();
    });
  }

  async #readTimeline(signal, wait) {
    const path = issuePath(this.issueId);
    const after = this.steps.at(-1)?.version ?? 0;
    const steps = await all(`${path}/timeline`, { params: after ? { after, limit: 10000 } : { limit: 10000 }, signal, wait });
    this.steps = [...this.steps, ...steps.filter((step) => step.version > after)];
    this.requestUpdate();
    try {
      for (const event of await all(`${path}/events`, { params: after ? { after, limit: 10000 } : { limit: 10000 }, signal })) {
        this.reasons.set(event.version, event);
      }
      this.mayReadEvents = true;
    } catch (e) {
      if (e.name === 'AbortError') {
        throw e;
      }
      this.mayReadEvents = false;
    }
    this.requestUpdate();
  }

  /** After a command of this page: reads its own write. */
  follow(position) {
    history.replaceState(null, '', link(['issues', this.issueId]));
    this.params = {};
    return this.#read(position);
  }

  #live(items) {
    if (!items.length || items.some((item) => item.issueId === this.issueId && item.version > (this.newest?.version ?? 0))) {
      const highest = Math.max(0, ...items.filter((item) => item.issueId === this.issueId).map((item) => item.position));
      this.#read(highest || undefined);
    }
  }

  // ---- versions

  get head() {
    return this.newest?.version ?? 1;
  }

  get version() {
    const asked = Number(this.params.v);
    return Number.isInteger(asked) && asked >= 1 ? Math.min(asked, this.head) : this.head;
  }

  get other() {
    const asked = Number(this.params.with);
    return Number.isInteger(asked) && asked >= 1 ? Math.min(asked, this.head) : null;
  }

  #keep(issue) {
    this.kept.delete(issue.version);
    this.kept.set(issue.version, issue);
    if (this.kept.size > MOST_KEPT) {
      this.kept.delete(this.kept.keys().next().value);
    }
  }

  async #at(version, signal) {
    const kept = this.kept.get(version);
    if (kept) {
      return kept;
    }
    const issue = await get(issuePath(this.issueId), { params: { version }, signal, cache: 'default' });
    this.#keep(issue);
    return issue;
  }

  /** Shows the version of the address: at once if it is kept, else once it has come. */
  #show() {
    if (!this.newest) {
      return;
    }
    const version = this.version;
    const base = this.other ?? (this.params.v ? version - 1 : 0);
    const shown = this.kept.get(version);
    const was = base >= 1 ? this.kept.get(base) : null;
    if (shown && (base < 1 || was)) {
      this.shown = { issue: shown, was };
      this.#prefetch(version);
      return;
    }
    this.load('version', async (signal) => {
      const [issue, before] = await Promise.all([this.#at(version, signal), base >= 1 ? this.#at(base, signal) : null]);
      this.shown = { issue, was: before };
      this.#prefetch(version);
    });
  }

  /** The versions around the hand, so that the next steps need no answer. */
  #prefetch(version) {
    if (!this.params.v && version === this.head && this.head < 2) {
      return;
    }
    this.direction = version - (this.lastVersion ?? version);
    this.lastVersion = version;
    const ahead = Math.sign(this.direction) || -1;
    const wanted = [];
    for (let step = 1; step <= AROUND; step++) {
      wanted.push(version + ahead * step, ...(step <= AROUND / 2 ? [version - ahead * step] : []));
    }
    this.load('prefetch', async (signal) => {
      for (const each of wanted) {
        if (each >= 1 && each <= this.head && !this.kept.has(each)) {
          await this.#at(each, signal).catch(() => null);
        }
      }
    });
    this.#changesOf(version);
  }

  /** The readable changes of a step; a role that may not ask for them still sees the marks. */
  #changesOf(version) {
    const from = this.other ?? version - 1;
    const key = `${from}-${version}`;
    if (from < 1 || this.readable.has(key) || this.mayReadEvents === false) {
      return;
    }
    this.load('changes', async (signal) => {
      try {
        const diff = await get(issuePath(this.issueId, '/diff'), { params: { from, to: version }, signal });
        this.readable.set(key, diff.changes);
        this.requestUpdate();
      } catch (e) {
        if (e.name === 'AbortError') {
          throw e;
        }
      }
    });
  }

  #go(version, more = {}) {
    const params = { ...this.params, v: String(Math.max(1, Math.min(this.head, version))), ...more };
    history.replaceState(null, '', link(['issues', this.issueId], params));
    this.params = params;
  }

  #key(e) {
    const busy = e.altKey || e.ctrlKey || e.metaKey || e.shiftKey || e.target.closest?.('input, textarea, select, dialog, [contenteditable], .scroll, pre');
    if (!busy && (e.key === 'ArrowLeft' || e.key === 'ArrowRight') && this.newest) {
      e.preventDefault();
      this.#go(this.version + (e.key === 'ArrowLeft' ? -1 : 1));
    }
  }

  // ---- what is seen

  render() {
    if (!this.newest) {
      const e = this.troubles?.issue;
      return html`${e?.type === 'unknown-issue'
        ? empty('There is no such issue', html`No issue has the id <code>${this.issueId}</code>. <a href="#/ledger">Back to the ledger</a>`)
        : this.trouble('issue')}
      ${this.busy?.issue ? loading('The issue is read') : nothing}`;
    }
    const issue = this.shown?.issue ?? this.newest;
    const compared = Boolean(this.params.v || this.params.with);
    const was = compared ? (this.shown?.was ?? null) : undefined;
    const head = heading(issue, was === null ? undefined : was);
    const past = this.version < this.head;
    return html`<article class="issue ${past ? 'past' : ''}">
      <header class="issuehead">
        <p class="crumbs"><a href="#/ledger">Ledger</a> / <code>${issue.id}</code></p>
        <h1>${head.title}</h1>
        <p class="meta">
          ${status(issue.status)} ${severity(issue.impact?.severity)} <span>Assignee ${head.assignee}</span> ${head.labels}
          <span class="muted">opened ${time(issue.openedAt)} by ${issue.openedBy}</span>
        </p>
        ${this.#statusPath()}
      </header>
      ${Number(this.params.v) > this.head
        ? html`<p class="muted" role="status">The issue has no version ${this.params.v}; this is version ${this.head}, its latest.</p>`
        : nothing}
      ${this.#scrubber()} ${this.trouble('version')} ${this.trouble('issue')}
      ${this.#why(issue)}
      <div class="columns ${this.other ? 'compare' : ''}">
        <div class="main">${this.other ? this.#sideBySide() : sections(issue, was, this.#options(issue))}</div>
        ${this.other
          ? nothing
          : html`<aside class="side" aria-label="About this issue">
              <issue-actions
                .issueId=${this.issueId}
                .issue=${this.newest}
                .past=${past}
                @accepted=${(e) => this.follow(e.detail.position)}
              ></issue-actions>
              ${this.#downloads()}
              <issue-proof .issueId=${this.issueId} .version=${this.version} .event=${this.reasons.get(this.version)}></issue-proof>
            </aside>`}
      </div>
      ${this.#timeline()}
    </article>`;
  }

  #options(issue) {
    const recorded = this.steps[issue.version - 1]?.recordedAt;
    return {
      at: issue.version === this.newest.version ? undefined : Date.parse(issue.updatedAt),
      records: this.records?.map((series) => ({
        ...series,
        verdict: issue.version === this.newest.version ? series.verdict : null,
        records: recorded ? series.records.filter((record) => record.recordedAt <= recorded) : series.records,
      })),
    };
  }

  #statusPath() {
    const steps = this.steps.filter((step) => step.kind === 'STATUS');
    if (!steps.length) {
      return nothing;
    }
    const statuses = statusesOf(steps);
    return html`<ol class="path" aria-label="Status path">
      ${steps.map((step, at) => {
        const next = steps[at + 1];
        const seconds = ((next ? Date.parse(next.at) : Date.now()) - Date.parse(step.at)) / 1000;
        const each = statuses[at];
        return html`<li class="${each.toLowerCase()} ${step.version > this.version ? 'later' : ''}">
          <a href=${link(['issues', this.issueId], { v: step.version })} title=${step.title}>
            <b>${each === 'OPEN' && at > 0 ? 'Reopened' : words(each)}</b>
            <span>${time(step.at)}</span>
            <span class="stay">${each === 'CLOSED' && !next ? nothing : duration(Math.max(0, seconds))}</span>
            ${at > 0 && ['OPEN', 'IN_PROGRESS'].includes(each) && this.reasons.get(step.version)?.reason ? html`<q>${this.reasons.get(step.version).reason}</q>` : nothing}
          </a>
        </li>`;
      })}
    </ol>`;
  }

  #scrubber() {
    const version = this.version;
    const step = this.steps[version - 1];
    const text = step ? `Version ${version} of ${this.head}: ${step.title}, ${timeText(step.at)}` : `Version ${version} of ${this.head}`;
    const times = this.steps.map((each) => Date.parse(each.recordedAt));
    const byTime = this.byTime && times.length > 1;
    return html`<section class="scrubber" aria-label="Versions">
      <div class="controls">
        <button type="button" @click=${() => this.#go(version - 1)} ?disabled=${version <= 1} aria-label="One version back">←</button>
        <div class="track">
          <div class="ticks" aria-hidden="true">
            ${this.head <= 400
              ? this.steps.map((each) => html`<i class="${each.kind.toLowerCase()} ${each.version === version ? 'here' : ''}"></i>`)
              : nothing}
          </div>
          ${byTime
            ? html`<input
                type="range"
                aria-label="Moment"
                min=${times[0]}
                max=${times.at(-1)}
                step="1"
                .value=${live(String(times[version - 1]))}
                aria-valuetext=${text}
                @input=${(e) => this.#go(Math.max(1, times.filter((each) => each <= Number(e.target.value)).length))}
              />`
            : html`<input
                type="range"
                aria-label="Version"
                min="1"
                max=${this.head}
                step="1"
                .value=${live(String(version))}
                aria-valuetext=${text}
                @input=${(e) => this.#go(Number(e.target.value))}
              />`}
        </div>
        <button type="button" @click=${() => this.#go(version + 1)} ?disabled=${version >= this.head} aria-label="One version on">→</button>
        <output>Version <b>${whole(version)}</b> of ${whole(this.head)}</output>
        <label class="inline"
          ><input type="checkbox" .checked=${live(Boolean(this.byTime))} @change=${(e) => (this.byTime = e.target.checked)} /> by time</label
        >
        <label class="inline"
          >compare with
          <select @change=${(e) => this.#go(version, { with: e.target.value || undefined })}>
            <option value="" ?selected=${!this.other}>the one before</option>
            ${this.steps
              .filter((each) => each.version !== version)
              .map((each) => html`<option value=${each.version} ?selected=${this.other === each.version}>${each.version}: ${each.title.slice(0, 60)}</option>`)}
          </select></label
        >
        <label class="inline"
          >as known at
          <input type="datetime-local" step="1" @change=${(e) => this.#asOf(e.target.value)}
        /></label>
        ${this.params.v || this.params.with ? html`<a class="quiet" href=${link(['issues', this.issueId])}>Latest</a>` : nothing}
      </div>
    </section>`;
  }

  /** The last version that was recorded by the end of a second; before the first there is none. */
  #asOf(local) {
    if (local) {
      const end = new Date(local).valueOf() + 999;
      this.#go(Math.max(1, this.steps.filter((step) => Date.parse(step.recordedAt) <= end).length));
    }
  }

  /** Who, when and why, beside the version. */
  #why(issue) {
    const step = this.steps[this.version - 1];
    const event = this.reasons.get(this.version);
    if (!step) {
      return nothing;
    }
    const from = this.other ?? this.version - 1;
    const was = this.other ? null : this.shown?.was;
    const changes = this.params.v || this.params.with ? this.readable.get(`${from}-${this.version}`) : null;
    return html`<section class="why" aria-live="polite" aria-label="The step to this version">
      <p class="what"><span class="kind ${step.kind.toLowerCase()}">${words(step.kind)}</span> <strong>${step.title}</strong></p>
      <p>
        by <b>${step.by}</b>, ${exactTime(step.at)}${step.recordedAt.slice(0, 16) !== step.at.slice(0, 16) ? html`, recorded ${exactTime(step.recordedAt)}` : nothing}
      </p>
      ${event?.reason
        ? html`<p class="reason">Why: ${event.reason}</p>`
        : this.mayReadEvents === false
          ? html`<p class="muted">Reasons need a role that may read events.</p>`
          : nothing}
      ${event?.erased ? html`<p class="muted">A text was erased ${exactTime(event.erased.at)} by ${event.erased.by}: ${event.erased.reason}</p>` : nothing}
      ${was && this.params.v ? this.#jumps(issue, was) : nothing}
      ${changes?.length
        ? html`<details ?open=${changes.length <= 6}>
            <summary>${plural(changes.length, 'change')} since version ${from}</summary>
            <ul class="changelist">
              ${changes.map((each) => html`<li>${each}</li>`)}
            </ul>
          </details>`
        : nothing}
    </section>`;
  }

  /** From the timeline back to who, when and why. */
  #toTheStep() {
    requestAnimationFrame(() => this.querySelector('.why')?.scrollIntoView({ block: 'center' }));
  }

  /** Leads to the sections in which the step changed something. */
  #jumps(issue, was) {
    const changed = changedSections(issue, was);
    return changed.length
      ? html`<p class="jumps">
          Changed:
          ${changed.map(({ id, title }) => html`<button type="button" class="quiet" @click=${() => this.querySelector(`#${id}`)?.scrollIntoView({ block: 'center' })}>${title}</button>`)}
        </p>`
      : nothing;
  }

  #sideBySide() {
    const { issue, was } = this.shown ?? {};
    if (!issue || !was) {
      return loading('Both versions are read');
    }
    const [left, right] = was.version < issue.version ? [was, issue] : [issue, was];
    const column = (each, than, prefix) =>
      html`<section aria-label=${`Version ${each.version}`}>
        <h2>Version ${each.version} <span class="muted">${exactTime(this.steps[each.version - 1]?.recordedAt)}</span></h2>
        <p class="meta">${status(each.status)} ${severity(each.impact?.severity)}</p>
        ${sections(each, than, { ...this.#options(each), prefix })}
      </section>`;
    return html`<div class="twocolumns">${column(left, undefined, 'a-')} ${column(right, left, 'b-')}</div>`;
  }

  #downloads() {
    const id = this.issueId;
    const version = this.params.v ? { version: this.version } : {};
    const name = `${id}${this.params.v ? `-v${this.version}` : ''}`;
    const file = (title, work) =>
      html`<li><button type="button" class="quiet" @click=${() => this.load('download', work)}>${title}</button></li>`;
    return html`<section class="card">
      <h2>Download</h2>
      <ul class="plain">
        ${file(`Markdown, version ${this.version}`, () => download(issuePath(id), { params: version, accept: 'text/markdown', name: `${name}.md` }))}
        ${file(`JSON, version ${this.version}`, () => download(issuePath(id), { params: version, name: `${name}.json` }))}
        ${file('History as NDJSON', () => download(issuePath(id, '/events'), { accept: 'application/x-ndjson', name: `${id}.ndjson` }))}
        ${file('Proof bundle', () => download(issuePath(id, '/proof'), { name: `${id}-proof.json` }))}
      </ul>
      ${this.troubles?.download?.status === 404
        ? html`<p class="muted" role="alert">There is no proof: this ledger signs no checkpoints.</p>`
        : this.trouble('download')}
    </section>`;
  }

  #timeline() {
    const steps = this.kind ? this.steps.filter((step) => step.kind === this.kind) : this.steps;
    return html`<section class="timeline" aria-labelledby="timeline-title">
      <header class="bar">
        <h2 id="timeline-title">Timeline</h2>
        <label class="inline"
          >Kind
          <select @change=${(e) => (this.kind = e.target.value)}>
            <option value="">All</option>
            ${KINDS.map((each) => html`<option value=${each}>${words(each)}</option>`)}
          </select></label
        >
      </header>
      <ol>
        ${steps.map((step) => {
          const event = this.reasons.get(step.version);
          const here = step.version === this.version;
          return html`<li class="${here ? 'here' : ''} ${step.version > this.version ? 'later' : ''}">
            <a href=${link(['issues', this.issueId], { v: step.version })} aria-current=${here ? 'step' : 'false'} @click=${() => this.#toTheStep()}>
              <span class="v">${step.version}</span>
              <span class="kind ${step.kind.toLowerCase()}">${words(step.kind)}</span>
              <span class="what">${step.title}</span>
            </a>
            <span class="by">${step.by} · ${time(step.at)}</span>
            ${event?.reason ? html`<span class="reason">${event.reason}</span>` : nothing}
          </li>`;
        })}
      </ol>
    </section>`;
  }
}

/** The status after each step of kind STATUS: what an empty payload means follows from the status before (docs/commands.md). */
function statusesOf(steps) {
  let now = null;
  return steps.map(({ detail }) => {
    if (now === null || detail.description) {
      now = 'OPEN';
    } else if ('startedOn' in detail) {
      now = 'IN_PROGRESS';
    } else if ('release' in detail) {
      now = 'FIXED';
    } else if ('resolution' in detail) {
      now = 'CLOSED';
    } else {
      now = { IN_PROGRESS: 'TESTING', TESTING: 'IN_PROGRESS', FIXED: 'OPEN', CLOSED: 'OPEN' }[now] ?? now;
    }
    return now;
  });
}

customElements.define('issue-view', IssueView);
