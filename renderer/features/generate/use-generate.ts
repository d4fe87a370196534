import { useCallback, useEffect, useRef, useState } from 'react';
import type { Host } from '../../host/host.ts';

export type Generation =
  | { readonly state: 'idle' }
  | { readonly state: 'running' }
  | {
      readonly state: 'done';
      readonly url: string;
      readonly filename: string;
      readonly size: number;
      readonly milliseconds: number;
      readonly jobId: number;
    }
  | { readonly state: 'failed'; readonly error: Error };

export interface Generator {
  readonly generation: Generation;
  readonly generate: (templateId: string, data: unknown) => void;
  readonly fail: (error: Error) => void;
  readonly cancel: () => void;
}

/** Makes one PDF at a time; a newer request cancels the one before. */
export function useGenerate(host: Host, onEnd: () => void): Generator {
  const [generation, setGeneration] = useState<Generation>({ state: 'idle' });
  const running = useRef<AbortController>(undefined);
  const url = generation.state === 'done' ? generation.url : undefined;

  // A blob URL keeps its PDF in memory until it is given back.
  useEffect(() => {
    if (url === undefined) return;
    return () => URL.revokeObjectURL(url);
  }, [url]);
  useEffect(() => () => running.current?.abort(), []);

  const generate = useCallback(
    (templateId: string, data: unknown) => {
      running.current?.abort();
      const controller = new AbortController();
      running.current = controller;
      const started = performance.now();
      setGeneration({ state: 'running' });
      const settle = (result: Generation): void => {
        if (controller.signal.aborted) return;
        setGeneration(result);
        onEnd();
      };
      host.render(templateId, data, controller.signal).then(
        ({ pdf, jobId }) => {
          settle({
            state: 'done',
            url: controller.signal.aborted ? '' : URL.createObjectURL(pdf),
            filename: `${templateId}.pdf`,
            size: pdf.size,
            milliseconds: performance.now() - started,
            jobId,
          });
        },
        (reason: unknown) => {
          settle({ state: 'failed', error: reason instanceof Error ? reason : new Error(String(reason)) });
        },
      );
    },
    [host, onEnd],
  );

  const cancel = useCallback(() => {
    running.current?.abort();
    setGeneration({ state: 'idle' });
    onEnd();
  }, [onEnd]);

  const fail = useCallback((error: Error) => {
    running.current?.abort();
    setGeneration({ state: 'failed', error });
  }, []);

  return { generation, generate, fail, cancel };
}
