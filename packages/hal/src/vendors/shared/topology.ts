import { Draft } from './draft';
import { readMatrix } from './matrix';
import type { ParseContext, RawReading } from './tool';

/** `topo -m` of any vendor: the links, and the devices along the edge of the matrix. */
export function parseTopology(text: string, context: ParseContext): RawReading {
  const matrix = readMatrix(text, context.notes);
  if (!matrix) return context.fail('there is no topology matrix in the input');
  const drafts = matrix.nodes
    .filter((node) => !/^(?:NIC|mlx|bond|irdma|hns|roce|ib|eth|rdma)/i.test(node))
    .map((node) => {
      const draft = new Draft(context.notes);
      draft.setNumber('index', Number(/\d+$/.exec(node)?.[0] ?? Number.NaN) || 0);
      return draft;
    });
  return { drafts, links: matrix.links };
}
