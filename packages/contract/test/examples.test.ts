import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openApiDocument } from '../src/openapi';
import type { Route } from '../src/route';
import { ROUTES } from '../src/routes';
import { exampleId, type Shape, sampleOf } from '../src/sample';
import { problem } from '../src/schemas/problem';
import { NEWEST_API_VERSION } from '../src/versions';

interface Media {
  schema: Shape;
  example?: unknown;
  examples?: Record<string, { value: unknown }>;
}
interface Documented {
  parameters: { $ref?: string; in: string; name: string; required: boolean; example?: unknown }[];
  requestBody?: { content: Record<string, Media> };
  responses: Record<string, { $ref?: string; content?: Record<string, Media> }>;
}
const document = JSON.parse(JSON.stringify(openApiDocument(NEWEST_API_VERSION))) as {
  paths: Record<string, Record<string, Documented>>;
  components: { responses: Record<string, { content: Record<string, Media> }> };
};
const routes = (ROUTES as readonly Route[]).map(
  (route) => [route.operationId, route, document.paths[route.path]![route.method.toLowerCase()]!] as const,
);

describe('every operation has examples that its own schemas take', () => {
  it.each(routes)('%s', (_, route, operation) => {
    const given = (where: string) =>
      Object.fromEntries(
        operation.parameters.filter((one) => one.in === where && one.required).map((one) => [one.name, one.example]),
      );
    if (route.params) expect(route.params.safeParse(given('path')).error).toBeUndefined();
    if (route.query) expect(route.query.safeParse(given('query')).error).toBeUndefined();
    const body = operation.requestBody?.content['application/json'];
    expect(body === undefined).toBe(route.body === null);
    if (route.body) expect(route.body.safeParse(body!.example).error).toBeUndefined();
    const { schema, status, contentType } = route.response;
    if (schema) {
      const { example } = operation.responses[status]!.content![contentType]!;
      expect(schema.parse(example)).toEqual(example);
    }
  });

  it('and problems have one of each code, which name places that exist in requests', () => {
    for (const { content } of Object.values(document.components.responses)) {
      const { examples = {} } = content['application/problem+json']!;
      expect(Object.keys(examples).length).toBeGreaterThan(0);
      for (const [code, { value }] of Object.entries(examples)) {
        expect(problem.strict().parse(value)).toMatchObject({ code });
      }
    }
  });
});

describe('samples', () => {
  const schemas = fc.oneof(
    fc.record({ min: fc.nat(50), extra: fc.nat(50) }).map(({ min, extra }) =>
      z
        .number()
        .int()
        .min(min)
        .max(min + extra),
    ),
    fc.record({ min: fc.nat(3), extra: fc.nat(3) }).map(({ min, extra }) =>
      z
        .array(z.boolean())
        .min(min)
        .max(min + extra),
    ),
    fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 1 }).map((values) => z.enum(values as [string])),
    fc.constantFrom(z.email(), z.iso.datetime(), z.cidrv4(), z.boolean(), z.null(), z.literal('x')),
  );

  it('fit the schema they are made from', () => {
    fc.assert(
      fc.property(schemas, fc.boolean(), (schema, optional) => {
        const shape = z.toJSONSchema(z.object({ field: schema })) as Shape;
        expect(z.object({ field: schema }).safeParse(sampleOf(shape, { optional })).error).toBeUndefined();
      }),
    );
  });

  it('of ids have the form of their kind', () => {
    expect(exampleId('workloadInstance')).toMatch(/^inst_[0-9a-hjkmnp-tv-z]{26}$/);
  });
});
