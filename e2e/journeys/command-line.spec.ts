import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sshPublicKey } from '../fixtures/ssh-key';
import { openSuan, type Suan } from '../fixtures/suan';
import { expect, test } from '../fixtures/test';

let home: string;
test.beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'suanxiang-cli-'));
});
test.afterEach(() => rm(home, { recursive: true, force: true }));

const OFFER = ['--region-id', 'cn-north', '--accelerator-id', 'nvidia-h20-96g'];

/** Moves the sandbox's clock; while it still works through the last move it is busy. */
async function advance(suan: Suan, to: Date): Promise<void> {
  for (;;) {
    const { code, err } = await suan.run(['test-clock', 'advance', '--to', to.toISOString()]);
    if (code === 0) return;
    expect(err).toContain('test_clock_busy');
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

test('a tenant lives in the command line alone: from the device code to an invoice that proves itself', async ({
  ready,
}) => {
  test.setTimeout(240_000);
  const suan = openSuan(home, ready.api);
  const done = async (...words: string[]) => {
    const said = await suan.run(words);
    expect(said.code, `suan ${words.join(' ')}: ${said.err}`).toBe(0);
    return said;
  };

  // Where one is signed in already, the code of the other machine is approved.
  const email = `cli-${Date.now()}@example.com`;
  const up = ['sign-up', '--profile', 'desk', '--email', email, '--name', 'Han Meimei'];
  expect((await suan.run(up, 'correct horse battery\n')).code).toBe(0);
  const make = ['--name', 'Command Line', '--mode', 'sandbox', '--time-zone', 'UTC', '--project-name', 'Training'];
  await done('organizations', 'create', '--profile', 'desk', ...make);
  const login = suan.start('login', '--profile', 'laptop', '--api-url', ready.api);
  const [, userCode] = await login.until(/code=([A-Z0-9-]+)/);
  await done('device', 'approve', '--profile', 'desk', '--user-code', userCode!, '--scopes', 'all:write');
  expect(await login.ended).toMatchObject({ code: 0 });

  await done('profile', 'use', 'laptop');
  const { items: profiles } = await suan.json('profile', 'ls');
  expect(profiles).toMatchObject([
    { name: 'desk', current: false, credentials: 'session' },
    { name: 'laptop', current: true, credentials: expect.stringMatching(/^sx_sk_/) },
  ]);
  expect((await stat(path.join(home, '.config/suan/config.json'))).mode & 0o777).toBe(0o600);
  await done('billing', 'top-up', '--amount', '500');
  await writeFile(path.join(home, 'key.pub'), sshPublicKey('laptop'));
  const key = await suan.json('ssh-keys', 'create', '--name', 'laptop', '--public-key', '@key.pub');

  // Two onlookers, who hear of everything that follows.
  const events = suan.start('events', '--follow', '--json', '--type', 'instance.*');
  const list = suan.start('ls', '--watch', '--json', '--every', '60');
  const launched = await done('launch', '--name', 'life', ...OFFER, '--gpus', '2', '--ssh-key-ids', key.id);
  expect(launched.err).toMatch(/✓ place [\d.]+ s\n[\s\S]*✓ start meter [\d.]+ s\n$/);
  expect(launched.out).toMatch(/^state +running$/m);
  await list.until(/"change":"changed".*"state":"running"/);
  await events.until(/"type":"instance.running"/);
  for (const onlooker of [events, list]) {
    onlooker.interrupt();
    expect((await onlooker.ended).code).toBe(130);
  }

  expect((await done('ls')).out).toMatch(/^life +running +nvidia-h20-96g +2 /m);
  expect((await done('ssh-config', 'life')).out).toMatch(/^Host life\n {2}HostName \S+\n {2}Port \d+\n {2}User root\n/);
  const again = await suan.run(['launch', '--name', 'life', ...OFFER]);
  expect(again).toMatchObject({ code: 7, err: expect.stringContaining('[name_taken]') });
  expect((await suan.run(['show', 'ghost'])).code).toBe(6);

  const { billing_now: billingNow } = await suan.json('organizations', 'get');
  const now = new Date(billingNow);
  await advance(suan, new Date(now.getTime() + 3_600_000));
  const usage = await suan.json('usage');
  expect(Number(usage.total.amount)).toBeGreaterThan(0);
  const stopped = await done('stop', 'life');
  expect(stopped.err).toContain('✓ stop meter');
  const unreachable = await suan.run(['ssh', 'life', '--', 'true']);
  expect(unreachable).toMatchObject({ code: 7, err: expect.stringContaining('life is stopped') });
  expect((await done('terminate', 'life')).out).toMatch(/^state +terminated$/m);
  expect((await done('ls')).out).toBe('Nothing here.\n');

  const month = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1);
  await advance(suan, new Date(month));
  await advance(suan, new Date(month + 25 * 3_600_000));
  let invoice: string | undefined;
  await expect
    .poll(async () => {
      const { items } = await suan.json('invoices', 'list');
      invoice = items.find((one: { status: string }) => one.status === 'final')?.id;
      return invoice;
    })
    .toBeTruthy();
  const verified = await done('invoices', 'verify', invoice!);
  expect(verified.out).toMatch(/lines? derived again .* everything holds\. Total [\d.]+ \w{3}\.\n$/);
  await done('invoices', 'pdf', invoice!, '-o', 'invoice.pdf');
  expect((await readFile(path.join(home, 'invoice.pdf'))).subarray(0, 5).toString()).toBe('%PDF-');
});
