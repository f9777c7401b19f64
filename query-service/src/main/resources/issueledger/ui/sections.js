// An issue as the template's ten sections. With an earlier state, what changed since is marked in place.

import { html, nothing } from 'lit';
import { equal, listChanges, wordChanges } from './diff.js';
import { date, number, plural, quantity, severity, time, words } from './format.js';
import { markdown } from './markdown.js';
import { link } from './page.js';
import { phaseChart, metricBars } from './smallcharts.js';

const NOT_YET = html`<p class="muted">Not recorded yet.</p>`;

const runs = (was, now) =>
  wordChanges(was, now).map((run) =>
    run.kind === 'same' ? run.text : run.kind === 'added' ? html`<ins>${run.text}</ins>` : html`<del>${run.text}</del>`,
  );

/** A text, as Markdown; a changed one as words that came and went. */
function text(now, was, compared) {
  if (!compared || equal(now, was)) {
    return now ? markdown(now) : nothing;
  }
  if (was && now) {
    return html`<div class="changed prose">${runs(was, now)}</div>`;
  }
  return now
    ? html`<div class="changed"><ins class="block">${markdown(now)}</ins></div>`
    : html`<div class="changed"><del class="block">${markdown(was)}</del></div>`;
}

/** A short value, shown by `show`; a changed one with the value before it. */
function value(now, was, compared, show = (each) => each) {
  const has = (each) => each !== null && each !== undefined && each !== '';
  if (!compared || equal(now, was)) {
    return has(now) ? show(now) : nothing;
  }
  return html`<span class="changed"
    >${has(was) ? html`<del>${show(was)}</del> ` : nothing}${has(now) ? html`<ins>${show(now)}</ins>` : nothing}</span
  >`;
}

const marked = (state, content) =>
  state === 'added' ? html`<ins class="block">${content}</ins>` : state === 'removed' ? html`<del class="block">${content}</del>` : content;

/** A list of strings under a label. */
function list(label, now = [], was, compared, show = markdown) {
  const items = listChanges(compared ? (was ?? []) : null, now ?? [], (each) => each);
  return items.length
    ? html`<div class="labelled">
        <h4>${label}</h4>
        <ul>
          ${items.map(({ item, state }) => html`<li class="item ${state}">${marked(state, show(item))}</li>`)}
        </ul>
      </div>`
    : nothing;
}

const labelled = (label, content) =>
  content === nothing ? nothing : html`<div class="labelled"><h4>${label}</h4>${content}</div>`;

const code = (each) => html`<code>${each}</code>`;

const section = (id, title, content, differs) =>
  html`<section class="part" id=${id} aria-labelledby=${`${id}-title`}>
    <h3 id=${`${id}-title`}>${title}${differs ? html` <span class="differs">changed</span>` : nothing}</h3>
    ${content}
  </section>`;

function description(issue, was, compared) {
  const now = issue.description;
  const old = was?.description;
  return html`${text(now.text, old?.text, compared)}
  ${list('Symptoms', now.symptoms, old?.symptoms, compared)}
  ${list('Affected features', now.affectedFeatures, old?.affectedFeatures, compared, (each) => each)}
  ${labelled('User impact', text(now.userImpact, old?.userImpact, compared))}
  ${list('Endpoints', now.endpoints, old?.endpoints, compared, code)}`;
}

/** A section that is null until it is recorded. */
function recorded(now, was, compared, show) {
  return now || (compared && was) ? show(now ?? {}, was ?? {}) : NOT_YET;
}

function impact(issue, was, compared) {
  return recorded(issue.impact, was?.impact, compared, (now, old) => {
    const users = now.affectedUsers;
    const affected = (each) =>
      each
        ? [each.description, each.percentage === null ? null : `${number(each.percentage)}%`, each.count === null ? null : plural(each.count, 'user')]
            .filter(Boolean)
            .join(' · ')
        : null;
    return html`<dl class="facts">
        <dt>Severity</dt>
        <dd>${value(now.severity, old.severity, compared, severity)}</dd>
        ${affected(users) || (compared && affected(old.affectedUsers))
          ? html`<dt>Affected users</dt>
              <dd>${value(affected(users), affected(old.affectedUsers), compared)}</dd>`
          : nothing}
      </dl>
      ${labelled('Business impact', text(now.businessImpact, old.businessImpact, compared))}
      ${list('Workarounds', now.workarounds, old.workarounds, compared)}`;
  });
}

const phaseState = (phase) => words(phase.status);

function phases(issue, was, compared, at) {
  const items = listChanges(compared ? (was?.phases ?? []) : null, issue.phases, (phase) => phase.number);
  if (!items.length) {
    return html`<p class="muted">No plan yet.</p>`;
  }
  return html`${phaseChart(issue.phases, at)}
    <ol class="phases">
      ${items.map(({ item, state, was: old }) => {
        const before = state === 'changed' ? old : item;
        const differs = state === 'changed';
        return html`<li class="item ${state}" value=${item.number}>
          ${marked(
            state,
            html`<div class="phase">
              <strong>${value(item.name, before.name, differs)}</strong>
              <span class="state ${item.status.toLowerCase()}">${value(phaseState(item), phaseState(before), differs)}</span>
              <span class="muted"
                >${item.timeline || before.timeline ? html`${value(item.timeline, before.timeline, differs)} · ` : nothing}
                ${item.plannedStart || item.plannedEnd
                  ? html`planned ${value(date(item.plannedStart) || '…', date(before.plannedStart) || '…', differs)} to
                    ${value(date(item.plannedEnd) || '…', date(before.plannedEnd) || '…', differs)}`
                  : nothing}
                ${item.startedAt ? html`· started ${time(item.startedAt)}` : nothing}
                ${item.completedAt ? html`· completed ${time(item.completedAt)}` : nothing}</span
              >
              ${text(item.description, before.description, differs)}
              ${labelled('Outcome', text(item.outcome, before.outcome, differs))}
            </div>`,
          )}
        </li>`;
      })}
    </ol>`;
}

function tests(issue, was, compared) {
  const strategy = recorded(
    issue.testingStrategy,
    was?.testingStrategy,
    compared,
    (now, old) =>
      html`${list('Unit tests', now.unitTests, old.unitTests, compared)}
      ${list('Integration tests', now.integrationTests, old.integrationTests, compared)}
      ${list('Performance tests', now.performanceTests, old.performanceTests, compared)}
      ${list('Regression tests', now.regressionTests, old.regressionTests, compared)}`,
  );
  const testRuns = listChanges(compared ? (was?.testRuns ?? []) : null, issue.testRuns, (run) => JSON.stringify(run));
  return html`${strategy}
  ${testRuns.length
    ? html`<h4>Test runs</h4>
        <div class="scroll" tabindex="0" role="region" aria-label="Test runs">
          <table>
            <thead>
              <tr>
                <th scope="col">Kind</th>
                <th scope="col">Outcome</th>
                <th scope="col" class="num">Passed</th>
                <th scope="col" class="num">Failed</th>
                <th scope="col" class="num">Skipped</th>
                <th scope="col">When</th>
                <th scope="col">By</th>
                <th scope="col">Summary</th>
              </tr>
            </thead>
            <tbody>
              ${testRuns.map(
                ({ item, state }) => html`<tr class=${state}>
                  <td>${words(item.kind)}</td>
                  <td><span class="outcome ${item.outcome.toLowerCase()}">${words(item.outcome)}</span></td>
                  <td class="num">${number(item.passed)}</td>
                  <td class="num">${number(item.failed)}</td>
                  <td class="num">${number(item.skipped)}</td>
                  <td>${time(item.at)}</td>
                  <td>${item.by}</td>
                  <td class="wide">${item.summary ? markdown(item.summary) : nothing} ${outLink(item.url, 'Report')}</td>
                </tr>`,
              )}
            </tbody>
          </table>
        </div>`
    : nothing}`;
}

const outLink = (url, title) =>
  url && /^https?:/i.test(url) ? html`<a href=${url} rel="noopener noreferrer nofollow">${title}</a>` : nothing;

function files(issue, was, compared) {
  const items = listChanges(compared ? (was?.relatedFiles ?? []) : null, issue.relatedFiles, (file) => file.path);
  return items.length
    ? html`<ul class="plain">
        ${items.map(
          ({ item, state, was: old }) =>
            html`<li class="item ${state}">
              ${marked(
                state,
                html`<a href=${link(['ledger'], { file: item.path })} title="Issues with this file"><code>${item.path}</code></a>
                  <span class="muted">${value(item.purpose, old?.purpose, state === 'changed')}</span>`,
              )}
            </li>`,
        )}
      </ul>`
    : html`<p class="muted">No file is linked.</p>`;
}

function references(issue, was, compared) {
  const items = listChanges(compared ? (was?.references ?? []) : null, issue.references, (each) => each.number);
  return items.length
    ? html`<ul class="plain">
        ${items.map(
          ({ item, state }) =>
            html`<li class="item ${state}">
              ${marked(
                state,
                html`${item.url && /^https?:/i.test(item.url) ? outLink(item.url, item.title) : item.title}
                  <span class="muted">${words(item.kind)}</span>`,
              )}
            </li>`,
        )}
      </ul>`
    : html`<p class="muted">No reference.</p>`;
}

const BOXES = [
  ['OPEN', 'Issue identified and documented'],
  ['IN_PROGRESS', 'Solution being implemented'],
  ['TESTING', 'Fix implemented, undergoing testing'],
  ['FIXED', 'Issue resolved and deployed'],
  ['CLOSED', 'Issue confirmed resolved in production'],
];

function statusBoxes(issue, was, compared) {
  const reached = BOXES.findIndex(([name]) => name === issue.status);
  return html`<ul class="boxes">
      ${BOXES.map(
        ([name, meaning], at) => html`<li class=${at <= reached ? 'reached' : ''} aria-current=${at === reached ? 'step' : 'false'}>
          <span aria-hidden="true">${at <= reached ? '☑' : '☐'}</span>
          <strong>${words(name)}</strong> <span class="muted">${meaning}</span>
        </li>`,
      )}
    </ul>
    <dl class="facts">
      ${[
        ['Status', 'status', (each) => words(each)],
        ['Resolution', 'resolution', words],
        ['Duplicate of', 'duplicateOf', (id) => html`<a href=${link(['issues', id])}>${id}</a>`],
        ['Release', 'release'],
        ['Opened', 'openedAt', time],
        ['Fixed', 'fixedAt', time],
        ['Deployed', 'deployedAt', time],
        ['Closed', 'closedAt', time],
        ['Reopened', 'reopened', (times) => (times ? plural(times, 'time') : 'never')],
      ].map(([label, field, show]) =>
        issue[field] || (compared && was?.[field])
          ? html`<dt>${label}</dt>
              <dd>${value(issue[field], was?.[field], compared, show)}</dd>`
          : nothing,
      )}
    </dl>`;
}

function notes(issue, was, compared, records) {
  const items = listChanges(compared ? (was?.notes ?? []) : null, issue.notes, (note) => note.number);
  const series = listChanges(compared ? (was?.metrics ?? []) : null, issue.metrics, (each) =>
    JSON.stringify([each.name, each.statistic, each.environment]),
  );
  return html`<dl class="facts">
      ${issue.startedOn || (compared && was?.startedOn)
        ? html`<dt>Date started</dt>
            <dd>${value(issue.startedOn, was?.startedOn, compared, date)}</dd>`
        : nothing}
    </dl>
    ${[
      ['DECISION', 'Key decisions made'],
      ['CHALLENGE', 'Challenges encountered'],
      ['PROGRESS', 'Progress'],
    ].map(([kind, title]) => {
      const ofKind = items.filter(({ item }) => item.kind === kind);
      return ofKind.length
        ? html`<h4>${title}</h4>
            <ul class="notes">
              ${ofKind.map(
                ({ item, state, was: old }) =>
                  html`<li class="item ${state}">
                    ${marked(
                      state,
                      html`${text(item.text, old?.text, state === 'changed')}
                        <p class="by">
                          Note ${item.number} · ${item.by} · ${time(item.at)}${item.corrected ? ' · corrected' : nothing}
                        </p>`,
                    )}
                  </li>`,
              )}
            </ul>`
        : nothing;
    })}
    <h4>Performance: before, target, after</h4>
    ${series.length
      ? series.map(({ item, state, was: old }) =>
          html`<div class="item series ${state}">${marked(state, metricSeries(item, old, state === 'changed', records))}</div>`,
        )
      : html`<p class="muted">Nothing is measured yet.</p>`}`;
}

const keyOf = (series) => JSON.stringify([series.name, series.statistic, series.environment]);

function metricSeries(series, was, compared, records) {
  const evidence = (records ?? []).find((each) => keyOf(each) === keyOf(series));
  const gain = series.improvement;
  return html`<div class="metric">
    <h5>
      ${series.name} <span class="muted">${series.statistic} · ${series.environment} · ${series.better === 'LOWER' ? 'lower is better' : 'higher is better'}</span>
    </h5>
    ${metricBars(series)}
    <p class="gain">
      ${gain === null
        ? html`<span class="muted">No improvement can be computed yet: it needs a baseline other than 0 and a measured value.</span>`
        : html`<strong class=${gain > 0 ? 'good' : gain < 0 ? 'bad' : ''}
              >${number(Math.abs(Math.round(gain * 10000) / 100))}% ${gain >= 0 ? 'better' : 'worse'}</strong
            >
            than the baseline`}
      ${series.targetMet === null
        ? nothing
        : series.targetMet
          ? html` · <span class="good">target met</span>`
          : html` · <span class="bad">target missed</span>`}
      ${compared
        ? html`<span class="changed">
            ${['baseline', 'target', 'measured']
              .filter((part) => !equal(series[part], was[part]))
              .map((part) => html` · ${part} ${value(series[part], was[part], true, (each) => quantity(each, series.unit))}`)}</span
          >`
        : nothing}
    </p>
    ${evidence?.verdict ? verdict(evidence.verdict) : nothing} ${evidence ? evidenceTable(evidence) : nothing}
  </div>`;
}

const VERDICTS = {
  BETTER: 'The samples show that it is better.',
  WORSE: 'The samples show that it is worse.',
  NO_DIFFERENCE_SHOWN: 'The samples do not show a difference that matters.',
  CANNOT_TELL: 'The samples cannot tell.',
};

function verdict(each) {
  const change = each.change;
  return html`<p class="verdict ${each.verdict.toLowerCase()}">
    ${VERDICTS[each.verdict] ?? words(each.verdict)}
    ${change
      ? html`<span class="muted"
          >Change ${number(change.estimate * 100)}% (99% interval ${number(change.low * 100)}% to ${number(change.high * 100)}%), p = ${number(each.p)}</span
        >`
      : html`<span class="muted">${each.why ? words(each.why) : nothing}</span>`}
  </p>`;
}

const evidenceTable = (series) =>
  html`<details>
    <summary>Evidence: ${plural(series.records.length, 'record')}</summary>
    <div class="scroll" tabindex="0" role="region" aria-label=${`Records of ${series.name}`}>
      <table>
        <thead>
          <tr>
            <th scope="col" class="num">No.</th>
            <th scope="col">Kind</th>
            <th scope="col" class="num">Value</th>
            <th scope="col">Measured</th>
            <th scope="col">Source</th>
            <th scope="col">By</th>
            <th scope="col">Run</th>
          </tr>
        </thead>
        <tbody>
          ${series.records.map(
            (record) => html`<tr class=${record.withdrawn ? 'withdrawn' : ''}>
              <td class="num">${record.number}</td>
              <td>${words(record.kind)}${record.withdrawn ? ' (withdrawn)' : nothing}</td>
              <td class="num">${quantity(record.value, series.unit)}</td>
              <td>${time(record.measuredAt)}</td>
              <td>${record.source}</td>
              <td>${record.by}</td>
              <td>
                ${record.samples?.length ? html`${plural(record.samples.length, 'sample')} ` : nothing}
                ${record.run ? [record.run.commit, record.run.machine, record.run.tool].filter(Boolean).join(' · ') : nothing}
                ${record.run?.url ? outLink(record.run.url, 'Run') : nothing}
              </td>
            </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </details>`;

/** The sections with the members of an issue that they show. */
const SECTIONS = [
  ['description', 'Issue Description', ['description']],
  ['cause', 'Root Cause', ['rootCause']],
  ['impact', 'Impact Assessment', ['impact']],
  ['solution', 'Proposed Solution', ['solution']],
  ['plan', 'Implementation Plan', ['phases']],
  ['tests', 'Testing Strategy', ['testingStrategy', 'testRuns']],
  ['files', 'Related Files', ['relatedFiles']],
  ['references', 'References', ['references']],
  ['status', 'Status', ['status', 'resolution', 'duplicateOf', 'release', 'fixedAt', 'deployedAt', 'closedAt', 'reopened']],
  ['notes', 'Implementation Notes', ['startedOn', 'notes', 'metrics']],
];

/** The sections in which two states differ, as ids and titles. */
export const changedSections = (issue, was) =>
  SECTIONS.filter(([, , members]) => members.some((member) => !equal(issue[member], was[member]))).map(([id, title]) => ({ id, title }));

/**
 * The ten sections of the template.
 *
 * @param issue the issue as it was at a version
 * @param was the state to compare with; undefined: no comparison
 * @param options `at`: the moment to which a running phase is drawn; `records`: of /metrics; `prefix` of the ids
 */
export function sections(issue, was, { at, records, prefix = '' } = {}) {
  const compared = was !== undefined;
  const solution = recorded(
    issue.solution,
    was?.solution,
    compared,
    (now, old) =>
      html`${text(now.approach, old.approach, compared)} ${list('Code changes', now.codeChanges, old.codeChanges, compared)}
      ${list('Architecture modifications', now.architectureModifications, old.architectureModifications, compared)}
      ${list('Schema updates', now.schemaUpdates, old.schemaUpdates, compared)}
      ${list('Expected improvements', now.expectedImprovements, old.expectedImprovements, compared)}`,
  );
  const cause = recorded(
    issue.rootCause,
    was?.rootCause,
    compared,
    (now, old) =>
      html`${text(now.technicalCause, old.technicalCause, compared)}
      ${list('Contributing factors', now.contributingFactors, old.contributingFactors, compared)}
      ${list('Trigger conditions', now.triggerConditions, old.triggerConditions, compared)}`,
  );
  const contents = {
    description: description(issue, was, compared),
    cause,
    impact: impact(issue, was, compared),
    solution,
    plan: phases(issue, was, compared, at),
    tests: tests(issue, was, compared),
    files: files(issue, was, compared),
    references: references(issue, was, compared),
    status: statusBoxes(issue, was, compared),
    notes: notes(issue, was, compared, records),
  };
  const changed = new Set(was ? changedSections(issue, was).map(({ id }) => id) : []);
  return html`<div class="parts">
    ${SECTIONS.map(([id, title]) => section(prefix + id, title, contents[id], changed.has(id)))}
  </div>`;
}

/** Title, people and labels, with marks. */
export function heading(issue, was) {
  const compared = was !== undefined;
  return {
    title: value(issue.title, was?.title, compared),
    assignee: issue.assignee || (compared && was?.assignee) ? value(issue.assignee, was?.assignee, compared) : html`<span class="muted">nobody</span>`,
    labels: listChanges(compared ? (was?.labels ?? []) : null, issue.labels, (each) => each).map(
      ({ item, state }) => html`<a class="label ${state}" href=${link(['ledger'], { label: item })}>${item}</a>`,
    ),
  };
}
