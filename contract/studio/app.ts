/** The app itself: what runs, how it is set. */
import { z } from 'zod';
import { Health } from '../health.ts';
import { AllowedAddressList } from '../webhook-target.ts';
import { Nothing, route } from './route.ts';

/** What runs, at a glance. */
export const StudioStatus = z.object({
  version: z.string(),
  state: Health.shape.status,
  uptime_s: z.number(),
  /** Where programs find the API, e.g. `http://127.0.0.1:8787`. */
  api_url: z.string(),
  engine: z.object({
    state: z.enum(['idle', 'starting', 'ready', 'failed', 'closed']),
    product: z.string().nullable(),
    concurrency: z.int(),
    /** Why the last start failed, in words. */
    problem: z.string().nullable(),
  }),
  queue: z.object({ received: z.int(), in_progress: z.int(), done: z.int(), error: z.int() }),
});
export type StudioStatus = z.infer<typeof StudioStatus>;

/** `0.0.0.0` and `::` stand for all addresses, which is what an empty list says. */
const OwnAddress = z
  .union([z.ipv4(), z.ipv6()], 'Must be an IP address of this computer')
  .refine((address) => !/^[0.:]+$/.test(address), 'Leave the list empty to open all addresses');

/** What is remembered of the studio; it lies in the data folder. */
export const Settings = z.object({
  theme: z.enum(['system', 'light', 'dark']),
  api: z.object({
    mode: z.enum(['off', 'computer', 'lan']),
    /** 0 takes a free one at each start. */
    port: z.int().min(0).max(65_535),
    /** Addresses of this computer that the LAN may use; empty: all. */
    lan_addresses: z.array(OwnAddress).max(32),
    lan_port: z.int().min(0).max(65_535),
    /** Tell the network by mDNS that the API is here. */
    announce: z.boolean(),
  }),
  /** Whom signatures may reach. Nothing else is. */
  signing: z.object({
    /** Of a server that makes time stamps (RFC 3161); null for none, and then no level above B-B can be made. */
    time_stamp_url: z
      .url({ protocol: /^https?$/ })
      .max(2000)
      .nullable(),
    /** For Basic authentication there; the password is set by `signing.set_password`. */
    time_stamp_user: z.string().max(200).nullable(),
    /** Proof that certificates are not revoked (OCSP, CRL): nobody is asked, those whom the certificates name, or only these hosts. */
    revocation: z.enum(['off', 'from-certificates', 'hosts']),
    revocation_hosts: z.array(z.string().min(1).max(300)).max(100),
  }),
  webhooks: z.object({
    /**
     * Where webhooks may go: `host`, `host:port`, `*.domain` or the beginning of an address. What lies inside this computer or
     * the local network is reached only where that very host is listed.
     */
    allowed: AllowedAddressList,
  }),
  /** How much this computer takes on. All but `max_queued` take effect at the next start. */
  work: z.object({
    /** Documents printed at once; null: one a processor core. */
    concurrency: z.int().min(1).max(64).nullable(),
    /** Megabytes that printing one document may take; null: 60 % of the computer's memory, shared out. */
    print_memory_mb: z.int().min(200).max(1_000_000).nullable(),
    /** Jobs that may wait; more are refused as QUEUE_FULL. */
    max_queued: z.int().min(1).max(1_000_000),
    /** After which an attempt is stopped, whatever its request says. */
    attempt_minutes: z.int().min(1).max(1440),
    /** Megabytes of a request over HTTP; more is 413. */
    body_mb: z.int().min(1).max(500),
  }),
  retention: z.object({
    max_age_days: z.int().min(1).max(3650),
    max_jobs: z.int().min(1),
    max_bytes: z.int().min(1),
  }),
});
export type Settings = z.infer<typeof Settings>;

export const SettingsPatch = z.strictObject({
  theme: Settings.shape.theme.optional(),
  api: Settings.shape.api.partial().strict().optional(),
  signing: Settings.shape.signing.partial().strict().optional(),
  webhooks: Settings.shape.webhooks.partial().strict().optional(),
  work: Settings.shape.work.partial().strict().optional(),
  retention: Settings.shape.retention.partial().strict().optional(),
});
export type SettingsPatch = z.infer<typeof SettingsPatch>;

export const appRoutes = {
  'app.status': route(Nothing, StudioStatus),
  /** Versions, engine, counts, last log lines: no secrets, no document content. */
  'app.diagnostics': route(Nothing, z.object({ text: z.string() })),
  'settings.read': route(Nothing, Settings),
  'settings.write': route(z.strictObject({ patch: SettingsPatch }), Settings),
  /** Of the time-stamp server; null forgets it. It is never told to anybody again. */
  'signing.set_password': route(
    z.strictObject({ password: z.string().min(1).max(500).nullable() }),
    z.object({}),
  ),
};
