import { readEnv } from './env';
import { terminalIo } from './io';
import { run } from './run';

// A reader that has gone (`suan ... | head`) is not an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});
process.exitCode = await run(process.argv.slice(2), readEnv(process.env, process.stdout.isTTY), terminalIo());
