// The figures of all issues: each chart with its definition, its filters, its CSV and a table.

import { html, nothing } from 'lit';
import { live } from 'lit/directives/live.js';
import { Problem, download, get, query } from './api.js';
import { date, duration, number, percent, plural, quantity, rounded, severity, status, time, whole, words } from './format.js';
import { PARAMS, View, empty, link, loading } from './page.js';
import './charts.js';

const STATUSES = ['OPEN', 'IN_PROGRESS', 'TESTING', 'FIXED', 'CLOSED'];
const SHARED = ['from', 'to', 'severity', 'label', 'assignee', 'file', 'endpoint', 'bucket'];
const DAY = 86400;

const statusColour = (each) => `status-${each.toLowerCase().replace('_', '-')}`;
const seconds = (iso) => Date.parse(iso) / 1000;
const days = (each) => (each === null || each === undefined ? '–' : `${rounded(each / DAY)} d`);
const issue = (id, title) => html`<a href=${link(['issues', id])}>${title ?? id}</a>`;

const table = (label, heads, rows) =>
  html`<div class="tablewrap" tabindex="0" role="region" aria-label=${label}>
    <table>
      <thead>
        <tr>
          ${heads.map((each) => (each.startsWith('#') ? html`<th scope="col" class="num">${each.slice(1)}</th>` : html`<th scope="col">${each}</th>`))}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${row.map((cell, at) => html`<td class=${heads[at].startsWith('#') ? 'num' : ''}>${cell}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;

/** Horizontal bars; their figures stand beside them. */
const bars = (label, rows) => {
  const most = Math.max(...rows.map((row) => Math.abs(row.value)), 0);
  return html`<div class="hbars" role="group" aria-label=${label}>
    ${rows.map(
      (row) =>
        html`<span class="name">${row.name}</span>
          <span class="track"
            ><i class=${row.kind ?? ''} .style=${`inline-size:max(2px,${most ? Math.round((Math.abs(row.value) / most) * 10000) / 100 : 0}%)`}></i
          ></span>
          <span class="figure">${row.figure}</span>`,
    )}
  </div>`;
};

const distribution = (title, each) =>
  html`<dl class="figures">
    <dt>${title}</dt>
    <dd>${plural(each.count ?? 0, 'issue')}</dd>
    ${['mean', 'p50', 'p85', 'p95', 'max'].map((part) => html`<dt>${part}</dt><dd>${duration(each[part])}</dd>`)}
  </dl>`;

/** Each chart: its path, the sentence that defines it, and how an answer is shown, as a chart and as a table. */
const CHARTS = [
  {
    name: 'flow',
    title: 'Cumulative flow',
    definition: 'How many issues stand in each status at the end of each bucket. A band that widens is work that piles up.',
    show: ({ items }) =>
      html`<time-chart
        .chart=${{
          kind: 'stacked',
          label: `Cumulative flow over ${plural(items.length, 'bucket')}; the table below has its figures`,
          unit: 'issues',
          times: items.map((item) => seconds(item.bucket)),
          series: [...STATUSES].reverse().map((each) => ({ name: words(each), colour: statusColour(each), values: items.map((item) => item.byStatus[each]) })),
        }}
      ></time-chart>`,
    table: ({ items }) => [['Bucket', ...STATUSES.map((each) => `#${words(each)}`)], items.map((item) => [date(item.bucket), ...STATUSES.map((each) => item.byStatus[each])])],
  },
  {
    name: 'throughput',
    title: 'Throughput',
    definition: 'How many issues were opened, fixed, closed and reopened in each bucket; one that is closed twice counts twice.',
    show: ({ items }) =>
      html`<time-chart
        .chart=${{
          kind: 'bars',
          label: `Throughput over ${plural(items.length, 'bucket')}; the table below has its figures`,
          unit: 'issues',
          times: items.map((item) => seconds(item.bucket)),
          series: [
            ['opened', 'status-open'],
            ['fixed', 'status-fixed'],
            ['closed', 'status-closed'],
            ['reopened', 'bad'],
          ].map(([each, colour]) => ({ name: words(each), colour, values: items.map((item) => item[each]) })),
        }}
      ></time-chart>`,
    table: ({ items }) => [['Bucket', '#Opened', '#Fixed', '#Closed', '#Reopened'], items.map((item) => [date(item.bucket), item.opened, item.fixed, item.closed, item.reopened])],
  },
  {
    name: 'cycle-times',
    title: 'Cycle times',
    definition: 'Of issues that were closed as confirmed in the window: lead time from first opened to last closed, cycle time from first work started to last fixed. Half of them took no longer than p50.',
    show: ({ items, lead, cycle }) =>
      html`${items.length
        ? html`<time-chart
            .chart=${{
              kind: 'scatter',
              label: `Lead times of ${plural(items.length, 'issue')} by the day of closing, in days; the table below has the figures`,
              unit: 'lead time, days',
              points: items.map((item) => ({ time: seconds(item.closedAt), value: item.leadSeconds / DAY })),
              lines: [
                ['p50', 'good'],
                ['p85', 'status-in-progress'],
                ['p95', 'bad'],
              ].map(([each, colour]) => ({ name: each, colour, value: lead[each] / DAY })),
            }}
          ></time-chart>`
        : empty('No closed issue', 'None was closed as confirmed in this window.')}
      <div class="pair">${distribution('Lead time', lead)} ${distribution('Cycle time', cycle)}</div>`,
    table: ({ items }) => [['Issue', '#Lead', '#Cycle', 'Closed'], items.map((item) => [issue(item.issueId), days(item.leadSeconds), days(item.cycleSeconds), time(item.closedAt)])],
  },
  {
    name: 'time-in-status',
    title: 'Time in status',
    definition: 'The time that issues spent in each status within the window, closed left out; the bar is the mean of those that were there.',
    show: ({ items }) =>
      bars(
        'Mean time in status',
        items.map((item) => ({ name: status(item.status), value: item.meanSeconds ?? 0, figure: duration(item.meanSeconds), kind: item.status.toLowerCase() })),
      ),
    table: ({ items }) => [
      ['Status', '#Issues', '#Total', '#Mean', '#p50', '#p85', '#p95'],
      items.map((item) => [words(item.status), item.issues, duration(item.totalSeconds), duration(item.meanSeconds), duration(item.p50Seconds), duration(item.p85Seconds), duration(item.p95Seconds)]),
    ],
  },
  {
    name: 'aging',
    title: 'Aging work',
    definition: 'Issues that are not closed, oldest first, with their age and the time in their present status.',
    show: ({ items }) =>
      items.length
        ? bars(
            'Age',
            items.slice(0, 20).map((item) => ({ name: issue(item.issueId, item.title), value: item.ageSeconds, figure: duration(item.ageSeconds), kind: item.status.toLowerCase() })),
          )
        : empty('No open issue', 'All are closed.'),
    table: ({ items }) => [
      ['Issue', 'Status', 'Severity', 'Assignee', '#Age', '#In status'],
      items.map((item) => [issue(item.issueId, item.title), status(item.status), severity(item.severity), item.assignee ?? '–', duration(item.ageSeconds), duration(item.inStatusSeconds)]),
    ],
  },
  {
    name: 'phases',
    title: 'Phase slippage',
    definition: 'Phases completed in the window: the UTC day of completion minus the planned end, in days. Above 0 is late.',
    show: ({ items, completed, late, onTimeFraction, slippageDays }) => {
      const planned = items.filter((item) => item.slippageDays !== null);
      return html`<p class="figureline">
          ${plural(completed, 'phase')} completed; of ${whole(planned.length)} with a planned end on this page ${whole(late)} late, ${percent(onTimeFraction)} on time; slippage mean ${rounded(slippageDays.mean)} d, p85 ${rounded(slippageDays.p85)} d
        </p>
        ${planned.length
          ? bars(
              'Slippage',
              [...planned]
                .sort((a, b) => b.slippageDays - a.slippageDays)
                .slice(0, 20)
                .map((item) => ({
                  name: html`${issue(item.issueId)} ${item.phase}. ${item.name}`,
                  value: item.slippageDays,
                  figure: `${item.slippageDays > 0 ? '+' : ''}${number(item.slippageDays)} d`,
                  kind: item.slippageDays > 0 ? 'bad' : 'good',
                })),
            )
          : nothing}`;
    },
    table: ({ items }) => [
      ['Issue', '#Phase', 'Name', 'Planned', 'Started', 'Completed', '#Slippage'],
      items.map((item) => [
        issue(item.issueId),
        item.phase,
        item.name,
        item.plannedStart || item.plannedEnd ? `${date(item.plannedStart) || '…'} to ${date(item.plannedEnd) || '…'}` : '–',
        time(item.startedAt),
        time(item.completedAt),
        item.slippageDays === null ? '–' : `${number(item.slippageDays)} d`,
      ]),
    ],
  },
  {
    name: 'improvements',
    title: 'Before and after',
    definition: 'Metric series with a baseline and a measured value: how much better the measured one is, in percent of the baseline.',
    show: ({ items }) =>
      items.length
        ? bars(
            'Improvement',
            items.slice(0, 30).map((item) => ({
              name: html`${issue(item.issueId)} ${item.name} ${item.statistic}`,
              value: item.improvementPercent ?? 0,
              figure: html`${item.improvementPercent === null ? '–' : `${number(item.improvementPercent)}%`}
                <span class="muted">${quantity(item.baseline, item.unit)} → ${quantity(item.measured, item.unit)}</span>`,
              kind: (item.improvementPercent ?? 0) < 0 ? 'bad' : 'good',
            })),
          )
        : empty('Nothing to compare', 'No series has a baseline and a measured value.'),
    table: ({ items }) => [
      ['Issue', 'Metric', 'Environment', '#Baseline', '#Target', '#Measured', '#Improvement', 'Target met'],
      items.map((item) => [
        issue(item.issueId),
        `${item.name} ${item.statistic}`,
        item.environment,
        quantity(item.baseline, item.unit),
        quantity(item.target, item.unit),
        quantity(item.measured, item.unit),
        item.improvementPercent === null ? '–' : `${number(item.improvementPercent)}%`,
        item.targetMet === null ? '–' : item.targetMet ? 'yes' : 'no',
      ]),
    ],
  },
  ...[
    ['files', 'Files', 'path'],
    ['endpoints', 'Endpoints', 'endpoint'],
  ].map(([name, title, field]) => ({
    name,
    title,
    definition: `${title} with the most issues linked to them now, and how often those were reopened.`,
    show: ({ items }) =>
      items.length
        ? bars(
            title,
            items.slice(0, 15).map((item) => ({
              name: html`<a href=${link(field === 'path' ? ['ledger'] : ['analytics'], field === 'path' ? { file: item.path } : { endpoint: item.endpoint })}><code>${item[field]}</code></a>`,
              value: item.issues,
              figure: `${plural(item.issues, 'issue')}${item.open ? `, ${whole(item.open)} open` : ''}`,
            })),
          )
        : empty(`No ${title.toLowerCase()}`, 'None is linked to an issue.'),
    table: ({ items }) => [[title.slice(0, -1), '#Issues', '#Open', '#Reopenings'], items.map((item) => [html`<code>${item[field]}</code>`, item.issues, item.open, item.reopened])],
  })),
  {
    name: 'forecast',
    title: 'Forecast',
    definition: 'Days until the open issues are closed: 10,000 runs, each of which draws weeks from those that were (the closings of the last 12 blocks of 7 days). It needs 10 closed issues.',
    params: { seed: 1 },
    show: ({ open, p50, p85, p95, window, seed }) =>
      html`<p class="figureline">${plural(open, 'open issue')}; drawn from ${plural(window, 'week')}, seed ${seed}</p>
        ${p50 === null
          ? empty('No forecast', 'No issue was closed in those weeks.')
          : bars(
              'Days until all are closed',
              [
                ['In half of the runs', p50],
                ['In 85 of 100', p85],
                ['In 95 of 100', p95],
              ].map(([name, value]) => ({ name, value, figure: plural(value, 'day') })),
            )}`,
    table: ({ open, window, p50, p85, p95 }) => [['#Open', '#Weeks', '#p50', '#p85', '#p95'], [[open, window, `${p50 ?? '–'} d`, `${p85 ?? '–'} d`, `${p95 ?? '–'} d`]]],
  },
  {
    name: 'quality',
    title: 'Doubtful data',
    definition: 'Issues whose records make the figures above doubtful, and why.',
    show: ({ items }) => (items.length ? nothing : empty('Nothing is doubtful', 'No check found anything.')),
    table: ({ items }) => [['Issue', 'Check', 'Detail'], items.map((item) => [issue(item.issueId), words(item.check), item.detail])],
    tableOpen: true,
  },
];

const local = (iso) => (iso ? iso.slice(0, 10) : '');
const instant = (day) => (day ? `${day}T00:00:00Z` : undefined);

class AnalyticsView extends View {
  static properties = { params: PARAMS };

  constructor() {
    super();
    this.answers = {};
  }

  willUpdate(changed) {
    if (changed.has('params')) {
      this.#read();
    }
  }

  get filters() {
    return Object.fromEntries(SHARED.filter((name) => this.params[name]).map((name) => [name, this.params[name]]));
  }

  /** One after the other: each is computed from all issues. */
  #read() {
    const { filters } = this;
    return this.load('all', async (signal) => {
      this.summary = await get('analytics/summary', { params: filters, signal });
      this.requestUpdate();
      for (const chart of CHARTS) {
        await this.load(chart.name, async (own) => {
          const stop = () => this.loads[chart.name]?.abort();
          signal.addEventListener('abort', stop);
          try {
            this.answers[chart.name] = await get(`analytics/${chart.name}`, { params: { ...chart.params, ...filters }, signal: own });
          } finally {
            signal.removeEventListener('abort', stop);
          }
        });
        if (signal.aborted) {
          return;
        }
      }
    });
  }

  #filter(e) {
    const { name, value, type } = e.target;
    const given = type === 'date' ? instant(value) : value.trim();
    location.hash = link(['analytics'], { ...this.filters, [name]: given || undefined });
  }

  render() {
    const { params, summary } = this;
    return html`<header class="bar">
        <h1>Analytics</h1>
        <button type="button" @click=${() => this.load('report', () => download('analytics/report', { params: this.filters, accept: 'text/markdown', name: 'issue-ledger-report.md' }))}>
          Report as Markdown
        </button>
      </header>
      <form class="filters" @submit=${(e) => e.preventDefault()} aria-label="Filters of all charts">
        ${['from', 'to'].map((name) => html`<label>${words(name)} <span class="muted">(UTC)</span> <input type="date" name=${name} .value=${live(local(params[name]))} @change=${this.#filter} /></label>`)}
        <label
          >Buckets
          <select name="bucket" @change=${this.#filter}>
            ${[
              ['day', 'Days'],
              ['', 'Weeks'],
              ['month', 'Months'],
            ].map(([each, title]) => html`<option value=${each} ?selected=${(params.bucket ?? '') === each}>${title}</option>`)}
          </select></label
        >
        <label
          >Severity
          <select name="severity" @change=${this.#filter}>
            <option value="">Any</option>
            ${['CRITICAL', 'HIGH', 'MEDIUM', 'LOW'].map((each) => html`<option value=${each} ?selected=${params.severity === each}>${words(each)}</option>`)}
          </select></label
        >
        ${['label', 'assignee', 'file', 'endpoint'].map((name) => html`<label>${words(name)} <input name=${name} .value=${live(params[name] ?? '')} @change=${this.#filter} autocomplete="off" /></label>`)}
        ${Object.keys(this.filters).length ? html`<a class="quiet" href="#/analytics">Clear filters</a>` : nothing}
      </form>
      ${this.trouble('all')} ${this.trouble('report')}
      ${summary
        ? html`<dl class="tiles">
            <div><dt>Issues</dt><dd>${whole(summary.issues)}</dd></div>
            <div><dt>Open</dt><dd>${whole(summary.open)}</dd></div>
            <div><dt>Closed</dt><dd>${whole(summary.closed)}</dd></div>
            <div><dt>Reopen rate</dt><dd>${percent(summary.reopenRate)}</dd></div>
            <div><dt>Doubtful</dt><dd>${whole(summary.doubtful)}</dd></div>
          </dl>`
        : this.busy?.all
          ? loading('The figures are computed')
          : nothing}
      <div class="charts">${summary ? CHARTS.map((chart) => this.#chart(chart)) : nothing}</div>`;
  }

  #chart(chart) {
    const answer = this.answers[chart.name];
    const e = this.troubles?.[chart.name];
    const id = `chart-${chart.name}`;
    const given = query({ ...chart.params, ...this.filters });
    return html`<section class="card chart" id=${id} aria-labelledby="${id}-title" aria-busy=${this.busy?.[chart.name] ? 'true' : 'false'}>
      <header class="bar">
        <h2 id="${id}-title">${chart.title}</h2>
        <a class="quiet" href="../analytics/${chart.name}${given}" @click=${(event) => this.#csv(event, chart)} aria-label="${chart.title} as CSV">CSV</a>
      </header>
      <p class="muted">${chart.definition}</p>
      ${e ? (e instanceof Problem && e.status === 422 ? empty('Not enough yet', e.sentence) : this.trouble(chart.name)) : nothing}
      ${answer && !e ? this.#answer(chart, answer) : e ? nothing : loading('It is computed')}
    </section>`;
  }

  #answer(chart, answer) {
    if (answer.items && !answer.items.length && ['flow', 'throughput'].includes(chart.name)) {
      return empty('No bucket', 'The window has none.');
    }
    const [heads, rows] = chart.table(answer);
    return html`${chart.show(answer)}
    ${rows.length ? html`<details ?open=${chart.tableOpen}><summary>${chart.title} as a table: ${plural(rows.length, 'row')}${answer.nextCursor ? ', the first; the CSV has all' : ''}</summary>${table(chart.title, heads, rows)}</details>` : nothing}`;
  }

  /** A link could not ask for CSV, nor carry a token. */
  #csv(e, chart) {
    e.preventDefault();
    this.load('report', () => download(`analytics/${chart.name}`, { params: { ...chart.params, ...this.filters }, accept: 'text/csv', name: `${chart.name}.csv` }));
  }
}

customElements.define('analytics-view', AnalyticsView);
