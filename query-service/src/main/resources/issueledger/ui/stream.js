// Follows the ledger: by the event stream, read with fetch (which can carry a token), or by polling where that is refused or cut.

import { ask, changes, head, get } from './api.js';

const POLL = 5_000;
const MOST_OFTEN = 500;

/** `state` is live, polling or off; the events `events` (with `detail`, the items of a moment) and `state` tell of changes. */
class Follower extends EventTarget {
  state = 'off';
  #position = 0;
  #stop = null;
  #waiting = [];
  #timer = 0;
  #last = 0;

  constructor() {
    super();
    document.addEventListener('visibilitychange', () => (document.hidden ? this.stop() : this.start()));
    changes.addEventListener('identity', () => {
      this.stop();
      this.#position = 0;
      this.start();
    });
  }

  start() {
    if (!this.#stop && !document.hidden) {
      this.#stop = new AbortController();
      this.#run(this.#stop.signal);
    }
  }

  /** A hidden tab gives its connection back: a browser has six to a host. */
  stop() {
    this.#stop?.abort();
    this.#stop = null;
    this.#tell('off');
  }

  #tell(state) {
    if (state !== this.state) {
      this.state = state;
      this.dispatchEvent(new Event('state'));
    }
  }

  async #run(signal) {
    let pause = 1_000;
    while (!signal.aborted) {
      try {
        const began = Date.now();
        await this.#read(signal);
        pause = Date.now() - began > 10_000 ? 1_000 : Math.min(pause * 2, 30_000);
      } catch {
        pause = Math.min(pause * 2, 30_000);
      }
      if (!signal.aborted) {
        await this.#poll(signal, pause);
      }
    }
  }

  async #read(signal) {
    if (!this.#position) {
      await get('issues', { params: { limit: 1 }, signal });
    }
    this.#position = Math.max(this.#position, head);
    const answer = await ask('events/stream', {
      params: { after: this.#position },
      accept: 'text/event-stream',
      signal,
      cache: 'no-store',
    });
    this.#tell('live');
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = '';
    for (;;) {
      const { value, done } = await reader.read();
      if (done) {
        return;
      }
      const parts = (rest + value).split('\n');
      rest = parts.pop();
      for (const line of parts) {
        if (line.startsWith('data:')) {
          const item = JSON.parse(line.slice(5));
          this.#position = item.position;
          this.#waiting.push(item);
        }
      }
      this.#flush();
    }
  }

  /** At most twice a second, however many events come; the newest thousand are told of. */
  #flush() {
    if (!this.#waiting.length || this.#timer) {
      return;
    }
    this.#timer = setTimeout(
      () => {
        this.#timer = 0;
        this.#last = Date.now();
        const items = this.#waiting.splice(0).slice(-1_000);
        this.dispatchEvent(new CustomEvent('events', { detail: items }));
      },
      Math.max(0, MOST_OFTEN - (Date.now() - this.#last)),
    );
  }

  /** Without a stream: is there a new head? What changed is not known then. */
  async #poll(signal, pause) {
    const end = Date.now() + pause;
    this.#tell('polling');
    do {
      await new Promise((resolve) => setTimeout(resolve, Math.min(POLL, pause)));
      if (signal.aborted) {
        return;
      }
      try {
        const before = Math.max(this.#position, head);
        await get('issues', { params: { limit: 1 }, signal });
        if (head > before) {
          this.#position = head;
          this.dispatchEvent(new CustomEvent('events', { detail: [] }));
        }
      } catch {
        // The next look may find it.
      }
    } while (Date.now() < end);
  }
}

export const follower = new Follower();
