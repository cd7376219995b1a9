import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { contentHash, isFresh, writeStamp } from '../lib/content-hash';
import { root } from '../lib/root';
import { runNode } from '../lib/run-command';
import { LaunchError } from './progress';
import { logTail } from './supervisor';

const inputs = ['package-lock.json', 'tsconfig.base.json', 'turbo.json', 'tools/build-app.mjs', 'packages', 'apps'];

/** What must exist for each app after a build. */
function outputOf(app: string): string {
  return path.join(root, 'apps', app, app === 'web' ? '.next/BUILD_ID' : 'dist/main.js');
}

/** Apps that have something to build, in the order of the folder. */
export function buildableApps(withWeb: boolean): string[] {
  return readdirSync(path.join(root, 'apps')).filter((app) => {
    const entry = app === 'web' ? 'next.config.ts' : 'src/main.ts';
    return existsSync(path.join(root, 'apps', app, entry)) && (withWeb || app !== 'web');
  });
}

/**
 * Builds all apps unless nothing they are made of changed since the last build. True when it had to run.
 * Throws with the end of the build's log.
 */
export async function ensureBuilt(logFile: string, withWeb: boolean): Promise<boolean> {
  const apps = buildableApps(withWeb);
  const stamp = path.join(root, '.cache', withWeb ? 'build.stamp' : 'build-no-web.stamp');
  const hash = contentHash(root, inputs);
  if (isFresh(stamp, hash, apps.map(outputOf))) return false;
  const turbo = path.join(root, 'node_modules/turbo/bin/turbo');
  const filters = apps.map((app) => `--filter=@suanxiang/${app}`);
  try {
    await runNode(
      [turbo, 'run', 'build', '--ui=stream', '--output-logs=errors-only', '--log-order=grouped', ...filters],
      {
        cwd: root,
        env: { TURBO_TELEMETRY_DISABLED: '1', NEXT_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1' },
        logFile,
      },
    );
  } catch {
    throw new LaunchError(`The build failed. The end of ${logFile}:\n${logTail(logFile, 40)}`);
  }
  writeStamp(stamp, hash);
  return true;
}
