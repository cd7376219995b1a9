import { type NodeRoom, type TaskShape, WHOLE_DEVICE_MILLI } from '../fragmentation/node-room';

/** A node of a trace: its whole capacity. */
export interface TraceNode {
  name: string;
  capacity: NodeRoom;
}

/** A file that is not a trace, in one sentence with its line. */
export class TraceError extends Error {}

interface Row {
  line: number;
  field(name: string): string;
  /** A whole number of at least `least`. */
  count(name: string, least?: number): number;
}

function fail(file: string, line: number, what: string): never {
  throw new TraceError(`${file}, line ${line}: ${what}.`);
}

/** Rows of a table of comma-separated values without quoting, with a heading. */
function readRows(file: string, text: string, needed: readonly string[]): Row[] {
  const lines = text.split(/\r?\n/);
  const heading = lines[0]!.split(',');
  const missing = needed.filter((name) => !heading.includes(name));
  if (missing.length > 0) fail(file, 1, `the heading lacks ${missing.join(', ')}`);
  const rows: Row[] = [];
  lines.forEach((text, at) => {
    if (at === 0 || text === '') return;
    const line = at + 1;
    const fields = text.split(',');
    if (fields.length !== heading.length)
      fail(file, line, `${fields.length} fields, the heading has ${heading.length}`);
    const field = (name: string) => fields[heading.indexOf(name)] ?? '';
    rows.push({
      line,
      field,
      count(name, least = 0) {
        const value = field(name);
        if (!/^\d+$/.test(value) || Number(value) < least) {
          fail(file, line, `${name} is "${value}", not a whole number of at least ${least}`);
        }
        return Number(value);
      },
    });
  });
  if (rows.length === 0) fail(file, 2, 'no rows');
  return rows;
}

/** Reads nodes: sn, cpu_milli, memory_mib, gpu (their number), model. Throws TraceError. */
export function readNodes(file: string, text: string): TraceNode[] {
  const rows = readRows(file, text, ['sn', 'cpu_milli', 'memory_mib', 'gpu', 'model']);
  const names = new Set<string>();
  return rows.map((row) => {
    const name = row.field('sn');
    if (name === '' || names.has(name))
      fail(file, row.line, name === '' ? 'sn is empty' : `node ${name} is there twice`);
    names.add(name);
    const deviceMilli = new Array<number>(row.count('gpu')).fill(WHOLE_DEVICE_MILLI);
    const capacity = {
      model: row.field('model'),
      cpuMilli: row.count('cpu_milli'),
      memoryMib: row.count('memory_mib'),
      deviceMilli,
    };
    return { name, capacity };
  });
}

/**
 * Reads tasks: cpu_milli, memory_mib, num_gpu, gpu_milli and, where there, gpu_spec. Tasks of equal shape are one object.
 * Throws TraceError.
 */
export function readTasks(file: string, text: string): TaskShape[] {
  const rows = readRows(file, text, ['cpu_milli', 'memory_mib', 'num_gpu', 'gpu_milli']);
  const known = new Map<string, TaskShape>();
  return rows.map((row) => {
    const deviceCount = row.count('num_gpu');
    const deviceMilli = deviceCount === 0 ? 0 : row.count('gpu_milli', 1);
    if (deviceMilli > WHOLE_DEVICE_MILLI || (deviceCount > 1 && deviceMilli < WHOLE_DEVICE_MILLI)) {
      fail(file, row.line, `${deviceCount} devices of ${deviceMilli} thousandths each cannot be asked for`);
    }
    const models = [...new Set(row.field('gpu_spec').split('|'))].filter((model) => model !== '');
    const shape: TaskShape = {
      cpuMilli: row.count('cpu_milli'),
      memoryMib: row.count('memory_mib'),
      deviceCount,
      deviceMilli,
      models: deviceCount === 0 || models.length === 0 ? null : models,
    };
    const key = JSON.stringify(shape);
    const same = known.get(key) ?? shape;
    known.set(key, same);
    return same;
  });
}
