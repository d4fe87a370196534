/** Chromium's error strings, mapped once (chromium: headless/lib/browser/protocol/page_handler.cc, printing/). */
import type { ErrorCode } from '../../contract/errors.ts';
import { InfluxionError, type ErrorDetails } from '../error.ts';

interface Mapping {
  readonly pattern: RegExp;
  readonly code: ErrorCode;
  readonly message: string;
  readonly details?: ErrorDetails;
}

const MAPPINGS: readonly Mapping[] = [
  {
    pattern: /page range exceeds page count/i,
    code: 'PAGE_RANGE_INVALID',
    message: 'The page range asks for pages after the last one of the document.',
    details: { hint: 'Leave page_ranges out to see how many pages there are.' },
  },
  {
    pattern: /page range.*(?:syntax|invalid)|invalid.*page range/i,
    code: 'PAGE_RANGE_INVALID',
    message: 'The page range cannot be understood.',
    details: { hint: 'Write it like "1-3, 5".' },
  },
  {
    pattern:
      /invalid print parameters|(?:paper|margin|scale).*(?:invalid|negative|out of|outside|zero)|content area is empty/i,
    code: 'PRINT_FAILED',
    message: 'The margins leave no room on the paper, or the paper size cannot be printed.',
    details: { hint: 'Make the page larger, or the margins or the scale smaller.' },
  },
  {
    pattern: /target crashed|page crashed/i,
    code: 'ENGINE_CRASHED',
    message: 'The browser stopped while it printed the document.',
  },
  {
    pattern: /printing failed|printing is not available|failed to print|print(?:ing)? error/i,
    code: 'PRINT_FAILED',
    message: 'The browser refused to print the document.',
    details: {
      hint: 'It may be too large in one piece (about 1,000 pages), or its page size out of the ordinary.',
    },
  },
];

/** An error of `printToPDF` or of setting the document, as a person can be told. The cause keeps Chromium's words. */
export function printError(cause: Error): InfluxionError {
  const mapping = MAPPINGS.find(({ pattern }) => pattern.test(cause.message));
  if (mapping) return new InfluxionError(mapping.code, mapping.message, mapping.details ?? {}, cause);
  return new InfluxionError('PRINT_FAILED', 'The browser could not print the document.', {}, cause);
}
