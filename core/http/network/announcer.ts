/** Tells the network by mDNS (RFC 6762, RFC 6763) that the API is here. */
import type { EventEmitter } from 'node:events';
import type { Logger } from '../../ports.ts';

export interface Announcement {
  /** As a person sees it in a list. */
  readonly name: string;
  readonly port: number;
  /** For TXT: nothing that is secret. */
  readonly facts: Readonly<Record<string, string>>;
}

export interface Announcer {
  /** Says it until disposed. Rejects when the network takes no such messages. */
  announce(announcement: Announcement): Promise<() => Promise<void>>;
}

/** How long the goodbye may take. */
const GOODBYE_MS = 1_000;

export function createMdnsAnnouncer(logger: Logger): Announcer {
  return {
    async announce({ name, port, facts }) {
      const { default: bonjour } = await import('bonjour-service');
      const report = (error: unknown): void =>
        logger.warn({ err: error }, 'The network could not be told by mDNS');
      // Without these two an error of its socket ends the process.
      const service = new bonjour.Bonjour({}, report);
      (service as unknown as { server: { mdns: EventEmitter } }).server.mdns.on('error', report);
      // Two computers of one name are told apart by their host; a probe would fail the second one silently.
      service.publish({ name, type: 'influxion', protocol: 'tcp', port, txt: { ...facts }, probe: false });
      return () =>
        new Promise((resolve) => {
          const end = (): void => {
            clearTimeout(timer);
            service.destroy();
            resolve();
          };
          const timer = setTimeout(end, GOODBYE_MS);
          service.unpublishAll(end);
        });
    },
  };
}
