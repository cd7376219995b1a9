import { request as httpRequest } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Json, Sender } from './api';

export const DROPPED_PERCENT = 30;
/** How often a client sends the same request. */
export const TIMES = 5;

/** A request that is sent again and again with the same Idempotency-Key. */
export interface Repeated {
  method: string;
  url: string;
  sender: Sender;
  body?: object | undefined;
  key: string;
}

export interface Heard {
  status: number;
  text: string;
  json: Json;
}

/** One attempt over a connection of its own; null when its answer was lost. */
function attempt(port: number, { method, url, sender, body, key }: Repeated): Promise<Heard | null> {
  return new Promise((resolve) => {
    const text = body === undefined ? '' : JSON.stringify(body);
    const headers = {
      authorization: `Bearer ${sender.token}`,
      'idempotency-key': key,
      ...(sender.orgId ? { 'organization-id': sender.orgId } : {}),
      ...(text ? { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) } : {}),
    };
    const sent = httpRequest({ port, host: '127.0.0.1', method, path: url, headers, agent: false }, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.on('error', () => resolve(null));
      answer.on('end', () => {
        const heard = Buffer.concat(parts).toString();
        resolve({ status: answer.statusCode!, text: heard, json: heard ? JSON.parse(heard) : null });
      });
    });
    sent.on('error', () => resolve(null));
    sent.end(text);
  });
}

/** Sends a request five times through a proxy, two of them at the same moment. Answers what was heard. */
export async function sendAgainAndAgain(port: number, request: Repeated, pauseMs = 0): Promise<Heard[]> {
  const heard = await Promise.all([attempt(port, request), attempt(port, request)]);
  while (heard.length < TIMES) {
    await sleep(pauseMs);
    heard.push(await attempt(port, request));
  }
  return heard.filter((one) => one !== null);
}
