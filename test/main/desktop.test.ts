import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import { describe, expect, it, vi } from 'vitest';
import { createDesktop } from '../../main/desktop.ts';
import type { HostChild } from '../../main/host-process.ts';

/** A host that does what the test says. */
class ScriptedHost extends EventEmitter implements HostChild {
  pid: number | undefined = 4711;
  readonly stdout = new PassThrough();
  readonly stderr = new PassThrough();
  kill(): boolean {
    this.end(0);
    return true;
  }
  ready(): void {
    this.stdout.write('{"event":"ready","url":"http://127.0.0.1:8787"}\n');
  }
  end(code: number): void {
    this.pid = undefined;
    this.emit('exit', code);
  }
}

function openDesktop() {
  const shown: string[] = [];
  const hosts: ScriptedHost[] = [];
  const desktop = createDesktop({
    startHost: () => {
      const host = new ScriptedHost();
      hosts.push(host);
      return host;
    },
    killHard: () => undefined,
    show: (url) => shown.push(url.startsWith('data:') ? decodeURIComponent(url) : url),
  });
  return { desktop, shown, hosts };
}

describe('the desktop app', () => {
  it('shows that it starts, then the page of the host', async () => {
    const { desktop, shown, hosts } = openDesktop();
    const opened = desktop.open();
    hosts[0]?.ready();
    await opened;
    expect(shown).toEqual([expect.stringContaining('Starting Influxion'), 'http://127.0.0.1:8787/']);
  });

  it('explains a host that does not start, quotes it as text, and starts another when asked', async () => {
    const { desktop, shown, hosts } = openDesktop();
    const opened = desktop.open();
    hosts[0]?.stderr.write('{"level":"info"}\nThe data folder is in <use>.\n');
    await vi.waitFor(() => expect(hosts[0]?.stderr.readableLength).toBe(0));
    hosts[0]?.end(1);
    await opened;
    expect(shown.at(-1)).toContain('Influxion could not start');
    expect(shown.at(-1)).toContain('The data folder is in &lt;use&gt;.');
    expect(shown.at(-1)).not.toContain('level');

    const again = desktop.open();
    hosts[1]?.ready();
    await again;
    expect(shown.at(-1)).toBe('http://127.0.0.1:8787/');
  });

  it('says so when the host ends by itself later', async () => {
    const { desktop, shown, hosts } = openDesktop();
    const opened = desktop.open();
    hosts[0]?.ready();
    await opened;
    hosts[0]?.end(139);
    await vi.waitFor(() => expect(shown.at(-1)).toContain('exit code 139'));
  });

  it('never runs two hosts on the one data folder', async () => {
    const { desktop, hosts } = openDesktop();
    const first = desktop.open();
    const second = desktop.open();
    hosts[0]?.ready();
    await Promise.all([first, second]);
    expect(hosts).toHaveLength(1);
  });

  it('leaves while the host is still starting, without showing a failure or starting anew', async () => {
    const { desktop, shown, hosts } = openDesktop();
    const opened = desktop.open();
    await desktop.stop();
    await opened;
    await desktop.open();
    expect(hosts).toHaveLength(1);
    expect(shown).toHaveLength(1);
  });
});
