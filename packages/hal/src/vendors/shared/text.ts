import type { Notes } from './notes';
import { UnreadableInput } from './reading';

/** Longest input that is read; a tool's output is far below. */
const MOST_CHARACTERS = 64 * 1024 * 1024;

// biome-ignore lint/suspicious/noControlCharactersInRegex: colour codes are control characters
const ANSI = /\u001b\[[0-9;?]*[ -/]*[@-~]|\u001b[()][0-9A-Z]|\u001b\][^\u0007\u001b]{0,200}\u0007/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to remove
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g;

/** The input as plain lines: no byte order mark, colour codes, control characters or carriage returns. */
export function cleanText(input: string, tool: string, notes: Notes): string {
  if (input.length > MOST_CHARACTERS)
    throw new UnreadableInput(`${tool}: the input is too long to be a tool's output.`);
  let text = input;
  if (text.startsWith('\ufeff')) {
    text = text.slice(1);
    notes.add('A byte order mark was removed.');
  }
  const colourless = text.replace(ANSI, '');
  if (colourless !== text) notes.add('Colour codes were removed.');
  text = colourless;
  if (text.includes('\r')) {
    text = text.replace(/\r+\n/g, '\n').replaceAll('\r', '\n');
    notes.add('Windows line ends were read as line ends.');
  }
  text = text.replace(CONTROL, '').replaceAll('\u00a0', ' ');
  const lines = text.split('\n');
  if (!lines.every((line) => /^\s*>|^\s*$/.test(line)) || text.trim() === '') return text;
  notes.add('Marks of quotation were removed.');
  return lines.map((line) => line.replace(/^\s*> ?/, '')).join('\n');
}

/** What drivers and tools print instead of an output. The first match is quoted when nothing else can be read. */
const FAILURES: readonly RegExp[] = [
  /failed because it couldn't communicate with/i,
  /couldn't communicate with the .{0,40}driver/i,
  /No devices were found/i,
  /no (?:supported )?(?:gpu|npu|device|mlu|dcu|amd gpu)s? (?:was |were )?(?:found|detected|available)/i,
  /Failed to initialize (?:NVML|IXML|RSMI|HLML|MTML)/i,
  /Driver\/library version mismatch/i,
  /driver (?:is )?not (?:initialized|loaded|installed|found|ready)/i,
  /driver not initialized/i,
  /dcmi (?:module )?(?:init|initialize)\w* failed/i,
  /command not found/i,
  /No such file or directory/i,
  /Unable to determine the device handle/i,
  /is lost\. +Reboot the system/i,
  /unable to (?:load|open|locate) (?:the )?(?:lib\S+|driver)/i,
  /cannot open shared object file/i,
  /Permission denied/i,
  /Insufficient Permissions/i,
  /Segmentation fault|core dumped|Killed$/i,
  /timed? ?out waiting/i,
];

/** The line in which the driver or tool says that it failed, or null. */
export function failureLine(text: string): string | null {
  const lines =
    text.length > 200_000 ? `${text.slice(0, 100_000)}\n${text.slice(-100_000)}`.split('\n') : text.split('\n');
  for (const line of lines) {
    if (line.length < 400 && FAILURES.some((pattern) => pattern.test(line))) return line.trim();
  }
  return null;
}

/** Bus addresses that the driver says it lost, from its messages around an output. */
export function lostDevices(text: string): string[] {
  const lost = new Set<string>();
  for (const line of text.split('\n')) {
    if (line.length > 400 || !/is lost|fallen off the bus/i.test(line)) continue;
    const address = /\b[0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}(?:\.[0-9a-f])?/i.exec(line);
    if (address) lost.add(address[0]);
  }
  return [...lost];
}

const TOOL =
  '(?:sudo\\s+)?(?:\\S{0,60}/)?(?:[a-z]{1,8}-?_?smi|mthreads-gmi|cnmon|dmesg|journalctl|curl|wget|watch|cat|kubectl|docker)(?:\\.exe)?';
/** "user@host:~$ tool", "(base) [root@host ~]# tool", "C:\\> tool", "$ tool", or the bare command. */
const PROMPTS: readonly RegExp[] = [
  /^\s*(?:\([\w.-]{1,40}\)\s*)?\[?[\w.-]{1,40}@[\w.-]{1,80}[^#$>|]{0,120}\]?\s?[#$>]\s*\S/,
  new RegExp(`^\\s*(?:PS )?(?:[A-Z]:[^>|]{0,120}>|[#$>])\\s*${TOOL}(?:\\s|$)`, 'i'),
  new RegExp(`^\\s*${TOOL}(?:\\s+(?:[-\\w=.,/]+))*\\s*$`, 'i'),
];

/** True for a shell prompt with the command that was typed, or the command alone. */
const isPrompt = (line: string): boolean => line.length < 300 && PROMPTS.some((pattern) => pattern.test(line));

/** Drops echoed prompts at the top of a pasted output. */
export function dropPrompts(text: string, notes: Notes): string {
  const lines = text.split('\n');
  let first = 0;
  while (first < lines.length && first < 20 && (lines[first]!.trim() === '' || isPrompt(lines[first]!))) first += 1;
  if (!lines.slice(0, first).some(isPrompt)) return text;
  notes.add('A command line at the top was left out.');
  return lines.slice(first).join('\n');
}
