/**
 * Electron 22 with the newer API that the product uses. Each part says which behaviour of the current Electron it stands
 * for; on a machine with that Electron it is left out and the same tests run.
 */
const { createCipheriv, createDecipheriv, randomBytes } = require('node:crypto');
const electron = require('electron');

const BUILT_IN = new Set(['file', 'http', 'https']);

/** `protocol.handle`, buffered. The schemes that Chromium brings are taken over, own ones are made. */
function addHandle(protocol) {
  Object.assign(protocol, {
    handle(scheme, handler) {
      if (protocol.isProtocolRegistered(scheme)) throw new Error(`${scheme} has a handler`);
      const take = BUILT_IN.has(scheme) ? protocol.interceptBufferProtocol : protocol.registerBufferProtocol;
      take.call(protocol, scheme, async ({ url, method, headers }, reply) => {
        try {
          const response = await handler(new Request(url, { method, headers }));
          reply({
            statusCode: response.status,
            headers: Object.fromEntries(response.headers),
            mimeType: (response.headers.get('content-type') ?? '').split(';')[0],
            charset: 'utf-8',
            data: Buffer.from(await response.arrayBuffer()),
          });
        } catch {
          reply({ error: -2 });
        }
      });
    },
    unhandle: (scheme) => void protocol.unregisterProtocol(scheme),
    isProtocolHandled: (scheme) => protocol.isProtocolRegistered(scheme),
  });
}

/**
 * A queue of prints for each page. 22 chains all prints of the process on one promise: a page that goes away while it
 * prints, or one refused print, is the end of every later one. Its own function only checks and translates the options.
 */
function addPrintQueue(contents) {
  const { printToPDF } = contents;
  let last = Promise.resolve();
  contents.printToPDF = async (options) => {
    let translated = {};
    const standIn = {
      _printToPDF: (value) => {
        translated = value;
        return Promise.resolve(Buffer.alloc(0));
      },
    };
    await printToPDF.call(standIn, options);
    const gone = new Promise((_resolve, reject) => {
      const fail = () => reject(new Error('Printing failed'));
      contents.once('destroyed', fail);
      contents.once('render-process-gone', fail);
    });
    gone.catch(() => undefined);
    const printing = last.then(() => Promise.race([contents._printToPDF(translated), gone]));
    last = printing.catch(() => undefined);
    return printing;
  };
}

/** Facts that stand on the event object itself since Electron 25. */
function addEventFacts(contents) {
  const { emit } = contents;
  contents.emit = function withFacts(name, ...args) {
    const [event, url] = args;
    if ((name === 'will-navigate' || name === 'will-redirect') && typeof url === 'string') {
      Object.assign(event, { url, isMainFrame: true });
    }
    return emit.call(this, name, ...args);
  };
}

electron.app.on('session-created', (session) => addHandle(session.protocol));
electron.app.on('web-contents-created', (_event, contents) => {
  addEventFacts(contents);
  addPrintQueue(contents);
});

/** The asynchronous safeStorage, with a key that is no secret: there is no keyring here. */
const KEY = Buffer.alloc(32, 7);
const safeStorage = {
  isAsyncEncryptionAvailable: () => Promise.resolve(true),
  getSelectedStorageBackend: () => 'basic_text',
  async encryptStringAsync(text) {
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', KEY, nonce);
    return Buffer.concat([nonce, cipher.update(text), cipher.final(), cipher.getAuthTag()]);
  },
  async decryptStringAsync(bytes) {
    const cipher = createDecipheriv('aes-256-gcm', KEY, bytes.subarray(0, 12));
    cipher.setAuthTag(bytes.subarray(-16));
    const result = Buffer.concat([cipher.update(bytes.subarray(12, -16)), cipher.final()]).toString();
    return { result, shouldReEncrypt: false };
  },
};

// Electron's own properties are read when they are used: some may not be before the app is ready.
module.exports = Object.create(electron, { safeStorage: { value: safeStorage } });
