import type { Route } from '@suanxiang/contract/route';
import { ROUTES } from '@suanxiang/contract/routes';
import { ID_PREFIXES, idPattern } from '@suanxiang/domain/ids';
import { z } from 'zod';

/** A schema as the OpenAPI document would say it. */
export interface Shape {
  type?: string;
  format?: string;
  pattern?: string;
  enum?: unknown[];
  const?: unknown;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  default?: unknown;
  items?: Shape;
  properties?: Record<string, Shape>;
  required?: string[];
  additionalProperties?: Shape | boolean;
  propertyNames?: Shape;
  anyOf?: Shape[];
}

export const routes = ROUTES as readonly Route[];

/** What a part of a request looks like; an empty object where an operation takes none. */
export function shapeOf(schema: Route['body']): Shape {
  return schema ? (z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Shape) : { properties: {} };
}

/** Places of a request's part with their shapes, fields inside objects and lists included. */
export function places(shape: Shape, path: string[] = []): { path: string[]; shape: Shape }[] {
  const own = path.length > 0 ? [{ path, shape }] : [];
  const inner = Object.entries(shape.properties ?? {}).flatMap(([name, field]) => places(field, [...path, name]));
  const items = shape.items ? places(shape.items, [...path, '0']) : [];
  return [...own, ...inner, ...items];
}

const KIND_OF_PATTERN = new Map(
  (Object.keys(ID_PREFIXES) as (keyof typeof ID_PREFIXES)[]).map((kind) => [idPattern(kind), kind]),
);

/** A value that a field takes, well formed and of nothing that exists. */
export function plausible(shape: Shape, name = ''): unknown {
  if (shape.default !== undefined) return shape.default;
  if (shape.const !== undefined) return shape.const;
  if (shape.enum) return shape.enum[0];
  if (shape.anyOf) return plausible(shape.anyOf[0]!, name);
  switch (shape.type) {
    case 'object':
      return plausibleObject(shape);
    case 'array':
      return Array.from({ length: shape.minItems ?? 0 }, () => plausible(shape.items ?? {}, name));
    case 'integer':
    case 'number':
      return Math.max(1, shape.minimum ?? 1);
    case 'boolean':
      return false;
    default:
      return plausibleText(shape, name);
  }
}

function plausibleObject(shape: Shape): Record<string, unknown> {
  return Object.fromEntries(
    (shape.required ?? []).map((name) => [name, plausible(shape.properties?.[name] ?? {}, name)]),
  );
}

function plausibleText({ pattern, format }: Shape, name: string): string {
  const kind = pattern ? KIND_OF_PATTERN.get(pattern) : undefined;
  if (kind) return `${ID_PREFIXES[kind]}_01jzzzzzzzzzzzzzzzzzzzzzzz`;
  if (format === 'email') return 'somebody@example.com';
  if (format === 'date-time') return '2026-11-01T00:00:00Z';
  if (format === 'cidrv4') return '192.0.2.0/24';
  if (/amount/.test(name)) return '1.00';
  if (/password/.test(name)) return 'correct horse battery';
  return 'abc';
}

/** Path with its parameters filled. */
export function fillPath(route: Route, values: Record<string, string> = {}): string {
  const shapes = shapeOf(route.params).properties ?? {};
  return route.path.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(values[name] ?? String(plausible(shapes[name] ?? {}, name))),
  );
}

/** A body with one place replaced. */
export function withValue(body: unknown, path: readonly string[], value: unknown): unknown {
  const [first, ...rest] = path;
  if (first === undefined) return value;
  if (/^\d+$/.test(first)) return [withValue((body as unknown[] | undefined)?.[0], rest, value)];
  const own = (body ?? {}) as Record<string, unknown>;
  return { ...own, [first]: withValue(own[first], rest, value) };
}
