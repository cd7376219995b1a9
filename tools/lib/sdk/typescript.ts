import { camelCase } from '@suanxiang/contract/sdk-names';
import { NEWEST_API_VERSION } from '@suanxiang/contract/versions';
import { ERROR_CATALOGUE } from '@suanxiang/domain/errors';
import type { SdkCall, SdkContract, SdkField, SdkModel, SdkType } from './model';

const pascal = (words: readonly string[]) => words.map((word) => word[0]!.toUpperCase() + word.slice(1)).join('');
const inputName = ({ route }: SdkCall) => `${pascal([route.operationId])}Input`;

function typeText(type: SdkType): string {
  switch (type.kind) {
    case 'text':
    case 'decimal':
    case 'time':
      return 'string';
    case 'integer':
    case 'number':
      return 'number';
    case 'boolean':
      return 'boolean';
    case 'json':
      return 'unknown';
    case 'literal':
      return type.values.map((value) => (typeof value === 'string' ? `'${value}'` : String(value))).join(' | ');
    case 'list':
      return `Array<${typeText(type.of)}>`;
    case 'map':
      return `Record<string, ${typeText(type.of)}>`;
    case 'nullable':
      return `${typeText(type.of)} | null`;
    case 'union':
      return type.of.map(typeText).join(' | ');
    case 'named':
      return type.name;
  }
}

function docOf(text: string, indent: string): string {
  return text === '' ? '' : `${indent}/** ${text.replaceAll('*/', '*\\/')} */\n`;
}

function fieldLines(fields: readonly SdkField[], input: boolean): string {
  return fields
    .map(({ name, type, required, doc }) => {
      const text = typeText(type);
      const optional = required ? ':' : '?:';
      return `${docOf(doc, '  ')}  ${name}${optional} ${text}${input && !required ? ' | undefined' : ''};\n`;
    })
    .join('');
}

function modelText(model: SdkModel): string {
  if ('alias' in model) return `export type ${model.name} = ${typeText(model.alias)};\n`;
  return `export interface ${model.name} {\n${fieldLines(model.fields, model.input)}}\n`;
}

const inputFields = ({ query, body, result }: SdkCall) => {
  const fields = [...query, ...(body ?? [])];
  return result.kind === 'page' ? fields.filter(({ name }) => name !== 'include') : fields;
};

function answerText({ result }: SdkCall): string {
  switch (result.kind) {
    case 'none':
      return 'Promise<void>';
    case 'bytes':
      return 'Promise<Uint8Array>';
    case 'events':
      return 'AsyncIterable<Event>';
    case 'value':
      return `Promise<${typeText(result.type)}>`;
    case 'page':
      return `Listing<${typeText(result.item)}>`;
  }
}

function methodText(call: SdkCall): string {
  const fields = inputFields(call);
  const given = fields.some(({ required }) => required) ? 'input' : 'input?';
  const parameters = [
    ...call.path.map(({ name, type }) => `${camelCase(name.split('_'))}: ${typeText(type)}`),
    ...(fields.length > 0 ? [`${given}: ${inputName(call)}`] : []),
    `options?: ${call.result.kind === 'events' ? 'StreamOptions' : 'CallOptions'}`,
  ];
  const { deprecation, summary } = call.route;
  const gone = deprecation ? ` @deprecated until ${deprecation.sunset}` : '';
  return `${docOf(`${summary.en}.${gone}`, '  ')}  ${camelCase(call.method)}(${parameters.join(', ')}): ${answerText(call)};\n`;
}

function operationText(call: SdkCall): string {
  const { route } = call;
  const row = {
    id: route.operationId,
    name: [...(call.group ? [camelCase(call.group)] : []), camelCase(call.method)],
    method: route.method,
    path: route.path,
    idempotency: route.idempotency,
    query: call.query.map(({ name }) => name),
    body: call.body !== null,
    result: call.result.kind,
  };
  return `  ${JSON.stringify(row)},\n`;
}

/** packages/sdk/src/generated/api.ts: types of everything that is sent and answered, and the table of operations. */
export function typescriptSdk({ models, calls }: SdkContract): string {
  const groups = [...new Map(calls.flatMap(({ group }) => (group ? [[camelCase(group), group] as const] : [])))];
  const groupName = (group: readonly string[]) => `${pascal(group)}Api`;
  const methodsOf = (name: string | null) =>
    calls
      .filter(({ group }) => (group ? camelCase(group) : null) === name)
      .map(methodText)
      .join('');
  const inputs = calls.filter((call) => inputFields(call).length > 0);
  return [
    '// Generated from packages/contract by `npm run docs:generate`. Money is an exact decimal string, times are RFC 3339.\n',
    "import type { Operation as Row } from '../operation';\n",
    "import type { CallOptions, Listing, StreamOptions } from '../types';\n\n",
    `export const API_VERSION = '${NEWEST_API_VERSION}';\n\n`,
    '/** Stable codes of problems; newer servers may answer others. */\n',
    `export type ErrorCode =\n${Object.keys(ERROR_CATALOGUE)
      .map((code) => `  | '${code}'`)
      .join('\n')};\n\n`,
    ...models.map((model) => `${modelText(model)}\n`),
    ...inputs.map((call) => `export interface ${inputName(call)} {\n${fieldLines(inputFields(call), true)}}\n\n`),
    ...groups.map(([name, group]) => `export interface ${groupName(group)} {\n${methodsOf(name)}}\n\n`),
    '/** Every operation of the API, by the words of the command line. */\nexport interface Api {\n',
    ...groups.map(([name, group]) => `  readonly ${name}: ${groupName(group)};\n`),
    `${methodsOf(null)}}\n\n`,
    `export const OPERATIONS: readonly Row[] = [\n${calls.map(operationText).join('')}];\n`,
  ].join('');
}
