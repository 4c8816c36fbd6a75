/** `node image.mjs FILE` writes an image of a new PostgreSQL cluster. A process of its own: what making one takes, an engine keeps. */
import { writeFileSync } from 'node:fs';
import { PGlite } from '@electric-sql/pglite';

const engine = await PGlite.create();
const image = await engine.dumpDataDir('none');
writeFileSync(process.argv[2], Buffer.from(await image.arrayBuffer()), { mode: 0o600 });
await engine.close();
