import type { Shape } from '@suanxiang/contract/sample';

interface Parameter {
  $ref?: string;
  name: string;
  in: string;
  required?: boolean;
  description?: string;
  schema?: Shape;
  example?: unknown;
}
interface Media {
  schema?: Shape;
  example?: unknown;
}
interface DocumentedOperation {
  operationId: string;
  tags: string[];
  summary: string;
  deprecated?: boolean;
  'x-summary-zh': string;
  'x-cli': string;
  'x-required-permission'?: string;
  'x-sunset'?: string;
  security: object[];
  parameters: Parameter[];
  requestBody?: { content: Record<string, Media> };
  responses: Record<string, { $ref?: string; description?: string; content?: Record<string, Media> }>;
}

/** The parts of an OpenAPI document that the page shows. */
export interface Document {
  info: { title: string; version: string; description: string };
  tags: { name: string; description: string }[];
  paths: Record<string, Record<string, DocumentedOperation>>;
  components: {
    parameters: Record<string, Parameter>;
    responses: Record<string, { description: string }>;
  };
}

const escaped = (text: unknown) =>
  String(text).replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
const json = (value: unknown) => escaped(JSON.stringify(value, null, 2));

function typeOf(shape: Shape | undefined): string {
  if (!shape) return '';
  if (shape.enum) return shape.enum.map((value) => JSON.stringify(value)).join(' | ');
  if (shape.anyOf) return shape.anyOf.map(typeOf).join(' | ');
  return [shape.type, shape.format].filter(Boolean).join(' ');
}

function parametersTable(document: Document, parameters: readonly Parameter[]): string {
  const rows = parameters.map((given) => {
    const one = given.$ref ? document.components.parameters[given.$ref.split('/').at(-1)!]! : given;
    return `<tr><td><code>${escaped(one.name)}</code>${one.required ? ' *' : ''}</td><td>${escaped(one.in)}</td>
<td>${escaped(typeOf(one.schema))}</td><td>${escaped(one.description ?? '')}</td></tr>`;
  });
  return rows.length === 0 ? '' : `<h3>Parameters · 参数</h3><table><tbody>${rows.join('')}</tbody></table>`;
}

function responsesTable(document: Document, responses: DocumentedOperation['responses']): string {
  const rows = Object.entries(responses).map(([status, given]) => {
    const one = given.$ref ? document.components.responses[given.$ref.split('/').at(-1)!]! : given;
    return `<tr><td>${status}</td><td>${escaped(one.description ?? '')
      .replace(/\n/g, '<br>')
      .replace(/`([\w.]+)`/g, '<code>$1</code>')}</td></tr>`;
  });
  const [success] = Object.values(responses);
  const example = Object.values(success?.content ?? {})[0]?.example;
  return `<h3>Answers · 响应</h3>${example === undefined ? '' : `<pre>${json(example)}</pre>`}<table><tbody>${rows.join('')}</tbody></table>`;
}

function tryForm(method: string, path: string, operation: DocumentedOperation): string {
  const own = operation.parameters.filter(({ $ref }) => !$ref);
  const inputs = own.map(
    (one) => `<label>${escaped(one.name)}<input name="${escaped(one.name)}" data-in="${escaped(one.in)}"
 value="${escaped(one.in === 'path' || one.required ? (one.example ?? '') : '')}"></label>`,
  );
  const body = operation.requestBody?.content['application/json']?.example;
  const idempotent = operation.parameters.some(({ $ref }) => $ref?.includes('IdempotencyKey'));
  return `<form data-method="${method}" data-path="${escaped(path)}" data-idempotent="${idempotent}" data-public="${operation.security.length === 0}">
<h3>Try it · 试一试</h3><div class="bar">${inputs.join('')}</div>
${body === undefined ? '' : `<textarea aria-label="Body" spellcheck="false">${json(body)}</textarea>`}
<button>Send · 发送</button> <button type="button" data-curl>curl</button><output></output></form>`;
}

function operationHtml(document: Document, method: string, path: string, operation: DocumentedOperation): string {
  const words = [operation.operationId, path, operation.summary, operation['x-summary-zh']].join(' ').toLowerCase();
  const permission = operation['x-required-permission'];
  const facts = [
    `<code>${escaped(operation['x-cli'])}</code>`,
    ...(permission ? [`<code>${escaped(permission)}</code>`] : []),
    ...(operation.deprecated ? [`<strong>deprecated, ends ${escaped(operation['x-sunset'])}</strong>`] : []),
  ];
  return `<details id="op-${escaped(operation.operationId)}" data-words="${escaped(words)}"><summary>
<code class="method ${method}">${method}</code><code>${escaped(path)}</code><span>${escaped(operation.summary)} · ${escaped(operation['x-summary-zh'])}</span></summary>
<div><p>${facts.join(' · ')}</p>${parametersTable(document, operation.parameters)}${responsesTable(document, operation.responses)}
${tryForm(method, path, operation)}</div></details>`;
}

/** The interactive reference: every operation of the OpenAPI document, with a form that sends it. Needs no other server. */
export function referencePage(document: Document): string {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );
  const sections = document.tags.map(({ name, description }) => {
    const own = operations.filter(({ operation }) => operation.tags.includes(name));
    return `<section><h2>${escaped(name)}</h2><p>${escaped(description)}</p>
${own.map(({ method, path, operation }) => operationHtml(document, method, path, operation)).join('\n')}</section>`;
  });
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>${escaped(document.info.title)}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="stylesheet" href="/docs/style.css">
<h1>${escaped(document.info.title)} <small>${escaped(document.info.version)}</small></h1>
<p>${escaped(document.info.description)}</p>
<p><a href="/openapi.json">openapi.json</a> · <a href="/problems">Problems · 错误目录</a></p>
<div class="bar"><label>Filter · 筛选<input id="filter" type="search"></label>
<label>API key · 密钥<input id="credential" type="password" autocomplete="off" spellcheck="false"></label>
<label>Organization-Id (session only)<input id="organization" autocomplete="off"></label></div>
${sections.join('\n')}
<script src="/docs/app.js"></script></html>
`;
}
