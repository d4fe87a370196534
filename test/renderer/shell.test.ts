/** The frame of the studio with the settings and API screens, in a real browser over the studio's calls; what answers is scripted. */
import { mkdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import type { TransportStatus } from '../../contract/transport.ts';
import type { WebhookDelivery } from '../../contract/webhook.ts';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { openTestBrowser, type TestBrowser } from '../support/browser.ts';
import { AppWorld, seenRequest } from '../support/studio-app-world.ts';
import { accessibilityViolations } from '../support/studio-pages/accessibility.ts';
import { buildFeaturePage, serveFeature, type ServedFeature } from '../support/studio-pages/feature-page.ts';
import { JobsWorld, job } from '../support/studio-pages/jobs-world.ts';

const PICTURES = path.join(import.meta.dirname, '../../.cache/e2e/pictures');

/** The two big screens are stood in for: they have tests of their own. */
const MAIN = `
  import { createElement as h, useState } from 'react';
  import { createRoot } from 'react-dom/client';
  import { AccessScreen } from '@renderer/features/access/access-screen.tsx';
  import { SettingsScreen } from '@renderer/features/settings/settings-screen.tsx';
  import { HostProvider } from '@renderer/host/host-context.tsx';
  import { createRpcHost } from '@renderer/host/rpc.ts';
  import { onScreen } from '@renderer/shell/on-screen.ts';
  import { Shell } from '@renderer/shell/shell.tsx';
  import { useShell } from '@renderer/shell/shell-store.ts';
  import { startTheme } from '@renderer/ui/theme.ts';
  import '@renderer/ui/tokens.css';
  import '@renderer/ui/base.css';
  startTheme();
  window.happened = [];
  const note = (what) => () => window.happened.push(what);
  window.drawn = 0;
  const Editor = () => {
    window.drawn += 1;
    const [text, setText] = useState('');
    return h('label', null, 'Text ', h('textarea', { value: text, onChange: (event) => setText(event.target.value) }));
  };
  const Jobs = () => {
    const [broken, setBroken] = useState(false);
    if (broken) throw new Error('The table has no rows left');
    return h('button', { onClick: () => setBroken(true) }, 'Break this screen');
  };
  const commands = [
    ...onScreen('templates', [
      { id: 'templates.save', title: 'Save now', shortcut: 'Mod+S', run: note('save') },
      { id: 'templates.new', title: 'New template…', anywhere: true, when: () => document.querySelector('textarea') !== null, run: note('new') },
    ]),
    ...onScreen('jobs', [{ id: 'jobs.search', title: 'Search jobs', shortcut: 'Mod+S', run: note('search') }]),
  ];
  const screens = {
    templates: () => h(Editor),
    jobs: () => h(Jobs),
    keys: () => h('p', null, 'Keys'),
    verify: () => h('p', null, 'Verify'),
    api: () => h(AccessScreen, { templateId: 'invoice', openSettings: () => useShell.getState().go('settings') }),
    settings: () => h(SettingsScreen),
  };
  const targets = {
    openTemplate: (id) => window.happened.push('template ' + id),
    openJob: (id) => window.happened.push('job ' + id),
  };
  const onArrive = ({ screen, id }) => id !== undefined && window.happened.push('arrive ' + screen + ' ' + id);
  const root = document.createElement('div');
  document.querySelector('main').replaceWith(root);
  root.id = 'root';
  createRoot(root).render(
    h(HostProvider, { value: createRpcHost('test') }, h(Shell, { screens, targets, commands, onArrive })),
  );
`;

const delivery = (id: string, changes: Partial<WebhookDelivery>): WebhookDelivery => ({
  id,
  type: 'job.done',
  state: 'delivered',
  client_id: 'client-1',
  job_id: 7,
  batch_id: null,
  url: 'https://hooks.example.com/pdf',
  created_at: '2026-11-23T10:00:00.000Z',
  attempts: 1,
  next_attempt_at: null,
  ended_at: null,
  last_status: 200,
  last_error: null,
  ...changes,
});

const fleet = (): TransportStatus => ({
  kind: 'celery',
  out: 3,
  broker: {
    state: 'ready',
    problem: null,
    address: 'amqp://guest@broker.example:5672//',
    product: 'RabbitMQ 3.10.8',
    queue: 'celery',
    queue_type: 'classic',
    waiting: 12,
    dead: 0,
  },
  workers: (['online', 'online', 'silent'] as const).map((state, at) => ({
    name: ['influxion@desk', 'celery@attic', 'influxion@cellar'][at] ?? '',
    host: 'desk',
    software: 'influxion',
    version: '0.1.0',
    concurrency: 2,
    state,
    running:
      at === 0
        ? [
            {
              task_id: 'a',
              name: 'influxion.generate_pdf',
              job_id: 7,
              started_at: '2026-11-23T10:00:00.000Z',
            },
          ]
        : [],
    processed: 1204,
    last_heard_at: '2026-11-23T10:00:00.000Z',
  })),
  counts: { published: 1300, results: 1297, dropped: 1, lost: 0 },
});

describe('the frame of the studio', () => {
  let built: Awaited<ReturnType<typeof buildFeaturePage>>;
  let browser: TestBrowser;
  let app: AppWorld;
  let jobs: JobsWorld;
  let served: ServedFeature;
  let page: Page;
  let complaints: string[];

  beforeAll(async () => {
    vi.stubEnv('NODE_ENV', 'production');
    await mkdir(PICTURES, { recursive: true });
    [browser, built] = await Promise.all([openTestBrowser(), buildFeaturePage(MAIN)]);
  }, 60_000);
  afterAll(async () => {
    vi.unstubAllEnvs();
    await browser[Symbol.asyncDispose]();
    await built.remove();
  });

  beforeEach(async () => {
    complaints = [];
    app = new AppWorld();
    jobs = new JobsWorld();
    served = await serveFeature(built.folder, { ...jobs.handlers, ...app.handlers });
    app.events = served.events;
    jobs.events = served.events;
  });
  afterEach(async () => {
    await page.context().close();
    await served[Symbol.asyncDispose]();
    expect(complaints).toEqual([]);
  });

  const openStudio = async (at = '', scheme: 'light' | 'dark' = 'light'): Promise<void> => {
    const context = await browser.browser.newContext({
      viewport: { width: 1280, height: 800 },
      colorScheme: scheme,
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    page = await context.newPage();
    page.setDefaultTimeout(10_000);
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (/Content Security Policy/.test(message.text())) complaints.push(message.text());
    });
    await page.goto(`${served.url}/${at}`);
    await page.getByText('Engine ready').waitFor();
  };
  const happened = (): Promise<string[]> => page.evaluate<string[]>('window.happened');
  const palette = () => page.getByRole('combobox', { name: 'Find a template, job or command' });
  const navigate = (name: string) =>
    page.getByRole('navigation', { name: 'Studio' }).getByRole('button', { name });
  const picture = (name: string) => page.screenshot({ path: path.join(PICTURES, `${name}.png`) });
  const theme = () => page.evaluate<string>('document.documentElement.dataset.theme');

  it('keeps what is typed on a screen while another is shown, and Back comes back', async () => {
    await openStudio();
    await page.getByLabel('Text').fill('half a sentence');
    await navigate('Settings').click();
    await page.getByRole('heading', { name: 'Settings' }).waitFor();
    await page.goBack();
    expect(await page.getByLabel('Text').inputValue()).toBe('half a sentence');
  });

  it('begins where the address says', async () => {
    await openStudio('#jobs/12');
    await page.getByRole('button', { name: 'Break this screen' }).waitFor();
    expect(await happened()).toEqual(['arrive jobs 12']);
  });

  it('finds templates, commands and jobs by a few letters and the keyboard alone', async () => {
    jobs.jobs = [job(1, { document_id: 'report-q3-hamburg' })];
    await openStudio();
    await page.keyboard.press('Control+k');
    await palette().fill('quart');
    await page.getByRole('option', { name: /Quarterly report/ }).waitFor();
    await page.keyboard.press('Enter');
    await vi.waitFor(async () => expect(await happened()).toEqual(['template quarterly-report']));

    await page.keyboard.press('Control+k');
    await palette().fill('hamburg');
    await page.getByRole('option', { name: /Job 1 / }).waitFor();
    await page.keyboard.press('Enter');
    await vi.waitFor(async () => expect(await happened()).toContain('job 1'));

    await page.keyboard.press('Control+k');
    await palette().fill('zzzz');
    await page.getByText('Nothing found for').waitFor();
    await page.keyboard.press('Escape');
    await palette().waitFor({ state: 'detached' });
  });

  it('brings the screen of a command forward and waits until it is there', async () => {
    await openStudio('#settings');
    await page.keyboard.press('Control+k');
    await palette().fill('new temp');
    await page.keyboard.press('Enter');
    await page.getByLabel('Text').waitFor();
    await vi.waitFor(async () => expect(await happened()).toEqual(['new']));
  });

  it('gives one shortcut to the screen that is shown, also while typing, and to none behind a dialog', async () => {
    await openStudio();
    await page.getByLabel('Text').press('Control+s');
    expect(await happened()).toEqual(['save']);
    await page.keyboard.press('Alt+2');
    await page.keyboard.press('Control+s');
    expect(await happened()).toEqual(['save', 'search']);
    await page.keyboard.press('F1');
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
    await page.keyboard.press('Control+s');
    expect(await happened()).toEqual(['save', 'search']);
  });

  it('runs a command that a native menu sent', async () => {
    await openStudio();
    served.events.emit({ type: 'command', id: 'studio.settings' });
    await page.getByRole('heading', { name: 'Settings' }).waitFor();
  });

  it('goes from pane to pane by F6 and back', async () => {
    await openStudio();
    await navigate('Templates').focus();
    await page.keyboard.press('F6');
    expect(await page.evaluate('document.activeElement.tagName')).toBe('TEXTAREA');
    await page.keyboard.press('Shift+F6');
    expect(await page.evaluate('document.activeElement.closest("nav") !== null')).toBe(true);
  });

  it('leaves the other screens usable when one breaks', async () => {
    await openStudio('#jobs');
    await page.getByRole('button', { name: 'Break this screen' }).click();
    await page.getByRole('alert').filter({ hasText: 'Jobs cannot be shown' }).waitFor();
    await navigate('Templates').click();
    await page.getByLabel('Text').waitFor();
    await navigate('Jobs').click();
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('button', { name: 'Break this screen' }).waitFor();
    complaints = complaints.filter((complaint) => !complaint.includes('no rows left'));
  });

  it('says that the host does not answer and shows what is true when it is back', async () => {
    await openStudio();
    const { port } = new URL(served.url);
    await served[Symbol.asyncDispose]();
    await page.getByText('Influxion does not answer').waitFor();
    await page.getByText('Not connected').waitFor();
    await picture('host-away');
    await page.getByLabel('Text').fill('typed meanwhile');

    app.status = { ...app.status, queue: { ...app.status.queue, in_progress: 0, received: 0 } };
    served = await serveFeature(built.folder, { ...jobs.handlers, ...app.handlers }, Number(port));
    await page.getByText('Influxion does not answer').waitFor({ state: 'detached' });
    await page.getByText('Queue empty').waitFor();
    expect(await page.getByLabel('Text').inputValue()).toBe('typed meanwhile');
  });

  it('says that the host does not know the page any more, and goes on when it does', async () => {
    await openStudio();
    const port = Number(new URL(served.url).port);
    await served[Symbol.asyncDispose]();
    const stranger = createServer((_request, response) => response.writeHead(401).end());
    stranger.listen(port, '127.0.0.1');
    await page.getByText('does not know this page').waitFor();
    await page.getByRole('button', { name: 'Reload' }).waitFor();
    stranger.closeAllConnections();
    await new Promise((resolve) => stranger.close(resolve));
    served = await serveFeature(built.folder, { ...jobs.handlers, ...app.handlers }, port);
    await page.getByText('does not know this page').waitFor({ state: 'detached' });
  });

  it('shows the queue and the state of the engine as they change', async () => {
    await openStudio();
    await page.getByText('3 running, 12 waiting').waitFor();
    const engine = { ...app.status.engine, state: 'failed' as const, problem: 'No browser was found.' };
    served.events.emit({ type: 'status.changed', status: { ...app.status, engine } });
    await page.getByRole('button', { name: 'Engine failed' }).click();
    await page
      .getByRole('dialog', { name: 'Problem of the engine' })
      .getByText('No browser was found.')
      .waitFor();
  });

  it('leaves the screens alone when only the queue or the time of the last pages changes (keys that stutter)', async () => {
    await openStudio();
    await page.getByText('3 running, 12 waiting').waitFor();
    const before = await page.evaluate('window.drawn');
    for (let received = 20; received <= 30; received += 1) {
      const queue = { ...app.status.queue, received };
      served.events.emit({ type: 'status.changed', status: { ...app.status, queue } });
    }
    await page.getByText('3 running, 30 waiting').waitFor();
    expect(await page.evaluate('window.drawn')).toBe(before);
  });

  describe('the theme', () => {
    it('is the one of the settings, kept for the next start, and follows the system when told so', async () => {
      app.settings = { ...app.settings, theme: 'dark' };
      await openStudio();
      await vi.waitFor(async () => expect(await theme()).toBe('dark'));
      await page.reload({ waitUntil: 'commit' });
      expect(await page.evaluate('localStorage.getItem("influxion.theme")')).toBe('dark');

      await navigate('Settings').click();
      await page.getByRole('radio', { name: 'System' }).check({ force: true });
      await vi.waitFor(async () => expect(await theme()).toBe('light'));
      expect(app.settings.theme).toBe('system');
      await page.emulateMedia({ colorScheme: 'dark' });
      await vi.waitFor(async () => expect(await theme()).toBe('dark'));
    });
  });

  describe('the settings', () => {
    it('take how much is taken on, and an empty field for as the computer has it', async () => {
      await openStudio('#settings');
      const atOnce = page.getByLabel('Documents at once');
      await atOnce.fill('99');
      await page.getByText('Empty, or a whole number from 1 to 64.').waitFor();
      await atOnce.fill('3');
      await atOnce.press('Enter');
      await vi.waitFor(() => expect(app.settings.work.concurrency).toBe(3));
      await atOnce.fill('');
      await atOnce.press('Enter');
      await vi.waitFor(() => expect(app.settings.work.concurrency).toBeNull());
      await page.getByLabel('Addresses that may be told').fill('hooks.example.com\n\n *.example.org ');
      await page.getByRole('button', { name: 'Keep these addresses' }).click();
      await vi.waitFor(() =>
        expect(app.settings.webhooks.allowed).toEqual(['hooks.example.com', '*.example.org']),
      );
    });

    it('take effect one by one, and a number out of range is told, not sent', async () => {
      await openStudio('#settings');
      const days = page.getByLabel('Keep for at most');
      await days.fill('0');
      await days.press('Enter');
      await page.getByText('A whole number from 1 to 3,650.').waitFor();
      await days.fill('90');
      await days.press('Enter');
      await vi.waitFor(() => expect(app.settings.retention.max_age_days).toBe(90));

      await page.getByRole('radio', { name: 'The local network' }).check();
      await page.getByLabel('Port in the network').waitFor();
      expect(app.settings.api.mode).toBe('lan');
      await page.getByRole('switch', { name: /Announce it/ }).click();
      await vi.waitFor(() => expect(app.settings.api.announce).toBe(true));
    });

    it('set whom signatures reach: a time-stamp server, its password, who tells of revoked certificates', async () => {
      await openStudio('#settings');
      const server = page.getByRole('textbox', { name: 'Time-stamp server' });
      expect(await page.getByLabel('User there').count()).toBe(0);
      await server.fill('timestamp.example');
      await server.press('Enter');
      await page.getByText('An address that begins with http:// or https://').waitFor();
      await server.fill('https://timestamp.example');
      await server.press('Enter');
      await page.getByRole('textbox', { name: 'User there' }).fill('ada');
      await page.getByRole('textbox', { name: 'User there' }).press('Enter');
      await page.getByLabel('Password there').fill('a secret');
      await page.getByRole('button', { name: 'Keep password' }).click();
      await page.getByText('The password is kept.').waitFor();
      expect(await page.getByLabel('Password there').inputValue()).toBe('');
      await page.getByRole('button', { name: 'Forget it' }).click();
      await page.getByText('No password is kept.').waitFor();
      expect(app.passwords).toEqual(['a secret', null]);
      await page.getByRole('radio', { name: 'Ask only these hosts' }).check();
      await page.getByRole('textbox', { name: 'Hosts' }).fill('ocsp.example, crl.example');
      await page.getByRole('textbox', { name: 'Hosts' }).press('Enter');
      await vi.waitFor(() =>
        expect(app.settings.signing).toEqual({
          time_stamp_url: 'https://timestamp.example',
          time_stamp_user: 'ada',
          revocation: 'hosts',
          revocation_hosts: ['ocsp.example', 'crl.example'],
        }),
      );
      await server.fill('');
      await server.press('Enter');
      await vi.waitFor(() => expect(app.settings.signing.time_stamp_url).toBeNull());
    });

    it('say what the host did not take', async () => {
      await openStudio('#settings');
      await page.getByRole('radio', { name: 'The local network' }).check();
      const addresses = page.getByLabel('Addresses of this computer');
      await addresses.fill('somewhere');
      await addresses.press('Enter');
      await page.getByRole('alert').filter({ hasText: 'The change was not kept' }).waitFor();
    });

    it('give the diagnostics into the clipboard', async () => {
      await openStudio('#settings');
      await page.getByRole('button', { name: 'Copy diagnostics' }).click();
      await page.getByRole('button', { name: 'Copied' }).waitFor();
      expect(await page.evaluate('navigator.clipboard.readText()')).toBe('Influxion 0.1.0');
    });
  });

  describe('the screen of the API', () => {
    it('shows a new secret once, and takes a client away after asking', async () => {
      await openStudio('#api');
      await page.getByText('No clients yet').waitFor();
      await page.getByRole('button', { name: 'Add client' }).click();
      await page.getByLabel('Name').fill('billing-service');
      await page.keyboard.press('Enter');
      await page.getByText('secret-told-once').waitFor();
      await page.getByRole('button', { name: 'I have kept it' }).click();
      expect(await page.content()).not.toContain('secret-told-once');

      await page.getByRole('button', { name: 'Remove billing-service' }).click();
      await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel' }).click();
      expect(app.clients).toHaveLength(1);
      await page.getByRole('button', { name: 'Remove billing-service' }).click();
      await page.getByRole('button', { name: 'Remove client' }).click();
      await page.getByText('No clients yet').waitFor();
      expect(app.clients).toEqual([]);
    });

    it('lists requests as they come, each once', async () => {
      app.requests = [seenRequest(1)];
      await openStudio('#api');
      await page.getByRole('cell', { name: 'POST /pdf/generate' }).waitFor();
      served.events.emit({ type: 'api.request', request: seenRequest(2, { status: 401, path: '/token' }) });
      served.events.emit({ type: 'api.request', request: seenRequest(2, { status: 401, path: '/token' }) });
      const rows = page.getByRole('region', { name: 'List of requests' }).locator('tbody tr');
      await rows.filter({ hasText: '/token' }).waitFor();
      expect(await rows.allInnerTexts()).toHaveLength(2);
      expect((await rows.allInnerTexts())[0]).toContain('401');
    });

    it('tells what programs were told, and tells it again', async () => {
      app.deliveries = [delivery('msg_1', { state: 'failed', attempts: 9, last_error: 'It answered 500.' })];
      await openStudio('#api');
      await page.getByText('It answered 500.').waitFor();
      await page.getByRole('button', { name: 'Send the webhook of job 7 again' }).click();
      await vi.waitFor(() => expect(app.resent).toEqual(['msg_1']));
    });

    it('shows the secret of a webhook once', async () => {
      await openStudio('#api');
      await page.getByRole('button', { name: 'Add client' }).first().click();
      await page.getByLabel('Name').fill('billing-service');
      await page.getByRole('dialog').getByRole('button', { name: 'Add client' }).click();
      await page.getByRole('button', { name: 'I have kept it' }).click();
      await page.getByRole('button', { name: 'Webhook of billing-service' }).click();
      await page.getByRole('textbox', { name: 'Address' }).fill('https://erp.example.com/done');
      await page.getByRole('button', { name: 'Tell it', exact: true }).click();
      await page.getByText('whsec_told-once').waitFor();
      await page.getByRole('button', { name: 'I have kept it' }).click();
      expect(await page.content()).not.toContain('whsec_told-once');
      await page.getByText('tells https://erp.example.com/done').waitFor();
    });

    it('says why the API is not open', async () => {
      app.api = {
        mode: 'lan',
        urls: [],
        fingerprint: null,
        problem: 'Port 8788 is taken by another program.',
      };
      await openStudio('#api');
      await page.getByRole('alert').filter({ hasText: 'Port 8788 is taken' }).waitFor();
      await page.getByText('API not open').waitFor();
    });
  });

  describe.each(['light', 'dark'] as const)('in the %s theme', (scheme) => {
    const settle = async (name: string): Promise<void> => {
      await picture(`${name}-${scheme}`);
      expect(await accessibilityViolations(page), name).toEqual([]);
    };

    it('has no fault of accessibility on any screen', async () => {
      app.api = {
        mode: 'lan',
        urls: ['http://127.0.0.1:8787', 'https://192.168.1.20:8788'],
        fingerprint: Array.from({ length: 32 }, () => 'A7').join(':'),
        problem: null,
      };
      app.settings = {
        ...app.settings,
        api: { ...app.settings.api, mode: 'lan' },
        signing: {
          time_stamp_url: 'https://timestamp.example',
          time_stamp_user: 'ada',
          revocation: 'hosts',
          revocation_hosts: ['ocsp.example'],
        },
      };
      app.clients = ['billing-service', 'nightly-reports'].map((name, index) => ({
        client_id: `client-${index + 1}`,
        name,
        scopes: index === 0 ? ['pdf'] : ['pdf', 'admin'],
        created_at: '2026-11-20T10:00:00.000Z',
        last_used_at: index === 0 ? new Date().toISOString() : null,
        webhook_url: null,
      }));
      app.requests = Array.from({ length: 30 }, (_, index) =>
        seenRequest(index + 1, {
          status: [202, 200, 401, 404, 503][index % 5] ?? 200,
          path: `/pdf/${index}/download`,
        }),
      );
      app.deliveries = [
        delivery('msg_1', {}),
        delivery('msg_2', { state: 'waiting', attempts: 2, last_error: 'It answered 503.' }),
        delivery('msg_3', { state: 'failed', attempts: 9, last_error: 'The connection was refused.' }),
      ];
      app.transport = fleet();
      app.settings = { ...app.settings, webhooks: { allowed: ['hooks.example.com'] } };
      await openStudio('#api', scheme);
      await page.getByRole('cell').first().waitFor();
      await page.getByText('2 workers').waitFor();
      await settle('api');
      await page.getByRole('button', { name: 'Add client' }).click();
      await settle('add-client');
      await page.keyboard.press('Escape');
      await navigate('Settings').click();
      await page.getByLabel('Port in the network').waitFor();
      await page.getByText('influxion@desk').waitFor();
      await settle('settings');
      await page.getByText('influxion@desk').scrollIntoViewIfNeeded();
      await picture(`settings-workers-${scheme}`);
      await page.keyboard.press('Control+k');
      await page.getByRole('option').first().waitFor();
      await settle('palette');
      await page.keyboard.press('Escape');
      await page.keyboard.press('F1');
      await page.getByRole('dialog').waitFor();
      await settle('shortcuts');
    });
  });
});
