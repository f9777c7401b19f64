// Opens an issue: by a form, or from a document as the template has it.

import { html, nothing } from 'lit';
import { commandDocument } from './api.js';
import { Form, plain } from './form.js';
import { PARAMS, View, go, loading } from './page.js';
import { Sender } from './sender.js';

class NewView extends View {
  static properties = { params: PARAMS };

  constructor() {
    super();
    this.sender = new Sender(this);
  }

  connectedCallback() {
    super.connectedCallback();
    this.load('form', async () => {
      const document = await commandDocument();
      const components = document.components.schemas;
      const schema = plain(document.paths['/issues'].post.requestBody.content['application/json'].schema, components);
      this.form = new Form(schema, components, {}, this);
    });
  }

  get document() {
    return this.params.by === 'document';
  }

  willUpdate(changed) {
    if (changed.has('params')) {
      this.sender = new Sender(this);
    }
  }

  async #send(e, dryRun) {
    e?.preventDefault();
    const result = this.document
      ? await this.sender.send('issues', this.querySelector('#document').value, { dryRun, type: 'text/markdown' })
      : await this.sender.send('issues', this.form.json(this), { dryRun });
    await this.updateComplete;
    if (result && !result.dryRun) {
      if (!result.warnings?.length) {
        go(['issues', result.issueId]);
      }
      this.opened = result.issueId;
      this.requestUpdate();
    } else if (!result) {
      this.querySelector('[aria-invalid="true"]')?.focus();
    }
  }

  async #take(file) {
    if (file) {
      this.querySelector('#document').value = await file.text();
    }
  }

  render() {
    const errors = this.sender.errors;
    return html`<header class="bar"><h1>Open an issue</h1></header>
      <nav class="tabs" aria-label="How">
        <a href="#/new" aria-current=${this.document ? 'false' : 'page'}>By form</a>
        <a href="#/new?by=document" aria-current=${this.document ? 'page' : 'false'}>From a document</a>
      </nav>
      <form class="sheet" novalidate @submit=${(e) => this.#send(e, false)}>
        ${this.document
          ? html`<p class="muted">The filled-in template, as Markdown; all of it becomes one commit. The <a href="../template">blank template</a> has a short legend.</p>
              <div class="field" @dragover=${(e) => e.preventDefault()} @drop=${(e) => { e.preventDefault(); this.#take(e.dataTransfer.files[0]); }}>
                <label for="document">Document: paste it, drop a file here, or <input type="file" accept=".md,text/markdown,text/plain" aria-label="A document" @change=${(e) => this.#take(e.target.files[0])} /></label>
                <textarea id="document" rows="22" spellcheck="true"></textarea>
              </div>`
          : html`${this.trouble('form')} ${this.form ? this.form.render(errors) : loading('The form is made')}`}
        ${this.sender.outcome(this.document || !this.form ? errors : this.form.unplaced(errors))}
        ${this.opened ? html`<p><a href=${`#/issues/${encodeURIComponent(this.opened)}`}>To the issue</a></p>` : nothing} ${this.sender.conditions()}
        <footer class="buttons">
          <button type="button" name="dry-run" @click=${() => this.#send(null, true)} ?disabled=${this.sender.busy}>What would happen?</button>
          <button type="submit" class="primary" name="send" ?disabled=${this.sender.busy || (!this.form && !this.document)}>Open the issue</button>
        </footer>
      </form>`;
  }
}

customElements.define('new-view', NewView);
