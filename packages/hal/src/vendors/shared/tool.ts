import type { Draft } from './draft';
import type { MappingRule } from './mapping';
import type { Notes } from './notes';
import type { Link, LoggedFault, Vendor } from './reading';

/** What the parser of a tool hands back before health and faults are concluded. */
export interface RawReading {
  tool_version?: string | null;
  driver_version?: string | null;
  drafts: Draft[];
  links?: Link[] | null;
  /** Faults from logs, which list no devices. */
  logged?: LoggedFault[];
}

/** What a parser works with besides the text. */
export interface ParseContext {
  tool: string;
  notes: Notes;
  /** Ends the parsing: one sentence about what is wrong, the tool's name is put before it. */
  fail: (reason: string) => never;
}

/** A tool whose output can be read. */
export interface ToolSpec {
  vendor: Vendor;
  /** The command or page that gives the output. */
  command: string;
  /** Where the format is described or was seen. */
  source: string;
  mapping: readonly MappingRule[];
  parse: (text: string, context: ParseContext) => RawReading;
}
