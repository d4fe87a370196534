/** Servers at the addresses where they should be: opened, closed and tried again one address at a time. */
import type { HttpServer } from '../server.ts';

export interface ListenTarget {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Of one kind are targets that one server would do for. */
  readonly kind: string;
  readonly create: () => HttpServer;
}

interface Open {
  readonly target: ListenTarget;
  readonly server: HttpServer;
  readonly url: string;
}

/** What a server that is no longer wanted gets for its requests. */
const CLOSE_MS = 1_000;

const keyOf = ({ host, port, kind }: ListenTarget): string => `${kind} ${host} ${port}`;

export class ListenerSet {
  readonly #open = new Map<string, Open>();

  /** Opens what is missing and closes what is not wanted; why an address could not be had, in words. Never rejects. */
  async reconcile(targets: readonly ListenTarget[]): Promise<string[]> {
    const wanted = new Map(targets.map((target) => [keyOf(target), target]));
    for (const [key, { server }] of this.#open) {
      if (wanted.has(key)) continue;
      this.#open.delete(key);
      await server.close({ budgetMs: CLOSE_MS });
    }
    const problems: string[] = [];
    for (const [key, target] of wanted) {
      if (this.#open.has(key)) continue;
      const server = target.create();
      try {
        this.#open.set(key, { target, server, url: await server.listen(target) });
      } catch (error) {
        problems.push(explain(error, target));
        await server.close({ budgetMs: 0 });
      }
    }
    return problems;
  }

  urls(kind: string): string[] {
    return this.of(kind).map(({ url }) => url);
  }

  of(kind: string): readonly Open[] {
    return [...this.#open.values()].filter(({ target }) => target.kind === kind);
  }

  async close(budgetMs: number): Promise<void> {
    const servers = [...this.#open.values()];
    this.#open.clear();
    await Promise.all(servers.map(({ server }) => server.close({ budgetMs })));
  }
}

function explain(error: unknown, { host, port }: ListenTarget): string {
  const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
  switch (code) {
    case 'EADDRINUSE':
      return `Port ${port} of ${host} is in use by another program.`;
    case 'EACCES':
      return `This user may not listen on port ${port}; choose one above 1023.`;
    case 'EADDRNOTAVAIL':
      return `${host} is not an address of this computer now.`;
    default:
      return `${host} cannot be listened on (${code}).`;
  }
}
