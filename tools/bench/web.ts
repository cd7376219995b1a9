import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { type BrowserContext, chromium, type Page } from '@playwright/test';
import { root } from '../lib/root';

const help = `npm run bench -- web [--ready FILE] [--loads N] [--json]

First contentful paint of every page of the console, as Chromium's own clock says, and the JavaScript that its route loads
(gzip). Cold: with an empty browser cache; warm: with a full one; each the median of --loads (3). Needs a running product
(.data/ready.json) with its demonstration data. Goals: cold paint < 1000 ms, JavaScript < 180 kB.
`;

interface Ready {
  web: string;
  users: { email: string; password: string; org: string; role: string }[];
}

interface Size {
  route: string;
  gzipBytes: number;
}

interface Row {
  route: string;
  coldMs: number;
  warmMs: number;
  jsKb: number;
}

/** Values for the parts of a route in brackets. */
type Parameters = Record<string, string>;

function routeSizes(): Size[] {
  const script = path.join(root, 'tools/check-web-budget.ts');
  // A route over the budget is an error of that check; here its size stands beside the others.
  const { stdout } = spawnSync(process.execPath, ['--import', 'tsx', script, '--json'], { encoding: 'utf8' });
  return (JSON.parse(stdout) as { sizes: Size[] }).sizes;
}

async function signIn(context: BrowserContext, ready: Ready, endpoint: string, role: string): Promise<string> {
  const user = ready.users.find((candidate) => candidate.role === role);
  if (!user) throw new Error(`ready.json names no ${role}.`);
  const data = { email: user.email, password: user.password };
  const answer = await context.request.post(ready.web + endpoint, { data, headers: { origin: ready.web } });
  if (!answer.ok()) throw new Error(`Signing in as ${role}: ${answer.status()}`);
  return user.org;
}

interface Item {
  id: string;
  slug?: string;
  project_id?: string;
}

/** The newest thing of each kind that the demonstration's first tenant has. */
async function parametersOf(context: BrowserContext, ready: Ready, org: string): Promise<Record<string, Parameters>> {
  const get = async <T>(url: string, organization?: string) => {
    const headers = organization ? { 'organization-id': organization } : {};
    return (await (await context.request.get(`${ready.web}/api/v1${url}`, { headers })).json()) as T;
  };
  const me = await get<{ organizations: Item[] }>('/me');
  const { id } = me.organizations.find(({ slug }) => slug === org)!;
  const list = async (url: string) => (await get<{ items: Item[] }>(url, id)).items;
  const projects = new Map((await list('/projects')).map((project) => [project.id, project.slug ?? '']));
  const common = { org, project: [...projects.values()][0] ?? '' };
  const of = (item: Item | undefined) =>
    item ? { ...common, id: item.id, project: projects.get(item.project_id ?? '') ?? common.project } : common;
  const [instances, clusters] = [await list('/instances'), await list('/clusters')];
  const invoice = (await list('/invoices')).find((item) => item.id.startsWith('inv_'))?.id ?? 'draft';
  const note = (await list('/credit-notes'))[0]?.id;
  const rest = { ...common, invoice, ...(note ? { note } : {}) };
  return { instances: of(instances[0]), clusters: of(clusters[0]), rest };
}

/** The address of a route, null where the demonstration has nothing to show there. */
function addressOf(route: string, parameters: Record<string, Parameters>): string | null {
  const kind = /\/(instances|clusters)\/\[id\]/.exec(route)?.[1] ?? 'rest';
  const address = route.replace(/\[(\w+)\]/g, (whole, name: string) => parameters[kind]?.[name] ?? whole);
  return address.includes('[') ? null : address;
}

/** A page that sends people on loses what was being read from it; where they arrive is what is measured. */
async function firstPaintMs(page: Page, url: string): Promise<number> {
  await page.goto(url, { waitUntil: 'load' }).catch((error: unknown) => {
    if (!isSentOn(error)) throw error;
  });
  const paint = `performance.getEntriesByName('first-contentful-paint')[0]?.startTime`;
  for (let tries = 1; ; tries += 1) {
    try {
      // Looks again in the page that comes, if this one goes meanwhile.
      await page.waitForFunction(paint);
      const ms = await page.evaluate<number | undefined>(paint);
      if (ms !== undefined) return ms;
    } catch (error) {
      if (!isSentOn(error) || tries === 10) throw error;
    }
  }
}

const isSentOn = (error: unknown) =>
  /context was destroyed|ERR_ABORTED|interrupted by another navigation|frame was detached/i.test(String(error));

const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

async function measure(ready: Ready, loads: number): Promise<Row[]> {
  const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  try {
    const signedIn = await browser.newContext();
    const org = await signIn(signedIn, ready, '/api/auth/sign-in', 'owner');
    await signIn(signedIn, ready, '/api/operator/sign-in', 'operator');
    const parameters = await parametersOf(signedIn, ready, org);
    const storageState = await signedIn.storageState();
    const rows: Row[] = [];
    for (const { route, gzipBytes } of routeSizes().sort((a, b) => a.route.localeCompare(b.route))) {
      const address = addressOf(route, parameters);
      if (address === null) continue;
      const [cold, warm]: [number[], number[]] = [[], []];
      for (let load = 0; load < loads; load += 1) {
        const context = await browser.newContext({ storageState, viewport: { width: 1440, height: 900 } });
        const page = await context.newPage();
        cold.push(await firstPaintMs(page, ready.web + address));
        warm.push(await firstPaintMs(page, ready.web + address));
        await context.close();
      }
      const [coldMs, warmMs] = [Math.round(median(cold)), Math.round(median(warm))];
      rows.push({ route, coldMs, warmMs, jsKb: Math.round(gzipBytes / 100) / 10 });
    }
    return rows;
  } finally {
    await browser.close();
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      ready: { type: 'string', default: path.join(root, '.data/ready.json') },
      loads: { type: 'string', default: '3' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(help);
    return;
  }
  const ready = JSON.parse(readFileSync(values.ready, 'utf8')) as Ready;
  const rows = await measure(ready, Number(values.loads));
  if (values.json) {
    process.stdout.write(`${JSON.stringify(rows)}\n`);
    return;
  }
  process.stdout.write('cold ms  warm ms    JS kB  route\n');
  for (const { route, coldMs, warmMs, jsKb } of rows) {
    const figures = [String(coldMs).padStart(7), String(warmMs).padStart(7), jsKb.toFixed(1).padStart(7)];
    process.stdout.write(`${figures.join('  ')}  ${route}\n`);
  }
}

await main();
