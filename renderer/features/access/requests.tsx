import type { ReactElement } from 'react';
import type { ApiClient } from '../../../contract/access.ts';
import type { SeenRequest } from '../../../contract/studio/api.ts';
import { Badge, type Tone } from '../../ui/badge.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { formatDuration, formatTime } from '../../ui/quantity.ts';

const toneOf = (status: number): Tone => (status < 400 ? 'ok' : status < 500 ? 'warn' : 'bad');

export interface RequestsProps {
  readonly requests: readonly SeenRequest[];
  /** For their names. */
  readonly clients: readonly ApiClient[];
}

/** Requests to the API as they come, newest first. */
export function Requests({ requests, clients }: RequestsProps): ReactElement {
  const names = new Map(clients.map(({ client_id: id, name }) => [id, name]));
  return (
    <section className="access-section access-requests" aria-label="Requests">
      <div className="access-head">
        <h3>Requests</h3>
        <span className="muted">as they come, the last 200</span>
      </div>
      {requests.length === 0 ? (
        <EmptyState title="No requests yet">
          Each call of the API appears here with its answer and how long it took: run the snippet above to see
          one.
        </EmptyState>
      ) : (
        <div className="access-scroll" tabIndex={0} role="region" aria-label="List of requests">
          <table>
            <thead>
              <tr>
                <th scope="col">Time</th>
                <th scope="col">Request</th>
                <th scope="col">Answer</th>
                <th scope="col" className="number">
                  Took
                </th>
                <th scope="col">From</th>
              </tr>
            </thead>
            <tbody>
              {requests.map((request) => (
                <tr key={request.seq}>
                  <td>{formatTime(request.at)}</td>
                  <td className="access-path" title={`${request.method} ${request.path}`}>
                    <code>
                      <b>{request.method}</b> {request.path}
                    </code>
                  </td>
                  <td>
                    <Badge tone={toneOf(request.status)}>{request.status}</Badge>
                  </td>
                  <td className="number">{formatDuration(request.ms)}</td>
                  <td title={request.remote}>
                    {request.client_id === null
                      ? request.remote
                      : (names.get(request.client_id) ?? request.client_id)}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
