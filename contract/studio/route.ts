/** How a call of the studio is written down: its name, what goes in, what comes out. */
import { z } from 'zod';
import { JobErrorDetail } from '../job.ts';
import { ERROR_CODES, type ErrorCode } from '../errors.ts';

export interface StudioRoute<Input extends z.ZodType = z.ZodType, Output extends z.ZodType = z.ZodType> {
  readonly input: Input;
  readonly output: Output;
}

/** A row of the route table. `input` and `output` are objects; bytes travel in a field named `bytes` (see frame.ts). */
export const route = <Input extends z.ZodType, Output extends z.ZodType>(
  input: Input,
  output: Output,
): StudioRoute<Input, Output> => ({ input, output });

export const Nothing = z.strictObject({});

/** A file, an image, a PDF. */
export const Bytes = z.instanceof(Uint8Array);

/** Why a call was refused, for a person: what happened and what to do. */
export const StudioFailure = z.object({
  code: z.enum(ERROR_CODES as [ErrorCode, ...ErrorCode[]]),
  message: z.string(),
  hint: z.string().nullable(),
  /** Faults of single fields. */
  errors: z.array(z.object({ path: z.string(), message: z.string() })),
  /** Where in the template, when the failure has a place there. */
  detail: JobErrorDetail.nullable(),
});
export type StudioFailure = z.infer<typeof StudioFailure>;

/** Nothing is thrown across the border between the studio and its host: Electron would keep only the message. */
export type StudioReply<Output> =
  { readonly ok: true; readonly data: Output } | { readonly ok: false; readonly error: StudioFailure };
