// The stand-in API by itself: npx tsx apps/web/test/fake-api/main.ts [port]. Any e-mail and password sign in.
import { startFakeApi } from './server';

const port = Number(process.argv[2] ?? 4000);
await startFakeApi(port);
process.stdout.write(`Stand-in API on http://127.0.0.1:${port}\n`);
