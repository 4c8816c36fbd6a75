/** HTTPS endpoints of the providers inside the private network: one address a host name, TLS with the drill's own authority. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { createServer, type Server } from 'node:net';

/** What an endpoint answers. `undefined` means never: the client waits until it gives up. */
export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Request {
  readonly host: string;
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export type Handler = (request: Request) => Answer | undefined;

/** A host name of the provider and the loopback address that it has in the private network. */
export interface Place {
  readonly host: string;
  readonly address: string;
  /** False where the outage is that nobody listens. */
  readonly listens: boolean;
}

/** Listens on port 443 of every place that is up. */
export async function openEndpoints(
  places: readonly Place[],
  tls: { readonly key: string; readonly cert: string },
  handler: Handler,
): Promise<readonly Server[]> {
  const https = createHttps(tls, (incoming, response) => void respond(incoming, response, handler));
  const listening = places.filter(({ listens }) => listens).map((place) => listen(https, place.address));
  return Promise.all(listening);
}

function listen(https: ReturnType<typeof createHttps>, address: string): Promise<Server> {
  const server = createServer((socket) => {
    https.emit('connection', socket);
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen(443, address, () => resolve(server));
  });
}

async function respond(incoming: IncomingMessage, response: ServerResponse, handler: Handler): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const host = incoming.headers.host ?? '';
  const answer = handler({
    host,
    method: incoming.method ?? '',
    url: new URL(incoming.url ?? '/', `https://${host}`),
    headers: incoming.headers,
    body: Buffer.concat(chunks).toString('utf8'),
  });
  if (answer === undefined) return;
  response.writeHead(answer.status, { 'content-type': answer.type, ...answer.headers }).end(answer.body);
}
