import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { root } from '../../lib/root';

const run = promisify(execFile);
const client = path.join(root, 'sdk/python');

export interface Venv {
  /** Runs its Python in the client's folder; answers, or rejects with, what it printed on both outputs. */
  python(args: readonly string[], env?: Record<string, string>): Promise<string>;
}

/**
 * A Python environment with the tools of the client's tests and the client itself, built and installed as from PyPI. Kept
 * in .cache for the next run. Answers the reason instead where this machine has no Python or reaches no package index.
 */
export async function pythonVenv(): Promise<Venv | { missing: string }> {
  const version = await run('python3', ['-c', 'import sys, venv, ensurepip; print(sys.version)']).catch(() => null);
  if (!version) return { missing: 'python3 with venv is not installed (Debian: apt install python3-venv)' };
  const requirements = path.join(client, 'requirements-dev.txt');
  const key = createHash('sha256').update(version.stdout).update(readFileSync(requirements)).digest('hex').slice(0, 12);
  const folder = path.join(root, '.cache', `python-${key}`);
  const binary = path.join(folder, 'bin/python');
  const whole = path.join(folder, 'is-whole');
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-warn-script-location'];
  if (!existsSync(whole)) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(path.dirname(folder), { recursive: true });
    await run('python3', ['-m', 'venv', folder]);
    const install = run(binary, [...pip, '--retries', '1', '-r', requirements], { timeout: 240_000 });
    const failed = await install.then(
      () => null,
      (error: Error & { stderr?: string }) => error.stderr?.trim().split('\n').at(-1) ?? error.message,
    );
    if (failed) return { missing: `packages cannot be had from PyPI: ${failed}` };
    writeFileSync(whole, '');
  }
  await run(binary, [...pip, '--no-deps', '--no-build-isolation', '--force-reinstall', client]);
  return {
    async python(args, env = {}) {
      const options = { cwd: client, env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1', ...env }, timeout: 240_000 };
      try {
        const { stdout, stderr } = await run(binary, [...args], options);
        return stdout + stderr;
      } catch (error) {
        const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
        throw new Error(`python ${args.join(' ')}\n${stdout.slice(-12_000)}\n${stderr.slice(-4_000)}`);
      }
    },
  };
}
