import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import {
  act,
  addSshKey,
  type Desk,
  go,
  openTab,
  picture,
  signUp,
  stateBadge,
  topUp,
  useLocale,
} from '../fixtures/console';
import { containerAt, lifeOf, whyNoAgent } from '../fixtures/containers';
import { expect, test } from '../fixtures/test';

const run = promisify(execFile);

let folder: string;
test.beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'suanxiang-e2e-'));
  await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'hanmei@laptop', '-f', path.join(folder, 'id')]);
});
test.afterAll(() => rm(folder, { recursive: true, force: true }));

test('a real machine is launched in the console, entered by terminal and by SSH, and billed for its own seconds', async ({
  page,
  context,
  ready,
}) => {
  const why = whyNoAgent();
  if (why) process.stderr.write(`skipped: ${why}\n`);
  test.info().skip(why !== null, why ?? '');
  test.setTimeout(180_000);
  const say = await useLocale(context, ready.web, 'en');
  const desk = await signUp(page, say, { name: 'Han Mei', organization: 'Real machines', project: 'Main' });
  await addSshKey(desk, (await readFile(path.join(folder, 'id.pub'), 'utf8')).trim());
  await topUp(desk, '50');
  await launch(desk);

  const command = await page.getByText(/^ssh -p \d+ \S+@/).textContent();
  const [, port, target] = /^ssh -p (\d+) (\S+)$/.exec(command ?? '')!;
  const container = await containerAt(Number(port));

  await openTab(desk, 'terminal');
  await expect(page.getByText(say('workload.terminal.connected'))).toBeVisible({ timeout: 30_000 });
  const screen = page.getByRole('region', { name: say.like('workload.terminal.region') });
  // The sum is nowhere in what is typed: it is the shell in the container that answers.
  await page.keyboard.type('echo $((6000 + 7)) on $(uname)');
  await page.keyboard.press('Enter');
  await expect(screen).toContainText('6007 on Linux');
  await picture(desk, 'real-terminal');

  const careless = ['StrictHostKeyChecking=no', 'UserKnownHostsFile=/dev/null', 'LogLevel=ERROR', 'BatchMode=yes'];
  const flags = [...careless.flatMap((one) => ['-o', one]), '-i', path.join(folder, 'id'), '-p', port!];
  const said = await run('ssh', [...flags, target!, 'echo $((40 + 2)); id -un']);
  expect(said.stdout).toBe(`42\n${target!.split('@')[0]}\n`);

  await openTab(desk, 'logs');
  await expect(page.getByRole('log')).toContainText(/\S/);
  await picture(desk, 'real-logs');
  await act(desk, 'stop');
  await expect(stateBadge(desk, 'stopped')).toBeVisible({ timeout: 30_000 });
  await compare(desk, container);
});

async function launch({ page, say, ...rest }: Desk): Promise<void> {
  const desk = { page, say, ...rest };
  await go(desk, 'instances');
  await page
    .getByRole('link', { name: say('instances.new') })
    .first()
    .click();
  await page.getByRole('radio', { name: /Beijing/ }).check();
  const card = page.locator('label').filter({ has: page.locator('input[value="cpu-small-2g"]') });
  await card.getByRole('radio').check();
  await page.getByLabel(say('common.name'), { exact: true }).fill('real');
  // The image that the agent brings along; this machine has no registry.
  await page.getByLabel(say('launch.image'), { exact: true }).fill('suanxiang/base:1');
  await page.getByRole('button', { name: say('launch.instance.submit') }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'real' })).toBeVisible();
  await expect(stateBadge(desk, 'running')).toBeVisible({ timeout: 60_000 });
}

interface Change {
  to_state: string;
  at: string;
}

/** The billed seconds that the console shows are those in which the container itself ran while it was the customer's. */
async function compare(desk: Desk, container: string): Promise<void> {
  const { page, say } = desk;
  const read = async <T>(address: string): Promise<T> => {
    const answer = await page.request.get(`/api/v1${address}`);
    expect(answer.status(), address).toBe(200);
    return (await answer.json()) as T;
  };
  const me = await read<{ organizations: { id: string }[] }>('/me');
  const mine = `organization_id=${me.organizations[0]!.id}`;
  const id = /inst_\w+/.exec(page.url())![0];
  await openTab(desk, 'usage');
  const shown = page
    .getByRole('main')
    .getByText(say('workload.billedTime'), { exact: true })
    .first()
    .locator('xpath=..');
  await expect(shown).toContainText(/\d/);
  const { billed_seconds: billed } = await read<{ billed_seconds: number }>(`/instances/${id}/cost?${mine}`);
  await expect(shown).toContainText(`time${billed} s`);

  const { items: changes } = await read<{ items: Change[] }>(`/instances/${id}/events?${mine}`);
  const atS = (state: string) => Date.parse(changes.find(({ to_state }) => to_state === state)!.at) / 1000;
  const { startedS, diedS } = await lifeOf(container);
  // It is handed over once it can be entered: nothing before that is billed, and nothing after it has gone.
  const ownS = Math.min(diedS, Math.max(atS('stopping'), startedS)) - Math.max(startedS, atS('running'));
  expect(Math.abs(billed - ownS), `billed ${billed} s, the container ${ownS} s`).toBeLessThanOrEqual(1);
  expect(billed).toBeLessThanOrEqual(diedS - startedS + 1);
}
