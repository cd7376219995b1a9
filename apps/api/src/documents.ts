import { openApiDocument } from '@suanxiang/contract/openapi';
import type { FastifyInstance } from 'fastify';
import { problemsPage } from './problems-page';
import { type Document, referencePage } from './reference/page';
import { REFERENCE_SCRIPT } from './reference/script';
import { REFERENCE_STYLE } from './reference/style';

interface Served {
  type: string;
  text: string;
  /** Content-Security-Policy where the document is a page. */
  policy?: string;
}

const REFERENCE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";
const PROBLEMS_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";

/** Paths of what is served beside the API, all of it public and the same for everybody. */
export const DOCUMENT_PATHS = ['/openapi.json', '/problems', '/docs', '/docs/app.js', '/docs/style.css'] as const;

function documentsOf(version: string): Record<(typeof DOCUMENT_PATHS)[number], Served> {
  const document = openApiDocument(version);
  return {
    '/openapi.json': { type: 'application/json', text: JSON.stringify(document) },
    '/problems': { type: 'text/html', text: problemsPage(), policy: PROBLEMS_POLICY },
    '/docs': { type: 'text/html', text: referencePage(document as Document), policy: REFERENCE_POLICY },
    '/docs/app.js': { type: 'text/javascript', text: REFERENCE_SCRIPT },
    '/docs/style.css': { type: 'text/css', text: REFERENCE_STYLE },
  };
}

/** Serves the OpenAPI document, its interactive reference and the page of problems. */
export function serveDocuments(server: FastifyInstance, version: string): void {
  const documents = documentsOf(version);
  for (const path of DOCUMENT_PATHS) {
    const { type, text, policy } = documents[path];
    server.get(path, async (_, reply) => {
      if (policy) reply.header('content-security-policy', policy);
      return reply.header('cache-control', 'public, max-age=300').type(`${type}; charset=utf-8`).send(text);
    });
  }
}
