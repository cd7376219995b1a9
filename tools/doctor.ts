import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { type BaseConfig, readBaseConfig } from '@suanxiang/platform/config';
import { checkDatabase, checkGivenRedis } from './launch/check-servers';
import { checkBlockedPorts, checkDisk, checkPorts, checkRootTools, checkWritable, type Finding } from './launch/checks';
import { isRunning, readRunRecord } from './launch/pids';
import { explain } from './launch/progress';
import { findOnPath, locateRedis } from './lib/redis-binary';
import { root } from './lib/root';

const help = `npm run doctor

Looks at everything that "npm run up" and "npm test" need and says what to do about what is missing. Changes nothing,
except that Debian's Redis package may be unpacked into .cache.
`;

const ok = (name: string, detail: string): Finding => ({ name, level: 'ok', detail });

function output(command: string, args: readonly string[]): string | undefined {
  try {
    return execFileSync(command, [...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return undefined;
  }
}

function checkNpm(): Finding {
  const version = output('npm', ['--version']);
  if (version) return ok('npm', version);
  return { name: 'npm', level: 'fail', detail: 'npm is not on PATH', fix: 'Install it; it comes with Node.js.' };
}

async function checkRedis(config: BaseConfig): Promise<Finding> {
  const given = await checkGivenRedis(config);
  if (given) return given;
  try {
    return ok('Redis', (await locateRedis(path.join(root, '.cache'))).origin);
  } catch (error) {
    const [detail, ...fix] = (error as Error).message.split('. ');
    return { name: 'Redis', level: 'fail', detail: detail ?? '', fix: fix.join('. ') };
  }
}

function checkBrowser(): Finding {
  const file = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
  if (existsSync(file)) return ok('Chromium', output(file, ['--version', '--no-sandbox']) ?? file);
  const fix = 'Only for the browser tests: "apt-get install chromium", or set CHROMIUM_PATH.';
  return { name: 'Chromium', level: 'warn', detail: `${file} does not exist`, fix };
}

function checkFonts(): Finding {
  const found = findOnPath(['fc-list']) ? output('fc-list', [':lang=zh', 'family']) : undefined;
  if (found) return ok('Chinese font', found.split('\n')[0] ?? '');
  const fix = 'Only for screenshots of the browser tests: "apt-get install fonts-noto-cjk".';
  return { name: 'Chinese font', level: 'warn', detail: 'none found', fix };
}

function checkRun(config: BaseConfig): { finding: Finding; running: boolean } {
  const record = readRunRecord(path.join(config.dataDir, 'run.json'));
  if (!record) return { finding: ok('earlier runs', 'nothing left behind'), running: false };
  if (isRunning(record.launcher)) {
    const detail = `the product is running (process ${record.launcher.pid}): ${record.web}`;
    return { finding: ok('earlier runs', detail), running: true };
  }
  const left = record.processes.filter(isRunning).map(({ name, pid }) => `${name} (${pid})`);
  if (left.length === 0) return { finding: ok('earlier runs', 'nothing left behind'), running: false };
  const detail = `an interrupted run left ${left.join(', ')}`;
  const fix = 'The next "npm run up" ends them by itself.';
  return { finding: { name: 'earlier runs', level: 'warn', detail, fix }, running: true };
}

async function findings(config: BaseConfig): Promise<Finding[]> {
  const run = checkRun(config);
  return [
    ok('Node.js', process.versions.node),
    checkNpm(),
    checkWritable(config),
    checkDisk(config),
    ...checkRootTools(),
    run.finding,
    // Ports of our own running product are not "taken".
    ...checkBlockedPorts(config, true),
    ...(run.running ? [] : await checkPorts(config, true)),
    await checkDatabase(config),
    await checkRedis(config),
    checkBrowser(),
    checkFonts(),
  ];
}

async function main(): Promise<void> {
  if (process.argv.includes('--help')) {
    process.stdout.write(help);
    return;
  }
  const all = await findings(readBaseConfig(process.env, root));
  const sign = { ok: 'ok  ', warn: 'note', fail: 'FAIL' };
  for (const { name, level, detail, fix } of all) {
    process.stdout.write(`${sign[level]}  ${name.padEnd(14)} ${detail}\n${fix ? `${' '.repeat(21)}${fix}\n` : ''}`);
  }
  const bad = all.filter(({ level }) => level === 'fail').length;
  process.stdout.write(bad === 0 ? '\nNothing stands in the way.\n' : `\n${bad} to repair before "npm run up".\n`);
  process.exitCode = bad === 0 ? 0 : 1;
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${explain(error)}\n`);
  process.exitCode = 1;
}
