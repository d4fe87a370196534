import type { ReactElement } from 'react';
import { Command } from '../../ui/command.tsx';
import './api-access.css';

/** How a program gets at the API. */
export function ApiAccess(): ReactElement {
  return (
    <section className="api-access" aria-labelledby="api-heading">
      <h2 id="api-heading">From a program</h2>
      <p>Make an API client once, in a terminal in Influxion's folder. It prints an id and a secret:</p>
      <Command text="npx influxion client add my-program" what="the command that makes an API client" />
      <p>
        With them the program gets a token, posts a template with data, and downloads the PDF.{' '}
        <a href="/docs">The API reference</a> has every call; <a href="/openapi.json">OpenAPI</a> is for
        tools.
      </p>
    </section>
  );
}
