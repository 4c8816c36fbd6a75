#!/usr/bin/env node
/** Launcher of `npx sss` in the project: runs the TypeScript sources; a kit carries the bundle instead. */
const { register } = require('tsx/cjs/api');

const unregister = register();
require('./main.ts').runProcess().finally(unregister);
