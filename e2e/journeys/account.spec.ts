import { TOTP } from 'otpauth';
import { picture, signUp, useLocale } from '../fixtures/console';
import { expect, test } from '../fixtures/test';

const PASSWORD = 'correct horse battery';

test('a person adds an authenticator app, and signs in with its code and with a recovery code', async ({
  page,
  context,
  ready,
  expected,
}) => {
  expected.push(/^401 \/api\/auth\/sign-in$/);
  const say = await useLocale(context, ready.web, 'en');
  const desk = await signUp(page, say, { name: 'Ada', organization: 'Factors Lab', project: 'first' });
  await page.goto('/account/security');
  await page.getByRole('button', { name: say('account.add'), exact: true }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('img', { name: say('account.qr') })).toBeVisible();
  const secret = ((await dialog.locator('pre').textContent()) ?? '').trim();
  await picture(desk, 'totp');
  const app = new TOTP({ secret });
  await dialog.getByLabel(say('account.code'), { exact: true }).fill(app.generate());
  await dialog.getByRole('button', { name: say('account.confirm') }).click();
  await expect(page.getByRole('dialog', { name: say('account.recovery') })).toBeVisible();
  const codes = ((await page.getByRole('dialog').locator('pre').textContent()) ?? '').trim().split('\n');
  expect(codes).toHaveLength(10);
  await page.getByRole('button', { name: say('account.done') }).click();
  await expect(page.getByText(say('account.on'), { exact: true })).toBeVisible();
  await picture(desk, 'security');

  const signInAgain = async () => {
    await context.clearCookies({ name: 'sx_session' });
    await page.goto('/sign-in');
    await page.getByLabel(say('auth.email')).fill(desk.email);
    await page.getByLabel(say('auth.password')).fill(PASSWORD);
    await page.getByRole('button', { name: say('auth.signIn'), exact: true }).click();
    await expect(page.getByRole('heading', { name: say('auth.factorTitle') })).toBeVisible();
  };
  await signInAgain();
  // The code of the step that was used to add the app is not good again; the next one is, and is accepted ahead of time.
  await page.getByLabel(say('auth.code'), { exact: true }).fill(app.generate({ timestamp: Date.now() + 30_000 }));
  await picture(desk, 'second-factor');
  await page.getByRole('button', { name: say('auth.continue') }).click();
  await page.waitForURL((url) => url.pathname === desk.project);

  await signInAgain();
  await page.getByRole('button', { name: say('auth.useRecovery') }).click();
  await page.getByLabel(say('auth.recoveryCode')).fill(codes[0]!);
  await page.getByRole('button', { name: say('auth.continue') }).click();
  await page.waitForURL((url) => url.pathname === desk.project);
});

test('a person adds a passkey and signs in with it alone', async ({ page, context, ready }) => {
  // Browsers keep passkeys for names: the same console by its name instead of its address.
  const web = ready.web.replace('127.0.0.1', 'localhost');
  const say = await useLocale(context, web, 'en');
  const devtools = await context.newCDPSession(page);
  await devtools.send('WebAuthn.enable');
  await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  const email = `passkey-${Date.now()}@example.com`;
  await page.goto(`${web}/sign-up`);
  await page.getByLabel(say('auth.name')).fill('Grace');
  await page.getByLabel(say('auth.email')).fill(email);
  await page.getByLabel(say('auth.password')).fill(PASSWORD);
  await page.getByRole('button', { name: say('auth.createAccount') }).click();
  await expect(page.getByRole('heading', { name: say('onboarding.firstTitle') })).toBeVisible();
  await page.goto(`${web}/account/security`);
  await page.getByLabel(say('account.passkeyName')).fill('Laptop');
  await page.getByRole('button', { name: say('account.addPasskey') }).click();
  await expect(page.getByText('Laptop')).toBeVisible();
  await context.clearCookies({ name: 'sx_session' });
  await page.goto(`${web}/sign-in?next=/account/security`);
  await page.getByRole('button', { name: say('auth.withPasskey') }).click();
  await page.waitForURL(`${web}/account/security`);
  await expect(page.getByText('Laptop')).toBeVisible();
});

test('a command line is approved on a page that says who asks', async ({ page, context, ready, request }) => {
  const say = await useLocale(context, ready.web, 'en');
  const desk = await signUp(page, say, { name: 'Linus', organization: 'Devices Lab', project: 'first' });
  const asked = await request.post(`${ready.api}/v1/auth/device`, { data: { client_name: 'build-host' } });
  const { user_code, device_code, verification_uri_complete } = (await asked.json()) as Record<string, string>;
  await page.goto(verification_uri_complete!);
  await expect(page.getByLabel(say('account.deviceCode'))).toHaveValue(user_code!);
  await page.getByRole('button', { name: say('account.look') }).click();
  await expect(page.getByText('build-host')).toBeVisible();
  await expect(page.getByText(say('account.phishing'))).toBeVisible();
  await picture(desk, 'device');
  await page.getByRole('button', { name: say('account.approve') }).click();
  await expect(page.getByText(say('account.approved'))).toBeVisible();
  const fetched = await request.post(`${ready.api}/v1/auth/device/token`, { data: { device_code } });
  expect(((await fetched.json()) as { secret: string }).secret).toMatch(/^sx_sk_test_/);
});
