import { requestOf } from '@suanxiang/contract/client';
import { ROUTES } from '@suanxiang/contract/routes';
import { describe, expect, it } from 'vitest';
import { browserPath } from '../src/api/browser-client';
import { DOWNLOADS } from '../src/api/downloads';
import { OPERATIONS } from '../src/api/operations';

describe("the browser's table of operations", () => {
  it('says the same as the contract', () => {
    const wanted = Object.fromEntries(
      ROUTES.map((route) => [
        route.operationId,
        [route.method, route.path, ...(route.idempotency === 'required' ? ['key'] : [])],
      ]),
    );
    expect(OPERATIONS).toEqual(wanted);
  });

  it('leads below the console, with the same path and query as the client of the contract', () => {
    const input = { params: { instance_id: 'inst_a/b' }, query: { from_s: 5 } };
    const [, path] = OPERATIONS.getInstanceMetrics;
    expect(browserPath(path, input)).toBe(`/api${requestOf('getInstanceMetrics', input).path}`);
    expect(browserPath('/v1/operator/nodes', { query: { zone_id: 'cn-north-a' } })).toBe(
      '/api/operator/nodes?zone_id=cn-north-a',
    );
  });

  it('agrees with the paths of downloads', () => {
    for (const [operationId, path] of Object.entries(DOWNLOADS)) {
      expect(OPERATIONS[operationId as keyof typeof DOWNLOADS].slice(0, 2)).toEqual(['GET', path]);
    }
  });
});
