// A form made from a JSON Schema of the OpenAPI document. The value is read from the fields when it is sent; an empty optional field is
// left out.

import { html, nothing } from 'lit';
import { words } from './format.js';

/** A schema without its references and without its `or null`. */
export function plain(schema, components) {
  let each = schema;
  for (;;) {
    if (each.$ref) {
      const { $ref, ...beside } = each;
      each = { ...components[$ref.split('/').at(-1)], ...beside };
    } else if (each.anyOf && each.anyOf.some((one) => one.type === 'null') && !each.properties) {
      const { anyOf, ...beside } = each;
      each = { ...anyOf.find((one) => one.type !== 'null'), ...beside, optional: true };
    } else {
      break;
    }
  }
  if (Array.isArray(each.type)) {
    each = { ...each, type: each.type.find((one) => one !== 'null'), optional: true };
  }
  return each;
}

const title = (name) => words(name.replace(/([A-Z])/g, '_$1'));

/** Fields of all commands that few need; they stand at the end, folded. */
const LATER = ['id', 'effectiveAt'];

const LONG = 1_000;

/** `2026-02-14T10:30:00` in the reader's zone. */
const localTime = (iso) => {
  const moment = new Date(iso);
  return Number.isNaN(moment.valueOf()) ? '' : new Date(moment - moment.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
};

/** A tree of fields; `host.requestUpdate()` shows rows that come and go. */
export class Form {
  /**
   * @param schema of an object
   * @param given what the fields begin with
   * @param options for fields, by pointer: what can be chosen
   */
  constructor(schema, components, given, host, options = {}) {
    this.components = components;
    this.host = host;
    this.options = options;
    this.root = this.#field('', schema, given ?? {}, true);
  }

  #field(pointer, raw, given, required) {
    const schema = plain(raw, this.components);
    const field = { pointer, schema, required, given };
    if (schema.type === 'object' && schema.properties) {
      field.kind = 'object';
      field.fields = Object.entries(schema.properties).map(([name, each]) => ({
        name,
        field: this.#field(`${pointer}/${name}`, each, given?.[name], (schema.required ?? []).includes(name)),
      }));
    } else if (schema.type === 'array') {
      const items = plain(schema.items, this.components);
      if (items.type === 'object' || (items.type === 'string' && !items.enum && items.maxLength > LONG)) {
        field.kind = 'rows';
        const rows = given?.length ? given : required && schema.minItems ? [undefined] : [];
        field.rows = rows.map((row, at) => this.#field(`${pointer}/${at}`, schema.items, row, true));
      } else {
        field.kind = items.type === 'string' ? 'lines' : 'numbers';
      }
    } else {
      field.kind = 'value';
    }
    return field;
  }

  /** The fields with the errors that the service named. */
  render(errors = []) {
    this.errors = errors;
    const isLater = ({ name, field }) => LATER.includes(name) && !field.required;
    const later = this.root.fields.filter(isLater);
    return html`<div class="form">
      ${this.root.fields.filter((each) => !isLater(each)).map(({ name, field }) => this.#show(name, field))}
      ${later.length
        ? html`<details ?open=${later.some(({ field }) => this.#ofField(field).length)}>
            <summary>${later.map(({ name }) => title(name)).join(', ')}</summary>
            <div class="form">${later.map(({ name, field }) => this.#show(name, field))}</div>
          </details>`
        : nothing}
    </div>`;
  }

  #ofField(field) {
    return this.errors.filter((error) => error.pointer === field.pointer || (field.kind !== 'object' && field.kind !== 'rows' && error.pointer?.startsWith(`${field.pointer}/`)));
  }

  /** Errors that no field shows. */
  unplaced(errors) {
    const pointers = [];
    const walk = (field) => {
      pointers.push(field.pointer);
      field.fields?.forEach((each) => walk(each.field));
      field.rows?.forEach(walk);
    };
    walk(this.root);
    return errors.filter((error) => !pointers.some((pointer) => pointer && (error.pointer === pointer || error.pointer?.startsWith(`${pointer}/`))));
  }

  #show(name, field) {
    const id = `f${field.pointer.replaceAll('/', '-')}`;
    const errors = this.#ofField(field);
    const legend = html`${title(name)}${field.required ? html`<span class="required" title="required"> *</span>` : nothing}`;
    const hint = field.schema.description;
    const notes = html`${hint ? html`<p class="hint" id=${`${id}-hint`}>${hint}</p>` : nothing}
    ${errors.length
      ? html`<p class="error" id=${`${id}-error`}>${errors.map((error) => (error.pointer === field.pointer ? error.detail : `${error.pointer.slice(field.pointer.length + 1)}: ${error.detail}`)).join('; ')}</p>`
      : nothing}`;
    if (field.kind === 'object') {
      return html`<fieldset id=${id}>
        <legend>${legend}</legend>
        ${notes} ${field.fields.map((each) => this.#show(each.name, each.field))}
      </fieldset>`;
    }
    if (field.kind === 'rows') {
      return html`<fieldset id=${id} class="rows">
        <legend>${legend}</legend>
        ${notes}
        ${field.rows.map(
          (row, at) =>
            html`<div class="rowfield">
              ${row.kind === 'object'
                ? html`<fieldset>
                    <legend>${at + 1}</legend>
                    ${row.fields.map((each) => this.#show(each.name, each.field))}
                  </fieldset>`
                : this.#show(`${at + 1}`, row)}
              <button type="button" class="quiet" @click=${() => this.#remove(field, at)} aria-label=${`Remove ${title(name)} ${at + 1}`}>Remove</button>
            </div>`,
        )}
        <button
          type="button"
          class="quiet"
          ?disabled=${field.rows.length >= (field.schema.maxItems ?? 100)}
          @click=${() => this.#add(field)}
        >
          Add one
        </button>
      </fieldset>`;
    }
    const described = [hint ? `${id}-hint` : '', errors.length ? `${id}-error` : ''].filter(Boolean).join(' ');
    return html`<div class="field">
      <label for=${id}>${legend}</label>
      ${this.#input(id, field, described, errors.length > 0)} ${notes}
    </div>`;
  }

  #input(id, field, described, bad) {
    const { schema, given } = field;
    const invalid = bad ? 'true' : 'false';
    const says = described || nothing;
    const choices = this.options[field.pointer];
    const values = schema.enum?.filter((each) => each !== null);
    if (values || (choices && schema.type === 'integer')) {
      const chosen = given ?? schema.default;
      const shown = values ? values.map((each) => [each, words(each)]) : choices;
      return html`<select id=${id} data-pointer=${field.pointer} aria-describedby=${says} aria-invalid=${invalid}>
        ${field.required && chosen !== undefined && chosen !== null ? nothing : html`<option value="">${field.required ? 'Choose …' : '–'}</option>`}
        ${shown.map(([value, text]) => html`<option value=${value} ?selected=${String(value) === String(chosen)}>${text}</option>`)}
      </select>`;
    }
    if (field.kind === 'lines') {
      return html`<textarea id=${id} data-pointer=${field.pointer} rows="2" placeholder="One a line" aria-describedby=${says} aria-invalid=${invalid} .value=${(given ?? []).join('\n')}></textarea>`;
    }
    if (field.kind === 'numbers') {
      return html`<textarea id=${id} data-pointer=${field.pointer} rows="2" placeholder="Numbers, with blanks between them" aria-describedby=${says} aria-invalid=${invalid}></textarea>`;
    }
    if (schema.type === 'string' && schema.maxLength > LONG && schema.format !== 'uri') {
      return html`<textarea id=${id} data-pointer=${field.pointer} rows="3" aria-describedby=${says} aria-invalid=${invalid} .value=${given ?? ''}></textarea>`;
    }
    const kind = { 'date-time': 'datetime-local', date: 'date', uri: 'url' }[schema.format] ?? 'text';
    const numeric = schema.type === 'integer' || schema.type === 'number';
    const list = choices ? `${id}-choices` : nothing;
    return html`<input
        id=${id}
        data-pointer=${field.pointer}
        type=${kind}
        step=${kind === 'datetime-local' ? '1' : nothing}
        inputmode=${numeric ? (schema.type === 'integer' ? 'numeric' : 'decimal') : nothing}
        placeholder=${schema.default ?? nothing}
        list=${list}
        autocomplete="off"
        aria-describedby=${says}
        aria-invalid=${invalid}
        .value=${schema.format === 'date-time' && given ? localTime(given) : String(given ?? '')}
      />${choices
        ? html`<datalist id=${`${id}-choices`}>${choices.map(([value, text]) => html`<option value=${value}>${text}</option>`)}</datalist>`
        : nothing}`;
  }

  /** The body as JSON. Numbers are written as they were typed, so that no digit of a decimal is lost. */
  json(root) {
    const text = this.#json(this.root, root);
    return text ?? '{}';
  }

  #json(field, root) {
    if (field.kind === 'object') {
      const members = field.fields
        .map(({ name, field: each }) => [name, this.#json(each, root)])
        .filter(([, text]) => text !== undefined)
        .map(([name, text]) => `${JSON.stringify(name)}:${text}`);
      return members.length || field.pointer === '' || field.required ? `{${members.join(',')}}` : undefined;
    }
    if (field.kind === 'rows') {
      const rows = field.rows.map((row) => this.#json(row, root) ?? '""');
      return rows.length || field.required ? `[${rows.join(',')}]` : undefined;
    }
    const typed = root.querySelector(`[data-pointer="${CSS.escape(field.pointer)}"]`)?.value ?? '';
    if (field.kind === 'lines') {
      const items = typed.split('\n').filter((each) => each.trim());
      return items.length || field.required ? JSON.stringify(items) : undefined;
    }
    if (field.kind === 'numbers') {
      const items = typed.split(/[\s,;]+/).filter(Boolean);
      return items.length ? `[${items.map(numeral).join(',')}]` : undefined;
    }
    if (typed === '') {
      return undefined;
    }
    if (field.schema.type === 'integer' || field.schema.type === 'number') {
      return numeral(typed.trim());
    }
    if (field.schema.type === 'boolean') {
      return typed === 'true' ? 'true' : 'false';
    }
    if (field.schema.format === 'date-time') {
      const moment = new Date(typed);
      return JSON.stringify(Number.isNaN(moment.valueOf()) ? typed : moment.toISOString());
    }
    return JSON.stringify(typed);
  }

  #keep(field, root = this.host) {
    const walk = (each) => {
      if (each.kind === 'object') {
        each.fields.forEach((one) => walk(one.field));
      } else if (each.kind === 'rows') {
        each.rows.forEach(walk);
      } else {
        const typed = root.querySelector(`[data-pointer="${CSS.escape(each.pointer)}"]`)?.value ?? '';
        each.given = each.kind === 'lines' ? typed.split('\n') : typed;
      }
    };
    walk(field);
  }

  #values(field) {
    if (field.kind === 'object') {
      return Object.fromEntries(field.fields.map(({ name, field: each }) => [name, this.#values(each)]));
    }
    return field.kind === 'rows' ? field.rows.map((row) => this.#values(row)) : field.given;
  }

  #add(field) {
    field.rows.push(this.#field(`${field.pointer}/${field.rows.length}`, field.schema.items, undefined, true));
    this.host.requestUpdate();
  }

  /** The rows behind move up, with new pointers. */
  #remove(field, at) {
    this.#keep(field);
    const values = field.rows.map((row) => this.#values(row));
    values.splice(at, 1);
    field.rows = values.map((value, row) => this.#field(`${field.pointer}/${row}`, field.schema.items, value, true));
    this.host.requestUpdate();
  }
}

/** A number as JSON writes it, or the text that was typed: the service then names the field. */
function numeral(typed) {
  const text = typed.replace(/^\+/, '');
  return /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(text) ? text : JSON.stringify(typed);
}
