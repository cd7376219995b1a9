import type { Route } from '@suanxiang/contract/route';
import { routeOf } from '@suanxiang/contract/routes';
import { ProblemError } from '@suanxiang/domain/errors';
import { describe, expect, it } from 'vitest';
import { parseInput } from '../src/parse-input';

const create = routeOf('createInstance') as unknown as Route;
const good = { name: 'a', region_id: 'r', accelerator_id: 'm' };

function problemOf(route: Route, raw: { params?: unknown; query?: unknown; body?: unknown }): ProblemError {
  try {
    parseInput(route, { params: undefined, query: undefined, body: undefined, ...raw });
  } catch (error) {
    if (error instanceof ProblemError) return error;
    throw error;
  }
  throw new Error('was accepted');
}
const pointers = (problem: ProblemError) => problem.extra.errors?.map((error) => error.pointer);

describe('request parsing', () => {
  it('fills defaults', () => {
    const { body } = parseInput(create, { params: {}, query: {}, body: good });
    expect(body).toMatchObject({ gpus: 1, on_capacity: 'fail', labels: {} });
  });

  it('lists every violation at once, each with its pointer', () => {
    const problem = problemOf(create, { body: { ...good, name: 'Not A Name', gpus: 3, price: 0 }, query: { x: '1' } });
    expect(problem.code).toBe('invalid_request');
    expect(pointers(problem)?.sort()).toEqual(['/body/gpus', '/body/name', '/body/price', '/query/x']);
  });

  it.each([
    ['status', { status: 'running' }],
    ['org_id', { org_id: 'org_1' }],
    ['__proto__', JSON.parse('{"__proto__":{"admin":true}}') as object],
    ['constructor', { constructor: { name: 'x' } }],
  ])('does not take %s', (name, extra) => {
    const body = Object.assign(Object.create(null) as object, good);
    for (const [key, value] of Object.entries(extra)) {
      Object.defineProperty(body, key, { value, enumerable: true, configurable: true, writable: true });
    }
    const problem = problemOf(create, { body });
    expect(pointers(problem)).toContain(`/body/${name}`);
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });

  it('does not take operator objects, arrays or numbers for strings', () => {
    for (const name of [{ contains: 'a' }, ['a'], 1, null, '']) {
      expect(pointers(problemOf(create, { body: { ...good, name } }))).toEqual(['/body/name']);
    }
  });

  it('does not take repeated or bracketed query parameters', () => {
    const list = routeOf('listInstances') as unknown as Route;
    expect(pointers(problemOf(list, { query: { limit: ['1', '2'] } }))).toEqual(['/query/limit']);
    expect(pointers(problemOf(list, { query: { 'q[not]': '' } }))).toEqual(['/query/q[not]']);
    for (const limit of ['0', '-1', '1e9', 'NaN', '101', '1.5']) {
      expect(pointers(problemOf(list, { query: { limit } })), limit).toEqual(['/query/limit']);
    }
  });

  it('refuses a body where none is taken', () => {
    const stop = routeOf('stopInstance') as unknown as Route;
    const params = { instance_id: 'inst_01jzzzzzzzzzzzzzzzzzzzzzzz' };
    expect(pointers(problemOf(stop, { params, body: { force: true } }))).toEqual(['/body']);
  });
});
