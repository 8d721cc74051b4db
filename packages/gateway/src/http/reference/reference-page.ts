import { hash } from 'node:crypto';
import type { Content, OperationDescription, Schema } from './api-description.ts';
import { Html, html, prose } from './html.ts';
import { type DescribedApi, errorsOf, membersOf, operationId, requiredOf } from './openapi.ts';
import { STYLE } from './reference-style.ts';

/** The hash that allows the pages' only style sheet in a content security policy. */
export const STYLE_HASH = `sha256-${hash('sha256', STYLE, 'base64')}`;

/** A page that lists all described APIs. */
export function indexPage(apis: readonly DescribedApi[]): string {
  return page(
    'Genlock',
    html`<h1>Genlock</h1>
<p>The APIs of this server. Each has a page to read and an OpenAPI document to generate from.</p>
<ul class="apis">${apis.map(
      ({
        name,
        mount,
        description: { title, description },
      }) => html`<li><h2><a href="/docs/${name}">${title}</a></h2>
<p>${prose(description)}</p><p><code>${mount}</code> · <a href="/docs/openapi/${name}.json">OpenAPI</a></p></li>`,
    )}</ul>`,
  );
}

/** One page for an API: every operation with its parameters, bodies, answers and errors. */
export function referencePage(api: DescribedApi): string {
  const { name, mount, description } = api;
  const tags = [...new Set(description.operations.map(({ tag }) => tag))];
  const objects = Object.entries(description.schemas);
  const ofTag = (wanted: string) => description.operations.filter(({ tag }) => tag === wanted);
  return page(
    description.title,
    html`<nav><p><a href="/docs">All APIs</a> · <a href="/docs/openapi/${name}.json">OpenAPI</a></p>${tags.map(
      (tag) =>
        html`<h2>${tag}</h2><ul>${ofTag(tag).map(
          (one) => html`<li><a href="#${operationId(one)}">${one.summary}</a></li>`,
        )}</ul>`,
    )}${
      objects.length === 0
        ? undefined
        : html`<h2>Objects</h2><ul>${objects.map(
            ([schema]) => html`<li><a href="#schema-${schema}">${schema}</a></li>`,
          )}</ul>`
    }</nav>
<main><h1>${description.title}</h1><p>${prose(description.description)}</p>
${tags.map((tag) => html`<h2>${tag}</h2>${ofTag(tag).map((one) => operation(api, mount, one))}`)}
${objects.length === 0 ? undefined : html`<h2>Objects</h2>`}${objects.map(
  ([schema, value]) => html`<section id="schema-${schema}"><h3>${schema}</h3>${schemaTable(value)}</section>`,
)}</main>`,
  );
}

function operation(api: DescribedApi, mount: string, one: OperationDescription): Html {
  const { headers = {}, query, body, answers } = one;
  const errors = [...errorsOf(one, api.catalogue).values()].flat();
  return html`<section id="${operationId(one)}">
<h3><span class="method ${one.method}">${one.method.toUpperCase()}</span> <code>${mount}${one.path}</code></h3>
<p>${prose(one.summary)}${one.open === true ? ' Needs no key.' : ''}</p>
${Object.keys(membersOf(query)).length > 0 ? html`<h4>Query</h4>${schemaTable(query ?? {})}` : undefined}
${
  Object.keys(headers).length > 0
    ? html`<h4>Headers</h4><table>${Object.entries(headers).map(
        ([name, text]) => html`<tr><th><code>${name}</code></th><td>${prose(text)}</td></tr>`,
      )}</table>`
    : undefined
}
${body === undefined ? undefined : html`<h4>Body${body.required ? '' : ', if any'}</h4>${contentList(body.content)}`}
<h4>Answers</h4>${Object.entries(answers).map(
    ([status, { description, content }]) =>
      html`<p><strong>${status}</strong> ${prose(description)}</p>${content && contentList(content)}`,
  )}
<details><summary>Errors</summary><table>${errors.map(
    ({ status, code, when, retry }) =>
      html`<tr><th>${status ?? ''}</th><td><code>${code}</code></td><td>${prose(when)}</td><td>retry: ${retry}</td></tr>`,
  )}</table></details>
</section>`;
}

function contentList(content: Content): Html {
  return html`${Object.entries(content).map(
    ([type, schema]) => html`<p class="type"><code>${type}</code></p>${schemaTable(schema)}`,
  )}`;
}

interface Known {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly title?: string;
  readonly description?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
}

/** The members of an object; those of objects inside it are listed below them. */
function schemaTable(schema: Schema): Html {
  const { oneOf, title } = schema as Known;
  if (oneOf !== undefined)
    return html`${oneOf.map((one) => html`<details><summary>${(one as Known).title ?? 'or'}</summary>${schemaTable(one)}</details>`)}`;
  const members = Object.entries(membersOf(schema));
  if (members.length === 0) return html`<p>${title}${typeOf(schema)}</p>`;
  return html`<table>${members.map(([name, member]) => {
    const { description, items } = member as Known;
    const below = [member, items ?? {}].find((one) => Object.keys(membersOf(one)).length > 0);
    return html`<tr><th><code>${name}</code>${
      requiredOf(schema).includes(name) ? undefined : html`<br><small>optional</small>`
    }</th><td>${typeOf(member)}${boundsOf(member)}${
      description === undefined ? undefined : html`<br>${prose(description)}`
    }${below === undefined ? undefined : schemaTable(below)}</td></tr>`;
  })}</table>`;
}

function typeOf(schema: Schema): Html {
  const { $ref, type, const: only, enum: values, items, anyOf } = schema as Known;
  if ($ref !== undefined) {
    const name = $ref.split('/').at(-1) ?? '';
    return html`<a href="#schema-${name}">${name}</a>`;
  }
  if (only !== undefined) return html`<code>${JSON.stringify(only)}</code>`;
  if (values !== undefined)
    return html`${values.map((value, index) => html`${index === 0 ? '' : ' | '}<code>${JSON.stringify(value)}</code>`)}`;
  if (anyOf !== undefined)
    return html`${anyOf.map((one, index) => html`${index === 0 ? '' : ' or '}${typeOf(one)}`)}`;
  if (items !== undefined) return html`list of ${typeOf(items)}`;
  return html`${[type ?? 'any'].flat().join(' or ')}`;
}

/** The limits of a value, and its default. */
function boundsOf(schema: Schema): Html | undefined {
  const { minimum, maximum, minLength, maxLength, minItems, maxItems, default: usual } = schema as Known;
  const range = (low: number | undefined, high: number | undefined, unit: string): readonly string[] => {
    if (low === undefined && high === undefined) return [];
    if (low === undefined) return [`up to ${high}${unit}`];
    return [high === undefined ? `at least ${low}${unit}` : `${low} to ${high}${unit}`];
  };
  const words = [
    ...range(minimum, maximum, ''),
    ...range(minLength, maxLength, ' characters'),
    ...range(minItems, maxItems, ' entries'),
    ...(usual === undefined ? [] : [`default ${JSON.stringify(usual)}`]),
  ];
  return words.length === 0 ? undefined : html`<small>, ${words.join(', ')}</small>`;
}

function page(title: string, body: Html): string {
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>${title}</title><style>${new Html(STYLE)}</style></head>
<body>${body}</body></html>
`.text;
}
