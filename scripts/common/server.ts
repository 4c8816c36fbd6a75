/** A static web server for the built site: Brotli, the headers of `_headers`, directory indexes, 404 page. RFC 9110. */
import { createReadStream, existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, sep } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.xml': 'application/xml; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.py': 'text/plain; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.pdf': 'application/pdf',
  '.zip': 'application/zip',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.ttf': 'font/ttf',
};
const COMPRESSED = /^(text\/|application\/(json|xml)|image\/svg)/;

/** Where to serve what. `port` 0 takes any free one; `base` is the path prefix of the site, with both slashes. */
export interface ServeOptions {
  readonly root: string;
  readonly port: number;
  readonly host?: string;
  readonly base?: string;
  /** Headers of `_headers` that are not sent. */
  readonly without?: readonly string[];
}

/** A running server. */
export interface Served {
  readonly url: string;
  close(): Promise<void>;
}

/** Reads the `/*` block of a `_headers` file (the format of Netlify and Cloudflare Pages). */
export function readHeaders(root: string): Map<string, string> {
  const file = join(root, '_headers');
  const headers = new Map<string, string>();
  if (!existsSync(file)) return headers;
  let applies = false;
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    if (/^\S/.test(line)) applies = line.trim() === '/*';
    const header = /^\s+([A-Za-z-]+):\s*(.+)$/.exec(line);
    if (applies && header?.[1] !== undefined && header[2] !== undefined)
      headers.set(header[1], header[2].trim());
  }
  return headers;
}

/** Maps a request path to a file under root; undefined when there is none. A folder means its index page. */
function fileFor(root: string, path: string): string | undefined {
  let decoded: string;
  try {
    decoded = decodeURIComponent(path);
  } catch {
    return undefined;
  }
  if (decoded.includes('\0')) return undefined;
  const wanted = join(root, decoded);
  for (const candidate of [wanted, join(wanted, 'index.html'), `${wanted}.html`]) {
    if (!existsSync(candidate) || !statSync(candidate).isFile()) continue;
    // Symbolic links and dot segments must not lead out of the site.
    const real = realpathSync(candidate);
    if (real.startsWith(realpathSync(root) + sep)) return real;
  }
  return undefined;
}

function send(request: IncomingMessage, response: ServerResponse, file: string, status: number): void {
  const type = TYPES[extname(file).toLowerCase()] ?? 'application/octet-stream';
  response.statusCode = status;
  response.setHeader('content-type', type);
  const accepts = String(request.headers['accept-encoding'] ?? '');
  const encoding = !COMPRESSED.test(type)
    ? ''
    : /\bbr\b/.test(accepts)
      ? 'br'
      : /\bgzip\b/.test(accepts)
        ? 'gzip'
        : '';
  if (encoding === '') {
    response.setHeader('content-length', statSync(file).size);
    if (request.method === 'HEAD') response.end();
    else createReadStream(file).pipe(response);
    return;
  }
  const bytes = readFileSync(file);
  const body =
    encoding === 'br'
      ? brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } })
      : gzipSync(bytes);
  response.setHeader('content-encoding', encoding);
  response.setHeader('vary', 'accept-encoding');
  response.setHeader('content-length', body.length);
  response.end(request.method === 'HEAD' ? undefined : body);
}

function answer(options: ServeOptions, request: IncomingMessage, response: ServerResponse): void {
  const base = options.base ?? '/';
  for (const [name, value] of readHeaders(options.root))
    if (options.without?.includes(name) !== true) response.setHeader(name, value);
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.writeHead(405, { allow: 'GET, HEAD' }).end();
    return;
  }
  const path = (request.url ?? '/').split(/[?#]/, 1)[0] ?? '/';
  if (!path.startsWith(base)) {
    response.writeHead(302, { location: base }).end();
    return;
  }
  const inside = path.slice(base.length);
  const file = fileFor(options.root, inside);
  if (file !== undefined) {
    const isPage = file.endsWith(`${sep}index.html`) && !path.endsWith('/') && !path.endsWith('.html');
    if (isPage) response.writeHead(301, { location: `${path}/` }).end();
    else send(request, response, file, 200);
    return;
  }
  const missing = fileFor(options.root, '404.html');
  if (missing === undefined) response.writeHead(404, { 'content-type': 'text/plain' }).end('not found\n');
  else send(request, response, missing, 404);
}

/**
 * Serves a folder until closed.
 * @throws Error with code EADDRINUSE when the port is taken.
 */
export function serve(options: ServeOptions): Promise<Served> {
  const host = options.host ?? '127.0.0.1';
  const server: Server = createServer((request, response) => {
    try {
      answer(options, request, response);
    } catch {
      // A file may vanish while the site is rebuilt.
      if (!response.headersSent) response.writeHead(500, { 'content-type': 'text/plain' });
      response.end('error\n');
    }
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, host, () => {
      const { port } = server.address() as AddressInfo;
      const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
      resolve({
        url: `http://${name.includes(':') ? `[${name}]` : name}:${port}${options.base ?? '/'}`,
        close: () =>
          new Promise((done) => {
            server.close(() => done());
            server.closeAllConnections();
          }),
      });
    });
  });
}
