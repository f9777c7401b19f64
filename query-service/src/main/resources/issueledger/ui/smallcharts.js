// Small charts of one issue, as boxes; every figure in them also stands in the text beside. Lengths are set by property, not by an
// attribute, which the page's policy would refuse.

import { html, nothing } from 'lit';
import { date, quantity } from './format.js';

const DAY = 86_400_000;

const percentage = (part) => `${Math.round(part * 10000) / 100}%`;

/** Planned against actual, a row a phase. */
export function phaseChart(phases, at) {
  const rows = phases.map((phase) => {
    const from = phase.startedAt ? Date.parse(phase.startedAt) : null;
    return {
      phase,
      plannedFrom: phase.plannedStart ? Date.parse(phase.plannedStart) : null,
      plannedTo: phase.plannedEnd ? Date.parse(phase.plannedEnd) + DAY : null,
      from,
      to: phase.completedAt ? Date.parse(phase.completedAt) : from === null ? null : Math.max(at ?? Date.now(), from),
    };
  });
  const moments = rows.flatMap((row) => [row.plannedFrom, row.plannedTo, row.from, row.to]).filter((each) => each !== null);
  if (!moments.length) {
    return nothing;
  }
  const first = Math.min(...moments);
  const span = Math.max(DAY, Math.max(...moments) - first);
  const bar = (from, to, kind) =>
    from === null || to === null
      ? nothing
      : html`<i
          class=${kind}
          .style=${`inset-inline-start:${percentage((from - first) / span)};inline-size:max(3px,${percentage(Math.max(0, to - from) / span)})`}
        ></i>`;
  const isoDay = (moment) => new Date(moment).toISOString().slice(0, 10);
  return html`<figure class="phasechart">
    <div role="img" aria-label=${`Phases, planned against actual. ${phases.map((phase) => slippage(phase, at)).join(' ')}`}>
      ${rows.map(({ phase, plannedFrom, plannedTo, from, to }) => {
        const overdue = plannedTo !== null && to !== null && to > plannedTo;
        return html`<div class="row">
          <span class="name">${phase.number}. ${phase.name}</span>
          <span class="track">
            ${bar(plannedFrom ?? plannedTo, plannedTo ?? plannedFrom, 'planned')}
            ${bar(from, overdue ? Math.max(plannedTo, from) : to, `actual ${phase.status.toLowerCase()}`)}
            ${overdue ? bar(Math.max(plannedTo, from), to, 'late') : nothing}
          </span>
          <span class="slip">${slip(phase, at)}</span>
        </div>`;
      })}
      <div class="row axis">
        <span class="name"></span>
        <span class="track"><span>${date(isoDay(first))}</span><span>${date(isoDay(first + span))}</span></span>
        <span class="slip"></span>
      </div>
    </div>
    <figcaption>
      <span class="key planned"></span> planned <span class="key actual"></span> actual <span class="key late"></span> beyond the plan
    </figcaption>
  </figure>`;
}

/** Days between the planned end and the UTC day of completion; null without both. */
export function slippageDays(phase) {
  return phase.plannedEnd && phase.completedAt
    ? Math.round((Date.parse(phase.completedAt.slice(0, 10)) - Date.parse(phase.plannedEnd)) / DAY)
    : null;
}

/** Days that a started phase is beyond its planned end by now; 0 if it is not. */
function overdueDays(phase, at) {
  if (!phase.plannedEnd || !phase.startedAt || phase.completedAt) {
    return 0;
  }
  const today = new Date(at ?? Date.now()).toISOString().slice(0, 10);
  return Math.max(0, Math.round((Date.parse(today) - Date.parse(phase.plannedEnd)) / DAY));
}

function slip(phase, at) {
  const overdue = overdueDays(phase, at);
  if (overdue) {
    return html`<b class="bad">+${overdue} d so far</b>`;
  }
  const days = slippageDays(phase);
  return days === null ? '' : days > 0 ? html`<b class="bad">+${days} d</b>` : days < 0 ? `−${-days} d` : 'on its day';
}

function slippage(phase, at) {
  const overdue = overdueDays(phase, at);
  const days = slippageDays(phase);
  if (days === null) {
    return `Phase ${phase.number}: ${phase.status.toLowerCase()}${overdue ? `, ${overdue} days late so far` : ''}.`;
  }
  return `Phase ${phase.number}: ${days > 0 ? `${days} days late` : days < 0 ? `${-days} days early` : 'on its day'}.`;
}

const TITLES = { baseline: 'Before', target: 'Target', measured: 'After' };

/** Baseline, target and measured value as bars on one scale. */
export function metricBars(series) {
  const parts = Object.keys(TITLES).filter((part) => series[part] !== null && series[part] !== undefined);
  if (!parts.length) {
    return html`<p class="muted">All records of this series are withdrawn.</p>`;
  }
  const most = Math.max(...parts.map((part) => Math.abs(series[part])));
  return html`<div
    class="metricbars"
    role="img"
    aria-label=${`${series.name}: ${parts.map((part) => `${TITLES[part]} ${quantity(series[part], series.unit)}`).join(', ')}`}
  >
    ${parts.map(
      (part) =>
        html`<span class="name">${TITLES[part]}</span>
          <span class="track"
            ><i
              class=${part === 'measured' && series.targetMet === false ? 'missed' : part}
              .style=${`inline-size:max(2px,${percentage(most ? Math.abs(series[part]) / most : 0)})`}
            ></i
          ></span>
          <span class="figure">${quantity(series[part], series.unit)}</span>`,
    )}
  </div>`;
}
