import { describe, expect, it } from 'vitest';
import { fieldName } from '../src/problem-text';
import { runCli } from './harness';

const ID = '0123456789abcdefghjkmnpqrs';
const instance = (state: string, operation: object | null) => ({
  id: `inst_${ID}`,
  name: 'trainer',
  state,
  labels: { team: 'nlp' },
  price_per_gpu_hour: '2.490000',
  currency: 'USD',
  deletion_protection: false,
  ssh: { host: 'ssh.sim', port: 22001, user: 'root' },
  running_since: '2026-11-24T10:03:22.123Z',
  status_reason: null,
  operation,
});
const operation = (status: string, steps: [string, string, string?][], error: object | null = null) => ({
  id: `op_${ID}`,
  kind: 'launch',
  status,
  resource_id: `inst_${ID}`,
  error,
  steps: steps.map(([name, state, phase]) => ({
    name,
    status: state,
    phase: phase ?? null,
    started_at: state === 'pending' ? null : '2026-11-24T10:00:00.000Z',
    finished_at: state === 'done' || state === 'failed' ? '2026-11-24T10:00:01.500Z' : null,
  })),
});

describe('what people see', () => {
  it('aligns Chinese, Latin and mixed cells by their width on the screen', async () => {
    const items = [
      { id: 'proj_1', slug: 'training', name: '大模型训练', created_at: '2026-11-24T10:03:22.000Z' },
      { id: 'proj_22', slug: 'ops', name: 'Opérations 🚀', created_at: '2026-11-24T10:03:22.000Z' },
      { id: 'proj_3', slug: 'z', name: '', created_at: null },
    ];
    const result = await runCli('projects list', {
      locale: 'zh-CN',
      answers: [{ status: 200, json: { items, next_cursor: 'abc' } }],
    });
    expect(result.out).toBe(
      [
        'ID       短名称    名称           创建时间',
        'proj_1   training  大模型训练     2026-11-24 10:03:22Z',
        'proj_22  ops       Opérations 🚀  2026-11-24 10:03:22Z',
        'proj_3   z         -              -',
        '',
      ].join('\n'),
    );
    expect(result.err).toBe('还有更多：--cursor abc，或 --all\n');
  });

  it('shows offers with numbers to the right and names in the language', async () => {
    const offer = (id: string, zh: string, price: string, free: number) => ({
      sku: `gpu.${id}.cn-north`,
      accelerator: { id, name: { en: id.toUpperCase(), zh }, memory_gib: 64 },
      region_id: 'cn-north',
      price_per_gpu_hour: price,
      currency: 'CNY',
      stock: { total: 512, free, largest_instance: 8, free_nodes: 3 },
    });
    const items = [offer('ascend-910b', '昇腾 910B', '9.80', 8), offer('h100', '英伟达 H100', '18.60', 120)];
    const result = await runCli('offers list --lang zh', { answers: [{ status: 200, json: { items } }] });
    expect(result.out).toBe(
      [
        'ID           名称         显存 GIB  地域      单价（每卡时）  币种  空闲  合计  单机最大可用卡数  整机空闲',
        'ascend-910b  昇腾 910B          64  cn-north            9.80  CNY      8   512                 8         3',
        'h100         英伟达 H100        64  cn-north           18.60  CNY    120   512                 8         3',
        '',
      ].join('\n'),
    );
  });

  it('shows a record, and the steps of its operation while it is not over', async () => {
    const over = instance('running', operation('succeeded', [['place', 'done']]));
    const result = await runCli(`instances get inst_${ID}`, { answers: [{ status: 200, json: over }] });
    expect(result.out).toContain('SSH                  ssh -p 22001 root@ssh.sim\n');
    expect(result.out).toContain('labels               team=nlp\n');
    expect(result.out).toContain('price/GPU-hour       2.490000\n');
    expect(result.out).toContain('running since        2026-11-24 10:03:22Z\n');
    expect(result.out).toContain('deletion protection  no\n');
    expect(result.out).toContain(`operation            launch: succeeded (op_${ID})\n`);
    expect(result.out).not.toContain('steps');

    const error = { code: 'provider.boot_failed', en: 'The machine did not boot.', zh: '机器未能启动。' };
    const failed = instance(
      'failed',
      operation(
        'failed',
        [
          ['place', 'done'],
          ['boot', 'failed'],
        ],
        error,
      ),
    );
    const shown = await runCli(`instances get inst_${ID}`, { answers: [{ status: 200, json: failed }] });
    expect(shown.out).toContain('error  The machine did not boot.\n');
    expect(shown.out).toContain('boot   failed  -      2026-11-24 10:00:00Z  2026-11-24 10:00:01Z');
  });

  it('leaves days out on which nothing ran', async () => {
    const day = (date: string, gpuSeconds: string) => ({
      day: date,
      gpu_seconds: gpuSeconds,
      amount: { amount: '0.03', currency: 'USD' },
    });
    const json = {
      total: { amount: '0.03', currency: 'USD' },
      rows: [],
      days: [day('2026-11-01', '0'), day('2026-11-02', '88')],
    };
    const result = await runCli('usage', { answers: [{ status: 200, json }] });
    expect(result.out).not.toContain('2026-11-01');
    expect(result.out).toContain('2026-11-02           88  0.03 USD');
  });

  it('reads a log page by page until nothing is new, and follows it over connections that break', async () => {
    const page = (cursor: string | null, ...texts: string[]) => ({
      status: 200,
      json: { lines: texts.map((text) => ({ at: '2026-11-24T10:00:00.000Z', text })), next_cursor: cursor },
    });
    const once = await runCli(`instances logs inst_${ID} --tail 2`, {
      answers: [page('a', 'epoch 1'), page('b', 'epoch 2'), page('b')],
    });
    expect(once.out).toBe('2026-11-24 10:00:00Z  epoch 1\n2026-11-24 10:00:00Z  epoch 2\n');
    expect(once.seen.map((request) => request.path.split('?')[1])).toEqual([
      'tail=2',
      'tail=2&cursor=a',
      'tail=2&cursor=b',
    ]);
    expect((await runCli(`clusters logs clus_${ID} --rank 1`, { answers: [page('a')] })).out).toBe('Nothing here.\n');
    const told = (id: string, text: string) =>
      `id: ${id}\nevent: lines\ndata: {"lines":[{"at":"2026-11-24T10:00:00.000Z","text":"${text}"}]}\n\n`;
    const stream = (text: string) => ({ status: 200, bytes: new TextEncoder().encode(text) });
    const followed = await runCli(`logs inst_${ID} -f --since 10m --retries 0`, {
      answers: [
        stream(`: hello\n\n${told('a', 'one')}id: b\ndata: {"lin`),
        stream(`${told('b', 'two')}event: end\ndata: {"lines":[],"reason":"log_ended"}\n\n`),
      ],
    });
    expect([followed.code, followed.out]).toEqual([0, '2026-11-24 10:00:00Z  one\n2026-11-24 10:00:00Z  two\n']);
    expect(followed.seen.map(({ headers }) => headers['last-event-id'])).toEqual([undefined, 'a']);
    expect(followed.seen[0]!.path).toContain(`since=${encodeURIComponent('2026-11-24T23:50:00.000Z')}`);
  });

  it('says that a rehearsal created nothing', async () => {
    const result = await runCli('instances create --name t --region-id r --accelerator-id h --validate-only', {
      answers: [{ status: 200, json: instance('queued', null) }],
    });
    expect(result.err).toBe('This would be accepted. Nothing was created.\n');
  });

  it('draws a block as sixty bars and gaps as dots', async () => {
    const values = [...Array(30).keys()].map((second) => (second === 3 ? null : second * 33_300));
    const block = {
      win_start_s: 1_795_514_400,
      rev: 0,
      measured: 29,
      average_ppm: 500_000,
      values_ppm: values,
      digest: 'ab',
    };
    const result = await runCli(`usage blocks alloc_${ID}`, {
      answers: [{ status: 200, json: { items: [block], next_cursor: null } }],
    });
    expect(result.out).toContain('2026-11-24 10:00:00Z    0        29   50.00%');
    expect(result.out).toContain('▁▁▁·▂');
    expect(result.out).toContain('50.00%');
  });

  it('keeps control characters away from the terminal', async () => {
    const items = [{ id: 'proj_1', slug: 'x', name: 'evil\u001b[2Jname', created_at: null }];
    const result = await runCli('projects list', { answers: [{ status: 200, json: { items, next_cursor: null } }] });
    expect(result.out).not.toContain('\u001b');
  });
});

describe('--wait', () => {
  it('shows each step once, in order, and ends with the workload', async () => {
    const result = await runCli('instances create --name trainer --region-id r --accelerator-id h100 --wait', {
      answers: [
        {
          status: 201,
          json: instance(
            'queued',
            operation('pending', [
              ['place', 'pending'],
              ['boot', 'pending'],
            ]),
          ),
        },
        {
          status: 200,
          json: operation('running', [
            ['place', 'done'],
            ['boot', 'running', 'pulling_image'],
          ]),
        },
        {
          status: 200,
          json: operation('running', [
            ['place', 'done'],
            ['boot', 'running', 'pulling_image'],
          ]),
        },
        {
          status: 200,
          json: operation('running', [
            ['place', 'done'],
            ['boot', 'running', 'booting'],
          ]),
        },
        {
          status: 200,
          json: operation('succeeded', [
            ['place', 'done'],
            ['boot', 'done'],
          ]),
        },
        { status: 200, json: instance('running', null) },
      ],
    });
    expect(result.code).toBe(0);
    expect(result.err).toBe('✓ place 1.5 s\n… boot (pulling image)\n… boot (booting)\n✓ boot 1.5 s\n');
    expect(result.out).toContain('running');
    expect(result.slept).toEqual([500, 500, 500, 500]);
    expect(result.seen.at(-1)!.path).toBe(`/v1/instances/inst_${ID}`);
  });

  it('fails with the reason in the language', async () => {
    const error = { code: 'provider.boot_failed', en: 'The machine did not boot.', zh: '机器未能启动。' };
    const failed = operation(
      'failed',
      [
        ['place', 'done'],
        ['boot', 'failed'],
      ],
      error,
    );
    const answers = [{ status: 201, json: instance('provisioning', failed) }];
    const words = 'instances create --name trainer --region-id r --accelerator-id h100 --wait';
    const english = await runCli(words, { answers });
    expect([english.code, english.err]).toEqual([
      1,
      '✓ place 1.5 s\n✗ boot 1.5 s\nThe operation failed: The machine did not boot. [provider.boot_failed]\n',
    ]);
    const chinese = await runCli(words, { answers, locale: 'zh-CN' });
    expect(chinese.err).toContain('操作失败：机器未能启动。 [provider.boot_failed]');
  });

  it('gives up after --wait-timeout and says how to go on', async () => {
    const pending = operation('running', [['place', 'running']]);
    const result = await runCli(`instances start inst_${ID} --wait --wait-timeout 1`, {
      answers: [{ status: 200, json: instance('starting', pending) }, ...Array(5).fill({ status: 200, json: pending })],
    });
    expect(result.code).toBe(13);
    expect(result.err).toContain(`Still running after 1 s; it goes on without you: suan operations get op_${ID}`);
  });
});

const problem = (status: number, code: string, more: object = {}) => ({
  status,
  json: { type: 'x', title: 'Title', status, code, detail: 'Detail.', request_id: 'req_1', retryable: false, ...more },
});

describe('problems', () => {
  it('become a sentence with code, fields as flags, remedy and request id', async () => {
    const errors = [
      { pointer: '/body/ssh_key_ids/0', code: 'unknown', detail: 'There is no such key.' },
      { pointer: '/path/instance_id', code: 'unknown', detail: 'Not yours.' },
    ];
    const answers = [problem(403, 'quota_exceeded', { suggestion: 'Use 2 or fewer.', errors })];
    const result = await runCli(`instances get inst_${ID}`, { answers });
    expect(result.code).toBe(8);
    expect(result.err).toBe(
      'Title: Detail. [quota_exceeded]\n  --ssh-key-ids[0]: There is no such key.\n  <instance-id>: Not yours.\n  → Use 2 or fewer.\n  request req_1\n',
    );
    const chinese = await runCli(`instances get inst_${ID}`, { answers, locale: 'zh-CN' });
    expect(chinese.err).toContain('配额不足：Detail. [quota_exceeded]');
    const json = await runCli(`instances get inst_${ID} --json`, { answers });
    expect(JSON.parse(json.err).code).toBe('quota_exceeded');
    expect(json.out).toBe('');
  });

  it('show what could be had instead', async () => {
    const alternatives = [
      { kind: 'region', region_id: 'ap-southeast', accelerator_id: 'h20', node_count: 4, free: 64 },
      { kind: 'smaller', region_id: 'cn-north', accelerator_id: 'h20', node_count: 2, free: 17 },
    ];
    const result = await runCli(`clusters start clus_${ID}`, {
      answers: [problem(409, 'capacity_unavailable', { retryable: true, alternatives })],
    });
    expect(result.err).toBe(
      [
        'Title: Detail. [capacity_unavailable]',
        '  KIND     REGION ID     ACCELERATOR ID  NODE COUNT  FREE',
        '  region   ap-southeast  h20                      4    64',
        '  smaller  cn-north      h20                      2    17',
        '  request req_1',
        '',
      ].join('\n'),
    );
  });

  it('leave pointers alone that name no field', () => {
    expect(fieldName('/headers/idempotency-key')).toBe('/headers/idempotency-key');
    expect(fieldName('')).toBe('');
  });
});

describe('retries', () => {
  const busy = problem(503, 'unavailable', { retryable: true });
  const ok = { status: 200, json: { items: [], next_cursor: null } };

  it('repeat reads as often as asked, waiting longer each time', async () => {
    const result = await runCli('projects list', { answers: [busy, busy, ok] });
    expect(result.code).toBe(0);
    expect(result.slept).toHaveLength(2);
    expect(result.slept[1]!).toBeGreaterThanOrEqual(500);
    const spent = await runCli('projects list --retries 1', { answers: [busy, busy] });
    expect([spent.code, spent.seen.length]).toEqual([12, 2]);
  });

  it('obey Retry-After, and show the answer instead of waiting for minutes', async () => {
    const limited = { ...problem(429, 'rate_limited', { retryable: true }), headers: { 'retry-after': '7' } };
    const result = await runCli('projects list', { answers: [limited, ok] });
    expect(result.slept).toEqual([7000]);
    const long = { ...limited, headers: { 'retry-after': '600' } };
    const refused = await runCli('projects list', { answers: [long] });
    expect([refused.code, refused.slept]).toEqual([11, []]);
  });

  it('repeat a create with the same key, never a sign-in', async () => {
    const answers = [busy, { status: 201, json: { id: `proj_${ID}` } }];
    const create = await runCli('projects create --name x', { answers });
    const keys = create.seen.map((request) => request.headers['idempotency-key']);
    expect(keys[0]).toBeTruthy();
    expect(keys[1]).toBe(keys[0]);
    const signIn = await runCli('sign-in --email a@b.example --password secret', { answers: [busy] });
    expect([signIn.code, signIn.seen.length]).toEqual([12, 1]);
  });

  it('do not repeat what is final', async () => {
    const result = await runCli('projects list', { answers: [problem(404, 'not_found')] });
    expect([result.code, result.slept]).toEqual([6, []]);
    const capacity = await runCli('instances list', {
      answers: [problem(409, 'capacity_unavailable', { retryable: true })],
    });
    expect([capacity.code, capacity.slept]).toEqual([9, []]);
  });

  it('a lost connection exits 3 after its retries and names the address', async () => {
    const gone = Object.assign(new TypeError('fetch failed'), { cause: { code: 'ECONNREFUSED' } });
    const result = await runCli('projects list --retries 1', { answers: [gone, gone] });
    expect(result.code).toBe(3);
    expect(result.err).toContain('Cannot reach http://localhost:4000/v1/projects: ECONNREFUSED.');
    const back = await runCli('projects list', { answers: [gone, ok] });
    expect(back.code).toBe(0);
  });
});
