import { isIP } from 'node:net';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { createOperationFinder, type Operation, type Parameter, type Response } from './find-operation';

/** One request and what was answered to it. Names of headers are in lower case. */
export interface Exchange {
  method: string;
  /** Path and query as sent. */
  url: string;
  requestHeaders: Record<string, string | string[] | undefined>;
  requestBody: string;
  status: number;
  responseHeaders: Record<string, string | string[] | undefined>;
  /** The whole body; null where it was not read to its end, as that of a stream. */
  responseBody: string | null;
}

/** What HTTP itself and a browser's protection put on answers: not promised operation by operation. */
const GENERAL_HEADERS = new Set([
  'allow',
  'cache-control',
  'connection',
  'content-disposition',
  'content-length',
  'content-security-policy',
  'content-type',
  'cross-origin-resource-policy',
  'date',
  'keep-alive',
  'referrer-policy',
  'strict-transport-security',
  'transfer-encoding',
  'vary',
  'x-accel-buffering',
  'x-content-type-options',
  'x-frame-options',
]);

function isNetwork(text: string, version: 4 | 6): boolean {
  const [address = '', bits = '', ...rest] = text.split('/');
  const most = version === 4 ? 32 : 128;
  return isIP(address) === version && /^\d{1,3}$/.test(bits) && Number(bits) <= most && rest.length === 0;
}

const mediaType = (value: unknown) =>
  String(value ?? '')
    .split(';')[0]!
    .trim()
    .toLowerCase();

/**
 * Holds exchanges against an OpenAPI 3.1 document, with a validator that shares nothing with the server's own. Answers what
 * differs, one sentence each: an operation, status, content type, header or field that the document does not know, and
 * input that was accepted although the document does not allow it.
 */
export function createContractCheck(document: object): (exchange: Exchange) => string[] {
  const options = { strict: false, allErrors: true, validateFormats: true };
  const bodies = new Ajv2020(options);
  const texts = new Ajv2020({ ...options, coerceTypes: true });
  for (const ajv of [bodies, texts]) {
    addFormats.default(ajv);
    ajv.addFormat('cidrv4', (text) => isNetwork(text, 4));
    ajv.addFormat('cidrv6', (text) => isNetwork(text, 6));
    ajv.addSchema(document, 'api');
  }
  const find = createOperationFinder(document);
  const compiled = new Map<string, ValidateFunction>();

  /** What is wrong with a value under the schema at a JSON pointer into the document. */
  function violations(ajv: Ajv2020, pointer: string, value: unknown): string[] {
    const key = `${ajv === bodies ? 'b' : 't'}${pointer}`;
    const validate = compiled.get(key) ?? ajv.compile({ $ref: `api#${pointer}` });
    compiled.set(key, validate);
    if (validate(value)) return [];
    return (validate.errors ?? []).slice(0, 5).map(({ instancePath, message, params }) => {
      return `${instancePath || '/'} ${message} ${JSON.stringify(params)}`;
    });
  }

  function checkParameter(parameter: Parameter, given: string | string[] | undefined): string[] {
    if (given === undefined) return parameter.required ? [`${parameter.in} ${parameter.name} is missing`] : [];
    // Texts become what the schema wants, as on a server.
    return violations(texts, `${parameter.pointer}/schema`, given).map(
      (error) => `${parameter.in} ${parameter.name}: ${error}`,
    );
  }

  function checkRequest(operation: Operation, exchange: Exchange): string[] {
    const query = new URL(exchange.url, 'http://x').searchParams;
    const known = new Set(operation.parameters.filter((one) => one.in === 'query').map(({ name }) => name));
    const found = [...query.keys()].filter((name) => !known.has(name)).map((name) => `query ${name} is not described`);
    for (const parameter of operation.parameters) {
      if (parameter.in === 'path') found.push(...checkParameter(parameter, operation.path[parameter.name]));
      else if (parameter.in === 'query')
        found.push(...checkParameter(parameter, query.get(parameter.name) ?? undefined));
      else found.push(...checkParameter(parameter, exchange.requestHeaders[parameter.name.toLowerCase()]));
    }
    if (operation.bodyPointer === null || exchange.requestBody === '') return found;
    const body: unknown = JSON.parse(exchange.requestBody.replace(/^\ufeff/, ''));
    return [...found, ...violations(bodies, operation.bodyPointer, body).map((error) => `body: ${error}`)];
  }

  function checkHeaders(response: Response, exchange: Exchange): string[] {
    const sent = exchange.responseHeaders;
    const unknown = Object.keys(sent).filter((name) => !response.headers.has(name) && !GENERAL_HEADERS.has(name));
    const missing = [...response.headers].filter(([name, { required }]) => required && sent[name] === undefined);
    return [
      ...unknown.map((name) => `header ${name} is not described`),
      ...missing.map(([name]) => `header ${name} is missing`),
    ];
  }

  function checkBody(response: Response, exchange: Exchange): string[] {
    const { responseBody } = exchange;
    if (exchange.method === 'HEAD' || exchange.status === 304) return [];
    const type = mediaType(exchange.responseHeaders['content-type']);
    const pointer = response.content.get(type);
    if (response.content.size === 0) return responseBody ? ['a body where none is described'] : [];
    if (pointer === undefined) return [`content type "${type}" is not described`];
    if (responseBody === null || !/[/+]json$/.test(type)) return [];
    return violations(bodies, pointer, JSON.parse(responseBody)).map((error) => `answer: ${error}`);
  }

  return (exchange) => {
    const operation = find(exchange.method, exchange.url);
    const where = `${exchange.method} ${exchange.url.split('?')[0]} ${exchange.status}`;
    if (operation === null) {
      const refused = exchange.status === 404 || exchange.status === 405;
      return refused ? [] : [`${where}: the document has no such operation`];
    }
    const response = operation.responses.get(exchange.status);
    if (response === undefined) return [`${where} (${operation.id}): the status is not described`];
    const found = [
      ...(exchange.status < 400 ? checkRequest(operation, exchange) : []),
      ...checkHeaders(response, exchange),
      ...checkBody(response, exchange),
    ];
    return found.map((what) => `${where} (${operation.id}): ${what}`);
  };
}
