/** One line of the Prometheus text format. */
export interface PromSample {
  name: string;
  labels: Map<string, string>;
  /** The value as printed, so that large counters keep their digits until they are read. */
  text: string;
  value: number;
}

const NAME = /[a-zA-Z_:][a-zA-Z0-9_:]*/y;

/** Reads labels from after the opening brace; returns the index after the closing one, or -1. */
function readLabels(line: string, start: number, labels: Map<string, string>): number {
  let at = start;
  while (at < line.length) {
    while (line[at] === ' ' || line[at] === ',') at += 1;
    if (line[at] === '}') return at + 1;
    const equals = line.indexOf('=', at);
    if (equals < 0 || line[equals + 1] !== '"') return -1;
    const key = line.slice(at, equals).trim();
    let value = '';
    at = equals + 2;
    while (at < line.length && line[at] !== '"') {
      if (line[at] === '\\') {
        at += 1;
        value += line[at] === 'n' ? '\n' : (line[at] ?? '');
      } else value += line[at];
      at += 1;
    }
    if (at >= line.length) return -1;
    at += 1;
    labels.set(key.toLowerCase().replaceAll('_', ''), value);
  }
  return -1;
}

function readLine(line: string): PromSample | null {
  NAME.lastIndex = 0;
  const match = NAME.exec(line);
  if (!match) return null;
  const labels = new Map<string, string>();
  let at = match[0].length;
  while (line[at] === ' ') at += 1;
  if (line[at] === '{') at = readLabels(line, at + 1, labels);
  if (at < 0 || at === match[0].length) return null;
  const text = line.slice(at).trim().split(/\s+/, 1)[0] ?? '';
  if (!/^[+-]?(?:\d|\.\d|NaN|Inf)/i.test(text)) return null;
  return { name: match[0], labels, text, value: Number(text.replace(/^([+-]?)Inf.*$/i, '$1Infinity')) };
}

/** Reads the samples of an exporter's page; lines that are none are counted. Label names lose case and underscores. */
export function readProm(text: string): { samples: PromSample[]; odd: number } {
  const samples: PromSample[] = [];
  let odd = 0;
  for (const raw of text.split('\n')) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const sample = line.length < 20_000 ? readLine(line) : null;
    if (sample) samples.push(sample);
    else odd += 1;
  }
  return { samples, odd };
}
