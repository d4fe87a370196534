import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { z } from 'zod';
import { App } from './app.tsx';
import { httpHost } from './host/http.ts';
import './ui/tokens.css';
import './ui/base.css';

// Without it zod tries `new Function` for its validators, and the CSP reports each attempt.
z.config({ jitless: true });

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <App host={httpHost(fetch.bind(globalThis))} desktop={window.influxion} />
  </StrictMode>,
);
