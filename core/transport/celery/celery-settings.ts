/** How jobs reach workers, as the environment of a host says. */
import type { S3Bucket } from '../blobs/s3-presign.ts';
import type { BrokerAddress } from './broker-url.ts';
import type { TaskQueue } from './topology.ts';

export interface CelerySettings {
  readonly broker: BrokerAddress;
  readonly queue: TaskQueue;
  /** Where documents are signed: on the API host after they came back, or on the worker, which then holds the key. */
  readonly signing: 'host' | 'worker';
  readonly blobs: BlobSettings;
}

export interface BlobSettings {
  /** Bytes; what is larger does not travel in messages. */
  readonly inlineBytes: number;
  /** Where workers reach this host; undefined for the address that it listens on. */
  readonly url: string | undefined;
  /** Undefined: this host keeps them. */
  readonly s3: S3Bucket | undefined;
}
