// For auditors and operators: head and checkpoint, verification, refusals, projections, and a search over events.

import { html, nothing } from 'lit';
import { live } from 'lit/directives/live.js';
import { Problem, ask, get, head, lines, post } from './api.js';
import { exactTime, number, plural, whole, words } from './format.js';
import { PARAMS, View, empty, link, loading, trouble } from './page.js';

const TYPES =
  'IssueOpened DescriptionRevised RootCauseRecorded ImpactAssessed SolutionProposed PhasesPlanned PhaseStarted PhaseCompleted TestingStrategyDefined WorkStarted TestingStarted TestRunRecorded WorkResumed IssueFixed IssueClosed IssueReopened NoteRecorded NoteCorrected MetricRecorded MetricWithdrawn RelatedFileLinked RelatedFileUnlinked ReferenceAdded ReferenceRemoved IssueAssigned LabelsChanged'.split(
    ' ',
  );

/** Events that are shown before anybody searches, newest first. */
const NEWEST = 50;

const eventWords = (type) => words(type.replace(/(?<=[a-z])(?=[A-Z])/g, '_'));

const local = (iso) => {
  if (!iso) {
    return '';
  }
  const moment = new Date(iso);
  return new Date(moment - moment.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
};

class AuditView extends View {
  static properties = { params: PARAMS };

  connectedCallback() {
    super.connectedCallback();
    this.load('head', async (signal) => {
      this.end = await get('audit/head', { signal });
    });
    this.#checkpoint();
    this.#projections();
    this.#refusals();
    this.every = setInterval(() => document.hidden || this.#projections(), 5_000);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearInterval(this.every);
  }

  willUpdate(changed) {
    if (changed.has('params')) {
      this.#events();
    }
  }

  #checkpoint() {
    return this.load('checkpoint', async (signal) => {
      this.checkpoints = await get('audit/checkpoints', { params: { limit: 5 }, signal });
    });
  }

  #projections() {
    return this.load('projections', async (signal) => {
      this.projections = (await get('projections', { signal })).items;
      this.rebuilds = {};
      for (const each of this.projections) {
        this.rebuilds[each.name] = await get(`projections/${encodeURIComponent(each.name)}/rebuild`, { signal }).catch((e) => {
          if (e.name === 'AbortError') {
            throw e;
          }
          return null;
        });
      }
    });
  }

  #refusals(after) {
    return this.load('refusals', async (signal) => {
      const page = await get('audit/refusals', { params: { limit: 100, after }, signal });
      this.refused = { items: [...(after ? this.refused.items : []), ...page.items], nextCursor: page.nextCursor };
    });
  }

  #events() {
    const { actor, type, issueId, since, until, after } = this.params;
    const searched = actor || type || issueId || since || until || after;
    return this.load('events', async (signal) => {
      if (!searched && !head) {
        await get('issues', { params: { limit: 1 }, signal });
      }
      const from = searched ? after : Math.max(0, head - NEWEST);
      this.events = await get('events', { params: { actor, type, issueId, since, until, after: from, limit: 100 }, signal });
      if (!searched) {
        this.events = { items: this.events.items.reverse(), nextCursor: null };
      }
    });
  }

  #search(e) {
    e.preventDefault();
    const fields = e.target.closest('form').elements;
    const moment = (name) => (fields[name].value ? new Date(fields[name].value).toISOString() : undefined);
    location.hash = link(['audit'], {
      actor: fields.actor.value.trim(),
      type: fields.type.value,
      issueId: fields.issueId.value.trim(),
      since: moment('since'),
      until: moment('until'),
    });
  }

  #verify() {
    this.verdict = null;
    this.progress = { checked: 0, of: 0 };
    return this.load('verify', async (signal) => {
      const began = performance.now();
      for await (const line of lines(await ask('audit/verify', { accept: 'application/x-ndjson', signal, cache: 'no-store' }))) {
        if ('ok' in line) {
          this.verdict = { ...line, seconds: (performance.now() - began) / 1000 };
        } else if ('status' in line) {
          throw new Problem(line.status, line);
        } else {
          this.progress = line;
        }
        this.requestUpdate();
      }
    });
  }

  async #rebuild(name) {
    if (!confirm(`Fill the projection “${name}” anew from the log? The present one answers until then.`)) {
      return;
    }
    await this.load('rebuild', async () => {
      await post(`projections/${encodeURIComponent(name)}/rebuild`);
    });
    this.#projections();
  }

  async #retry(name) {
    await this.load('rebuild', async () => {
      await post(`projections/${encodeURIComponent(name)}/parked/retry`);
    });
    this.#projections();
  }

  render() {
    return html`<header class="bar"><h1>Audit</h1></header>
      <div class="cards">${this.#head()} ${this.#verification()}</div>
      ${this.#views()} ${this.#eventSearch()} ${this.#refusalsTable()}`;
  }

  #head() {
    const last = this.end;
    const e = this.troubles?.checkpoint;
    const newest = this.checkpoints?.items[0];
    return html`<section class="card">
      <h2>Head of the log</h2>
      ${this.trouble('head')}
      ${last
        ? html`<dl class="facts">
            <dt>Position</dt>
            <dd>${whole(last.position)}</dd>
            <dt>Commits</dt>
            <dd>${whole(last.commits)}</dd>
            <dt>Recorded</dt>
            <dd>${last.recordedAt ? exactTime(last.recordedAt) : '–'}</dd>
            <dt>Hash</dt>
            <dd><code class="break">${last.hash}</code></dd>
          </dl>`
        : this.busy?.head
          ? loading('The head is read')
          : nothing}
      <h3>Checkpoint</h3>
      ${newest
        ? html`<p>${plural(newest.size, 'event')} signed ${exactTime(newest.at)}. <a href="#/witness">This browser holds the ledger to it</a></p>
            <details><summary>The signed note</summary><pre tabindex="0">${newest.note}</pre></details>`
        : e instanceof Problem && e.status !== 404
          ? trouble(e)
          : html`<p class="muted">${this.busy?.checkpoint ? 'The checkpoint is looked for …' : 'This ledger has signed no checkpoint.'}</p>`}
    </section>`;
  }

  #verification() {
    const { verdict, progress } = this;
    const busy = this.busy?.verify;
    return html`<section class="card">
      <h2>Verify</h2>
      <p class="muted">Every event is hashed again along the chain, and every view is compared with a replay of the log.</p>
      <div class="buttons">
        <button type="button" class="primary" @click=${() => this.#verify()} ?disabled=${busy}>Verify the whole log</button>
        ${busy ? html`<button type="button" @click=${() => this.load('verify', async () => {})}>Stop</button>` : nothing}
      </div>
      ${busy
        ? html`<progress aria-label="Verified" max=${progress.of || 1} value=${progress.checked}></progress>
            <p class="muted" role="status">${progress.of ? `${whole(progress.checked)} of ${whole(progress.of)} checks` : 'It begins …'}</p>`
        : nothing}
      ${this.trouble('verify')}
      ${verdict
        ? verdict.ok
          ? html`<div class="notice good" role="status">
              <p>
                <strong>✓ The log is intact.</strong> ${plural(verdict.events, 'event')} in ${plural(verdict.commits, 'commit')} and ${plural(verdict.views, 'view')} were checked in
                ${number(Math.round(verdict.seconds * 10) / 10)} s${verdict.erased ? `; ${plural(verdict.erased, 'event')} with an erased text cannot be proven` : ''}.
              </p>
            </div>`
          : html`<div class="notice bad" role="alert">
              <p><strong>✗ ${verdict.difference.what} at position ${whole(verdict.difference.position)}</strong>${verdict.difference.issueId ? html`, of <a href=${link(['issues', verdict.difference.issueId])}>${verdict.difference.issueId}</a>` : nothing}.</p>
              <p>${verdict.difference.detail}</p>
            </div>`
        : nothing}
    </section>`;
  }

  #views() {
    return html`<section>
      <h2>Projections</h2>
      ${this.troubles?.projections ? this.trouble('projections') : nothing} ${this.trouble('rebuild')}
      ${this.projections
        ? html`<div class="tablewrap">
            <table>
              <thead>
                <tr>
                  <th scope="col">Name</th>
                  <th scope="col" class="num">Position</th>
                  <th scope="col" class="num">Head</th>
                  <th scope="col" class="num">Lag</th>
                  <th scope="col" class="num">Parked</th>
                  <th scope="col">Rebuild</th>
                  <th scope="col"><span class="visually-hidden">Actions</span></th>
                </tr>
              </thead>
              <tbody>
                ${this.projections.map((each) => {
                  const rebuild = this.rebuilds?.[each.name];
                  return html`<tr>
                    <th scope="row">${each.name}</th>
                    <td class="num">${whole(each.position)}</td>
                    <td class="num">${whole(each.head)}</td>
                    <td class="num">${each.lag ? html`<b>${whole(each.lag)}</b>` : 0}</td>
                    <td class="num">${each.parked ? html`<b class="bad">${whole(each.parked)}</b>` : 0}</td>
                    <td>
                      ${rebuild?.state === 'RUNNING'
                        ? html`<progress aria-label="Rebuild of ${each.name}" max=${rebuild.target || 1} value=${rebuild.position}></progress> ${whole(rebuild.position)} of ${whole(rebuild.target)}`
                        : rebuild && rebuild.state !== 'IDLE'
                          ? html`${words(rebuild.state)} ${rebuild.finishedAt ? exactTime(rebuild.finishedAt) : nothing} ${rebuild.error ?? nothing}`
                          : html`<span class="muted">–</span>`}
                    </td>
                    <td>
                      <button type="button" class="quiet" @click=${() => this.#rebuild(each.name)} ?disabled=${rebuild?.state === 'RUNNING'} aria-label="Rebuild ${each.name}">Rebuild</button>
                      ${each.parked ? html`<button type="button" class="quiet" @click=${() => this.#retry(each.name)}>Retry parked</button>` : nothing}
                    </td>
                  </tr>`;
                })}
              </tbody>
            </table>
          </div>`
        : this.busy?.projections
          ? loading('The projections are read')
          : nothing}
    </section>`;
  }

  #eventSearch() {
    const { params, events } = this;
    return html`<section>
      <h2>Events <span class="muted">${Object.keys(params).length ? 'oldest first' : `the newest ${NEWEST}, newest first`}</span></h2>
      <form class="filters" role="search" aria-label="Events" @submit=${(e) => this.#search(e)}>
        <label>Actor <input name="actor" .value=${live(params.actor ?? '')} autocomplete="off" /></label>
        <label>Issue <input name="issueId" .value=${live(params.issueId ?? '')} autocomplete="off" /></label>
        <label
          >Type
          <select name="type">
            <option value="">Any</option>
            ${TYPES.map((each) => html`<option value=${each} ?selected=${params.type === each}>${eventWords(each)}</option>`)}
          </select></label
        >
        <label>Recorded from <input type="datetime-local" step="1" name="since" .value=${live(local(params.since))} /></label>
        <label>before <input type="datetime-local" step="1" name="until" .value=${live(local(params.until))} /></label>
        <button type="submit" class="primary">Search</button>
      </form>
      ${this.trouble('events')}
      ${events
        ? events.items.length
          ? html`<div class="tablewrap">
                <table>
                  <thead>
                    <tr>
                      <th scope="col" class="num">Position</th>
                      <th scope="col">Event</th>
                      <th scope="col">Issue</th>
                      <th scope="col">Actor</th>
                      <th scope="col">Recorded</th>
                      <th scope="col">Reason</th>
                    </tr>
                  </thead>
                  <tbody>
                    ${events.items.map(
                      (each) => html`<tr>
                        <td class="num">${whole(each.position)}</td>
                        <td>
                          <details>
                            <summary>${eventWords(each.type)}</summary>
                            <pre tabindex="0">${JSON.stringify(each.payload, null, 2)}</pre>
                            <p class="muted">Commit ${each.commit} · trace ${each.metadata?.traceId ?? '–'} · hash <code class="break">${each.hash}</code></p>
                          </details>
                        </td>
                        <td><a href=${link(['issues', each.issueId], { v: each.version })}>${each.issueId}</a> v${each.version}</td>
                        <td>${each.actor}</td>
                        <td>${exactTime(each.recordedAt)}</td>
                        <td class="wide">${each.reason ?? nothing}</td>
                      </tr>`,
                    )}
                  </tbody>
                </table>
              </div>
              ${events.nextCursor || params.after
                ? html`<nav class="pages" aria-label="Pages of events">
                    ${params.after ? html`<a class="button" href=${link(['audit'], { ...params, after: undefined })}>First page</a>` : nothing}
                    ${events.nextCursor ? html`<a class="button" href=${link(['audit'], { ...params, after: events.nextCursor })}>Next</a>` : nothing}
                  </nav>`
                : nothing}`
          : empty('No event matches', 'An actor is compared exactly as it was recorded.')
        : this.busy?.events
          ? loading('The events are read')
          : nothing}
    </section>`;
  }

  #refusalsTable() {
    const { refused } = this;
    return html`<section>
      <h2>Refusals</h2>
      ${this.trouble('refusals')}
      ${refused
        ? refused.items.length
          ? html`<div class="tablewrap">
                <table>
                  <thead>
                    <tr>
                      <th scope="col">When</th>
                      <th scope="col">Command</th>
                      <th scope="col">Issue</th>
                      <th scope="col">Actor</th>
                      <th scope="col" class="num">Status</th>
                      <th scope="col">Why</th>
                    </tr>
                  </thead>
                  <tbody>
                    ${refused.items.map(
                      (each) => html`<tr>
                        <td>${exactTime(each.at)}</td>
                        <td>${each.command}</td>
                        <td>${each.issueId ? html`<a href=${link(['issues', each.issueId])}>${each.issueId}</a>` : nothing}</td>
                        <td>${each.actor}</td>
                        <td class="num">${each.status}</td>
                        <td class="wide">${each.detail} ${each.reason ? html`<code>${each.reason}</code>` : nothing}</td>
                      </tr>`,
                    )}
                  </tbody>
                </table>
              </div>
              ${refused.nextCursor ? html`<button type="button" @click=${() => this.#refusals(refused.nextCursor)}>More</button>` : nothing}`
          : empty('Nothing was refused', 'Commands that a rule, a version or a role refuses are listed here.')
        : this.busy?.refusals
          ? loading('The refusals are read')
          : nothing}
    </section>`;
  }
}

customElements.define('audit-view', AuditView);
