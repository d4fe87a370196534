import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readWindowState, writeWindowState } from '../../main/window-state.ts';

const DISPLAYS = [
  { x: 0, y: 0, width: 1920, height: 1080 },
  { x: 1920, y: 0, width: 1280, height: 1024 },
];
const DEFAULT = { bounds: { width: 1280, height: 820 }, maximized: false };

describe('the place of the window', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'influxion-window-'));
    file = path.join(folder, 'window.json');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const fail = (error: unknown): never => {
    throw error;
  };

  it('comes back as it was left, on the second display too', () => {
    const state = { bounds: { x: 2000, y: 40, width: 900, height: 700 }, maximized: true };
    writeWindowState(file, state, fail);
    expect(readWindowState(file, DISPLAYS)).toEqual(state);
  });

  it('is the default when the display is gone', () => {
    writeWindowState(file, { bounds: { x: 2000, y: 40, width: 900, height: 700 }, maximized: false }, fail);
    expect(readWindowState(file, DISPLAYS.slice(0, 1))).toEqual(DEFAULT);
  });

  const useless: Record<string, string> = {
    'no JSON': 'x',
    nothing: 'null',
    'no bounds': '{"maximized":true}',
    'half of bounds': '{"bounds":{"width":900,"height":700}}',
    'bounds that are no numbers': '{"bounds":{"x":"0","y":0,"width":900,"height":700}}',
    'a window too small to see': '{"bounds":{"x":0,"y":0,"width":1,"height":1}}',
    'a title bar above the screen': '{"bounds":{"x":0,"y":-600,"width":900,"height":700}}',
  };
  for (const [what, text] of Object.entries(useless)) {
    it(`is the default for ${what}`, () => {
      writeFileSync(file, text);
      expect(readWindowState(file, DISPLAYS)).toEqual(DEFAULT);
    });
  }

  it('disturbs nobody when it cannot be kept', () => {
    const errors: unknown[] = [];
    writeWindowState(path.join(folder, 'nowhere', 'window.json'), DEFAULT, (error) => errors.push(error));
    expect(errors).toHaveLength(1);
    writeWindowState(file, DEFAULT, fail);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(DEFAULT);
  });
});
