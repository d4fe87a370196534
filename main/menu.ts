import type { MenuItemConstructorOptions } from 'electron';

/** The platform's usual menus by role; copy and paste need them on macOS. */
export function menuTemplate(platform: NodeJS.Platform, devTools: boolean): MenuItemConstructorOptions[] {
  const view: MenuItemConstructorOptions[] = [
    { role: 'reload' },
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    { role: 'togglefullscreen' },
  ];
  return [
    ...(platform === 'darwin' ? [{ role: 'appMenu' } as const] : [{ role: 'fileMenu' } as const]),
    { role: 'editMenu' },
    { label: 'View', submenu: devTools ? [...view, { role: 'toggleDevTools' }] : view },
    { role: 'windowMenu' },
  ];
}
