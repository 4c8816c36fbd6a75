/** Where programs are found: along PATH, passing over shims that a drill's PATH could not run. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findTool, lookUpTool } from '../../../scripts/tabletop/machine/tools';

let folder = '';
const program = (place: string, text: string) => {
  const file = join(folder, place);
  writeFileSync(file, text);
  chmodSync(file, 0o700);
};

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tools-'));
  program('shimmed', '#!/usr/bin/env bash\nexec other\n');
  program('plain', '#!/bin/sh\nexit 0\n');
  program('empty', '');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('lookUpTool', () => {
  it('finds programs in absolute folders only', () => {
    expect(lookUpTool('plain', `.:${folder}`)).toBe(join(folder, 'plain'));
    expect(lookUpTool('plain', '.')).toBeUndefined();
    expect(lookUpTool('empty', folder)).toBe(join(folder, 'empty'));
  });

  it('passes over a script that needs its interpreter from PATH', () => {
    expect(lookUpTool('shimmed', folder)).toBeUndefined();
  });

  it('says by name what is missing', () => {
    expect(() => findTool('nowhere', folder)).toThrow('the program "nowhere" is not installed');
  });
});
