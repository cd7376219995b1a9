import { Draft } from '../shared/draft';
import { splitBlocks } from '../shared/outline';
import type { ParseContext, RawReading } from '../shared/tool';

const HEAD = /^\s*GPU\s+(\d+)\s*:\s*(.*?)\s*(?:\(UUID:\s*([^)\s]+)\s*\))?\s*$/;

/** A link's line: its speed when it is up, <inactive> or N/A when it is not. */
function isUp(value: string): boolean {
  return /^\d+(?:[.,]\d+)?\s*G[Bb]\/s/.test(value) && !/^0+(?:[.,]0+)?\s/.test(value);
}

/** `nvidia-smi nvlink --status`: how many links each device has and how many are up. */
export function parseNvlinkStatus(text: string, context: ParseContext): RawReading {
  const { blocks } = splitBlocks(text, HEAD);
  const drafts = blocks.map(([first, ...lines]) => {
    const draft = new Draft(context.notes);
    const [, index, model, uuid] = HEAD.exec(first!)!;
    draft.set('index', index, 'count');
    draft.set('model', model, 'text');
    draft.set('uuid', uuid, 'text');
    const links = lines
      .map((line) => /^\s*Link\s+\d+\s*:\s*(.+?)\s*$/.exec(line.slice(0, 200))?.[1])
      .filter((link) => link !== undefined);
    if (links.length > 0) {
      draft.setNumber('link_total', links.length);
      draft.setNumber('link_up', links.filter(isUp).length);
    } else if (lines.some((line) => /all links are inactive/i.test(line))) {
      draft.setNumber('link_up', 0);
      context.notes.add(`All links are inactive, their number is not told: ${draft.name}.`);
    }
    return draft;
  });
  if (drafts.length === 0) context.fail('no line "GPU N: model (UUID: ...)" was found');
  return { drafts };
}
