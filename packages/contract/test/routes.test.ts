import { ERROR_CATALOGUE } from '@suanxiang/domain/errors';
import { PERMISSIONS } from '@suanxiang/domain/permissions';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import { type CallOutput, createClient, requestOf } from '../src/client';
import { ROUTES } from '../src/routes';

describe('the route table', () => {
  it('names every operation, path and command once', () => {
    for (const of of [
      (r: (typeof ROUTES)[number]) => r.operationId,
      (r: (typeof ROUTES)[number]) => `${r.method} ${r.path}`,
      (r: (typeof ROUTES)[number]) => r.cli,
    ]) {
      const names = ROUTES.map(of);
      expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
    }
  });

  it('has a schema field for every path parameter and no other', () => {
    for (const route of ROUTES) {
      const inPath = [...route.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!);
      const params = route.params as z.ZodObject | null;
      expect(params ? Object.keys(params.shape) : [], route.operationId).toEqual(inPath);
    }
  });

  it('asks for a known permission wherever an organisation is acted in', () => {
    for (const route of ROUTES) {
      if (route.auth === 'org') expect(PERMISSIONS, route.operationId).toContain(route.permission);
      else expect(route.permission, route.operationId).toBeNull();
    }
  });

  it('requires an idempotency key wherever money can be spent', () => {
    for (const route of ROUTES) {
      const errors: readonly string[] = route.errors;
      if (errors.includes('payment_required')) expect(route.idempotency, route.operationId).toBe('required');
      for (const code of errors) expect(Object.keys(ERROR_CATALOGUE)).toContain(code);
    }
  });

  it('rejects unknown fields in every body and query', () => {
    for (const route of ROUTES) {
      for (const schema of [route.body, route.query] as (z.ZodType | null)[]) {
        if (!schema) continue;
        const result = schema.safeParse({ surely_unknown_field: 1 });
        const codes = result.success ? [] : result.error.issues.map((issue) => issue.code);
        expect(codes, route.operationId).toContain('unrecognized_keys');
      }
    }
  });

  it('can be said in JSON Schema, for the OpenAPI document', () => {
    for (const route of ROUTES) {
      for (const schema of [route.params, route.query, route.body] as (z.ZodType | null)[]) {
        if (schema) expect(() => z.toJSONSchema(schema, { io: 'input' }), route.operationId).not.toThrow();
      }
      const answer = route.response.schema as z.ZodType | null;
      if (answer) expect(() => z.toJSONSchema(answer, { io: 'output' }), route.operationId).not.toThrow();
    }
  });
});

describe('the client', () => {
  it('is typed by the table', () => {
    expectTypeOf<CallOutput<'getInstance'>>().toHaveProperty('gpus');
    const client = createClient({ baseUrl: 'http://x' });
    expectTypeOf(client.call<'getBalance'>)
      .parameter(1)
      .not.toHaveProperty('body');
  });

  it('writes path parameters, queries and a fresh idempotency key', () => {
    const request = requestOf('listInvoiceEvidence', {
      params: { invoice_id: 'a/b' },
      query: { key: 'usage:1', limit: 5 },
    });
    expect(request.path).toBe('/v1/invoices/a%2Fb/evidence?key=usage%3A1&limit=5');
    const create = requestOf('createInstance', { body: { name: 'a', region_id: 'r', accelerator_id: 'm' } });
    expect(create.headers['idempotency-key']).toMatch(/^[0-9a-f-]{36}$/);
  });
});
