import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Podman mounts its store of layers on itself; mounted, it could not be removed. */
export function unmountBelow(folder: string): void {
  const places = readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .flatMap((line) => line.split(' ')[1] ?? [])
    .filter((place) => place.startsWith(`${folder}/`));
  for (const place of places.reverse()) execFileSync('umount', ['--lazy', place], { stdio: 'ignore' });
}
