import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { type APIRequestContext, chromium } from '@playwright/test';
import { root } from './lib/root';

const help = `npx tsx tools/readme-picture.ts [--ready FILE] [--out FILE] [--locale en|zh-CN]

Takes the picture of the README from a running product with its demonstration data: the owner's view of a running cluster.
Let it run for a minute first, so that the charts have something to show.
`;

interface Ready {
  web: string;
  users: { email: string; password: string; org: string; role: string }[];
}

const SIZE = { width: 1280, height: 832 };

const { values } = parseArgs({
  options: {
    ready: { type: 'string', default: path.join(root, '.data/ready.json') },
    out: { type: 'string', default: path.join(root, 'docs/images/console.png') },
    locale: { type: 'string', default: 'en' },
    help: { type: 'boolean', default: false },
  },
});

async function takePicture(): Promise<void> {
  const ready = JSON.parse(readFileSync(values.ready, 'utf8')) as Ready;
  const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  try {
    const context = await browser.newContext({ viewport: SIZE, baseURL: ready.web });
    await context.addCookies([
      { name: 'sx_locale', value: values.locale, url: ready.web },
      { name: 'sx_theme', value: 'light', url: ready.web },
    ]);
    for (const { email, password, org } of ready.users.filter(({ role }) => role === 'owner')) {
      await context.request.post('/api/auth/sign-in', { data: { email, password }, headers: { origin: ready.web } });
      const page = await context.newPage();
      await page.goto(`/${org}`);
      await page.waitForURL((url) => url.pathname.split('/').length === 3);
      const headers = { 'organization-id': await organizationId(page.request, org) };
      const answer = await page.request.get('/api/v1/clusters?state=running', { headers });
      const [cluster] = ((await answer.json()) as { items: { id: string; project_id: string }[] }).items;
      if (!cluster) continue;
      const projects = await (await page.request.get('/api/v1/projects', { headers })).json();
      const { slug } = (projects as { items: { id: string; slug: string }[] }).items.find(
        ({ id }) => id === cluster.project_id,
      )!;
      await page.goto(`/${org}/${slug}/clusters/${cluster.id}`);
      await page.getByRole('heading', { level: 1 }).waitFor();
      // Live figures come once a second; after a few of them every strip has begun.
      await page.waitForTimeout(5_000);
      await page.screenshot({ path: values.out, animations: 'disabled' });
      process.stdout.write(`${values.out}\n`);
      return;
    }
    throw new Error('No cluster of the demonstration is running.');
  } finally {
    await browser.close();
  }
}

async function organizationId(request: APIRequestContext, slug: string): Promise<string> {
  const me = (await (await request.get('/api/v1/me')).json()) as { organizations: { id: string; slug: string }[] };
  return me.organizations.find((organization) => organization.slug === slug)!.id;
}

if (values.help) process.stdout.write(help);
else await takePicture();
