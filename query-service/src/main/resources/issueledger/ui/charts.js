// Charts of uPlot, with the colours of the style sheet; each has a table beside it, which its view writes.

import { LitElement, html } from 'lit';
import uPlot from 'uplot';

const sheet = document.createElement('link');
sheet.rel = 'stylesheet';
sheet.href = 'lib/uplot/dist/uPlot.min.css';
document.head.prepend(sheet);

const dark = matchMedia('(prefers-color-scheme: dark)');

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

/** The colour with some transparency, as canvas takes it. */
const faint = (name, part) => `color-mix(in srgb, ${colour(name)} ${part * 100}%, transparent)`;

const HEIGHT = 240;

const axes = (y) => {
  const shared = { stroke: colour('muted'), grid: { stroke: colour('line'), width: 1 }, ticks: { stroke: colour('line'), width: 1 }, font: '12px system-ui' };
  return [
    { ...shared, space: 70 },
    { ...shared, size: 64, ...y },
  ];
};

const whole = (u, values) => values.map((value) => (Number.isInteger(value) ? value.toLocaleString() : ''));

/** Bands between the cumulated series: what is drawn is the sum of all below. */
function stacked({ times, series }) {
  const sums = [];
  let below = times.map(() => 0);
  for (const each of series) {
    below = each.values.map((value, at) => value + below[at]);
    sums.push(below);
  }
  const order = [...series.keys()].reverse();
  return {
    data: [times, ...order.map((at) => sums[at])],
    series: order.map((at) => ({
      label: series[at].name,
      stroke: colour(series[at].colour),
      fill: colour(series[at].colour),
      width: 1,
      points: { show: false },
      value: (u, value, index, point) => (point === null || point === undefined ? '–' : series[at].values[point]),
    })),
    axis: { values: whole },
  };
}

function bars({ times, series }) {
  const count = series.length;
  return {
    data: [times, ...series.map((each) => each.values)],
    series: series.map((each, at) => ({
      label: each.name,
      stroke: colour(each.colour),
      fill: faint(each.colour, 0.75),
      width: 1,
      points: { show: false },
      paths: grouped(at, count),
    })),
    axis: { values: whole },
  };
}

/** Bars of one of several series beside each other. */
const grouped = (at, count) => (u, series, first, last) => {
  const stroke = new Path2D();
  const times = u.data[0];
  const values = u.data[series];
  const gap = times.length > 1 ? u.valToPos(times[1], 'x', true) - u.valToPos(times[0], 'x', true) : u.bbox.width / 4;
  const width = Math.max(1, (gap * 0.7) / count);
  const base = u.valToPos(0, 'y', true);
  for (let each = first; each <= last; each++) {
    if (values[each]) {
      const x = u.valToPos(times[each], 'x', true) - gap * 0.35 + at * width;
      const y = u.valToPos(values[each], 'y', true);
      stroke.rect(x, y, Math.max(1, width - 1), base - y);
    }
  }
  return { stroke, fill: stroke };
};

/** With a margin at both ends, so that the lines cross the whole chart and one point has some room. */
function scatter({ points, lines }) {
  const sorted = [...points].sort((a, b) => a.time - b.time);
  const first = sorted[0].time;
  const last = sorted.at(-1).time;
  const margin = Math.max(3 * 86400, (last - first) * 0.04);
  const times = [first - margin, ...sorted.map((each) => each.time), last + margin];
  return {
    data: [times, [null, ...sorted.map((each) => each.value), null], ...lines.map((line) => times.map(() => line.value))],
    series: [
      { label: 'Issues', stroke: colour('accent'), paths: () => null, points: { show: true, size: 7, fill: faint('accent', 0.7), width: 1 } },
      ...lines.map((line) => ({ label: line.name, stroke: colour(line.colour), width: 1.5, dash: [6, 4], points: { show: false } })),
    ],
    axis: {},
  };
}

const KINDS = { stacked, bars, scatter };

/**
 * `chart`: `{kind, label, unit, …}`; stacked and bars have `times` (seconds) and `series` (name, colour, values), scatter has `points`
 * (time, value) and `lines` (name, colour, value).
 */
class TimeChart extends LitElement {
  static properties = { chart: { attribute: false } };

  createRenderRoot() {
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    this.redraw = () => this.#draw();
    dark.addEventListener('change', this.redraw);
    this.sizes = new ResizeObserver(() => this.plot?.setSize({ width: this.clientWidth, height: HEIGHT }));
    this.sizes.observe(this);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    dark.removeEventListener('change', this.redraw);
    this.sizes.disconnect();
    this.plot?.destroy();
    this.plot = null;
  }

  render() {
    return html`<div class="plot" role="img" aria-label=${this.chart.label}></div>`;
  }

  updated() {
    this.#draw();
  }

  #draw() {
    this.plot?.destroy();
    const { data, series, axis } = KINDS[this.chart.kind](this.chart);
    const { kind, unit } = this.chart;
    const times = data[0];
    const step = times.length > 1 ? times[1] - times[0] : 7 * 86400;
    const edge = kind === 'bars' || times.length < 2 ? step / 2 : 0;
    const tops = data.slice(1).flatMap((values) => values.filter((value) => value !== null));
    const top = Math.max(1, Math.max(...tops) * 1.08);
    this.plot = new uPlot(
      {
        width: this.clientWidth || 600,
        height: HEIGHT,
        scales: {
          x: { time: true, range: () => [times[0] - edge, times.at(-1) + edge] },
          y: { range: () => [0, top] },
        },
        cursor: { y: false, points: { size: 6 } },
        axes: axes({ ...axis, ...(unit ? { label: unit, labelFont: '12px system-ui', labelSize: 18 } : {}) }),
        series: [{ value: (u, at) => (at === null || at === undefined ? '–' : new Date(at * 1000).toLocaleDateString(undefined, { timeZone: 'UTC' })) }, ...series],
        tzDate: (at) => uPlot.tzDate(new Date(at * 1000), 'Etc/UTC'),
      },
      data,
      this.querySelector('.plot'),
    );
  }
}

customElements.define('time-chart', TimeChart);
