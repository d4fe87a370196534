/** What the texts of open templates were when they were last seen, so that a change from outside can be undone. */
export interface SeenFile {
  readonly bytes: Uint8Array;
  readonly revision: string;
}

const MOST_BYTES = 64_000_000;

export class TemplateMemory {
  /** By template, the one seen least recently first; then by path. */
  readonly #templates = new Map<string, Map<string, SeenFile>>();
  #bytes = 0;

  /** Remembers a file. The templates seen least recently are forgotten when it becomes too much. */
  see(id: string, path: string, file: SeenFile): void {
    this.forget(id, path);
    const files = this.#templates.get(id) ?? new Map<string, SeenFile>();
    files.set(path, file);
    this.#bytes += file.bytes.length;
    this.#templates.delete(id);
    this.#templates.set(id, files);
    for (const oldest of this.#templates.keys()) {
      if (this.#bytes <= MOST_BYTES || oldest === id) break;
      this.forgetTemplate(oldest);
    }
  }

  file(id: string, path: string): SeenFile | undefined {
    return this.#templates.get(id)?.get(path);
  }

  files(id: string): readonly (readonly [path: string, file: SeenFile])[] {
    return [...(this.#templates.get(id) ?? [])];
  }

  forget(id: string, path: string): void {
    const files = this.#templates.get(id);
    const file = files?.get(path);
    if (!files || !file) return;
    files.delete(path);
    this.#bytes -= file.bytes.length;
    if (files.size === 0) this.#templates.delete(id);
  }

  forgetTemplate(id: string): void {
    for (const [path] of this.files(id)) this.forget(id, path);
  }
}
