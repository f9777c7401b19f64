// Markdown that users wrote, as lit templates: made of marked's tokens, never of markup. HTML in it is text, an image is a link.

import { html, nothing } from 'lit';
import { lexer } from 'marked';

const SAFE = /^(https?:|mailto:|#)/i;

const link = (href, content) =>
  SAFE.test(href) ? html`<a href=${href} rel="noopener noreferrer nofollow">${content}</a>` : content;

/** marked escapes text for HTML; lit does so again. */
const ENTITIES = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'" };
const plain = (text) => text.replace(/&(amp|lt|gt|quot|#39);/g, (entity) => ENTITIES[entity]);

function inline(token) {
  switch (token.type) {
    case 'strong':
      return html`<strong>${inlines(token.tokens)}</strong>`;
    case 'em':
      return html`<em>${inlines(token.tokens)}</em>`;
    case 'del':
      return html`<s>${inlines(token.tokens)}</s>`;
    case 'codespan':
      return html`<code>${token.text}</code>`;
    case 'br':
      return html`<br />`;
    case 'link':
      return link(token.href, inlines(token.tokens));
    case 'image':
      return link(token.href, token.text || token.href);
    case 'checkbox':
      return nothing;
    case 'escape':
      return token.text;
    case 'text':
      return token.tokens ? inlines(token.tokens) : plain(token.text);
    default:
      return token.raw;
  }
}

const inlines = (tokens) => (tokens || []).map(inline);

const cells = (row, cell) => row.map((each) => cell(inlines(each.tokens)));

function block(token) {
  switch (token.type) {
    case 'space':
    case 'def':
      return nothing;
    case 'heading':
      return html`<p class="heading">${inlines(token.tokens)}</p>`;
    case 'paragraph':
      return html`<p>${inlines(token.tokens)}</p>`;
    case 'code':
      return html`<pre tabindex="0"><code>${token.text}</code></pre>`;
    case 'blockquote':
      return html`<blockquote>${blocks(token.tokens)}</blockquote>`;
    case 'hr':
      return html`<hr />`;
    case 'list': {
      const items = token.items.map(
        (item) =>
          html`<li class=${item.task ? 'task' : ''}>${item.task ? (item.checked ? '☑ ' : '☐ ') : nothing}${blocks(item.tokens)}</li>`,
      );
      return token.ordered ? html`<ol start=${token.start || 1}>${items}</ol>` : html`<ul>${items}</ul>`;
    }
    case 'table':
      return html`<div class="scroll" tabindex="0" role="region" aria-label="Table">
        <table>
          <thead>
            <tr>
              ${cells(token.header, (cell) => html`<th scope="col">${cell}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${token.rows.map((row) => html`<tr>${cells(row, (cell) => html`<td>${cell}</td>`)}</tr>`)}
          </tbody>
        </table>
      </div>`;
    case 'text':
      return token.tokens ? inlines(token.tokens) : plain(token.text);
    default:
      return html`<p>${token.raw}</p>`;
  }
}

const blocks = (tokens) => tokens.map(block);

const rendered = new Map();
const MOST = 400;

/** A text as Markdown; the same text is read once. */
export function markdown(text) {
  let tokens = rendered.get(text);
  if (!tokens) {
    try {
      tokens = lexer(text, { gfm: true });
    } catch {
      tokens = [{ type: 'paragraph', tokens: [{ type: 'html', raw: text }] }];
    }
    if (rendered.size >= MOST) {
      rendered.delete(rendered.keys().next().value);
    }
    rendered.set(text, tokens);
  }
  return html`<div class="md">${blocks(tokens)}</div>`;
}
