import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { config } from 'zod/v4/core';
import { chooseHost } from './host/choose-host.ts';
import { Studio } from './studio.tsx';
import './ui/tokens.css';
import './ui/base.css';
import { startTheme } from './ui/theme.ts';

startTheme();
// Without it zod tries `new Function` for its validators, and the CSP reports each attempt.
config({ jitless: true });

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <Studio host={chooseHost(window.influxion)} />
  </StrictMode>,
);
