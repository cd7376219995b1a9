import { readFileSync } from 'node:fs';
import path from 'node:path';
import { openApiDocument } from '@suanxiang/contract/openapi';
import { API_VERSIONS, NEWEST_API_VERSION } from '@suanxiang/contract/versions';
import { describe, expect, it } from 'vitest';
import { type ApiDocument, apiSurface, breakingChanges } from '../lib/api-surface';
import { root } from '../lib/root';

const fresh = () => JSON.parse(JSON.stringify(openApiDocument(NEWEST_API_VERSION))) as ApiDocument;
const present = apiSurface(fresh());
const changed = (change: (document: ApiDocument) => void) => {
  const document = fresh();
  change(document);
  return breakingChanges(present, apiSurface(document));
};
// biome-ignore lint/suspicious/noExplicitAny: the document is reached into to break it on purpose.
const body = (document: any, route: string) =>
  document.paths[route].post.requestBody.content['application/json'].schema;

describe('what the API promises', () => {
  it.each([...API_VERSIONS])('version %s keeps it (npm run api:promise writes down what was added)', (version) => {
    const promised = readFileSync(path.join(root, `docs/api/surface-${version}.txt`), 'utf8')
      .trim()
      .split('\n');
    expect(promised.length).toBeGreaterThan(500);
    expect(breakingChanges(promised, present)).toEqual([]);
  });

  it('is broken by an operation, a field or a value that goes, and by a new demand', () => {
    expect(changed((document) => delete document.paths['/v1/instances']!.get)).toContain(
      'gone: operation GET /v1/instances',
    );
    expect(changed((document) => delete document.components.schemas.Instance!.properties!.name)).toEqual([
      'gone: always Instance.name',
      'gone: out Instance.name: string',
    ]);
    expect(changed((document) => delete body(document, '/v1/instances').properties.labels)).toContain(
      'gone: in POST /v1/instances body.labels: object',
    );
    expect(changed((document) => body(document, '/v1/instances').properties.on_capacity.enum.pop())).toEqual([
      'gone: in POST /v1/instances body.on_capacity = "queue"',
    ]);
    expect(changed((document) => body(document, '/v1/instances').required.push('labels'))).toEqual([
      'new demand: required POST /v1/instances body.labels',
    ]);
    expect(
      changed((document) => {
        document.components.schemas.Instance!.properties!.gpus = { type: 'string' };
      }),
    ).toEqual(['gone: out Instance.gpus: integer int64']);
  });

  it('is not broken by what is added', () => {
    const added = changed((document) => {
      document.paths['/v1/things'] = { get: { parameters: [], responses: { 200: {} } } };
      document.components.schemas.Instance!.properties!.colour = { type: 'string' };
      body(document, '/v1/instances').properties.colour = { type: 'string' };
      document.paths['/v1/instances']!.get!.parameters.push({
        name: 'colour',
        in: 'query',
        schema: { type: 'string' },
      });
    });
    expect(added).toEqual([]);
  });
});
