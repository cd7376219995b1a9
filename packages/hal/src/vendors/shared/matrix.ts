import type { Notes } from './notes';
import type { Link } from './reading';

/** A topology matrix: the names along its edge and the links between them. */
export interface Matrix {
  nodes: string[];
  links: Link[];
}

const NODE =
  /^(?:GPU|NPU|DCU|HCU|MLU|XPU|GCU|AIP|NIC|Phy-?ID|PHYID|Dev|Card|OAM|mlx\d*_|bond|irdma|hns_|roce|ib|eth|rdma)[\w.:-]*$/i;

const isDevice = (name: string) =>
  /^(?:GPU|NPU|DCU|HCU|MLU|XPU|GCU|AIP|Phy-?ID|PHYID|Dev|Card|OAM)\s?-?\d+$/i.test(name);

/** Names at the beginning of a heading line; columns of affinities come after them. */
function headingNodes(line: string): string[] | null {
  const tokens = line.trim().split(/\s+/);
  const nodes: string[] = [];
  for (const token of tokens) {
    if (!NODE.test(token)) break;
    nodes.push(token);
  }
  const numbered = nodes.filter(isDevice);
  if (numbered.length === 0 || numbered.length > new Set(numbered).size) return null;
  return numbered.length > 1 || /^\s/.test(line) ? nodes : null;
}

/** Reads the matrix that `topo -m` of any vendor prints; null when the text has none. */
export function readMatrix(text: string, notes: Notes): Matrix | null {
  const lines = text.split('\n');
  const at = lines.findIndex((line) => line.length < 10_000 && headingNodes(line) !== null);
  if (at < 0) return null;
  const nodes = headingNodes(lines[at]!)!;
  const rows = new Map<string, string[]>();
  for (const line of lines.slice(at + 1)) {
    const [label, ...cells] = line.trim().split(/\s+/);
    if (label === undefined || label === '' || rows.size === nodes.length) continue;
    if (/^legend/i.test(label)) break;
    if (nodes.includes(label) && !rows.has(label)) rows.set(label, cells);
  }
  if (rows.size === 0) return null;
  const missing = nodes.filter((node) => isDevice(node) && (rows.get(node)?.length ?? 0) < nodes.length);
  if (missing.length > 0) notes.add(`The matrix is cut off: rows of ${missing.join(', ')} are missing or short.`);
  return { nodes, links: linksOf(nodes, rows, notes) };
}

function linksOf(nodes: readonly string[], rows: ReadonlyMap<string, string[]>, notes: Notes): Link[] {
  const links: Link[] = [];
  for (let a = 0; a < nodes.length; a += 1) {
    for (let b = a + 1; b < nodes.length; b += 1) {
      const there = rows.get(nodes[a]!)?.[b];
      const back = rows.get(nodes[b]!)?.[a];
      const kind = there ?? back;
      if (!kind || /^(?:X|Self)$/i.test(kind)) continue;
      if (there && back && there !== back) notes.add(`${nodes[a]} and ${nodes[b]} disagree: ${there} and ${back}.`);
      links.push({ a: nodes[a]!, b: nodes[b]!, kind });
    }
  }
  return links;
}
