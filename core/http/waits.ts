/** Requests that wait for a job: each ends when its client leaves, and all end when the server drains. */
import type { FastifyReply } from 'fastify';
import type { Job } from '../../contract/job.ts';
import type { Caller, JobService } from '../jobs/job-service.ts';

export class Waits {
  readonly #jobs: JobService;
  readonly #idleTimeoutMs: number;
  readonly #open = new Set<AbortController>();
  #ended = false;

  constructor(jobs: JobService, idleTimeoutMs: number) {
    this.#jobs = jobs;
    this.#idleTimeoutMs = idleTimeoutMs;
  }

  /** The job when it ended, or as it is after `timeoutMs`, when the client left or when the server drains. */
  async untilEnded(id: number, caller: Caller, timeoutMs: number, reply: FastifyReply): Promise<Job> {
    if (this.#ended || timeoutMs <= 0) return this.#jobs.get(id, caller);
    const controller = new AbortController();
    const abort = (): void => controller.abort();
    this.#open.add(controller);
    reply.raw.once('close', abort);
    // Nothing moves on the connection meanwhile, and an idle one is cut.
    const { socket } = reply.raw;
    const outlastsIdle = timeoutMs >= this.#idleTimeoutMs;
    if (outlastsIdle) socket?.setTimeout(timeoutMs + this.#idleTimeoutMs);
    try {
      return await this.#jobs.waitUntilEnded(id, caller, timeoutMs, controller.signal);
    } finally {
      this.#open.delete(controller);
      reply.raw.removeListener('close', abort);
      if (outlastsIdle) socket?.setTimeout(this.#idleTimeoutMs);
    }
  }

  endAll(): void {
    this.#ended = true;
    for (const controller of this.#open) controller.abort();
  }
}
