// Times in the reader's zone with UTC on hover, numbers with their units.

import { html, nothing } from 'lit';

const DAY = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric' });
const MINUTE = new Intl.DateTimeFormat(undefined, {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
});
const SECOND = new Intl.DateTimeFormat(undefined, {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});
const NUMBER = new Intl.NumberFormat(undefined, { maximumFractionDigits: 6 });
const WHOLE = new Intl.NumberFormat(undefined, { maximumFractionDigits: 0 });
const PERCENT = new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 1 });

const utc = (iso) => `${iso.replace('T', ' ').replace('Z', '')} UTC`;

const stamp = (format) => (iso) =>
  iso ? html`<time datetime=${iso} title=${utc(iso)}>${format.format(new Date(iso))}</time>` : nothing;

export const time = stamp(MINUTE);
export const exactTime = stamp(SECOND);
export const day = stamp(DAY);

export const timeText = (iso) => SECOND.format(new Date(iso));

/** A date without a time, `2026-02-14`, is the same in every zone. */
export const date = (text) =>
  text
    ? new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' }).format(
        new Date(`${text}T00:00:00Z`),
      )
    : '';

export const number = (value) => (value === null || value === undefined ? '–' : NUMBER.format(value));
export const whole = (value) => (value === null || value === undefined ? '–' : WHOLE.format(value));
const TWO = new Intl.NumberFormat(undefined, { maximumFractionDigits: 2 });

/** With two places at most, for what was computed. */
export const rounded = (value) => (value === null || value === undefined ? '–' : TWO.format(value));
export const percent = (fraction) => (fraction === null || fraction === undefined ? '–' : PERCENT.format(fraction));

/** `5,200 ms`; a percent sign stands without a blank. */
export const quantity = (value, unit) =>
  value === null || value === undefined ? '–' : unit === '%' ? `${number(value)}%` : `${number(value)} ${unit ?? ''}`.trim();

/** Seconds as their two largest parts: `4 d 3 h`. */
export function duration(seconds) {
  if (seconds === null || seconds === undefined) {
    return '–';
  }
  const sign = seconds < 0 ? '−' : '';
  let rest = Math.abs(seconds);
  if (rest < 60) {
    return `${sign}${number(Math.round(rest * 10) / 10)} s`;
  }
  const parts = [];
  for (const [unit, length] of [
    ['d', 86400],
    ['h', 3600],
    ['min', 60],
  ]) {
    const count = Math.floor(rest / length);
    if (count || parts.length) {
      parts.push(`${WHOLE.format(count)} ${unit}`);
      rest -= count * length;
    }
  }
  return sign + parts.slice(0, 2).filter((part, at) => at === 0 || !part.startsWith('0 ')).join(' ');
}

/** `IN_PROGRESS` as words: `In progress`. */
export const words = (constant) => {
  const text = String(constant ?? '').replaceAll('_', ' ').toLowerCase();
  return text.charAt(0).toUpperCase() + text.slice(1);
};

/** `record-root-cause` as words: `Record root cause`. */
export const commandWords = (name) => words(name.replaceAll('-', '_')) + (name === 'close' || name === 'reopen' ? ' issue' : '');

export const plural = (count, one, many = `${one}s`) => `${whole(count)} ${count === 1 ? one : many}`;

/** Status as a word with its colour. */
export const status = (value) => html`<span class="status ${value.toLowerCase()}">${words(value)}</span>`;

const LEVEL = { LOW: 1, MEDIUM: 2, HIGH: 3, CRITICAL: 4 };

/** Severity as a word with bars. */
export const severity = (value) =>
  value
    ? html`<span class="severity ${value.toLowerCase()}"
        ><svg viewBox="0 0 18 12" width="18" height="12" aria-hidden="true">
          ${[1, 2, 3, 4].map(
            (level) =>
              html`<svg x=${(level - 1) * 4.6} width="3.4" height="12">
                <rect class=${level <= LEVEL[value] ? 'on' : 'off'} y=${10 - level * 2.4} width="3.4" height=${2 + level * 2.4} rx="0.8"></rect>
              </svg>`,
          )}</svg
        >${words(value)}</span
      >`
    : html`<span class="muted">Not assessed</span>`;
