import { describe, expect, it, vi } from 'vitest';
import { acceleratorOf, menuTemplate } from '../../main/menu.ts';

const nothing = (): void => undefined;
const base = {
  platform: 'linux',
  devTools: false,
  commands: [],
  run: nothing,
  copyDiagnostics: nothing,
  openLogs: nothing,
} as const;
type MenuItems = ReturnType<typeof menuTemplate>;
const labels = (items: MenuItems): unknown[] => items.map(({ label, role }) => label ?? role);

describe('the menus', () => {
  it('are the usual ones until the page has told its commands', () => {
    expect(labels(menuTemplate(base))).toEqual(['fileMenu', 'editMenu', 'View', 'windowMenu', 'help']);
    expect(labels(menuTemplate({ ...base, platform: 'darwin' }))[0]).toBe('appMenu');
  });

  it('offer the commands by feature, and run them', () => {
    const run = vi.fn();
    const commands = [
      { id: 'jobs.retry', title: 'Retry jobs', shortcut: 'Mod+Shift+R' },
      { id: 'templates.new', title: 'New template' },
    ];
    const template = menuTemplate({ ...base, commands, run });
    expect(labels(template)).toEqual([
      'fileMenu',
      'editMenu',
      'Template',
      'Jobs',
      'View',
      'windowMenu',
      'help',
    ]);
    const [retry] = template[3]?.submenu as MenuItems;
    expect(retry).toMatchObject({
      label: 'Retry jobs',
      accelerator: 'CmdOrCtrl+Shift+R',
      registerAccelerator: false,
    });
    (retry?.click as () => void)();
    expect(run).toHaveBeenCalledWith('jobs.retry');
  });

  it('have developer tools only where they are wanted', () => {
    const view = (devTools: boolean): string => JSON.stringify(menuTemplate({ ...base, devTools }));
    expect(view(true)).toContain('toggleDevTools');
    expect(view(false)).not.toContain('toggleDevTools');
  });

  it.each([
    ['Mod+S', 'CmdOrCtrl+S'],
    ['Alt+1', 'Alt+1'],
    ['F6', 'F6'],
    ['Mod+,', 'CmdOrCtrl+,'],
    ['Hyper+X', undefined],
    ['Mod+Ö', undefined],
    ['', undefined],
  ])('spell %s as Electron does (a spelling that throws)', (shortcut, accelerator) => {
    expect(acceleratorOf(shortcut)).toBe(accelerator);
  });
});
