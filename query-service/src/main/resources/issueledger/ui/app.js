// The frame of the page: its navigation, the view that the address names, and the line of the witness.

import { html, nothing, render } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import { actor, changes, claims, loadSettings, settings, token } from './api.js';
import { route, trouble } from './page.js';
import { follower } from './stream.js';
import './ledger.js';
import './witness.js';

const app = document.getElementById('app');

/** Views that the first look does not need are fetched when they are asked for. */
const VIEWS = {
  ledger: { title: 'Ledger', show: ({ params }) => html`<ledger-view .params=${params}></ledger-view>` },
  issues: {
    load: () => import('./issue.js'),
    title: 'Issue',
    show: ({ parts, params }) => html`<issue-view .issueId=${parts[1] ?? ''} .params=${params}></issue-view>`,
  },
  new: { load: () => import('./new.js'), title: 'Open an issue', show: ({ params }) => html`<new-view .params=${params}></new-view>` },
  analytics: { load: () => import('./analytics.js'), title: 'Analytics', show: ({ params }) => html`<analytics-view .params=${params}></analytics-view>` },
  audit: { load: () => import('./audit.js'), title: 'Audit', show: ({ params }) => html`<audit-view .params=${params}></audit-view>` },
  access: { load: () => import('./access.js'), title: 'Access', show: () => html`<access-view></access-view>` },
  witness: { title: 'Witness', show: () => html`<witness-view></witness-view>` },
};

const NAVIGATION = [
  ['ledger', 'Ledger', ['ledger', 'issues', 'new']],
  ['analytics', 'Analytics', ['analytics']],
  ['audit', 'Audit', ['audit']],
  ['witness', 'Witness', ['witness']],
];

let failure = null;
let identity = 0;
let place = '';

const LIVE = { live: 'Live', polling: 'Polling', off: 'Paused' };

function draw() {
  const at = route();
  const name = VIEWS[at.parts[0]] ? at.parts[0] : at.parts.length ? '' : 'ledger';
  const view = VIEWS[name];
  render(
    html`<a class="skip" href="#main" @click=${skip}>To the content</a>
      <header class="top">
        <a class="brand" href="#/ledger"><img src="icon.svg" alt="" width="22" height="22" /> Issue Ledger</a>
        <nav aria-label="Views">
          ${NAVIGATION.map(([each, title, of]) => html`<a href="#/${each}" aria-current=${of.includes(name) ? 'page' : 'false'}>${title}</a>`)}
        </nav>
        <span class="live" data-state=${follower.state} title="How the page follows the ledger">${LIVE[follower.state]}</span>
        <a class="who" href="#/access" aria-current=${name === 'access' ? 'page' : 'false'}>${who()}</a>
      </header>
      <main id="main" tabindex="-1">
        ${failure
          ? trouble(failure)
          : view
            ? view.ready === false
              ? nothing
              : keyed(`${identity}/${name}/${name === 'issues' ? at.parts[1] : ''}`, view.show(at))
            : html`<div class="empty"><p><strong>There is no such view.</strong></p><p><a href="#/ledger">To the ledger</a></p></div>`}
      </main>
      <footer class="foot">${keyed(identity, html`<witness-line></witness-line>`)}</footer>`,
    app,
  );
}

/** A hash names a view here; the link to the content moves the focus itself. */
function skip(e) {
  e.preventDefault();
  document.getElementById('main').focus();
}

function who() {
  if (!settings.tokens) {
    return actor() || 'anonymous';
  }
  const known = claims();
  return token() ? (known?.subject ?? 'token') : 'Give a token';
}

async function show() {
  const { parts } = route();
  const view = VIEWS[parts[0] ?? 'ledger'];
  const now = parts.slice(0, 2).join('/');
  if (!place || now !== place) {
    document.title = `${view?.title ?? 'Nothing'} · Issue Ledger`;
  }
  if (view?.load) {
    view.ready ??= false;
    draw();
    try {
      await view.load();
      view.ready = true;
    } catch (e) {
      console.error(e);
      failure = e;
    }
    view.load = null;
  }
  draw();
  if (place && now !== place) {
    window.scrollTo(0, 0);
    document.getElementById('main').focus({ preventScroll: true });
  }
  place = now;
}

follower.addEventListener('state', draw);
changes.addEventListener('identity', () => {
  identity++;
  draw();
});
changes.addEventListener('actor', draw);
addEventListener('hashchange', show);

app.replaceChildren();
try {
  await loadSettings();
} catch (e) {
  console.error(e);
  failure = e;
}
await show();
if (!settings.tokens || token()) {
  follower.start();
}
