import { readEnv } from './env';
import { EXIT } from './exit-codes';
import { terminalIo } from './io';
import { run } from './run';

// A reader that has gone (`suan ... | head`) is not an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});
// The first Ctrl-C lets the command end in order; the second ends it at once.
const interrupt = new AbortController();
process.on('SIGINT', () => {
  if (interrupt.signal.aborted) process.exit(EXIT.interrupted);
  interrupt.abort();
});
const code = await run(process.argv.slice(2), readEnv(process.env, process.stdout.isTTY), terminalIo(interrupt.signal));
// What is still open after Ctrl-C (a connection, a prompt) must not keep the program.
if (code === EXIT.interrupted) process.exit(code);
process.exitCode = code;
