/** A RabbitMQ broker of one's own: a node with its own name, ports and data folder, which a test may kill and restart. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);
const PROGRAMS = '/usr/lib/rabbitmq/bin';

/** Debian's package `rabbitmq-server`; `.ci/run` installs it. */
export const hasRabbitMq = existsSync(join(PROGRAMS, 'rabbitmq-server'));

export interface TestBroker extends AsyncDisposable {
  readonly port: number;
  /** As Celery's documentation writes it: the default virtual host. */
  readonly url: string;
  readonly pid: number;
  /** With TLS; its authority is in `caFile`. Only where it was asked for. */
  readonly tlsUrl: string;
  readonly caFile: string;
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Killed, as by a loss of power, and started again over the same folder. */
  crash(): Promise<void>;
  /** `rabbitmqctl …`; its output. */
  ctl(...args: readonly string[]): Promise<string>;
  closeAllConnections(): Promise<void>;
  /** While it is on, the broker takes no messages from anybody. */
  memoryAlarm(on: boolean): Promise<void>;
}

const BOOT_MS = 90_000;

export async function startRabbitMq(options: { readonly tls?: boolean } = {}): Promise<TestBroker> {
  const [port, tlsPort, distPort, epmdPort] = await freePorts(4);
  const folder = await mkdtemp(join(tmpdir(), 'influxion-rabbit-'));
  const owner = process.getuid?.() === 0 ? await idsOf('rabbitmq') : undefined;
  const caFile = join(folder, 'ca.pem');
  const certificate = join(folder, 'server.pem');
  const key = join(folder, 'server.key');
  if (options.tls) await makeCertificate(folder, { caFile, certificate, key });
  const tls = [
    `listeners.ssl.default = 127.0.0.1:${tlsPort}`,
    `ssl_options.cacertfile = ${caFile}`,
    `ssl_options.certfile = ${certificate}`,
    `ssl_options.keyfile = ${key}`,
    'ssl_options.verify = verify_none',
  ];
  const config = [
    `listeners.tcp.default = 127.0.0.1:${port}`,
    'log.file.level = warning',
    ...(options.tls ? tls : []),
  ];
  await writeFile(join(folder, 'rabbitmq.conf'), `${config.join('\n')}\n`);
  await writeFile(join(folder, 'plugins'), '[].\n');
  await mkdir(join(folder, 'mnesia'));
  await mkdir(join(folder, 'log'));
  if (owner) await run('chown', ['-R', `${owner.uid}:${owner.gid}`, folder]);
  await chmod(folder, 0o755);

  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: folder,
    RABBITMQ_NODENAME: `test${port}@localhost`,
    RABBITMQ_MNESIA_BASE: join(folder, 'mnesia'),
    RABBITMQ_LOG_BASE: join(folder, 'log'),
    RABBITMQ_CONFIG_FILE: join(folder, 'rabbitmq.conf'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'plugins'),
    RABBITMQ_DIST_PORT: String(distPort),
    // The script becomes the node instead of waiting for it, so that a signal reaches the node.
    RUNNING_UNDER_SYSTEMD: 'yes',
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '+S 1:1 +sbwt none',
    RABBITMQ_CTL_ERL_ARGS: '+S 1:1 +sbwt none',
    ERL_EPMD_ADDRESS: '127.0.0.1',
    ERL_EPMD_PORT: String(epmdPort),
  };
  const identity = owner ? { uid: owner.uid, gid: owner.gid } : {};
  let node: ChildProcess | undefined;

  const start = async (): Promise<void> => {
    let said = '';
    const child = spawn(join(PROGRAMS, 'rabbitmq-server'), [], {
      env,
      cwd: folder,
      stdio: 'pipe',
      ...identity,
    });
    child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    node = child;
    const deadline = performance.now() + BOOT_MS;
    while (!said.includes('completed with') || !(await answers(port))) {
      if (child.exitCode !== null || performance.now() > deadline) {
        throw new Error(`RabbitMQ did not start: ${said.slice(-2000)}`);
      }
      await sleep(100);
    }
  };
  const kill = async (): Promise<void> => {
    if (node === undefined || node.exitCode !== null || node.signalCode !== null) return;
    const ended = once(node, 'exit');
    node.kill('SIGKILL');
    await ended;
  };
  const ctl = async (...args: readonly string[]): Promise<string> => {
    const { stdout } = await run(join(PROGRAMS, 'rabbitmqctl'), ['-q', ...args], {
      env,
      cwd: folder,
      ...identity,
    });
    return stdout;
  };

  await start();
  return {
    port,
    url: `amqp://guest:guest@127.0.0.1:${port}//`,
    tlsUrl: `amqps://guest:guest@localhost:${tlsPort}//`,
    caFile,
    get pid() {
      return node?.pid ?? 0;
    },
    kill,
    start,
    async crash() {
      await kill();
      await start();
    },
    ctl,
    async closeAllConnections() {
      await ctl('close_all_connections', 'asked for by a test');
    },
    async memoryAlarm(on) {
      await ctl('set_vm_memory_high_watermark', on ? 'absolute' : '0.4', ...(on ? ['1'] : []));
    },
    async [Symbol.asyncDispose]() {
      await kill();
      await run('epmd', ['-port', String(epmdPort), '-kill']).catch(() => undefined);
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

async function freePorts(count: 4): Promise<[number, number, number, number]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  for (const server of servers) server.close();
  return ports as [number, number, number, number];
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const end = (open: boolean): void => {
      socket.destroy();
      resolve(open);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}

async function idsOf(user: string): Promise<{ readonly uid: number; readonly gid: number }> {
  const line = (await readFile('/etc/passwd', 'utf8'))
    .split('\n')
    .find((entry) => entry.startsWith(`${user}:`));
  const [, , uid, gid] = line?.split(':') ?? [];
  return { uid: Number(uid), gid: Number(gid) };
}

/** An authority, and a certificate by it for `localhost`. */
async function makeCertificate(
  folder: string,
  files: { readonly caFile: string; readonly certificate: string; readonly key: string },
): Promise<void> {
  const openssl = (...args: string[]) => run('openssl', args, { cwd: folder });
  const days = ['-days', '2', '-nodes', '-newkey', 'rsa:2048'];
  const caKey = join(folder, 'ca.key');
  const wish = join(folder, 'server.csr');
  const names = join(folder, 'names');
  await writeFile(names, 'subjectAltName=DNS:localhost\n');
  await openssl(
    'req',
    '-x509',
    ...days,
    '-subj',
    '/CN=Test authority',
    '-keyout',
    caKey,
    '-out',
    files.caFile,
  );
  await openssl(
    'req',
    '-nodes',
    '-newkey',
    'rsa:2048',
    '-subj',
    '/CN=localhost',
    '-keyout',
    files.key,
    '-out',
    wish,
  );
  const by = ['-CA', files.caFile, '-CAkey', caKey, '-CAcreateserial'];
  await openssl(
    'x509',
    '-req',
    '-in',
    wish,
    ...by,
    '-days',
    '2',
    '-extfile',
    names,
    '-out',
    files.certificate,
  );
}
