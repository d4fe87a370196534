/**
 * `node:sqlite` over SQLite in WebAssembly. It has no write-ahead log and its lock is a folder that outlives a killed
 * process: durability is tested on Node's own SQLite, not here.
 */
const fs = require('node:fs');
const { Database } = require('node-sqlite3-wasm');

const CODES = { 'database is locked': 5, 'disk full': 13, 'UNIQUE constraint failed': 19 };

function translated(error) {
  const text = String(error?.message);
  const code = Object.entries(CODES).find(([words]) => text.includes(words))?.[1] ?? 1;
  return Object.assign(error, { code: 'ERR_SQLITE_ERROR', errcode: code });
}

function attempt(work) {
  try {
    return work();
  } catch (error) {
    throw translated(error);
  }
}

const plain = (value) =>
  value instanceof Uint8Array && !Buffer.isBuffer(value) ? Buffer.from(value) : value;

class StatementSync {
  #database;
  #sql;
  #statement;

  constructor(database, sql) {
    this.#database = database;
    this.#sql = sql;
    this.#statement = attempt(() => database.prepare(sql));
  }

  #bind(values) {
    const [first] = values;
    const isNamed = typeof first === 'object' && first !== null && !(first instanceof Uint8Array);
    if (!isNamed) return values.map(plain);
    return Object.fromEntries(
      Object.entries(first).map(([name, value]) => [/^[:@$]/.test(name) ? name : `:${name}`, plain(value)]),
    );
  }

  all(...values) {
    // The journal there is only pretends: see above.
    if (/^PRAGMA journal_mode = WAL/i.test(this.#sql)) return [{ journal_mode: 'wal' }];
    return attempt(() => this.#statement.all(this.#bind(values)));
  }

  // A `get` of the library holds its lock until the statement is reset.
  get(...values) {
    return this.all(...values)[0];
  }

  run(...values) {
    return attempt(() => this.#statement.run(this.#bind(values)));
  }
}

exports.StatementSync = StatementSync;

exports.DatabaseSync = class DatabaseSync {
  #database;
  isOpen = true;

  constructor(file) {
    fs.rmSync(`${file}.lock`, { recursive: true, force: true });
    this.#database = attempt(() => new Database(file));
  }

  get isTransaction() {
    return this.#database.inTransaction;
  }

  prepare(sql) {
    return new StatementSync(this.#database, sql);
  }

  exec(sql) {
    attempt(() => this.#database.exec(sql));
  }

  close() {
    this.#database.close();
    this.isOpen = false;
  }
};
