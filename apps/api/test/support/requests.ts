import type { Route } from '@suanxiang/contract/route';
import { ROUTES } from '@suanxiang/contract/routes';
import { type Shape, sampleOf } from '@suanxiang/contract/sample';
import { z } from 'zod';

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

/** A value that a field takes, well formed and of nothing that exists. */
export function plausible(shape: Shape, name = ''): unknown {
  return sampleOf(shape, { optional: false }, name);
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
