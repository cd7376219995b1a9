import type { Route } from '@suanxiang/contract/route';
import { z } from 'zod';

/** How the text of a flag becomes a JSON value. */
export type FlagKind = 'string' | 'number' | 'boolean' | 'boolean_text' | 'list' | 'map' | 'json';

/** One request field as a command-line flag, derived from its schema. */
export interface Flag {
  place: 'query' | 'body';
  /** Name in the API, for example `ssh_key_ids`. */
  field: string;
  /** Name on the command line, for example `--ssh-key-ids`. */
  name: string;
  kind: FlagKind;
  /** Allowed values as typed; null when they are not enumerated. */
  choices: string[] | null;
  required: boolean;
  /** Default of the API, null when there is none. */
  defaultValue: unknown;
  description: string | null;
  /** Long texts may be read with `@FILE` (or `@-` for standard input). */
  fromFile: boolean;
}

interface JsonSchema {
  type?: string;
  enum?: unknown[];
  const?: unknown;
  anyOf?: JsonSchema[];
  items?: JsonSchema;
  additionalProperties?: JsonSchema | boolean;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  default?: unknown;
  description?: string;
  format?: string;
  pattern?: string;
  maxLength?: number;
}

const LONG_TEXT = 1000;

/** `ssh_key_ids` -> `--ssh-key-ids` */
export function flagName(field: string): string {
  return `--${field.replaceAll('_', '-')}`;
}

/** `instance_id` -> `instance-id`, the way positionals are shown. */
export function positionalName(field: string): string {
  return field.replaceAll('_', '-');
}

/** JSON Schema of what may be sent (defaults are optional). */
function inputSchema(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
}

/** Names of the path parameters in the order of the path. */
export function paramNames(path: string): string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!);
}

/** The flags of a query or body schema, in the schema's order. */
export function flagsOf(schema: z.ZodType | null, place: 'query' | 'body'): Flag[] {
  if (!schema) return [];
  const object = inputSchema(schema);
  return Object.entries(object.properties ?? {}).map(([field, property]) => {
    const { kind, choices } = kindOf(property);
    return {
      place,
      field,
      name: flagName(field),
      kind,
      choices,
      required: object.required?.includes(field) ?? false,
      defaultValue: property.default ?? null,
      description: property.description ?? null,
      fromFile: kind === 'string' && place === 'body' && !property.pattern && (property.maxLength ?? 0) > LONG_TEXT,
    };
  });
}

/** All flags of an operation. */
export function fieldFlags(route: Pick<Route, 'query' | 'body'>): Flag[] {
  return [...flagsOf(route.query, 'query'), ...flagsOf(route.body, 'body')];
}

function kindOf(schema: JsonSchema): { kind: FlagKind; choices: string[] | null } {
  const constants = schema.anyOf?.every((option) => option.const !== undefined)
    ? schema.anyOf.map((option) => option.const)
    : (schema.enum ?? (schema.const === undefined ? null : [schema.const]));
  if (constants) {
    const choices = constants.map(String);
    if (choices.join() === 'true,false') return { kind: 'boolean_text', choices: null };
    return { kind: constants.every((value) => typeof value === 'number') ? 'number' : 'string', choices };
  }
  if (schema.type === 'string') return { kind: 'string', choices: null };
  if (schema.type === 'integer' || schema.type === 'number') return { kind: 'number', choices: null };
  if (schema.type === 'boolean') return { kind: 'boolean', choices: null };
  if (schema.type === 'array' && schema.items?.type === 'string')
    return { kind: 'list', choices: schema.items.enum?.map(String) ?? null };
  const values = schema.additionalProperties;
  if (schema.type === 'object' && typeof values === 'object' && values.type === 'string')
    return { kind: 'map', choices: null };
  return { kind: 'json', choices: null };
}

/** Thrown by parseFlag; `expected` names the form that would be right. */
export class FlagError extends Error {
  override readonly name = 'FlagError';
  constructor(
    readonly flag: Flag,
    readonly given: string,
    readonly expected: 'number' | 'key=value' | 'json',
  ) {
    super(`${flag.name} ${given}`);
  }
}

/**
 * JSON value of what was typed for a flag. Lists take commas or repetition, maps take `key=value` repeated or one JSON
 * object. Ranges and patterns are left to the schema. Throws FlagError for text that has not the flag's form at all.
 */
export function parseFlag(flag: Flag, typed: string | boolean | string[]): unknown {
  if (typeof typed === 'boolean') return flag.kind === 'boolean_text' ? String(typed) : typed;
  const texts = Array.isArray(typed) ? typed : [typed];
  const last = texts.at(-1) ?? '';
  switch (flag.kind) {
    case 'number': {
      const value = Number(last);
      if (last.trim() === '' || !Number.isFinite(value)) throw new FlagError(flag, last, 'number');
      return value;
    }
    case 'list':
      return texts
        .flatMap((text) => text.split(','))
        .map((text) => text.trim())
        .filter((text) => text !== '');
    case 'map':
      return Object.assign({}, ...texts.map((text) => parsePairs(flag, text)));
    case 'json':
      return parseJson(flag, last);
    default:
      return last;
  }
}

function parsePairs(flag: Flag, text: string): Record<string, unknown> {
  if (text.trimStart().startsWith('{')) return parseJson(flag, text) as Record<string, unknown>;
  const at = text.indexOf('=');
  if (at < 1) throw new FlagError(flag, text, 'key=value');
  return { [text.slice(0, at)]: text.slice(at + 1) };
}

function parseJson(flag: Flag, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new FlagError(flag, text, 'json');
  }
}
