import { versionIn } from '../shared/device-table';
import { Draft } from '../shared/draft';
import { applyFacts, type MappingRule, rule } from '../shared/mapping';
import { readMatrix } from '../shared/matrix';
import { outlineFacts, readOutline, splitBlocks } from '../shared/outline';
import type { ProcessReading } from '../shared/reading';
import type { ParseContext, RawReading } from '../shared/tool';
import { parseTopology } from '../shared/topology';
import { findPci, parseQuantity } from '../shared/values';
import { GMI_JSON_MAPPING, parseGmiJson } from './gmi-json';

/** `mthreads-gmi` without arguments, three rows a device: words of the heading -> field. */
export const GMI_TABLE_MAPPING: readonly MappingRule[] = [
  rule('ID', 'index', 'count'),
  rule('driver version (top)', 'driver_version', 'text'),
  rule('Name', 'model', 'text'),
  rule('PCIe', 'pci', 'text'),
  rule('Mem (in brackets)', 'memory_total_bytes', 'MiB'),
  rule('Mem (first)', 'memory_used_bytes', 'MiB'),
  rule('%GPU', 'utilization_ppm', 'percent'),
  rule('Temp', 'temperature_milli_celsius', 'C'),
  rule('Pcie Lane Width (first)', 'pcie_width', 'count'),
];

const DEVICE = /^\s*(\d{1,4})\s+(\S[^|]{0,80}?)\s*\|([^|]{0,60})\|(.{0,80})$/;

/** The row of a device's number, name, bus and memory. */
function readFirstRow(draft: Draft, match: RegExpExecArray): void {
  const [, index, name, bus, usage] = match;
  draft.set('index', index, 'count');
  draft.set('model', name!.split(/\s{2,}/, 1)[0], 'text');
  draft.set('pci', findPci(bus!) ?? bus!.trim(), 'text');
  const memory = /(\d[\d.]*\s*[KMG]i?B|N\/A)\s*\(\s*(\d[\d.]*\s*[KMG]i?B|N\/A)\s*\)/i.exec(usage!);
  draft.set('memory_total_bytes', memory?.[2], 'MiB');
  draft.set('memory_used_bytes', memory?.[1], 'MiB');
  draft.set('utilization_ppm', /\d+(?:\.\d+)?%|N\/A|ERR!/.exec(usage!)?.[0], 'percent');
}

/** The row of type, lanes and temperature. */
function readSecondRow(draft: Draft, line: string): void {
  const cells = line.split('|');
  const lanes = /(\d{1,2})x\s*\(/.exec(cells[1] ?? '')?.[1];
  draft.set('pcie_width', lanes, 'count');
  const last = cells[2] ?? '';
  draft.set(
    'temperature_milli_celsius',
    /-?\d{1,3}\s?C\b/.exec(last)?.[0] ?? (last.trim() ? /N\/A|ERR!/.exec(last)?.[0] : undefined),
    'C',
  );
  const power = /(\d+(?:\.\d+)?\s?W)\b/.exec(line)?.[1];
  draft.set('power_milliwatt', power, 'W');
}

function readProcesses(lines: readonly string[]): Map<number, ProcessReading[]> {
  const found = new Map<number, ProcessReading[]>();
  for (const line of lines) {
    const match =
      line.length < 500 ? /^\s*(\d{1,4})\s+(\d{1,10})\s+(\S.*?)\s+(\d+(?:\.\d+)?\s?[KMG]i?B)\s*$/.exec(line) : null;
    if (!match) continue;
    const bytes = parseQuantity(match[4]!, 'bytes', 'MiB');
    const process = {
      pid: Number(match[2]),
      name: match[3]!,
      memory_used_bytes: bytes.kind === 'value' ? bytes.value : null,
    };
    found.set(Number(match[1]), [...(found.get(Number(match[1])) ?? []), process]);
  }
  return found;
}

const GPU = /^\s*GPU\s?(\d{1,4})\s+([0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-9a-f])\s*$/i;

/** `mthreads-gmi -q`: the values of its JSON as an outline. */
function parseQuery(text: string, context: ParseContext): RawReading | null {
  const { head, blocks } = splitBlocks(text, GPU);
  if (blocks.length === 0) return null;
  const drafts = blocks.map(([first, ...lines]) => {
    const draft = new Draft(context.notes);
    const [, index, pci] = GPU.exec(first!)!;
    draft.set('index', index, 'count');
    draft.set('pci', pci, 'text');
    applyFacts(draft, outlineFacts(readOutline(lines)), GMI_JSON_MAPPING);
    return draft;
  });
  return { driver_version: outlineFacts(readOutline(head)).get('driver version') ?? null, drafts };
}

/** `mthreads-gmi`: the table, the outline of `-q`, the matrix of `topo -m`, or the JSON of `-q --json`. */
export function parseGmi(text: string, context: ParseContext): RawReading {
  if (/^\s*\{/m.test(text) && /"Product Name"/.test(text)) return parseGmiJson(text, context);
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const heading = lines.findIndex((line) => /^\s*ID\s+Name\b/.test(line));
  if (heading < 0 && readMatrix(text, context.notes)) return parseTopology(text, context);
  const query = heading < 0 ? parseQuery(text, context) : null;
  if (query) return query;
  if (heading < 0) return context.fail('there is no table with the heading "ID Name"');
  const end = lines.findIndex((line, at) => at > heading && /^\s*Processes:/i.test(line));
  const drafts: Draft[] = [];
  const body = lines.slice(heading + 1, end < 0 ? undefined : end);
  body.forEach((line, at) => {
    const match = line.length < 300 ? DEVICE.exec(line) : null;
    if (!match) return;
    const second = body[at + 1];
    if (second === undefined || !second.includes('|')) {
      context.notes.add('The output is cut off; what is not whole was left out.');
      return;
    }
    const draft = new Draft(context.notes);
    readFirstRow(draft, match);
    readSecondRow(draft, second);
    drafts.push(draft);
  });
  if (drafts.length === 0) context.fail('the table lists no whole device');
  if (end >= 0) {
    const processes = readProcesses(lines.slice(end + 1));
    for (const draft of drafts) draft.reading.processes = processes.get(draft.reading.index ?? -1) ?? [];
  }
  return {
    tool_version: versionIn(text, /mthreads-gmi\s*:\s*([\w.-]+)/i),
    driver_version: versionIn(text, /Driver Version\s*:\s*([\w.-]+)/i),
    drafts,
  };
}
