import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { root } from './lib/root';

const DOCUMENT = 'docs/generated/openapi.json';
const help = `npm run lint:openapi

Holds docs/generated/openapi.json against the rules of Spectral (with those of OWASP, see .spectral.yaml) and of Redocly.
`;

/** The linters, as they are called. Nothing is sent anywhere. */
const LINTERS: readonly (readonly [name: string, ...args: string[]])[] = [
  ['spectral', 'lint', DOCUMENT, '--fail-severity=warn'],
  ['redocly', 'lint', DOCUMENT],
];

function main(): void {
  if (process.argv.includes('--help')) {
    process.stdout.write(help);
    return;
  }
  const env = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };
  for (const [name, ...args] of LINTERS) {
    const { status } = spawnSync(path.join(root, 'node_modules/.bin', name), args, {
      cwd: root,
      env,
      stdio: 'inherit',
    });
    if (status !== 0) process.exitCode = 1;
  }
}

main();
