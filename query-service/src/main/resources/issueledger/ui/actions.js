// What the issue allows now, and a form for each of it.

import { html, nothing } from 'lit';
import { askCommands, commandDocument, issuePath } from './api.js';
import { commandWords, plural } from './format.js';
import { Form, plain } from './form.js';
import { View, loading } from './page.js';
import { Sender } from './sender.js';
import { REPORTS, reportTypeOf } from './reports.js';

/** The order in which people look for them; others come after. */
const GROUPS = [
  ['Move on', ['start-work', 'start-testing', 'return-to-work', 'mark-fixed', 'close', 'reopen', 'advance-phase']],
  ['Record', ['record-note', 'record-metric', 'record-test-run', 'record-root-cause', 'assess-impact']],
  ['Plan', ['propose-solution', 'plan-phases', 'define-testing-strategy', 'assign-issue', 'change-labels']],
  ['Link', ['link-file', 'unlink-file', 'add-reference', 'remove-reference']],
  ['Correct', ['revise-description', 'correct-note', 'withdraw-metric']],
];

/** What a form begins with: where a command replaces what stands, that. */
function given(command, issue) {
  switch (command) {
    case 'revise-description':
      return { title: issue.title, description: issue.description };
    case 'record-root-cause':
      return issue.rootCause;
    case 'assess-impact':
      return issue.impact;
    case 'propose-solution':
      return issue.solution;
    case 'define-testing-strategy':
      return issue.testingStrategy;
    case 'plan-phases':
      return { phases: issue.phases };
    case 'advance-phase':
      return { phase: issue.phases.find((phase) => phase.status === 'RUNNING')?.number };
    case 'assign-issue':
      return { assignee: issue.assignee };
    default:
      return {};
  }
}

/** What can be chosen at a field, by its pointer. */
function choices(command, issue) {
  const series = [...new Map(issue.metrics.map((each) => [each.name, each])).values()];
  switch (command) {
    case 'advance-phase':
      return { '/phase': issue.phases.filter((each) => each.status === 'RUNNING').map((each) => [each.number, `${each.number}. ${each.name}`]) };
    case 'correct-note':
      return { '/note': issue.notes.map((each) => [each.number, `${each.number}: ${each.text.slice(0, 60)}`]) };
    case 'remove-reference':
      return { '/reference': issue.references.map((each) => [each.number, `${each.number}: ${each.title}`]) };
    case 'unlink-file':
    case 'link-file':
      return { '/path': issue.relatedFiles.map((each) => [each.path, each.purpose ?? '']) };
    case 'record-metric':
      return { '/name': series.map((each) => [each.name, each.unit]), '/unit': [...new Set(series.map((each) => each.unit))].map((each) => [each, '']) };
    default:
      return {};
  }
}

class IssueActions extends View {
  static properties = {
    issueId: { attribute: false },
    issue: { attribute: false },
    past: { attribute: false },
    open: { state: true },
  };

  willUpdate(changed) {
    if (changed.has('issueId') || (changed.has('issue') && this.allowed?.version !== this.issue?.version)) {
      this.#read();
    }
  }

  #read() {
    return this.load('allowed', async (signal) => {
      this.allowed = await askCommands(issuePath(this.issueId, '/allowed-commands'), { signal });
    });
  }

  async #open(name) {
    this.open = name;
    this.seen = this.issue.version;
    this.sender = new Sender(this);
    this.form = null;
    await this.load('form', async () => {
      if (name === 'import-metrics') {
        return;
      }
      const document = await commandDocument();
      const components = document.components.schemas;
      const schema = document.paths[`/issues/{id}/${name}`].post.requestBody.content['application/json'].schema;
      const whole = plain(schema, components);
      const options = choices(name, this.issue);
      if (name === 'close' && this.allowed?.closeResolutions) {
        whole.properties = { ...whole.properties, resolution: { type: 'string', enum: this.allowed.closeResolutions } };
      }
      if (this.open === name) {
        this.form = new Form(whole, components, given(name, this.issue), this, options);
      }
    });
    await this.updateComplete;
    this.querySelector('dialog').showModal();
  }

  /** The reader has seen the newer version, and decides again. */
  #takeNote(version) {
    this.seen = version;
    this.sender.problem = null;
    this.requestUpdate();
  }

  #close() {
    this.querySelector('dialog').close();
  }

  async #send(e, dryRun) {
    e?.preventDefault();
    const path = issuePath(this.issueId, `/${this.open}`);
    const version = this.seen;
    let result;
    if (this.open === 'import-metrics') {
      const fields = this.querySelector('dialog form').elements;
      const own = fields.type.value === 'application/vnd.issue-ledger.metrics+json';
      result = await this.sender.send(path, fields.report.value, {
        dryRun,
        version,
        type: fields.type.value,
        params: own
          ? {}
          : {
              kind: fields.kind.value,
              environment: fields.environment.value.trim(),
              source: fields.source.value.trim(),
              measuredAt: fields.measuredAt.value ? new Date(fields.measuredAt.value).toISOString() : '',
            },
      });
    } else {
      result = await this.sender.send(path, this.form.json(this), { dryRun, version });
    }
    await this.updateComplete;
    if (result && !result.dryRun) {
      this.dispatchEvent(new CustomEvent('accepted', { detail: result }));
      if (!result.warnings?.length) {
        setTimeout(() => this.isConnected && this.#close(), 900);
      }
    } else if (!result) {
      (this.querySelector('[aria-invalid="true"]') ?? this.querySelector('.refusal [role="alert"]'))?.focus?.();
    }
  }

  render() {
    const { allowed } = this;
    return html`<section class="card actions" aria-labelledby="actions-title">
        <h2 id="actions-title">Do something</h2>
        ${this.past ? html`<p class="muted">A command acts on the newest version, ${this.issue.version}.</p>` : nothing}
        ${this.trouble('allowed')} ${allowed ? this.#lists(allowed) : this.busy?.allowed ? loading('The allowed commands are read') : nothing}
      </section>
      <dialog aria-labelledby="dialog-title" @close=${() => (this.open = null)}>${this.open ? this.#dialog() : nothing}</dialog>`;
  }

  #lists(allowed) {
    const names = new Set([...allowed.allowed, 'import-metrics']);
    const known = GROUPS.flatMap(([, each]) => each);
    const groups = [...GROUPS.map(([title, each]) => [title, title === 'Record' ? [...each, 'import-metrics'] : each]), ['More', allowed.allowed.filter((each) => !known.includes(each))]];
    return html`${groups.map(([title, each]) => {
        const here = each.filter((name) => names.has(name));
        return here.length
          ? html`<h3>${title}</h3>
              <div class="buttons">
                ${here.map((name) => html`<button type="button" data-command=${name} @click=${() => this.#open(name)}>${commandWords(name)}</button>`)}
              </div>`
          : nothing;
      })}
      ${allowed.refused.length
        ? html`<details>
            <summary>${plural(allowed.refused.length, 'command')} not allowed now, and why</summary>
            <dl class="refused">
              ${allowed.refused.map(
                (each) =>
                  html`<dt>${commandWords(each.command)}</dt>
                    <dd>${each.detail} <code>${each.reason}</code></dd>`,
              )}
            </dl>
          </details>`
        : nothing}`;
  }

  #dialog() {
    const isImport = this.open === 'import-metrics';
    const errors = this.sender.errors;
    return html`<form method="dialog" novalidate @submit=${(e) => this.#send(e, false)}>
      <header class="bar">
        <h2 id="dialog-title">${commandWords(this.open)}</h2>
        <button type="button" class="quiet" @click=${() => this.#close()} aria-label="Close">✕</button>
      </header>
      ${this.trouble('form')} ${isImport ? this.#importFields() : this.form ? this.form.render(errors) : loading('The form is made')}
      ${this.sender.outcome(isImport || !this.form ? errors : this.form.unplaced(errors), (version) => this.#takeNote(version))}
      ${this.sender.conditions(this.seen)}
      <footer class="buttons">
        <button type="button" name="dry-run" @click=${() => this.#send(null, true)} ?disabled=${this.sender.busy}>What would happen?</button>
        <button type="submit" class="primary" name="send" ?disabled=${this.sender.busy || (!this.form && !isImport)}>${commandWords(this.open)}</button>
      </footer>
    </form>`;
  }

  #importFields() {
    return html`<div class="form" @dragover=${(e) => e.preventDefault()} @drop=${(e) => this.#drop(e)}>
      <div class="field">
        <label for="report">Output of the tool: paste it, drop a file here, or <input type="file" aria-label="A file of the tool" @change=${(e) => this.#take(e.target.files[0])} /></label>
        <textarea id="report" name="report" rows="8" spellcheck="false" @input=${(e) => this.#guess(e.target.value, '')}></textarea>
      </div>
      <div class="field">
        <label for="type">Tool</label>
        <select id="type" name="type">
          ${REPORTS.map(([type, title]) => html`<option value=${type}>${title}</option>`)}
        </select>
      </div>
      <div class="field">
        <label for="kind">Kind</label>
        <select id="kind" name="kind">
          <option value="MEASURED">Measured</option>
          <option value="BASELINE">Baseline</option>
        </select>
      </div>
      <div class="field"><label for="environment">Environment</label><input id="environment" name="environment" placeholder="production" autocomplete="off" /></div>
      <div class="field"><label for="source">Source</label><input id="source" name="source" autocomplete="off" /></div>
      <div class="field"><label for="measuredAt">Measured at</label><input id="measuredAt" name="measuredAt" type="datetime-local" step="1" /></div>
    </div>`;
  }

  #drop(e) {
    e.preventDefault();
    this.#take(e.dataTransfer.files[0]);
  }

  async #take(file) {
    if (file) {
      const text = await file.text();
      this.querySelector('#report').value = text;
      this.querySelector('#source').value ||= file.name.slice(0, 200);
      this.#guess(text, file.name);
    }
  }

  #guess(text, name) {
    const type = reportTypeOf(text, name);
    if (type) {
      this.querySelector('#type').value = type;
    }
  }
}

customElements.define('issue-actions', IssueActions);
