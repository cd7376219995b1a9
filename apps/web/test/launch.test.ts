import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sdkProgram } from '../src/features/code/sdk-snippets';
import { cliCommand, curlCommand, shellWord } from '../src/features/code/snippets';
import { bodyOfDraft, initialOffer, shortageOf } from '../src/features/launch/draft';
import { memoryNeedGib, suggest } from '../src/features/launch/need';
import { closeMonthTarget } from '../src/features/settings/clock-target';
import { datesBetween, usageQueryOf } from '../src/features/usage/period';
import { localToUnixS } from '../src/lib/local-time';
import { safeNext } from '../src/nav/paths';
import { offers } from './fake-api/catalogue';

const all = offers('CNY');
const offerOf = (id: string, region = 'cn-north') =>
  all.find(({ accelerator, region_id }) => accelerator.id === id && region_id === region)!;

describe('launch', () => {
  it('names the shortage that would refuse a size', () => {
    expect(shortageOf('instance', offerOf('hygon-k100-ai'), { gpus: 1, nodeCount: 1 })).toEqual({ why: 'none_free' });
    expect(shortageOf('instance', offerOf('amd-mi300x'), { gpus: 4, nodeCount: 1 })).toEqual({
      why: 'per_node',
      most: 2,
    });
    expect(shortageOf('cluster', offerOf('nvidia-h100'), { gpus: 8, nodeCount: 4 })).toEqual({ why: 'nodes', most: 3 });
    expect(shortageOf('cluster', offerOf('nvidia-h20'), { gpus: 8, nodeCount: 4 })).toBeNull();
  });

  it('begins with what the address asks for, else with the cheapest that can start', () => {
    expect(initialOffer('instance', all, { accelerator: 'nvidia-h100', region: 'ap-southeast' })?.sku).toBe(
      'gpu.nvidia-h100.ap-southeast',
    );
    // The Hygon card is cheaper, but none is free.
    expect(initialOffer('instance', all, {})?.accelerator.id).toBe('cambricon-mlu590');
  });

  it('sends what belongs to the kind and nothing else', () => {
    const draft = {
      regionId: 'r',
      acceleratorId: 'a',
      gpus: 8,
      nodeCount: 4,
      topology: 'same_leaf',
      sshKeyIds: ['k'],
      queue: true,
    } as const;
    const texts = { name: 'n', image: 'i', startupScript: ' ' };
    expect(bodyOfDraft('cluster', draft, texts, 'p')).toEqual({
      project_id: 'p',
      name: 'n',
      region_id: 'r',
      accelerator_id: 'a',
      image: 'i',
      ssh_key_ids: ['k'],
      on_capacity: 'queue',
      node_count: 4,
      topology: 'same_leaf',
    });
    expect(bodyOfDraft('instance', draft, texts, 'p')).toMatchObject({ gpus: 8 });
    expect(bodyOfDraft('instance', draft, texts, 'p')).not.toHaveProperty('node_count');
  });

  it('estimates memory as its comment says and suggests only what fits and is free', () => {
    expect(memoryNeedGib(70, 'inference', 'bf16')).toBe(Math.ceil((70e9 * 2.4) / 2 ** 30));
    expect(memoryNeedGib(7, 'full', 'int4')).toBe(Math.ceil((7e9 * 19.2) / 2 ** 30));
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2_000 }), (needGib) => {
        const found = suggest(all, needGib, 10);
        for (const { offer, gpus, memoryGib } of found) {
          expect(memoryGib).toBeGreaterThanOrEqual(needGib);
          expect(offer.stock.largest_instance).toBeGreaterThanOrEqual(gpus);
        }
        const costs = found.map(({ perHour }) => Number(perHour));
        expect(costs).toEqual([...costs].sort((a, b) => a - b));
      }),
    );
  });
});

describe('show as code', () => {
  it('quotes for the shell', () => {
    expect(shellWord('suanxiang/pytorch:2.9')).toBe('suanxiang/pytorch:2.9');
    expect(shellWord("it's $HOME")).toBe("'it'\\''s $HOME'");
  });

  it('writes curl with the key from the environment', () => {
    const text = curlCommand('http://api', 'org_1', {
      method: 'POST',
      path: '/v1/x',
      headers: { 'idempotency-key': 'k' },
      body: '{"a":1}',
    });
    expect(text).toContain('curl -sS -X POST http://api/v1/x');
    expect(text).toContain('-H "authorization: Bearer $SUANXIANG_API_KEY"');
    expect(text).toContain("-H 'organization-id: org_1'");
    expect(text).toContain('"a": 1');
  });

  it('writes the command line with a flag for each field', () => {
    const route = { cli: 'instances create', path: '/v1/instances' };
    const body = {
      name: 'a b',
      gpus: 8,
      ssh_key_ids: ['k1', 'k2'],
      labels: { team: 'x' },
      queue: true,
      off: false,
      empty: [],
    };
    expect(cliCommand(route, { body })).toBe(
      "suan instances create \\\n  --name 'a b' \\\n  --gpus 8 \\\n  --ssh-key-ids k1,k2 \\\n  --labels team=x \\\n  --queue",
    );
    const stop = { cli: 'instances stop', path: '/v1/instances/{instance_id}/stop' };
    expect(cliCommand(stop, { params: { instance_id: 'inst_1' } })).toBe('suan instances stop inst_1');
  });
});

describe('show as a program of our clients', () => {
  const create = { cli: 'instances create', path: '/v1/instances' };
  const stop = { cli: 'instances stop', path: '/v1/instances/{instance_id}/stop' };
  const body = {
    name: "a 'b'",
    gpus: 8,
    ssh_key_ids: ['k1'],
    labels: { 'a/b': '算"x' },
    movable: true,
    zone_id: undefined,
  };

  it('in Python', () => {
    expect(sdkProgram('python', 'http://api', create, { body })).toBe(
      [
        'from suanxiang import Suanxiang',
        '',
        'client = Suanxiang(base_url="http://api")',
        'answer = client.instances.create(',
        `    name="a 'b'",`,
        '    gpus=8,',
        '    ssh_key_ids=["k1"],',
        '    labels={"a/b": "算\\"x"},',
        '    movable=True,',
        ')',
      ].join('\n'),
    );
    const text = sdkProgram('python', 'http://api', stop, { params: { instance_id: 'inst_1' } });
    expect(text.split('\n').at(-1)).toBe('answer = client.instances.stop("inst_1")');
    const update = { cli: 'instances update', path: '/v1/instances/{instance_id}' };
    const cleared = { params: { instance_id: 'i' }, body: { expected_duration_s: null } };
    expect(sdkProgram('python', 'http://api', update, cleared)).toContain(
      '(\n    "i",\n    expected_duration_s=None,\n)',
    );
  });

  it('in TypeScript', () => {
    expect(sdkProgram('typescript', 'http://api', create, { body })).toBe(
      [
        "import { createClient } from '@suanxiang/sdk';",
        '',
        'const client = createClient({',
        "  baseUrl: 'http://api',",
        '  apiKey: process.env.SUANXIANG_API_KEY,',
        '});',
        'const answer = await client.instances.create({',
        "  name: 'a \\'b\\'',",
        '  gpus: 8,',
        "  ssh_key_ids: ['k1'],",
        `  labels: { 'a/b': '算"x' },`,
        '  movable: true,',
        '});',
      ].join('\n'),
    );
    const text = sdkProgram('typescript', 'http://api', stop, { params: { instance_id: 'inst_1' } });
    expect(text.split('\n').at(-1)).toBe("const answer = await client.instances.stop('inst_1');");
  });
});

describe('closing a month', () => {
  const at = (text: string) => Math.floor(Date.parse(text) / 1000);

  it('goes a day past its end in the zone of the account', () => {
    const target = closeMonthTarget(at('2026-11-24T00:00:00Z'), 'Asia/Shanghai');
    expect(target.monthEndS).toBe(at('2026-11-30T16:00:00Z'));
    expect(target.toS).toBe(at('2026-12-01T16:01:00Z'));
    expect(target.closes).toBe(true);
  });

  it('takes two steps where 31 days are not enough', () => {
    const first = closeMonthTarget(at('2026-10-01T00:00:00Z'), 'UTC');
    expect(first.closes).toBe(false);
    expect(first.toS).toBe(at('2026-11-01T00:00:00Z'));
  });

  it("reads a wall clock in the account's zone", () => {
    expect(localToUnixS('2026-11-30T23:59', 'Asia/Shanghai')).toBe(at('2026-11-30T15:59:00Z'));
    expect(localToUnixS('2026-07-01T00:00', 'America/New_York')).toBe(at('2026-07-01T04:00:00Z'));
    expect(localToUnixS('', 'UTC')).toBeNull();
  });
});

describe('usage periods', () => {
  const account = { billing_now: '2026-11-24T03:00:00Z', time_zone: 'Asia/Shanghai' };

  it('begin at a local midnight', () => {
    expect(usageQueryOf('current', undefined, account)).toEqual({});
    expect(usageQueryOf('7', 'proj_1', account)).toEqual({ from: '2026-11-17T16:00:00Z', project_id: 'proj_1' });
  });

  it('list every local date once', () => {
    const from = Date.parse('2026-10-31T16:00:00Z') / 1000;
    expect(datesBetween(from, from + 3 * 86_400, 'Asia/Shanghai')).toEqual(['2026-11-01', '2026-11-02', '2026-11-03']);
  });
});

describe('attack 31: coming back after sign-in', () => {
  it.each([
    ['/acme/default', '/acme/default'],
    ['//evil.example', '/console'],
    ['/\\evil.example', '/console'],
    ['/\t/evil.example', '/console'],
    ['/\n/evil.example', '/console'],
    ['/a/..\\\\evil.example', '/console'],
    ['/acme/usage?q=a%20b', '/acme/usage?q=a%20b'],
    ['https://evil.example', '/console'],
    ['javascript:alert(1)', '/console'],
    [undefined, '/console'],
  ])('%s leads to %s', (next, wanted) => {
    expect(safeNext(next, '/console')).toBe(wanted);
  });
});
