import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isRunning, type OwnProcess, ownProcess } from './pids';
import { LaunchError } from './progress';

function ownerOf(file: string): OwnProcess | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as OwnProcess;
  } catch {
    return undefined;
  }
}

/**
 * Makes this process the only launcher of a data folder. Throws LaunchError when another one is just starting there; what
 * a launcher that is gone left behind is no obstacle. Returns the way to give it back.
 */
export function lockFolder(dataDir: string): () => void {
  const file = path.join(dataDir, 'launcher.lock');
  mkdirSync(dataDir, { recursive: true });
  const mine = JSON.stringify(ownProcess('launcher', process.pid));
  for (let tries = 0; ; tries += 1) {
    try {
      // Written in one piece under a name that only one can take.
      writeFileSync(file, mine, { flag: 'wx', mode: 0o600 });
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const owner = ownerOf(file);
    if (tries > 0 || (owner && isRunning(owner))) {
      throw new LaunchError(
        `Another start in ${dataDir} is under way${owner ? ` (process ${owner.pid})` : ''}. Wait until it is ready, or ` +
          'stop it with Ctrl-C there. A second copy needs a folder and ports of its own: ' +
          'DATA_DIR=<folder> npm run up -- --port-offset 1000.',
      );
    }
    rmSync(file, { force: true });
  }
  return () => {
    if (ownerOf(file)?.pid === process.pid) rmSync(file, { force: true });
  };
}
