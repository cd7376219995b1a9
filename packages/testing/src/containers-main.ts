import { whyNoContainers } from './agent-process';

/** Ends with 1 where Podman cannot run containers, saying why on standard error. */
process.exitCode = whyNoContainers() === null ? 0 : 1;
