import { routeOf } from '@suanxiang/contract/routes';
import { KEY_SCOPES } from '@suanxiang/domain/permissions';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Flag, flagsOf, parseFlag } from '../src/flags';
import { runCli } from './harness';

const ID = '0123456789abcdefghjkmnpqrs';
const INSTANCE = { id: `inst_${ID}`, name: 'trainer', state: 'queued', operation: null };
const created = { status: 201, json: INSTANCE };
const MINIMAL = 'instances create --name trainer --region-id cn-north --accelerator-id h100';

describe('from the command line to the request', () => {
  it('sends flags as typed JSON with an idempotency key and the key as bearer', async () => {
    const result = await runCli(
      `${MINIMAL} --gpus 8 --ssh-key-ids sshk_${ID},sshk_${ID} --ssh-key-ids sshk_${ID} --labels team=nlp --labels tier=gold
        --environment '{"A":"1=2"}' --deletion-protection --validate-only --json`,
      { answers: [created] },
    );
    expect(result.err).toBe('');
    expect(result.code).toBe(0);
    const [request] = result.seen;
    expect(request).toMatchObject({
      method: 'POST',
      path: '/v1/instances?validate_only=true',
      body: {
        name: 'trainer',
        region_id: 'cn-north',
        accelerator_id: 'h100',
        gpus: 8,
        ssh_key_ids: [`sshk_${ID}`, `sshk_${ID}`, `sshk_${ID}`],
        labels: { team: 'nlp', tier: 'gold' },
        environment: { A: '1=2' },
        deletion_protection: true,
      },
    });
    expect(request!.headers.authorization).toBe('Bearer sx_sk_test_key');
    expect(request!.headers['organization-id']).toBeUndefined();
    expect(request!.headers['idempotency-key']).toMatch(/^[0-9a-f-]{36}$/);
    expect(JSON.parse(result.out)).toEqual(INSTANCE);
  });

  it('takes the body from a file or standard input, flags on top', async () => {
    const body = '{"name":"from-file","region_id":"cn-north","accelerator_id":"h20","gpus":2}';
    const file = await runCli('instances create --body spec.json --name mine', {
      files: { 'spec.json': body },
      answers: [created],
    });
    expect(file.seen[0]!.body).toEqual({ name: 'mine', region_id: 'cn-north', accelerator_id: 'h20', gpus: 2 });
    const stdin = await runCli('instances create --body -', { stdin: body, answers: [created] });
    expect(stdin.seen[0]!.body).toEqual(JSON.parse(body));
  });

  it('reads long texts from files with @', async () => {
    const key = 'ssh-ed25519 AAAA me@laptop';
    const result = await runCli('ssh-keys create --name laptop --public-key @id.pub', {
      files: { 'id.pub': key },
      answers: [{ status: 201, json: { id: `sshk_${ID}` } }],
    });
    expect(result.seen[0]!.body).toEqual({ name: 'laptop', public_key: key });
    const literal = await runCli(`${MINIMAL} --startup-script @@home`, { answers: [created] });
    expect(literal.seen[0]!.body).toMatchObject({ startup_script: '@home' });
  });

  it('finds a workload by name: the living one before the newest', async () => {
    const items = [
      { id: `inst_${ID.replace('0', '3')}`, name: 'trainer', state: 'terminated' },
      { id: `inst_${ID}`, name: 'trainer', state: 'running' },
      { id: `inst_${ID.replace('0', '2')}`, name: 'trainer-2', state: 'running' },
    ];
    const result = await runCli('instances stop trainer', {
      answers: [
        { status: 200, json: { items, next_cursor: null } },
        { status: 200, json: INSTANCE },
      ],
    });
    expect(result.seen.map((request) => `${request.method} ${request.path}`)).toEqual([
      'GET /v1/instances?q=trainer&limit=100',
      `POST /v1/instances/inst_${ID}/stop`,
    ]);
    const none = await runCli('clusters get ghost', {
      answers: [{ status: 200, json: { items: [], next_cursor: null } }],
    });
    expect([none.code, none.err]).toEqual([6, 'suan: There is no cluster named "ghost".\n']);
  });

  it('fetches every page with --all', async () => {
    const result = await runCli('projects list --all --json', {
      answers: [
        { status: 200, json: { items: [{ id: 'proj_1' }], next_cursor: 'next' } },
        { status: 200, json: { items: [{ id: 'proj_2' }], next_cursor: null } },
      ],
    });
    expect(result.seen[1]!.path).toBe('/v1/projects?cursor=next');
    expect(JSON.parse(result.out)).toEqual({ items: [{ id: 'proj_1' }, { id: 'proj_2' }], next_cursor: null });
  });

  it('saves a PDF where it is told', async () => {
    const bytes = new TextEncoder().encode('%PDF-1.7 test');
    const result = await runCli(`invoices pdf inv_${ID} -o bill.pdf --locale zh-CN`, {
      answers: [{ status: 200, bytes }],
    });
    expect(result.seen[0]!.path).toBe(`/v1/invoices/inv_${ID}/pdf?locale=zh-CN`);
    expect([...result.written.keys()]).toEqual(['bill.pdf']);
    expect(result.written.get('bill.pdf')).toEqual(bytes);
    expect(result.err).toBe('Saved bill.pdf (13 bytes).\n');
    const stdout = await runCli(`invoices pdf inv_${ID} -o -`, { answers: [{ status: 200, bytes }] });
    expect(stdout.out).toBe('%PDF-1.7 test');
  });
});

describe('mistakes', () => {
  const mistakes: [string, string][] = [
    ['instances create --region-id r --accelerator-id h', '--name is required.'],
    [`${MINIMAL} --gpus 3`, '--gpus does not allow "3"; allowed: 1, 2, 4, 8.'],
    [`${MINIMAL} --gpus many`, '--gpus wants a number, not "many".'],
    [`${MINIMAL} --on-capacity wait`, '--on-capacity does not allow "wait"; allowed: fail, queue.'],
    [`${MINIMAL} --labels team`, '--labels wants key=value or a JSON object, not "team".'],
    [`${MINIMAL} --ssh-key-ids abc`, '--ssh-key-ids: must be an id like sshk_...'],
    [`${MINIMAL} --wait-timeout 5 --body x.json`, 'Cannot read x.json: ENOENT: no such file'],
    ['projects list --limit 500', '--limit: Too big: expected number to be <=100'],
    [
      'api-keys create --name k --scopes root',
      `--scopes does not allow "root"; allowed: ${Object.keys(KEY_SCOPES).join(', ')}.`,
    ],
    ['instances get inst_nothing', '<instance-id>: must be an id like inst_...'],
    [
      `organizations update org_${ID}`,
      'Nothing to change: give at least one of --name, --legal-name, --address, --tax-id, --impersonation-consent, --require-mfa.',
    ],
    ['offers list --timeout soon', '--timeout wants a whole number from 1 to 3600, not "soon".'],
    ['offers list --api-url localhost', 'localhost is not an http(s) address.'],
  ];
  it.each(mistakes)('%s', async (words, sentence) => {
    const result = await runCli(words);
    expect(result.err).toBe(`suan: ${sentence}\n`);
    expect(result.code).toBe(2);
    expect(result.seen).toEqual([]);
  });

  it('names unknown fields of a body', async () => {
    const result = await runCli('projects create --body -', { stdin: '{"name":"x","owner":"me"}' });
    expect(result.err).toBe('suan: The body has an unknown field "owner"; known: name, slug.\n');
  });

  it('says them in Chinese', async () => {
    const result = await runCli(`${MINIMAL} --gpus 3`, { locale: 'zh-CN' });
    expect(result.err).toBe('suan: --gpus 不能为 "3"；允许的值：1, 2, 4, 8。\n');
  });
});

describe('parseFlag', () => {
  const flag = (field: string): Flag => {
    const found = flagsOf(routeOf('createInstance').body, 'body').find((candidate) => candidate.field === field);
    return found!;
  };

  it('keeps every map whose keys have no "=" whatever the values hold', () => {
    const key = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,20}$/);
    fc.assert(
      fc.property(fc.dictionary(key, fc.string(), { minKeys: 1 }), (map) => {
        const typed = Object.entries(map).map(([name, value]) => `${name}=${value}`);
        expect(parseFlag(flag('environment'), typed)).toEqual({ ...map });
        expect(parseFlag(flag('environment'), [JSON.stringify(map)])).toEqual({ ...map });
      }),
    );
  });

  it('keeps every list however it is split over repetitions', () => {
    const item = fc.stringMatching(/^[a-z0-9_]{1,12}$/);
    fc.assert(
      fc.property(fc.array(fc.array(item, { minLength: 1 }), { minLength: 1 }), (groups) => {
        const typed = groups.map((group) => group.join(','));
        expect(parseFlag(flag('ssh_key_ids'), typed)).toEqual(groups.flat());
      }),
    );
  });
});
