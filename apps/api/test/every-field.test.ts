import type { Route } from '@suanxiang/contract/route';
import { ROUTES } from '@suanxiang/contract/routes';
import { ProblemError } from '@suanxiang/domain/errors';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { parseInput } from '../src/parse-input';

interface Shape {
  type?: string;
  properties?: Record<string, Shape>;
  required?: string[];
  items?: Shape;
  anyOf?: Shape[];
}

/** Every operation that takes a body, with its fields. */
const bodies = (ROUTES as readonly Route[])
  .filter((route) => route.body !== null)
  .map((route) => ({ route, shape: z.toJSONSchema(route.body!, { io: 'input', unrepresentable: 'any' }) as Shape }));
const fields = bodies.flatMap(({ route, shape }) =>
  Object.entries(shape.properties ?? {}).map(
    ([name, field]) => [route.operationId, name, { route, shape, field }] as const,
  ),
);

/** The pointers and codes that a body is refused with. Params and query are wrong, too, and told beside. */
function refusals(route: Route, body: unknown): Map<string, string> {
  try {
    parseInput(route, { params: {}, query: {}, body });
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    expect(error.code).toBe('invalid_request');
    // "Invalid input" alone does not say what would be right.
    for (const { detail } of error.extra.errors!) expect(detail).not.toBe('Invalid input');
    return new Map(error.extra.errors!.map(({ pointer, code }) => [pointer, code]));
  }
  return new Map();
}

const typesOf = (field: Shape): string[] => [field.type ?? '', ...(field.anyOf ?? []).flatMap(typesOf)];

/** A value of a type that the field does not take. */
function wrongValue(field: Shape): unknown {
  const types = typesOf(field);
  if (!types.includes('object')) return { contains: 'a' };
  if (!types.includes('array')) return ['a'];
  return 3.5;
}

describe('every operation with a body', () => {
  test('is looked at', () => {
    expect(bodies.length).toBeGreaterThan(10);
    expect(fields.length).toBeGreaterThan(40);
  });

  test.each(bodies.map(({ route }) => [route.operationId, route] as const))(
    '%s takes no unknown field',
    (_id, route) => {
      expect(refusals(route, { frobnicate: 1 }).get('/body/frobnicate')).toBe('unknown_field');
    },
  );

  test.each(bodies.map(({ route }) => [route.operationId, route] as const))('%s takes only an object', (_id, route) => {
    for (const body of [[], 'text', 1, true, null]) {
      expect([...refusals(route, body).keys()].some((pointer) => pointer === '/body')).toBe(true);
    }
  });

  test.each(fields)('%s: a wrong %s is pointed at', (_id, name, { route, field }) => {
    const found = [...refusals(route, { [name]: wrongValue(field) }).keys()];
    expect(found.some((pointer) => pointer === `/body/${name}` || pointer.startsWith(`/body/${name}/`))).toBe(true);
  });

  test.each(fields.filter(([, name, { shape }]) => shape.required?.includes(name)))(
    '%s: a missing %s is pointed at',
    (_id, name, { route }) => {
      expect(refusals(route, {}).get(`/body/${name}`)).toBe('required');
    },
  );
});
