import { snakeCase } from '@suanxiang/contract/sdk-names';
import { NEWEST_API_VERSION } from '@suanxiang/contract/versions';
import { ERROR_CATALOGUE } from '@suanxiang/domain/errors';
import type { SdkCall, SdkContract, SdkField, SdkType } from './model';
import { aliasesFirst, docstring, pythonModel, pythonName, pythonType } from './python-types';

const FOLDER = 'sdk/python/src/suanxiang/_generated';
const HEADER = '# Generated from packages/contract by `npm run docs:generate`. Do not edit.\n';

const pascal = (words: readonly string[]) => words.map((word) => word[0]!.toUpperCase() + word.slice(1)).join('');

function modelsModule({ models }: SdkContract): string {
  return (
    `${HEADER}from __future__ import annotations\n\n` +
    'from dataclasses import dataclass\nfrom datetime import datetime\nfrom decimal import Decimal\n' +
    'from typing import Any, Dict, List, Literal, Mapping, Optional, Sequence, TypedDict, Union\n\n' +
    'from .._values import Amount, Time\n\n' +
    aliasesFirst(models)
      .map((model) => ('alias' in model ? pythonModel(model) : `\n\n${pythonModel(model)}`))
      .join('')
  );
}

function problemsModule(): string {
  const codes = Object.entries(ERROR_CATALOGUE);
  const nameOf = (code: string) => pascal(code.split('_'));
  return (
    `${HEADER}from __future__ import annotations\n\nfrom typing import Dict, Type\n\nfrom .._errors import ApiProblem\n` +
    codes
      .map(
        ([code, { status, title }]) =>
          `\n\nclass ${nameOf(code)}(ApiProblem):\n${docstring(`${title.en} (${status}).`, '    ')}`,
      )
      .join('') +
    `\n\nBY_CODE: Dict[str, Type[ApiProblem]] = {\n${codes.map(([code]) => `    "${code}": ${nameOf(code)},\n`).join('')}}\n`
  );
}

function operationsModule({ calls }: SdkContract): string {
  const rows = calls.map(({ route, query, body }) => {
    const names = query.map(({ name }) => `"${name}"`).join(', ');
    const places = `frozenset({${names}})`.replace('frozenset({})', 'frozenset()');
    const keyed = route.idempotency === 'none' ? 'False' : 'True';
    return `    "${route.operationId}": Call("${route.method}", "${route.path}", ${places}, ${body ? 'True' : 'False'}, ${keyed}),\n`;
  });
  return (
    `${HEADER}from __future__ import annotations\n\nfrom typing import Dict\n\nfrom .._request import Call\n\n` +
    `API_VERSION = "${NEWEST_API_VERSION}"\n\nCALLS: Dict[str, Call] = {\n${rows.join('')}}\n`
  );
}

const fieldsOf = ({ query, body, result }: SdkCall) => {
  const all = [...query, ...(body ?? [])];
  return result.kind === 'page' ? all.filter(({ name }) => name !== 'include') : all;
};

function parameter({ name, type, required }: SdkField): string {
  const text = pythonType(type, true, 'models.');
  return required ? `${pythonName(name)}: ${text}` : `${pythonName(name)}: Union[${text}, Unset] = UNSET`;
}

function modelName(type: SdkType): string {
  if (type.kind !== 'named') throw new Error('Answers are objects, or lists of objects.');
  return `models.${type.name}`;
}

/** How a method answers: its type, and the way of the transport. */
function answerOf({ result }: SdkCall, isAsync: boolean): { type: string; send: string; awaited: boolean } {
  switch (result.kind) {
    case 'none':
      return { type: 'None', send: 'nothing(', awaited: isAsync };
    case 'bytes':
      return { type: 'bytes', send: 'content(', awaited: isAsync };
    case 'events':
      return {
        type: `${isAsync ? 'AsyncIterator' : 'Iterator'}[models.Event]`,
        send: 'events(models.Event, CALLS["listEvents"], ',
        awaited: false,
      };
    case 'value':
      return { type: modelName(result.type), send: `value(${modelName(result.type)}, `, awaited: isAsync };
    case 'page': {
      const item = modelName(result.item);
      return { type: `${isAsync ? 'AsyncPager' : 'Pager'}[${item}]`, send: `pages(${item}, `, awaited: false };
    }
  }
}

function methodText(call: SdkCall, isAsync: boolean, indent = '    '): string {
  const { type, send, awaited } = answerOf(call, isAsync);
  const fields = fieldsOf(call);
  const path = call.path.map(({ name }) => pythonName(name));
  const parameters = [
    'self',
    ...call.path.map((field) => parameter({ ...field, required: true })),
    '*',
    ...[...fields].sort((a, b) => Number(b.required) - Number(a.required)).map(parameter),
    `options: Optional[${call.result.kind === 'events' ? 'StreamOptions' : 'CallOptions'}] = None`,
  ];
  const given = fields.map(({ name }) => `"${name}": ${pythonName(name)}`).join(', ');
  const docs = fields
    .filter(({ doc }) => doc !== '')
    .map(({ name, doc }) => `\n${indent}    :param ${pythonName(name)}: ${doc}`);
  const { summary, deprecation } = call.route;
  const gone = deprecation ? ` Deprecated: ends on ${deprecation.sunset}.` : '';
  const doc = `${summary.en}.${gone}${docs.length > 0 ? `\n${docs.join('')}\n${indent}    ` : ''}`;
  const tuple = path.length === 1 ? `(${path[0]},)` : `(${path.join(', ')})`;
  return (
    `${indent}${awaited ? 'async ' : ''}def ${snakeCase(call.method)}(\n` +
    parameters.map((one) => `${indent}    ${one},\n`).join('') +
    `${indent}) -> ${type}:\n` +
    docstring(doc, `${indent}    `) +
    `${indent}    return ${awaited ? 'await ' : ''}self._transport.${send}CALLS["${call.route.operationId}"], ${tuple}, {${given}}, options)\n`
  );
}

function resourcesModule({ calls }: SdkContract, isAsync: boolean): string {
  const groups = new Map(calls.flatMap(({ group }) => (group ? [[snakeCase(group), group] as const] : [])));
  const prefix = isAsync ? 'Async' : '';
  const transport = `${prefix || 'Sync'}Transport`;
  const head = `    def __init__(self, transport: ${transport}) -> None:\n        self._transport = transport\n`;
  const methodsOf = (name: string | null) =>
    calls
      .filter(({ group }) => (group ? snakeCase(group) : null) === name)
      .map((call) => `\n${methodText(call, isAsync)}`)
      .join('');
  const iterators = isAsync ? 'AsyncIterator' : 'Iterator';
  return (
    `${HEADER}from __future__ import annotations\n\n` +
    `from typing import Any, Literal, Mapping, Optional, Sequence, Union, ${iterators}\n\n`.replace(
      /import (.*)\n/,
      (_, names: string) => `import ${names.split(', ').sort().join(', ')}\n`,
    ) +
    `from .._${isAsync ? 'async' : 'sync'} import ${prefix}Pager, ${transport}\n` +
    'from .._values import UNSET, Amount, CallOptions, StreamOptions, Time, Unset\n' +
    'from . import models\nfrom .operations import CALLS\n' +
    [...groups].map(([name, group]) => `\n\nclass ${prefix}${pascal(group)}:\n${head}${methodsOf(name)}`).join('') +
    `\n\nclass ${prefix}Api:\n    """Every operation of the API, by the words of the command line."""\n\n` +
    head +
    [...groups].map(([name, group]) => `        self.${name} = ${prefix}${pascal(group)}(transport)\n`).join('') +
    methodsOf(null)
  );
}

/** The generated modules of the Python client: path in the repository -> text. */
export function pythonSdk(contract: SdkContract): Record<string, string> {
  return {
    [`${FOLDER}/__init__.py`]: HEADER,
    [`${FOLDER}/models.py`]: modelsModule(contract),
    [`${FOLDER}/problems.py`]: problemsModule(),
    [`${FOLDER}/operations.py`]: operationsModule(contract),
    [`${FOLDER}/resources.py`]: resourcesModule(contract, false),
    [`${FOLDER}/async_resources.py`]: resourcesModule(contract, true),
  };
}
