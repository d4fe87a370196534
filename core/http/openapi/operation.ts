/** How a call is described in the OpenAPI document. */
import type { z } from 'zod';
import type { Scope } from '../../../contract/access.ts';
import type { ErrorCode } from '../../../contract/errors.ts';

export interface BodyDoc {
  readonly type: string;
  readonly schema?: z.ZodType;
  readonly example?: unknown;
}

export interface ReplyDoc {
  readonly status: number;
  readonly description: string;
  readonly bodies?: readonly BodyDoc[];
  /** Header name → what it says. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface OperationDoc {
  readonly method: 'get' | 'post' | 'put' | 'delete';
  /** As fastify writes it, with `:id`. */
  readonly path: string;
  readonly id: string;
  readonly tag: 'Access' | 'Documents' | 'Batches' | 'Templates' | 'Keys' | 'Webhooks' | 'Service';
  readonly summary: string;
  readonly description?: string;
  readonly scope?: Scope;
  readonly query?: z.ZodObject;
  /** Header name → what it says. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly bodies?: readonly BodyDoc[];
  readonly replies: readonly ReplyDoc[];
  /** Failures of its own, beside those that every call shares. */
  readonly problems?: readonly ErrorCode[];
}

/** A body of one type, and an example of it. */
export const json = (schema: z.ZodType, example?: unknown): readonly BodyDoc[] => [
  { type: 'application/json', schema, ...(example !== undefined && { example }) },
];
