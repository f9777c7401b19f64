// The two services over HTTP: the public paths of docs/api.md and nothing else.

const QUERIES = new URL('../', document.baseURI);
const TOKEN = 'issue-ledger.token';
const ACTOR = 'issue-ledger.actor';

/** The settings of /ui/config.json. */
export const settings = { commandUrl: '', tokens: false, rolesClaim: 'roles' };

/** The last position of the log that any answer told. */
export let head = 0;

/** Tells of a changed token (identity), of a changed actor, and of a new head. */
export const changes = new EventTarget();

/** An answer that is a problem (RFC 9457), or no answer at all (status 0). */
export class Problem extends Error {
  constructor(status, body, retryAfter) {
    super(body.detail || body.title || `HTTP status ${status}`);
    this.status = status;
    this.body = body;
    this.retryAfter = retryAfter;
  }

  get type() {
    return (this.body.type || '').replace('/problems/', '');
  }

  /** The problem as a sentence for a person who looks at the page. */
  get sentence() {
    switch (this.status) {
      case 0:
        return this.body.detail;
      case 401:
        return sessionStorage.getItem(TOKEN)
          ? `The token is not accepted. ${this.body.detail}`
          : 'The ledger asks for a token: give one at “Access”.';
      case 403:
        return settings.tokens
          ? 'The roles in your token do not allow this; “Access” shows what they do allow.'
          : this.body.detail;
      case 503:
        return this.type === 'not-yet'
          ? 'The views are not filled that far yet. The page tries again.'
          : `${this.body.detail}${this.retryAfter ? ` Try again in ${this.retryAfter} s.` : ''}`;
      default:
        return this.body.detail || this.body.title;
    }
  }
}

export async function loadSettings() {
  Object.assign(settings, await (await fetch('config.json')).json());
}

export const token = () => sessionStorage.getItem(TOKEN) || '';

export function setToken(value) {
  if (value) {
    sessionStorage.setItem(TOKEN, value);
  } else {
    sessionStorage.removeItem(TOKEN);
  }
  changes.dispatchEvent(new Event('identity'));
}

export const actor = () => localStorage.getItem(ACTOR) || '';

export function setActor(value) {
  if (value) {
    localStorage.setItem(ACTOR, value);
  } else {
    localStorage.removeItem(ACTOR);
  }
  changes.dispatchEvent(new Event('actor'));
}

/** What the token says of its bearer; it is not verified here, the services do that. */
export function claims() {
  try {
    const part = token().split('.')[1].replace(/-/g, '+').replace(/_/g, '/');
    const bytes = Uint8Array.from(atob(part), (c) => c.charCodeAt(0));
    const all = JSON.parse(new TextDecoder().decode(bytes));
    const roles = settings.rolesClaim.split('.').reduce((at, name) => at?.[name], all);
    return { subject: String(all.sub ?? ''), expires: all.exp, roles: Array.isArray(roles) ? roles.map(String) : [] };
  } catch {
    return null;
  }
}

/** A header's value holds bytes: a name in UTF-8 goes as its bytes. */
const bytesOf = (text) => Array.from(new TextEncoder().encode(text), (b) => String.fromCharCode(b)).join('');

export function query(params = {}) {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    if (value !== undefined && value !== null && value !== '') {
      given.set(name, value);
    }
  }
  const text = given.toString();
  return text ? `?${text}` : '';
}

const segment = encodeURIComponent;
export const issuePath = (id, rest = '') => `issues/${segment(id)}${rest}`;

async function send(url, options) {
  const headers = { ...options.headers };
  if (token()) {
    headers.Authorization = `Bearer ${token()}`;
  }
  let answer;
  try {
    answer = await fetch(url, { ...options, headers, cache: options.cache ?? 'no-cache', credentials: 'omit' });
  } catch (e) {
    if (e.name === 'AbortError') {
      throw e;
    }
    throw new Problem(0, {
      detail: `No answer came from ${new URL(url).host}: the service is away, restarts, or refuses this page's origin.`,
    });
  }
  const position = Number(answer.headers.get('Ledger-Position') || 0);
  if (position > head) {
    head = position;
    changes.dispatchEvent(new Event('head'));
  }
  if (!answer.ok && answer.status !== 304) {
    let body = {};
    try {
      body = await answer.json();
    } catch {
      body = { title: `HTTP status ${answer.status}` };
    }
    throw new Problem(answer.status, body, answer.headers.get('Retry-After'));
  }
  return answer;
}

/** Asks the query service. `wait` is a position that the views must hold. */
export function ask(path, { params, accept, signal, wait, cache } = {}) {
  const headers = { Accept: accept || 'application/json' };
  if (wait) {
    headers['Ledger-Min-Position'] = String(wait);
  }
  return send(new URL(path + query(params), QUERIES), { headers, signal, cache });
}

export async function get(path, options) {
  return (await ask(path, options)).json();
}

/** All items of a list that pages, at most `most`. */
export async function all(path, { params = {}, most = 20000, ...options } = {}) {
  const items = [];
  let cursor;
  do {
    const page = await get(path, { ...options, params: cursor ? { ...params, cursor } : params });
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor && items.length < most);
  return items;
}

export async function post(path, options = {}) {
  return (await send(new URL(path, QUERIES), { method: 'POST', ...options })).json();
}

const commandBase = () => `${settings.commandUrl}/`;

export async function askCommands(path, options = {}) {
  return (await send(commandBase() + path, { headers: { Accept: 'application/json' }, ...options })).json();
}

/**
 * Sends a command.
 *
 * @param {string} path after the command service's address
 * @param {string} body as it is sent
 */
export async function command(path, body, { type = 'application/json', dryRun, ifMatch, key, params } = {}) {
  const headers = { 'Content-Type': type };
  if (ifMatch !== undefined) {
    headers['If-Match'] = `"${ifMatch}"`;
  }
  if (key && !dryRun) {
    headers['Idempotency-Key'] = key;
  }
  if (!settings.tokens && actor()) {
    headers['X-Actor'] = bytesOf(actor());
  }
  const answer = await send(commandBase() + path + query({ ...params, 'dry-run': dryRun ? 'true' : undefined }), {
    method: 'POST',
    headers,
    body,
  });
  return { ...(await answer.json()), replayed: answer.headers.get('Idempotent-Replayed') === 'true' };
}

let documentOfCommands;

/** The OpenAPI document of the command service, read once. */
export function commandDocument() {
  documentOfCommands ??= askCommands('v3/api-docs').catch((e) => {
    documentOfCommands = undefined;
    throw e;
  });
  return documentOfCommands;
}

/** Reads lines of NDJSON as they come. */
export async function* lines(answer) {
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { value, done } = await reader.read();
    const parts = (rest + (value || '')).split('\n');
    rest = done ? '' : parts.pop();
    for (const part of parts) {
      if (part.trim()) {
        yield JSON.parse(part);
      }
    }
    if (done) {
      return;
    }
  }
}

/** Saves an answer as a file; a link could carry neither a token nor the wanted type. */
export async function download(path, { params, accept, name }) {
  const blob = await (await ask(path, { params, accept })).blob();
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
