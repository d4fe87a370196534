/**
 * What Node 24 has and the Node 16 of the vehicle lacks. Nothing here stands for Electron; a machine with the current
 * Electron needs none of it.
 */
require('core-js/actual/array/from-async');
require('core-js/actual/array/to-reversed');
require('core-js/actual/array/to-sorted');
require('core-js/actual/array/to-spliced');
require('core-js/actual/array/with');
require('core-js/actual/async-disposable-stack');
require('core-js/actual/disposable-stack');
require('core-js/actual/dom-exception');
require('core-js/actual/iterator');
require('core-js/actual/map/group-by');
require('core-js/actual/object/group-by');
require('core-js/actual/promise/try');
require('core-js/actual/promise/with-resolvers');
require('core-js/actual/regexp/escape');
require('core-js/actual/set');
require('core-js/actual/string/is-well-formed');
require('core-js/actual/string/to-well-formed');
require('core-js/actual/structured-clone');
require('core-js/actual/symbol/async-dispose');
require('core-js/actual/symbol/dispose');
require('core-js/actual/typed-array/to-sorted');
require('core-js/actual/url/can-parse');
require('core-js/actual/url/parse');
const buffer = require('node:buffer');
const crypto = require('node:crypto');
const diagnostics = require('node:diagnostics_channel');
const fs = require('node:fs');
const http = require('node:http');
const os = require('node:os');
const path = require('node:path');
const streams = require('node:stream/web');

const define = (target, name, value) => {
  if (!(name in target)) Object.defineProperty(target, name, { value, writable: true, configurable: true });
};

define(globalThis, 'Blob', buffer.Blob);
define(globalThis, 'crypto', crypto.webcrypto);
for (const [name, value] of Object.entries(streams)) define(globalThis, name, value);
define(os, 'availableParallelism', () => os.cpus().length);

define(
  globalThis,
  'CustomEvent',
  class CustomEvent extends Event {
    constructor(type, init) {
      super(type, init);
      this.detail = init?.detail;
    }
  },
);

define(AbortSignal, 'any', (signals) => {
  const controller = new AbortController();
  for (const signal of signals) {
    if (signal.aborted) controller.abort(signal.reason);
    else signal.addEventListener('abort', () => controller.abort(signal.reason), { once: true });
  }
  return controller.signal;
});
define(AbortSignal.prototype, 'throwIfAborted', function throwIfAborted() {
  if (this.aborted) throw this.reason;
});

const quietChannel = { hasSubscribers: false, publish() {}, runStores: (_context, run) => run() };
define(diagnostics, 'tracingChannel', () => ({
  hasSubscribers: false,
  subscribe() {},
  traceSync: (run, _context, self, ...args) => run.apply(self, args),
  ...Object.fromEntries(
    ['start', 'end', 'asyncStart', 'asyncEnd', 'error'].map((name) => [name, quietChannel]),
  ),
}));

// Sockets without a request are not told apart: an idle one ends with its server.
define(http.Server.prototype, 'closeIdleConnections', () => undefined);
define(http.Server.prototype, 'closeAllConnections', () => undefined);

// `readdir` with `recursive`, and `parentPath` of its entries.
const { readdir } = fs.promises;
async function readEntries(folder, recursive) {
  const all = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    entry.parentPath = folder;
    all.push(entry);
    if (recursive && entry.isDirectory())
      all.push(...(await readEntries(path.join(folder, entry.name), true)));
  }
  return all;
}
fs.promises.readdir = async (folder, options) => {
  if (options?.withFileTypes !== true && options?.recursive !== true) return readdir(folder, options);
  const entries = await readEntries(folder, options.recursive === true);
  if (options.withFileTypes === true) return entries;
  return entries.map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)));
};

const { open } = fs.promises;
fs.promises.open = async (...how) => {
  const file = await open(...how);
  define(file, Symbol.asyncDispose, () => file.close());
  return file;
};

define(buffer, 'isUtf8', (bytes) => {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
});

define(crypto, 'hash', (algorithm, data, encoding = 'hex') => {
  const digest = crypto.createHash(algorithm).update(data);
  return encoding === 'buffer' ? digest.digest() : digest.digest(encoding);
});

// Room enough: how much there is is asked of Node itself in the tests of the core.
define(fs.promises, 'statfs', () =>
  Promise.resolve({ bsize: 4096, bavail: 2 ** 24, bfree: 2 ** 24, blocks: 2 ** 25 }),
);

// Only now: it looks for Blob and streams when it is loaded.
const undici = require('undici');
for (const name of ['fetch', 'Request', 'Response', 'Headers', 'FormData', 'File']) {
  define(globalThis, name, undici[name]);
}
