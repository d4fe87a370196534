/** The sync of a write-ahead log that SQLite in WebAssembly does not have; the real one is tested on Node's own. */
exports.syncCalls = {};

exports.createLogSync = () => ({
  failure: undefined,
  sync: () => Promise.resolve(),
  syncNow() {},
  close() {},
});
