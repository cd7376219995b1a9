#!/usr/bin/env node
// Entry of `npm run up`, `npm run doctor` and the test runner. Plain JavaScript without dependencies, so that an old Node
// or a missing install gets one clear sentence instead of a stack trace. Then hands over to the TypeScript of tools/.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, statfsSync, statSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const neededNode = [20, 19];
const neededBytes = 3e9;
const targets = { up: 'launch/main.ts', doctor: 'doctor.ts', test: 'test.ts' };

function fail(sentence) {
  process.stderr.write(`\n${sentence}\n`);
  process.exit(1);
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > neededNode[0] || (major === neededNode[0] && minor >= neededNode[1])) return;
  fail(
    `Node.js ${neededNode.join('.')} or newer is needed, this is ${process.versions.node}. ` +
      'Install the current LTS from https://nodejs.org (or with nvm: "nvm install --lts") and run the command again.',
  );
}

/**
 * True when node_modules belongs to the present lock file: either our stamp holds its hash (file times do not survive git
 * and tar), or npm has just written both (it saves the lock file a moment after node_modules).
 */
function installed(stamp, hash) {
  const hidden = new URL('../node_modules/.package-lock.json', import.meta.url);
  if (!existsSync(hidden)) return false;
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return true;
  const lock = new URL('../package-lock.json', import.meta.url);
  return statSync(hidden).mtimeMs >= statSync(lock).mtimeMs - 5_000;
}

/** Two installs in one folder would take each other's files away. */
function installLock() {
  const lock = new URL('../.cache/install.lock', import.meta.url);
  mkdirSync(new URL('.', lock), { recursive: true });
  const take = () => writeFileSync(lock, String(process.pid), { flag: 'wx' });
  try {
    take();
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    const other = Number(readFileSync(lock, 'utf8'));
    if (isAlive(other))
      fail(`npm packages are being installed here already (process ${other}). Run this again when it is done.`);
    rmSync(lock, { force: true });
    take();
  }
  return lock;
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function install() {
  const stamp = new URL('../node_modules/.suanxiang-lock', import.meta.url);
  const hash = createHash('sha256')
    .update(readFileSync(new URL('../package-lock.json', import.meta.url)))
    .digest('hex');
  if (installed(stamp, hash)) {
    writeFileSync(stamp, hash);
    return;
  }
  const { bavail, bsize } = statfsSync(root);
  if (bavail * bsize < neededBytes) {
    fail(`Only ${(Number(bavail * bsize) / 1e9).toFixed(1)} GB are free below ${root}; free 3 GB and run it again.`);
  }
  const lock = installLock();
  process.stdout.write('Installing npm packages (npm ci); the first time takes a minute or two\n');
  const npm = process.env.npm_execpath;
  const [command, args] = npm?.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []];
  const result = spawnSync(command, [...args, 'ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  rmSync(lock, { force: true });
  if (result.error?.code === 'ENOENT')
    fail('npm was not found on PATH. Install it (it comes with Node.js) and run it again.');
  if (result.status !== 0) {
    if (result.signal) process.exit(130);
    fail(
      'Installing npm packages failed (see above). Check the network and the registry of "npm config get registry".',
    );
  }
  writeFileSync(stamp, hash);
}

/** A folder that belongs to somebody else, or a full disk, in one sentence. */
function explain(error) {
  if (error.code === 'EACCES' || error.code === 'EPERM' || error.code === 'EROFS') {
    fail(
      `${error.path ?? root} cannot be written by you (${error.code}). Change the owner of ${root}, or work in a copy of your own.`,
    );
  }
  if (error.code === 'ENOSPC') fail(`The disk of ${root} is full. Free 3 GB and run it again.`);
  throw error;
}

const [name, ...rest] = process.argv.slice(2);
const target = targets[name];
if (!target) fail(`Usage: node tools/up.mjs ${Object.keys(targets).join('|')} [options]`);
checkNode();
try {
  install();
} catch (error) {
  explain(error);
}
process.chdir(root);
process.argv = [process.argv[0], fileURLToPath(new URL(target, import.meta.url)), ...rest];
const { register } = await import('tsx/esm/api');
register();
await import(new URL(target, import.meta.url).href);
