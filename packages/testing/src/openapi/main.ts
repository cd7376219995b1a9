import { readFileSync } from 'node:fs';
import { startValidatingProxy } from './validating-proxy';

/**
 * The proxy as a process of its own, for journeys: PROXY_PORT is where it listens, PROXY_TARGET the API behind it,
 * PROXY_DOCUMENT the file with its OpenAPI document.
 */
const { PROXY_PORT: port, PROXY_TARGET: target, PROXY_DOCUMENT: file } = process.env;
if (!port || !target || !file) throw new Error('PROXY_PORT, PROXY_TARGET and PROXY_DOCUMENT are needed');
const document = JSON.parse(readFileSync(file, 'utf8')) as object;
const proxy = await startValidatingProxy({ port: Number(port), target, document });
process.stdout.write(`${proxy.url}\n`);
