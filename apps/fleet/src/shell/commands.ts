import { acceleratorModel } from '@suanxiang/domain/accelerators';
import type { TerminalSize } from '@suanxiang/hal/driver';
import type { MachineNow } from './machine';
import { deviceList, ToolError, VENDOR_TOOLS } from './vendor-tools';

/** What a command works with. */
export interface Program {
  args: readonly string[];
  machine: MachineNow;
  input: AsyncIterable<Uint8Array>;
  terminal: () => TerminalSize | null;
  out(bytes: string | Uint8Array): Promise<void>;
  err(text: string): Promise<void>;
  /** Aborted when it shall end. */
  signal: AbortSignal;
}

type Command = (program: Program) => Promise<number>;

const print =
  (text: (program: Program) => string): Command =>
  async (program) => {
    await program.out(text(program));
    return 0;
  };

const HELP = `This shell is simulated: there is no machine behind it, and nothing that you type runs anywhere. It knows

  help, exit [status]
  echo, cat, yes, true, false, sleep SECONDS, pwd, whoami, hostname, uname, nproc, uptime, date, env, stty size
  devices      what the simulation knows of this instance's accelerators
  nvidia-smi, npu-smi info, rocm-smi -a --json
               the same, in the words of the vendor's tool, on machines with that vendor's accelerators
`;

const clock = (ms: number) => new Date(ms).toISOString().slice(11, 19);

async function wait(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

const COMMANDS: Record<string, Command> = {
  help: print(() => HELP),
  true: async () => 0,
  false: async () => 1,
  echo: print(({ args }) => `${args.join(' ')}\n`),
  pwd: print(() => '/workspace\n'),
  whoami: print(() => 'root\n'),
  hostname: print(({ machine }) => `${machine.name}\n`),
  uname: print(({ args }) => (args.includes('-a') ? 'Linux simulated 0.0 #1 simulation, not a machine\n' : 'Linux\n')),
  nproc: print(({ machine }) => `${machine.node.vcpus}\n`),
  uptime: print(
    ({ machine }) => ` ${clock(machine.nowMs)} up ${Math.floor((machine.nowMs - machine.startedAtMs) / 1_000)} s\n`,
  ),
  date: print(({ machine }) => `${new Date(machine.nowMs).toUTCString()}\n`),
  env: print(({ machine }) =>
    Object.entries(machine.environment)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(''),
  ),
  devices: print(({ machine }) => deviceList(machine)),
  async stty({ args, terminal, out, err }) {
    const size = terminal();
    if (!size || args[0] !== 'size') {
      await err(size ? 'Here: stty size\n' : 'stty: standard input: Inappropriate ioctl for device\n');
      return 1;
    }
    await out(`${size.rows} ${size.columns}\n`);
    return 0;
  },
  async cat({ input, out, signal }) {
    for await (const bytes of input) {
      if (signal.aborted) break;
      await out(bytes);
    }
    return 0;
  },
  async yes({ args, out, signal }) {
    const page = `${args.join(' ') || 'y'}\n`.repeat(1_024);
    while (!signal.aborted) await out(page);
    return 0;
  },
  async sleep({ args, signal, err }) {
    const seconds = Number(args[0]);
    if (!(seconds >= 0)) {
      await err('sleep: a number of seconds is needed\n');
      return 1;
    }
    await wait(seconds * 1_000, signal);
    return 0;
  },
};

const INTERRUPTED = 130;

async function runTool(name: string, program: Program): Promise<number | null> {
  const tool = VENDOR_TOOLS[name];
  const vendorClass = acceleratorModel(program.machine.devices[0]!.modelId).vendorClass;
  if (!tool || tool.vendorClass !== vendorClass) return null;
  try {
    await program.out(tool.print(program.machine, program.args));
    return 0;
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    await program.err(`${error.message}\n`);
    return 1;
  }
}

/** Runs one command of the simulated shell and gives its status; 127 for one that it does not know. */
export async function runCommand(name: string, program: Program): Promise<number> {
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  const status = command ? await command(program) : await runTool(name, program);
  if (program.signal.aborted) return INTERRUPTED;
  if (status !== null) return status;
  await program.err(`${name}: not found (this shell is simulated; help lists what it knows)\n`);
  return 127;
}
