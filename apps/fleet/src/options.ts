import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { BaseConfig } from '@suanxiang/platform/config';
import { ConfigError } from '@suanxiang/platform/config-error';
import builtIn from '../fleets/default.json';
import { DEFAULT_SETTINGS, type Settings, settingsSchema } from './engine/settings';
import { type FleetSpec, parseFleetSpec } from './topology/spec';

export interface Options {
  /** Where the fleet keeps its state. */
  folder: string;
  host: string;
  port: number;
  spec: FleetSpec;
  settings: Settings;
}

function parseJson(read: () => string, source: string): unknown {
  try {
    return JSON.parse(read());
  } catch (error) {
    throw new ConfigError(`${source} cannot be read: ${error instanceof Error ? error.message : error}`);
  }
}

function readPort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new ConfigError(`--port must be a TCP port, not "${text}".`);
  return port;
}

/**
 * Settings of this process: flags win over the environment (see BaseConfig). Throws ConfigError with one sentence.
 * Flags: --dir, --port, --spec, --boot-scale, --speed, --settings '{"faultAfterMs":500}'.
 */
export function readOptions(args: readonly string[], config: BaseConfig): Options {
  let values: Record<string, string | undefined>;
  try {
    const options = Object.fromEntries(
      ['dir', 'port', 'spec', 'boot-scale', 'speed', 'settings'].map((name) => [name, { type: 'string' as const }]),
    );
    ({ values } = parseArgs({ args: [...args], options }) as { values: Record<string, string | undefined> });
  } catch (error) {
    throw new ConfigError((error as Error).message);
  }
  const specFile = values.spec ? path.resolve(values.spec) : config.fleet.specFile;
  const settings = settingsSchema.safeParse({
    ...DEFAULT_SETTINGS,
    bootScale: Number(values['boot-scale'] ?? config.fleet.bootScale),
    speed: Number(values.speed ?? config.fleet.speed),
    ...(parseJson(() => values.settings ?? '{}', '--settings') as object),
  });
  if (!settings.success) {
    const issue = settings.error.issues[0];
    throw new ConfigError(`Setting ${issue?.path.join('.')}: ${issue?.message}.`);
  }
  return {
    folder: values.dir ? path.resolve(values.dir) : path.join(config.dataDir, 'fleet'),
    host: config.host,
    port: values.port === undefined ? config.ports.fleet : readPort(values.port),
    spec: specFile
      ? parseFleetSpec(
          parseJson(() => readFileSync(specFile, 'utf8'), specFile),
          specFile,
        )
      : parseFleetSpec(builtIn, 'fleets/default.json'),
    settings: settings.data,
  };
}
