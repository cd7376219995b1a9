import { Draft } from './draft';
import { lostDevices } from './text';
import type { ParseContext } from './tool';
import { pciKey } from './values';

/** Adds devices that the driver's messages name as lost and the document does not have, marks those it has. */
export function addLost(drafts: Draft[], text: string, context: ParseContext): void {
  for (const address of lostDevices(text)) {
    const known =
      drafts.find((draft) => draft.reading.pci && pciKey(draft.reading.pci) === pciKey(address)) ??
      drafts.find((draft) => draft.reading.pci === null && draft.reading.uuid === null && draft.faults.has('lost'));
    const draft = known ?? new Draft(context.notes);
    draft.faults.add('lost');
    draft.set('pci', address, 'text');
    if (!known) drafts.push(draft);
    context.notes.add(`The driver says that it lost the device at ${address}.`);
  }
}
