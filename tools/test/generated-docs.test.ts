import { readFileSync } from 'node:fs';
import { ROUTES } from '@suanxiang/contract/routes';
import { describe, expect, it } from 'vitest';
import { generatedDocs } from '../lib/generated-docs';
import { generatedSdk } from '../lib/sdk/generated-sdk';

const docs = generatedDocs();

describe('docs/generated', () => {
  it.each(Object.keys(docs))('%s is what its table says (npm run docs:generate)', (name) => {
    const file = new URL(`../../docs/generated/${name}`, import.meta.url);
    expect(readFileSync(file, 'utf8') === docs[name]).toBe(true);
  });

  it('has clients that are what the contract says (npm run docs:generate)', () => {
    const stale = Object.entries(generatedSdk()).filter(
      ([file, text]) => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8') !== text,
    );
    expect(stale.map(([file]) => file)).toEqual([]);
  });

  it('resolves every reference in the OpenAPI document', () => {
    const document = JSON.parse(docs['openapi.json']!) as { components: { schemas: object } };
    const references = [...docs['openapi.json']!.matchAll(/"\$ref": "#\/components\/schemas\/(\w+)"/g)].map(
      (match) => match[1]!,
    );
    expect(references.length).toBeGreaterThan(50);
    for (const name of references) expect(Object.keys(document.components.schemas)).toContain(name);
    expect(docs['openapi.json']).not.toContain('#/$defs/');
  });

  it('describes every route once', () => {
    const { paths } = JSON.parse(docs['openapi.json']!) as {
      paths: Record<string, Record<string, { operationId: string }>>;
    };
    const described = Object.values(paths).flatMap((path) =>
      Object.values(path).map((operation) => operation.operationId),
    );
    expect(described.sort()).toEqual(ROUTES.map((route) => route.operationId).sort());
  });
});
