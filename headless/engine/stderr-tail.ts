/** Keeps the end of what a browser writes to stderr: for the log whole, for a person without paths. */
const KEPT_BYTES = 8 * 1024;
const SENTENCE_LENGTH = 200;

export class StderrTail {
  #chunks: Buffer[] = [];
  #bytes = 0;

  add(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    if (this.#bytes > 2 * KEPT_BYTES) {
      const tail = Buffer.concat(this.#chunks).subarray(-KEPT_BYTES);
      this.#chunks = [Buffer.from(tail)];
      this.#bytes = tail.length;
    }
  }

  text(): string {
    return Buffer.concat(this.#chunks).subarray(-KEPT_BYTES).toString('utf8');
  }

  /** The last line that says something, without time stamps and paths of this machine. */
  lastWords(): string {
    const lines = this.text()
      .split('\n')
      .map((line) => line.replace(/^\[[^\]]*\]\s*/, '').trim())
      .filter((line) => line !== '' && !/^#\d+ /.test(line));
    const telling = lines.findLast((line) => /sandbox|error while loading|cannot|failed|fatal/i.test(line));
    const line = telling ?? lines.at(-1) ?? '';
    return line
      .replace(/(?:[A-Za-z]:)?(?:[/\\][\w.@+-]+){2,}/g, (file) => file.split(/[/\\]/).at(-1) ?? '')
      .slice(0, SENTENCE_LENGTH);
  }
}
