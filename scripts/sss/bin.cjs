#!/usr/bin/env node
/** Launcher of `npx sss` in the project: runs the TypeScript sources; a kit carries the bundle instead. */

// The loader of tsx, unlike its CommonJS hook, also covers the parts that main.ts imports only when they are needed.
import('tsx').then(() => require('./main.ts').runProcess());
